"""Who can do what where, as a table: places down, kinds of people across."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from string import ascii_uppercase
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from acl.directory import ROOT
from acl.gate import Gate
from acl.store import Snapshot
from acl.visibility import Object, checker
from acl.vocabulary import MARKINGS, ORDERED_ACTIONS
from hub.access.judged import NEW, judge_at
from hub.access.models import Person, Place
from hub.access.parts import Parts
from hub.ground.errors import Invalid

NOTHING = "-"
MOST_PEOPLE = 2_000
SHOWN_PEOPLE = 4

Cell = tuple[str, ...]
"""The highest action on a published document that lies there, for each marking; `-` for none."""


@dataclass(frozen=True)
class Kind:
    """People who can do exactly the same in every place of the table."""

    letter: str
    people: tuple[Person, ...]
    cells: tuple[Cell, ...]

    @property
    def described(self) -> str:
        """The first few by handle, and how many more."""
        handles = [person.handle for person in self.people]
        more = len(handles) - SHOWN_PEOPLE
        named = ", ".join(handles[:SHOWN_PEOPLE])
        return f"{named} and {more} more" if more > 0 else named


@dataclass(frozen=True)
class Matrix:
    """The places, in the order of their paths, and the kinds of people, the largest kind first."""

    places: tuple[Place, ...]
    kinds: tuple[Kind, ...]

    def as_value(self) -> dict[str, Any]:
        """For `--json`: for each person and place, the highest action by marking; places without any are left out."""
        return {
            "markings": list(MARKINGS),
            "people": [
                {
                    "person": person.subject_id,
                    "places": {
                        place.path: dict(zip(MARKINGS, cell, strict=True))
                        for place, cell in zip(self.places, kind.cells, strict=True)
                        if set(cell) != {NOTHING}
                    },
                }
                for kind in self.kinds
                for person in kind.people
            ],
        }

    def rows(self) -> list[tuple[str, ...]]:
        """The table as text: a cell holds a letter for each marking."""
        heading = ("PLACE", "AUDIENCE", *(kind.letter for kind in self.kinds))
        body = [
            (place.path, place.audience or place.kind, *("".join(word[0] for word in k.cells[at]) for k in self.kinds))
            for at, place in enumerate(self.places)
        ]
        return [heading, *body]


def make_matrix(parts: Parts, session: Session, organisation: Place | None = None) -> Matrix:
    """The matrix of one organisation's places, or of all; everybody who is active stands in it."""
    snapshot = parts.snapshots.latest(session)
    people = session.scalars(select(Person).where(Person.status == "active").order_by(Person.handle)).all()
    if len(people) > MOST_PEOPLE:
        raise Invalid(f"There are {len(people):,} people, too many for a table. Ask “hub policy explain” about one.")
    wanted = select(Place).where(Place.kind.in_(("organisation", "space", "folder"))).order_by(Place.path)
    if organisation is not None:
        wanted = wanted.where(Place.organisation_id == organisation.id)
    places = tuple(session.scalars(wanted))
    things = [_published(place, marking, snapshot) for place, marking in product(places, MARKINGS)]
    gate = Gate(snapshot, parts.today)
    alike: dict[tuple[Cell, ...], list[Person]] = defaultdict(list)
    for person in people:
        alike[_cells(gate, parts, session, person, things)].append(person)
    ordered = sorted(alike.items(), key=lambda found: (-len(found[1]), found[1][0].handle))
    return Matrix(places, tuple(Kind(_letter(n), tuple(who), cells) for n, (cells, who) in enumerate(ordered)))


def _published(place: Place, marking: str, snapshot: Snapshot) -> Object:
    """A published document at a place, of an owner who is nobody."""
    judged = judge_at(place.id, NEW, owner="", marking=marking, state="published", snapshot=snapshot)
    if judged is None or place.id == ROOT:
        raise Invalid(f"Policy does not know {place.path} yet. Try again in a second.")
    return judged


def _cells(gate: Gate, parts: Parts, session: Session, person: Person, things: Sequence[Object]) -> tuple[Cell, ...]:
    subject = parts.snapshots.subject(session, person)
    checks = [(action, checker(gate.visible(subject, action))) for action in ORDERED_ACTIONS]  # highest first
    words = [next((action for action, check in checks if check(thing)), NOTHING) for thing in things]
    size = len(MARKINGS)
    return tuple(tuple(words[at : at + size]) for at in range(0, len(words), size))


def _letter(number: int) -> str:
    """The letters A to Z, then AA, AB and so on."""
    high, low = divmod(number, len(ascii_uppercase))
    return (_letter(high - 1) if high else "") + ascii_uppercase[low]
