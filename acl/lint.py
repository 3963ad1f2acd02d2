"""What is right by the letter and probably not meant: remarks on an accepted file, for whoever edits it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from acl.cells import ALL_STAFF, EVERYONE_BUT, SPECIAL
from acl.misses import place_of, spoken
from acl.rules import PLATFORM, Rule
from acl.shadows import Shadows
from acl.store import PolicyFile, Snapshot
from acl.vocabulary import PEOPLE

_COMMENT: Final = re.compile(r"(?:^|\s)#(?!\d)")
TRUSTING: Final = frozenset({"edit", "manage", "administer", "make-spaces", "keep-records"})
"""What is worth a remark when an organisation leaves it to another one to say who may."""


@dataclass(frozen=True, slots=True)
class Remark:
    """A line that may not do what its writer meant; `column` is a column's name."""

    file: str
    line: int
    column: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.column}: {self.message}"


def lint(
    snapshot: Snapshot,
    file: PolicyFile,
    today: date,
    known: Callable[[str], bool] | None = None,
    placed: Callable[[str], bool] | None = None,
) -> tuple[Remark, ...]:
    """Remarks on a file, judged beside the files of a snapshot, in the order of its lines.

    `known` tells whether an org:, group:, person: or guest: word names someone; without it nobody is doubted. `placed`
    tells whether a path names a place; without it, the tree does. `file`
    may be one that is not yet in force; it stands for the snapshot's file of that name.
    """
    others = [held for name, held in snapshot.files.items() if name != file.name]
    denies = [rule for each in (*others, file) for rule in each.rules if rule.effect == "deny" and _lasts(rule, today)]
    shadows = Shadows(denies, snapshot.tree)
    found = []
    for rule in file.rules:
        for column, message in _remarks(rule, snapshot, shadows, today, known, placed):
            found.append(Remark(file.name, rule.line, column, message))
    return tuple(found)


def _remarks(
    rule: Rule,
    snapshot: Snapshot,
    shadows: Shadows,
    today: date,
    known: Callable[[str], bool] | None,
    placed: Callable[[str], bool] | None,
) -> Iterator[tuple[str, str]]:
    yield from _place(rule, snapshot, placed)
    if not _lasts(rule, today):
        yield "until", f"ended on {spoken(rule.until)}: the line does nothing. Delete it, or set a later day."
    word = rule.who.removeprefix(EVERYONE_BUT)
    if known is not None and word != ALL_STAFF and word not in SPECIAL and not known(word):
        reach = "the line reaches nobody" if rule.effect == "allow" else "the deny keeps nobody out"
        reach = "the line denies everybody" if rule.who.startswith(EVERYONE_BUT) else reach
        yield "who", f"nobody is known as {word}: {reach}."
    if _COMMENT.search(rule.reason):
        yield "reason", "a # here begins no comment: people read all of it. Put comments on a line of their own."
    if rule.effect == "allow" and _lasts(rule, today):
        yield from _delegates(rule, snapshot)
        deny = shadows.of(rule)
        if deny is not None:
            yield "effect", f"the deny at {place_of(deny)} makes this line void, since a deny always wins."


def _delegates(rule: Rule, snapshot: Snapshot) -> Iterator[tuple[str, str]]:
    """That somebody else says who is meant by a line which gives more than reading."""
    kind, _, name = rule.who.partition(":")
    owner, slug = snapshot.tree.get(rule.scope), name.partition("/")[0]
    if rule.can not in TRUSTING or kind not in {"group", "org"} or owner is None or slug == (owner.path or PLATFORM):
        return
    if kind == "group" and not owner.path:
        yield "who", f"only the administrators of the hub can change who is in {name} while this line stands."
    else:
        yield "who", f"{slug} decides who is {'in' if kind == 'group' else 'at'} {name}: the line trusts it with that."


def _place(rule: Rule, snapshot: Snapshot, placed: Callable[[str], bool] | None) -> Iterator[tuple[str, str]]:
    owner = snapshot.tree.get(rule.scope)
    path = rule.where.removeprefix(PEOPLE)
    named = path != "*" and ":" not in path
    if named and owner is not None and owner.path and not f"{path}/".startswith(f"{owner.path}/"):
        # whether such a place is there at all is the other organisation's business
        yield "where", f"{rule.where} belongs to another organisation, or is not there: the line does nothing."
    elif named and not (placed(path) if placed else snapshot.tree.resolve(rule.where, rule.scope)):
        nothing = "the line does nothing" if rule.effect == "allow" else "the deny closes nothing"
        yield (
            "where",
            f"there is no place {path}: {nothing}. Check the path, or delete the line.",
        )


def _lasts(rule: Rule, today: date) -> bool:
    return rule.until == "-" or today.isoformat() <= rule.until
