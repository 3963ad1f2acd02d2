"""What policy costs in each web process: its lines, the tree of places, and what somebody was given."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Final

from sqlalchemy import select
from sqlalchemy.dialects import postgresql

from acl.compiler import compile_visibility
from acl.directory import Place, PlaceTree, Subject, subject_for
from acl.store import Snapshot, adopt
from acl.visibility import Visibility
from bench.country import Country, grant
from bench.slopes import Part, least
from bench.weight import weight
from hub.access.models import Grant
from hub.access.sight import Sight
from hub.access.subjects import as_rule
from hub.nouns.documents.models import DOCUMENTS, Document
from search.elastic.query import access_filter

TODAY = date(2026, 11, 20)
A_PROCESS: Final = 250e6
"""Bytes that one part may take of a web process."""
AN_EDIT: Final = 0.1
"""Seconds that a change may take a process before it answers again."""

LINES: Final = (
    Part("read the policy files at start", "s", 10.0, "the grouped rules kept between starts"),
    Part("policy files in memory", "B", A_PROCESS, "the rules of a file as one table"),
    Part("group the rules, first question", "s", 10.0, "the grouped rules kept between starts"),
    Part("grouped rules in memory", "B", A_PROCESS, "numbers instead of words"),
    Part("a file of an organisation is edited", "s", AN_EDIT, "the words of a file apart"),
)
PLACES: Final = (
    Part("build the tree at start", "s", 10.0, "a tree for each organisation"),
    Part("the tree in memory", "B", A_PROCESS, "a tree shared by the processes of a machine"),
    Part("a place is added", "s", AN_EDIT, "a tree for each organisation"),
    Part("a search of any of the staff, sent", "B", 250e3, "a word in the index for what is open to all staff"),
    Part("a statement of any of the staff, built", "s", 0.05, "a column for what is open to all staff"),
)
SIBLINGS: Final = (Part("build a tree that is flat", "s", 10.0, "sets that grow"),)
GRANTS: Final = (
    Part("compile", "s", 0.05, "what lies below a given place left out"),
    Part("a statement of theirs, built", "s", 0.05, "the places of a person as rows"),
    Part("filter of a search, sent", "B", 1e6, "places of a person as an entry of the index"),
    Part("kept of the person", "B", 10e6, "what was given as rows"),
)


def somebody(groups: int = 3) -> Subject:
    """One of the staff of the first organisation."""
    names = [f"council-0/team-{n}" for n in range(groups)]
    return subject_for("person:council-0/p0", organisations={"council-0": "o0"}, groups=names)


def lines_costs(country: Country) -> Mapping[str, float]:
    """What hangs on the lines of policy."""
    country.texts  # noqa: B018  # made before it is timed
    reading = least(country.files, 2)
    files, tree = country.files(), PlaceTree(country.nodes)
    snapshot = Snapshot(files, tree, 1)
    grouping = least(lambda: compile_visibility(Snapshot(files, tree, 1), somebody(), "read", TODAY), 2)
    compile_visibility(snapshot, somebody(), "read", TODAY)
    name = "organisations/council-1.csv"
    more = adopt(name, files[name].text + "deny,person:council-1/leaver,read,*,any,any,-,Left\n", "o1")

    def edit() -> None:
        compile_visibility(snapshot.with_files({name: more}, 2), somebody(), "read", TODAY)

    held = weight(files)
    return {
        "read the policy files at start": reading,
        "policy files in memory": held,
        "group the rules, first question": grouping,
        "grouped rules in memory": weight(snapshot, without=(tree, *files.values())),
        "a file of an organisation is edited": least(edit),
    }


def places_costs(country: Country) -> Mapping[str, float]:
    """What hangs on the number of places."""
    files, nodes = country.files(), country.nodes
    tree = PlaceTree(nodes)
    snapshot = Snapshot(files, tree, 1)
    seen = compile_visibility(snapshot, somebody(), "read", TODAY)
    above = next(node for node in nodes if node.kind == "space")
    new = Place("new", above.id, f"{above.path}/new", "folder")

    def add() -> None:
        compile_visibility(snapshot.with_places([new], (), 2), somebody(), "read", TODAY)

    return {
        "build the tree at start": least(lambda: PlaceTree(country.nodes), 2),
        "the tree in memory": weight(tree),
        "a place is added": least(add),
        "a search of any of the staff, sent": len(json.dumps(access_filter(seen))),
        "a statement of any of the staff, built": least(partial(_statement, snapshot, seen)),
    }


def siblings_costs(count: int) -> Mapping[str, float]:
    """What hangs on how many places lie in one."""
    top = Place("o0", "platform", "council-0", "organisation")
    nodes = [top, *(Place(f"s{n}", "o0", f"council-0/s{n}", "space", "open") for n in range(count))]
    return {"build a tree that is flat": least(lambda: PlaceTree(nodes), 2)}


def grants_costs(country: Country, count: int) -> Mapping[str, float]:
    """What hangs on how many places somebody was given."""
    snapshot = country.snapshot()
    spaces, word = country.spaces, "person:council-0/p0"
    rules = tuple(as_rule(Grant(**grant(word, spaces[n * 7 % len(spaces)]))) for n in range(count))
    subject = replace(somebody(), grants=rules)
    seen = compile_visibility(snapshot, subject, "read", TODAY)

    return {
        "compile": least(partial(compile_visibility, snapshot, subject, "read", TODAY)),
        "a statement of theirs, built": least(partial(_statement, snapshot, seen)),
        "filter of a search, sent": len(json.dumps(access_filter(seen))),
        "kept of the person": _kept(snapshot, subject) - _kept(snapshot, somebody()),
    }


def _statement(snapshot: Snapshot, seen: Visibility) -> None:
    asked = select(Document).where(Sight(snapshot, seen).where(DOCUMENTS))
    asked.compile(dialect=postgresql.dialect())


def _kept(snapshot: Snapshot, subject: Subject) -> int:
    """What a process keeps of somebody between requests, and much that it has anyway."""
    sight = Sight(snapshot, compile_visibility(snapshot, subject, "read", TODAY))
    return weight(subject, sight.visibility, sight.check, sight.where(DOCUMENTS), without=(snapshot, snapshot.tree))
