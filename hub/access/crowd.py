"""Everybody at once: the active people of the hub as bits, for questions that are asked of all of them.

The order of the bits is that of people's names. The directory is loaded in one query and kept until anyone's epoch
moves; groups are loaded when a rule names them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from acl.cells import ALL_STAFF, EVERYONE_BUT
from acl.directory import ROOT
from acl.layers import without
from acl.vocabulary import PERSON, SOMEBODY
from hub.access.holds import waiting_of
from hub.access.models import Group, GroupMember, Person, Place
from hub.things.columns import among

Stamp = tuple[int, int]
MOST_NAMED = 3
"""So many organisations are named in a sentence; more are counted."""


def stamp_of(session: Session) -> Stamp:
    """Changes whenever someone joins, or anyone's groups, grants or status do."""
    count, epochs = session.execute(
        select(func.count(), func.coalesce(func.sum(Person.access_epoch), 0)).select_from(Person)
    ).one()
    return count, epochs


def bits(numbers: Iterable[int], size: int) -> int:
    """The set of these numbers below `size`."""
    found = bytearray((size + 7) // 8)
    for number in numbers:
        found[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(found, "little")


def members(people: int) -> list[int]:
    """The numbers in a set, smallest first."""
    digits = bin(people)[:1:-1]
    found, at = [], digits.find("1")
    while at >= 0:
        found.append(at)
        at = digits.find("1", at + 1)
    return found


@dataclass(frozen=True, slots=True)
class Others:
    """People who are not told apart or counted: how they are called, all of them at once."""

    text: str
    """Empty for those who are not spoken of, since each of them is named or counted."""
    alone: str = ""
    """How they are called where nobody else is there to be spoken of."""
    within: int = 0
    """The bit of those among whom they are."""
    organisation: bool = False
    """Whether they are the staff of one organisation."""


def called(others: Mapping[int, Others], people: int, *, alone: bool) -> list[str]:
    """How the others in a set of people are called; `alone` where nobody is counted beside them."""
    found = [each for bit, each in others.items() if people & bit and not people & each.within]
    staff = [each.text for each in found if each.organisation and each.text]
    said = staff if len(staff) <= MOST_NAMED else [f"staff of {len(staff)} other organisations"]
    said += [each.text for each in found if each.text and not each.organisation]
    return said or [each.alone for each in found if alone and each.alone][:1]


class Directory:
    """The active people at one stamp, and the groups that were asked for since."""

    def __init__(self, session: Session, stamp: Stamp) -> None:
        self.stamp = stamp
        rows = self._active(session)
        self.ids: Sequence[str] = [row[0] for row in rows]
        self.number = {person_id: number for number, person_id in enumerate(self.ids)}
        self.words: dict[str, int] = {}
        """`person:` and `guest:` words -> number."""
        staff: dict[str, list[int]] = {}
        guests: dict[str, list[int]] = {}
        slugs: dict[str, list[int]] = {}
        for number, (_, handle, kind, organisation_id) in enumerate(rows):
            self.words[f"{'guest' if kind == 'guest' else 'person'}:{handle}"] = number
            if kind == "guest":
                guests.setdefault(organisation_id, []).append(number)
            else:
                staff.setdefault(organisation_id, []).append(number)
                slugs.setdefault(f"org:{handle.partition('/')[0]}", []).append(number)
        size = len(rows)
        self.everyone = (1 << size) - 1
        self.staff = {organisation: bits(numbers, size) for organisation, numbers in staff.items()}
        self.guests_at = {organisation: bits(numbers, size) for organisation, numbers in guests.items()}
        """Organisation id -> the guests who work there."""
        self.sets = {word: bits(numbers, size) for word, numbers in slugs.items()}
        self.all_staff = self.sets[ALL_STAFF] = reduce(or_, self.staff.values(), 0)
        waiting = self._waiting(session, ((row[0], row[3]) for row in rows))
        self.waiting = bits((self.number[person] for person in waiting), size)
        """Those whose rights beyond their organisation wait (`hub/access/holds.py`)."""
        self.counted: dict[object, Any] = {}
        """What was worked out of these people, by all that it was worked out from."""

    def members_of(self, session: Session, handles: Iterable[str]) -> Iterable[tuple[str, str]]:
        """Those of the groups that there are, each with the ids of its members, joined by blanks. One query."""
        rows = session.execute(
            select(Group.handle, func.aggregate_strings(GroupMember.person_id, " "))  # a row for each group
            .join(GroupMember, GroupMember.group_id == Group.id)
            .where(among(Group.handle, handles))
            .group_by(Group.handle)
        )
        return [(handle, people) for handle, people in rows]

    def _active(self, session: Session) -> Sequence[tuple[str, str, str, str]]:
        """Id, handle, kind and organisation of everybody, by name. One query."""
        rows = session.execute(
            select(Person.id, Person.handle, Person.kind, Person.organisation_id)
            .join(Place, Place.id == Person.organisation_id)
            .where(Person.status == "active", Place.blocked_at.is_(None))
            .order_by(Person.name, Person.id)
        )
        return [(person, handle, kind, organisation) for person, handle, kind, organisation in rows]

    def _waiting(self, session: Session, people: Iterable[tuple[str, str]]) -> Iterable[str]:
        """Those whose rights beyond their organisation wait, of people given with that."""
        return waiting_of(session, people)

    @property
    def guests(self) -> int:
        """Those who are guests."""
        return self.everyone & ~self.all_staff

    def ids_of(self, people: int) -> list[str]:
        """The ids of the people in a set, by name."""
        return [self.ids[number] for number in members(people & self.everyone)]

    def organisations(self, people: int) -> list[tuple[str, int]]:
        """The organisations with staff in a set: id, and how many of them."""
        return [(org, count) for org, staff in self.staff.items() if (count := (staff & people).bit_count())]


class Crowd:
    """A directory with a session in which groups can be looked up. Answers as `acl.audience.Crowd`."""

    def __init__(self, directory: Directory, session: Session) -> None:
        self.directory = directory
        self._session = session

    @property
    def everyone(self) -> int:
        """All active people."""
        return self.directory.everyone

    @property
    def others(self) -> Mapping[int, Others]:
        """People who are stood for by one bit, and how they are called: nobody where all are known."""
        return {}

    def staff_of(self, organisation: str) -> int:
        """The staff of an organisation, by its place id."""
        return self.directory.staff.get(organisation, 0)

    def owner(self, word: str, organisation: str) -> int:
        """The bit of the person with this word, if they are staff of the organisation; else 0."""
        number = self.directory.words.get(word)
        return 0 if number is None else (1 << number) & self.staff_of(organisation)

    def holders(self, word: str) -> int:
        """Those who hold a `who` word; nobody for a word that no one knows."""
        if word.startswith(SOMEBODY):
            number = self.directory.words.get(word)
            return 0 if number is None else 1 << number
        if word.startswith("group:") and word not in self.directory.sets:
            self.look_up([word])
        return self.directory.sets.get(word, 0)

    def allowed(self, word: str, scope: str) -> int:
        """Those of the holders for whom what a rule of this scope allows them is in force."""
        return without(self.holders(word), self._waiting(word, scope))

    def allowed_any(self, words: Iterable[str], scope: str) -> int:
        """The same of those who hold one of these words."""
        known, numbers, found = self.directory.words, [], 0
        for word in words:
            number = known.get(word)
            if number is not None:
                numbers.append(number)
            elif not word.startswith(SOMEBODY):
                found |= self.allowed(word, scope)
        if not numbers:
            return found
        return found | without(bits(numbers, len(self.directory.ids)), self._waiting(PERSON, scope))

    def _waiting(self, word: str, scope: str) -> int:
        """Those to whom a rule of this scope gives nothing by this word for now, as `Subject.trusts` has it."""
        people = self.directory.waiting
        kind, _, name = word.partition(":")
        if not people or kind not in {"person", "guest", "group"}:
            return 0
        delegated = kind == "group" and scope != ROOT
        own = self.directory.sets.get(f"org:{name.partition('/')[0]}", 0) if delegated else 0
        return without(people, self.staff_of(scope) | own)

    def look_up(self, words: Iterable[str], *, always: bool = False) -> None:
        """Load the groups among these words that are not known yet, in one query; `always` even for none."""
        plain = {word.removeprefix(EVERYONE_BUT) for word in words}
        wanted = {w for w in plain if w.startswith("group:") and w not in self.directory.sets}
        if not wanted and not always:
            return
        found: dict[str, list[int]] = {word: [] for word in wanted}
        number, staff = self.directory.number, self.directory.all_staff
        rows = self.directory.members_of(self._session, (word.removeprefix("group:") for word in wanted))
        for handle, people in rows:  # whoever is not active holds nothing
            found[f"group:{handle}"] = [number[person] for person in people.split(" ") if person in number]
        size = len(self.directory.ids)
        self.directory.sets.update({word: bits(numbers, size) & staff for word, numbers in found.items()})
