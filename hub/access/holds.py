"""Rights beyond an organisation, and the holds under which they wait until the hub's administrators confirm them.

An organisation says who its people are, and so could be any of them. What others gave one of its people by name is
therefore in force only while nobody has changed how that person is known: after such a change it waits, in
`hub.access.subjects`, where everything that somebody holds is put together. Words that an organisation decides about
itself, `org:leeds` and `group:leeds/…`, never wait: whoever names one lets that organisation say who is meant.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from acl.directory import ROOT
from acl.store import Snapshot
from hub.access.models import Grant, Group, GroupMember, Hold, Person, Place
from hub.ground.ids import new_id
from hub.ground.unit_of_work import UnitOfWork

ISSUER, KEYS, CLIENT, LINK, RETURN = "issuer", "keys", "client", "link", "return"
REASONS: Final = {
    ISSUER: "Changed details of their sign-in were accepted",
    KEYS: "Their sign-in moved to another address for its keys, by itself",
    CLIENT: "The hub is known to their sign-in by another client id",
    LINK: "They were given rights before they first signed in, by a link or subject of their organisation’s",
    RETURN: "They had left, and were let in again",
}
"""Why rights wait, as a sentence about what happened."""


@dataclass(frozen=True, slots=True)
class Beyond:
    """What is given to somebody themselves outside their organisation: the places whose rules give it.

    `named`: by a policy file that names them, by a group that is not their organisation's, or by one of its groups that
    the hub's policy names. `given`: by sharing.
    """

    named: frozenset[str] = frozenset()
    given: frozenset[str] = frozenset()

    @property
    def all(self) -> frozenset[str]:
        """Every organisation, or `platform`, that gives them anything."""
        return self.named | self.given


def beyond_of(session: Session, snapshot: Snapshot, people: Sequence[Person]) -> dict[str, Beyond]:
    """What each person holds beyond their organisation, by their ids; in two queries for all of them."""
    ids, words = [person.id for person in people], {person.subject_id for person in people}
    groups: dict[str, set[str]] = {}
    for who, organisation, handle in session.execute(
        select(GroupMember.person_id, Group.organisation_id, Group.handle)
        .join(Group, Group.id == GroupMember.group_id)
        .where(GroupMember.person_id.in_(ids))
    ):
        here = groups.setdefault(who, set())
        here.update({organisation, *({ROOT} if is_the_hubs(snapshot, handle) else ())})
    grants: dict[str, set[str]] = {}
    for word, organisation in session.execute(
        select(Grant.principal, Grant.organisation_id).where(Grant.principal.in_(words), Grant.ended_at.is_(None))
    ):
        grants.setdefault(word, set()).add(organisation)
    found = {}
    for person in people:
        named = snapshot.scopes_allowing(person.subject_id) | groups.get(person.id, set())
        own = {person.organisation_id}
        found[person.id] = Beyond(frozenset(named - own), frozenset(grants.get(person.subject_id, set()) - own))
    return found


def is_the_hubs(snapshot: Snapshot, group: str) -> bool:
    """Whether the hub's own policy names a group of an organisation (by its handle): it is no longer theirs alone."""
    return ROOT in snapshot.scopes_allowing(f"group:{group}")


def waiting_of(session: Session, people: Iterable[tuple[str, str]]) -> frozenset[str]:
    """Those of the people, given with the ids of their organisations, whose rights beyond these wait; one query."""
    every = list(people)
    organisations = {organisation for _, organisation in every}
    if not every:
        return frozenset()
    wanted = select(Hold.person_id, Hold.organisation_id).where(Hold.confirmed_at.is_(None))
    if len(organisations) == 1:
        wanted = wanted.where(Hold.organisation_id.in_(organisations))
    rows = session.execute(wanted).all()
    persons = {person for person, _ in rows if person is not None}
    whole = {organisation for person, organisation in rows if person is None}
    return frozenset(person for person, organisation in every if person in persons or organisation in whole)


def hold_person(uow: UnitOfWork, person: Person, why: str, detail: str = "") -> None:
    """Let what others gave a person wait, from their next request on."""
    _hold(uow, person.organisation_id, person.id, why, detail)
    person.access_epoch += 1
    uow.record("hold:person", person.subject_id, person.organisation_id, f"{why} {detail}".strip())


def hold_organisation(uow: UnitOfWork, organisation_id: str, why: str, detail: str = "") -> None:
    """Let what others gave anybody of an organisation wait, from their next request on."""
    _hold(uow, organisation_id, None, why, detail)
    _move_on(uow, organisation_id, None)
    uow.record("hold:organisation", organisation_id, organisation_id, f"{why} {detail}".strip())


def confirm(uow: UnitOfWork, hold: Hold) -> None:
    """Put in force again what waited under a hold, unless another one stands."""
    if hold.confirmed_at is not None:
        return
    hold.confirmed_at, hold.confirmed_by = uow.now, uow.actor
    uow.session.flush()
    _move_on(uow, hold.organisation_id, hold.person_id)
    uow.record("hold:confirm", hold.id, hold.organisation_id, hold.why)


def open_holds(session: Session, *more: object) -> list[tuple[Hold, Place, Person | None]]:
    """What waits, oldest first, each with the organisation and the person whose it is (None: everybody's of it)."""
    rows = session.execute(
        select(Hold, Place, Person)
        .join(Place, Place.id == Hold.organisation_id)
        .outerjoin(Person, Person.id == Hold.person_id)
        .where(Hold.confirmed_at.is_(None), *more)  # type: ignore[arg-type]
        .order_by(Hold.created_at, Hold.id)
    )
    return [(hold, place, person) for hold, place, person in rows]


def holds_on(session: Session, person: Person) -> list[Hold]:
    """The holds under which a person's rights beyond their organisation wait."""
    own = or_(Hold.person_id == person.id, Hold.person_id.is_(None))
    return [hold for hold, *_ in open_holds(session, Hold.organisation_id == person.organisation_id, own)]


def _hold(uow: UnitOfWork, organisation_id: str, person_id: str | None, why: str, detail: str) -> None:
    if why not in REASONS:
        raise ValueError(f"{why} is not in hub/access/holds.py: add it there")
    new = Hold(id=new_id(), organisation_id=organisation_id, person_id=person_id, why=why, detail=detail, by=uow.actor)
    new.created_at = uow.now
    uow.session.add(new)
    uow.session.flush()


def _move_on(uow: UnitOfWork, organisation_id: str, person_id: str | None) -> None:
    """Let a person, or everybody of an organisation, be loaded anew."""
    whose = Person.organisation_id == organisation_id if person_id is None else Person.id == person_id
    uow.session.execute(update(Person).where(whose).values(access_epoch=Person.access_epoch + 1))
