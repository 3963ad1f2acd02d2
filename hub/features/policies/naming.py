"""Denies whose `who` or `where` names nothing: they keep nobody out, while whoever wrote them thinks the place closed.

A new line of that kind is a fault. Whether a name is there at all is not told: one that is hidden from whoever writes
is as unknown as one that nobody has. What they may name is judged by their own sight in the editor; of a file on disk,
which may be anybody's work, by what every administrator of the organisation may see.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from acl.cells import ALL_STAFF, EVERYONE_BUT, SPECIAL
from acl.directory import ROOT, Subject, subject_for
from acl.gate import Gate
from acl.rules import Fault, Rule
from acl.store import Snapshot
from acl.visibility import checker
from acl.vocabulary import PEOPLE, PERSON
from hub.access.models import FormerPath, Group, Person, Place
from hub.access.viewer import Thing
from hub.things.columns import among

ADMINISTRATORS = "administrators"
NOBODY = (
    "nobody whom you may know is called {}, and a deny that names nobody keeps nobody out: it is not taken. Correct "
    "the name, name a group of your own or everyone-but: those who may, or ask the organisation whose name it is."
)
NOWHERE = (
    "no place that you may know is called {}, and a deny that names no place closes nothing: it is not taken.{} "
    "Correct the path, name a place above it, write doc:ID for one document, or ask whoever looks after the place."
)
ELSEWHERE = (
    "{} is not of this organisation, and no line of this file reaches it: the deny is not taken. Name a place of your "
    "own, or ask the organisation whose it is."
)
Judge = Callable[[Session, tuple[Rule, ...], tuple[Rule, ...]], tuple[Fault, ...]]
"""From the new rules of a file and those in force, the faults of new denies."""


class Eyes(Protocol):
    """Through which names are judged: a Viewer, or Office."""

    @property
    def subject(self) -> Subject:
        """Who looks."""

    @property
    def snapshot(self) -> Snapshot:
        """The policy by which they see."""

    def kept(self, things: list[Thing], action: str = "read") -> list[Thing]:
        """Those of the things on which they may do it."""


class Office:
    """What every administrator of an organisation may see, whoever they are and whatever else was given to them."""

    def __init__(self, snapshot: Snapshot, today: date, scope: str) -> None:
        place = snapshot.tree.get(scope)
        slug = place.path if place else ""
        self._whole = scope == ROOT
        """The platform's file on disk is the operator's, from whom nothing in the database is hidden."""
        self.subject = subject_for(
            f"{PERSON}{slug or ROOT}/{ADMINISTRATORS}",
            organisations={slug: scope} if slug else {},
            groups=(f"{slug or ROOT}/{ADMINISTRATORS}",),
        )
        self.snapshot = snapshot
        self._gate = Gate(snapshot, today)

    def kept(self, things: list[Thing], action: str = "read") -> list[Thing]:
        """Those of the things on which they may do it."""
        if self._whole:
            return things
        check = checker(self._gate.visible(self.subject, action))
        return [thing for thing in things if (found := thing.judged(self.snapshot)) is not None and check(found)]


@dataclass(frozen=True)
class Names:
    """The words and the paths in some rules that name somebody and some place of which the looker may know."""

    words: frozenset[str]
    paths: frozenset[str]

    def and_denied(self, in_force: Iterable[Rule]) -> "Names":
        """With the names in denies in force: whoever closed a place to themselves must be able to close more of it."""
        denies = [rule for rule in in_force if rule.effect == "deny"]
        return Names(self.words | {word_of(rule) for rule in denies}, self.paths | {path_of(rule) for rule in denies})


def names_in(session: Session, eyes: Eyes | None, rules: Iterable[Rule], own: str) -> Names:
    """What the names in rules come to, in three queries; without a looker, all that name something.

    `own` is the slug of the organisation whose file it is, empty for the platform's, whose people may know all
    organisations, people and groups.
    """
    pairs = [(word_of(rule), path_of(rule)) for rule in rules]
    words, paths = (
        ({each for each in column if each} for column in zip(*pairs, strict=True)) if pairs else (set(), set())
    )
    names = {word.partition(":")[2] for word in words}
    people = list(session.scalars(select(Person).where(among(Person.handle, names))))
    groups = list(session.scalars(select(Group).where(among(Group.handle, names))))
    places = list(session.scalars(select(Place).where(among(Place.path, names | paths))))
    there = places
    if eyes is not None:
        at_home, holds = eyes.subject.orgs, eyes.subject.holds
        seen = {place.id for place in eyes.kept(places)} | at_home
        places = [place for place in places if place.id in seen]
        if own:
            there = places
            sight = {person.id for person in eyes.kept(people)}
            people = [p for p in people if p.id in sight or p.handle.startswith(f"{own}/")]
            groups = [g for g in groups if g.organisation_id in at_home or f"group:{g.handle}" in holds]
    slugs = {f"org:{place.path}" for place in there if place.kind == "organisation"}
    named = {p.subject_id for p in people} | {f"group:{g.handle}" for g in groups} | slugs
    return Names(frozenset(named & words), frozenset(place.path for place in places) & paths)


def judge_through(eyes: Eyes) -> Judge:
    """A judge of the names that new denies hold, as somebody may know them."""

    def judge(session: Session, new: tuple[Rule, ...], in_force: tuple[Rule, ...]) -> tuple[Fault, ...]:
        fresh = new_denies(new, in_force)
        if not fresh:
            return ()
        known = names_in(session, eyes, fresh, _own(eyes, fresh))
        return faults_of(session, eyes, fresh, known.and_denied(in_force))

    return judge


def new_denies(new: tuple[Rule, ...], in_force: tuple[Rule, ...]) -> list[Rule]:
    """The denies that are not in force yet; another end or reason makes no new one."""
    held = {_key(rule) for rule in in_force if rule.effect == "deny"}
    return [rule for rule in new if rule.effect == "deny" and _key(rule) not in held]


def faults_of(session: Session, eyes: Eyes, fresh: list[Rule], known: Names) -> tuple[Fault, ...]:
    """What is wrong with the names of new denies; one query more where a place is not known."""
    own = _own(eyes, fresh)
    lost = {path for rule in fresh if (path := path_of(rule)) and reaches(own, path) and path not in known.paths}
    moved = _moved(session, eyes, lost) if lost else {}
    found = []
    for rule in fresh:
        word, path = word_of(rule), path_of(rule)
        if word and word not in known.words and not rule.who.startswith(EVERYONE_BUT):
            found.append(Fault(rule.file, rule.line, "who", NOBODY.format(word)))
        if path in lost:
            found.append(Fault(rule.file, rule.line, "where", NOWHERE.format(path, moved.get(path, ""))))
        elif path and not reaches(own, path):
            found.append(Fault(rule.file, rule.line, "where", ELSEWHERE.format(path)))
    return tuple(found)


def word_of(rule: Rule) -> str:
    """The word that names somebody in a rule's `who`, also after everyone-but:; empty where it names nobody alone."""
    word = rule.who.removeprefix(EVERYONE_BUT)
    return "" if word == ALL_STAFF or word in SPECIAL else word


def path_of(rule: Rule) -> str:
    """The path of the place, or of that whose people, a rule's `where` names; empty for all, and for one document."""
    path = rule.where.removeprefix(PEOPLE)
    return "" if path == "*" or ":" in path else path


def _key(rule: Rule) -> tuple[str, ...]:
    return rule.who, rule.can, rule.where, rule.marking, rule.state


def _own(eyes: Eyes, rules: list[Rule]) -> str:
    owner = eyes.snapshot.tree.get(rules[0].scope) if rules else None
    return owner.path if owner else ""


def reaches(own: str, path: str) -> bool:
    """Whether a file of the organisation `own` (empty: of the platform) can speak of a path."""
    return not own or f"{path}/".startswith(f"{own}/")


def _moved(session: Session, eyes: Eyes, paths: set[str]) -> dict[str, str]:
    """Where places have gone that once had these paths, as far as the looker may see them."""
    rows = session.execute(
        select(FormerPath.path, Place).join(Place, Place.id == FormerPath.place_id).where(among(FormerPath.path, paths))
    )
    found = {path: place for path, place in rows}  # noqa: C416  # rows are no pairs to mypy
    seen = {place.id for place in eyes.kept(list(found.values()))}
    return {path: f" It has moved to {place.path}." for path, place in found.items() if place.id in seen}
