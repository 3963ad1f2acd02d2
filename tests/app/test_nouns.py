"""Nothing above a noun names one: who goes over things asks `Kinds`, and a kind that comes later is among them."""

import ast
from collections.abc import Iterator, Mapping

import pytest

from acl.vocabulary import THINGS
from hub.ground.db import Base
from hub.nouns.kinds import KINDS
from tests import ROOT
from tests.app.test_words_in_code import sources

TALKING = (
    "hub/features/administration/records/",
    "hub/features/conduct/reports/",
    "hub/features/hearing/",
    "hub/features/talk/",
)
OWN = {
    "documents": (
        "hub/features/documents/",
        "hub/features/imports/",
        "hub/features/sharing/documents/",
        "hub/features/writing/",
    ),
    "threads": TALKING,
    "talk": TALKING,
    "people": ("hub/features/administration/", "hub/features/feeds/", "hub/features/people/", "hub/features/signin/"),
    "spaces": (
        "hub/features/browse/",
        "hub/features/sharing/",
        "hub/features/administration/services/",
    ),
    "organisations": ("hub/features/administration/", "hub/features/signin/"),
}
"""Beside its folder in `hub/nouns`: what people do with this noun alone."""
FREE = ("hub/nouns/", "hub/demo/", "hub/access/models.py", "hub/access/columns.py")
"""The nouns themselves; a world that is made of them; and what a decision reads of places and people."""
APART = frozenset({"models", "queries", "service"})
"""Modules of a noun that say how its rows are read and written: not for others, where `Kinds` says it of all nouns.

But for people and places, of whom everything speaks.
"""
SPOKEN_OF = frozenset({"people", "organisations", "spaces"})

ALLOWED: Mapping[str, frozenset[str]] = {}
"""What a module still names. It shrinks: take out what is not needed any more, and add nothing."""


def prefixes() -> Mapping[str, frozenset[str]]:
    """The words before the colon of ids and nodes, and the nouns that they are of."""
    found: dict[str, frozenset[str]] = {}
    for kind in KINDS:
        for word in {f"{kind.prefix}:", kind.columns.node_prefix} - {""}:
            found[word] = found.get(word, frozenset()) | {noun_of(kind.face.__module__)}
    return found


def noun_of(module: str) -> str:
    """The folder of `hub/nouns` in which a module lies; empty for any other."""
    parts = module.split(".")
    return parts[2] if parts[:2] == ["hub", "nouns"] and len(parts) > 3 else ""


def tables() -> frozenset[str]:
    """What the tables of the nouns are called."""
    return frozenset(m.class_.__name__ for m in Base.registry.mappers if noun_of(m.class_.__module__))


def named(source: str) -> Iterator[tuple[frozenset[str], str]]:
    """Each prefix, table, read and write of a noun that a module names: the nouns that it is of, and the name."""
    known, words = tables(), prefixes()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and (noun := noun_of(node.module or "")):
            apart = noun not in SPOKEN_OF and (node.module or "").split(".")[3] in APART
            yield from ((frozenset({noun}), alias.name) for alias in node.names if apart or alias.name in known)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from ((nouns, word) for word, nouns in words.items() if speaks_of(node.value, word))


def speaks_of(text: str, word: str) -> bool:
    """Whether a string is a prefix, ends in one (`f"doc:{id}"`), or is an id that was made up (`doc:new`)."""
    before, found, after = text.rpartition(word)
    return bool(found) and not (before[-1:].isalnum() or before[-1:].isspace()) and after in {"", "new", "any"}


def is_own(module: str, nouns: frozenset[str]) -> bool:
    """Whether a module belongs to one of these nouns."""
    return any(module.startswith(OWN.get(noun, "-")) for noun in nouns)


def found() -> dict[str, frozenset[str]]:
    """What modules name that are no noun's."""
    names = {
        module: frozenset(name for nouns, name in named(source) if not is_own(module, nouns))
        for module, source in sources("*.py").items()
        if module.startswith("hub/") and not module.startswith(FREE)
    }
    return {module: some for module, some in names.items() if some}


def test_no_module_outside_a_nouns_folder_names_its_prefix_or_its_table() -> None:
    there = found()
    more = {module: names - ALLOWED.get(module, frozenset()) for module, names in there.items()}
    less = {module: names - there.get(module, frozenset()) for module, names in ALLOWED.items()}
    assert {module: sorted(names) for module, names in more.items() if names} == {}, "ask Kinds instead"
    assert {module: sorted(names) for module, names in less.items() if names} == {}, "not needed any more: take it out"


@pytest.mark.parametrize(
    "planted",
    ['node = f"doc:{document.id}"', 'f"node:doc:{x}"', 'x.startswith("doc:")', 'DOC = "doc:"', 'judge("doc:new")',
     "from hub.nouns.documents.models import Document as D", 'f"profile:{person.id}"',
     "from hub.nouns.documents.queries import anything", "from hub.nouns.organisations.models import Organisation"],
)  # fmt: skip
def test_a_planted_name_is_noticed(planted: str) -> None:
    assert len(set(named(f"import x\n{planted}\n"))) == 1


@pytest.mark.parametrize(
    "planted",
    ['declares("home:show")', 'record("person:add")', '"a document: it"', "from hub.nouns.kinds import KINDS"],
)
def test_what_names_no_noun_is_passed_over(planted: str) -> None:
    assert list(named(planted)) == []


def test_the_folders_that_are_a_nouns_own_are_there() -> None:
    assert all((ROOT / folder).is_dir() for folders in OWN.values() for folder in folders)
    assert "Document" in tables()


def test_lines_of_policy_can_name_whatever_lies_in_places_and_nothing_else() -> None:
    """The words stand below the nouns, where policy files are read: whoever adds a noun adds one."""
    assert set(THINGS) == {kind.prefix for kind in KINDS.lying}
    assert all(kind.columns.node_prefix == f"{kind.prefix}:" for kind in KINDS.lying)
