"""Reads of sharing: members of a place, whom and where one may choose, by name. Only what the viewer may see."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from hub.access.columns import FOLDERS, HOMES, PEOPLE
from hub.access.models import Grant, Group, GroupMember, Person, Place, PlaceClosure
from hub.access.viewer import Viewer
from hub.nouns.organisations.queries import has_staff
from hub.nouns.people.invitations import who_accepted
from hub.nouns.people.queries import holding
from hub.things.thing import Lying
from hub.web.pages import Who

MOST_OFFERED = 20
PEOPLE_NAMED = select(Person, Place.name).join(Place, Place.id == Person.organisation_id)
GROUPS_NAMED = select(Group, Place.name).join(Place, Place.id == Group.organisation_id)


@dataclass(frozen=True)
class Principal:
    """Someone whom a place can be shared with: a `who` word, a name, what they do, and their organisation."""

    word: str
    name: str
    detail: str
    """What a person does."""
    organisation_id: str
    kind: str
    """person, guest, group or organisation."""
    organisation: str = ""
    """Its name, of people and groups."""
    person_id: str = ""
    """Of people."""

    @property
    def called(self) -> str:
        """As a sentence names them: people with their organisation."""
        return str(Who(self.name, self.organisation)) if self.kind in ("person", "guest") else self.name


def given_on(session: Session, node: str, principal: str) -> list[Grant]:
    """What one principal was given on a place and has not ended."""
    wanted = Grant.node == node, Grant.principal == principal, Grant.ended_at.is_(None)
    return list(session.scalars(select(Grant).where(*wanted).order_by(Grant.created_at, Grant.id)))


def grant_on(viewer: Viewer, node: str, grant_id: str) -> Grant | None:
    """One of them."""
    wanted = Grant.node == node, Grant.id == grant_id, Grant.ended_at.is_(None)
    return viewer.session.scalar(select(Grant).where(*wanted))


def ended_on(viewer: Viewer, node: str, ids: Iterable[str], since: datetime) -> list[Grant]:
    """Those of these grants on a place that have ended since a moment."""
    wanted = Grant.node == node, Grant.id.in_(list(ids)), Grant.ended_at >= since
    return list(viewer.session.scalars(select(Grant).where(*wanted).order_by(Grant.created_at, Grant.id)))


def ended_of(session: Session, node: str, grant_id: str) -> Grant | None:
    """A grant on a place that has ended."""
    return session.scalar(select(Grant).where(Grant.node == node, Grant.id == grant_id, Grant.ended_at.is_not(None)))


def last_manager(session: Session, place: Place, ended: Iterable[Grant], today: date) -> tuple[str, ...]:
    """A sentence where nobody would be named as a manager of a place any more, once these grants end; else none."""
    gone = {grant.id for grant in ended if grant.can == "manage"}
    in_force = Grant.ended_at.is_(None) & or_(Grant.until.is_(None), Grant.until >= today)
    named = select(Grant.id).where(Grant.node == place.id, Grant.can == "manage", in_force)
    if not gone or session.scalar(named.where(Grant.id.not_in(gone)).limit(1)):
        return ()
    return (f"Nobody else is named as a manager of “{place.name}”: only policy would say then who manages it.",)


def manages_by_grant(session: Session, place: Place, person: Person, today: date) -> bool:
    """Whether somebody was made a manager of a place themselves, and still is."""
    in_force = Grant.ended_at.is_(None) & or_(Grant.until.is_(None), Grant.until >= today)
    wanted = Grant.node == place.id, Grant.principal == person.subject_id, Grant.can == "manage", in_force
    return session.scalar(select(Grant.id).where(*wanted).limit(1)) is not None


def member_of(viewer: Viewer, node: str, word: str) -> Principal | None:
    """One to whom a place was given, whom those who manage it know by name, whether or not they may see their page."""
    if not given_on(viewer.session, node, word):
        return None
    session, (kind, _, handle) = viewer.session, word.partition(":")
    if kind in ("person", "guest"):
        return next((_person(*row) for row in session.execute(PEOPLE_NAMED.where(Person.handle == handle))), None)
    if kind == "group":
        return next((_group(*row) for row in session.execute(GROUPS_NAMED.where(Group.handle == handle))), None)
    place = session.scalar(select(Place).where(Place.kind == "organisation", Place.path == handle))
    return _organisation(place) if place else None


def invited(viewer: Viewer, place_id: str, word: str) -> Principal | None:
    """One who accepted an invitation to a place, and by that told those who manage it who they are."""
    wanted = Person.handle == word.partition(":")[2], Person.status == "active", Person.id.in_(who_accepted(place_id))
    rows = viewer.session.execute(PEOPLE_NAMED.where(*wanted))
    return next((_person(*row) for row in rows if row[0].subject_id == word), None)


def principals(viewer: Viewer, words: str) -> list[Principal]:
    """The people, groups and organisations with these words in their names, of those that the viewer may see."""
    found = [*_organisations(viewer, words), *_groups(viewer, words), *_people(viewer, words)]
    return found[:MOST_OFFERED]


def principal_of(viewer: Viewer, word: str) -> Principal | None:
    """The one that a `who` word names, if the viewer may see it."""
    kind, _, handle = word.partition(":")
    if kind in ("person", "guest"):
        rows = viewer.session.execute(PEOPLE_NAMED.where(Person.handle == handle, Person.status == "active"))
        known = ((p, own) for p, own in rows if p.subject_id == word and viewer.sees(p))
        return next((_person(person, organisation) for person, organisation in known), None)
    if kind == "group":
        return next((g for g in _groups(viewer, "", Group.handle == handle)), None)
    return next((o for o in _organisations(viewer, "", Place.path == handle)), None) if kind == "org" else None


def _people(viewer: Viewer, words: str) -> list[Principal]:
    rows = viewer.session.execute(
        PEOPLE_NAMED.where(Person.status == "active", *holding(words), viewer.where(PEOPLE))
        .order_by(Person.name, Person.id)
        .limit(MOST_OFFERED)
    )
    return [_person(person, organisation) for person, organisation in rows]


def _person(person: Person, organisation: str) -> Principal:
    kind = "guest" if person.kind == "guest" else "person"
    told = person.subject_id, person.name, person.job_title, person.organisation_id, kind, organisation
    return Principal(*told, person_id=person.id)


def _groups(viewer: Viewer, words: str, *more: ColumnElement[bool]) -> list[Principal]:
    """Groups of the viewer's own organisation, and those that they are in: others' are nobody else's business."""
    person = viewer.person
    mine = select(GroupMember.group_id).where(GroupMember.person_id == person.id)
    own = Group.organisation_id == person.organisation_id if person.kind == "staff" else false()
    known = or_(Group.id.in_(mine), own)
    rows = viewer.session.execute(
        GROUPS_NAMED.where(known, or_(_has(Group.name, words), _has(Group.handle, words)), *more)
        .order_by(Group.name, Group.id)
        .limit(MOST_OFFERED)
    )
    return [_group(group, organisation) for group, organisation in rows]


def _group(group: Group, organisation: str) -> Principal:
    return Principal(f"group:{group.handle}", group.name, "", group.organisation_id, "group", organisation)


def _organisations(viewer: Viewer, words: str, *more: ColumnElement[bool]) -> list[Principal]:
    rows = viewer.session.scalars(
        select(Place)
        .where(Place.kind == "organisation", has_staff(), or_(_has(Place.name, words), _has(Place.path, words)), *more)
        .where(viewer.where(HOMES))
        .order_by(Place.name, Place.id)
        .limit(MOST_OFFERED)
    )
    return [_organisation(place) for place in rows]


def _organisation(place: Place) -> Principal:
    return Principal(f"org:{place.path}", f"Everyone at {place.name}", "", place.id, "organisation")


def places_to_move_to(viewer: Viewer, place: Place, words: str) -> list[Place]:
    """The places of the same organisation that the viewer manages and in which the place could lie, by name."""
    inside = select(PlaceClosure.descendant_id).where(PlaceClosure.ancestor_id == place.id)
    managed = [
        Place.kind.in_(("organisation", "space")) & viewer.where(HOMES, "manage"),
        (Place.kind == "folder") & viewer.where(FOLDERS, "manage"),
    ]
    kinds = ("space", "folder") if place.kind == "folder" else ("organisation", "space", "folder")
    return list(
        viewer.session.scalars(
            select(Place)
            .where(Place.organisation_id == place.organisation_id, Place.kind.in_(kinds), or_(*managed))
            .where(Place.id.not_in(inside), Place.id != place.parent_id)
            .where(or_(_has(Place.name, words), _has(Place.path, words)))
            .order_by(Place.path)
            .limit(MOST_OFFERED)
        )
    )


def places_for_thing(viewer: Viewer, thing: Lying, words: str) -> list[Place]:
    """The spaces and folders in which the viewer may write, and those of other organisations that they manage."""
    same = Place.organisation_id == thing.organisation_id
    written = [
        (Place.kind == "space") & same & viewer.where(HOMES, "edit"),
        (Place.kind == "folder") & same & viewer.where(FOLDERS, "edit"),
        (Place.kind == "space") & ~same & viewer.where(HOMES, "manage"),
        (Place.kind == "folder") & ~same & viewer.where(FOLDERS, "manage"),
    ]
    return list(
        viewer.session.scalars(
            select(Place)
            .where(or_(*written))
            .where(Place.id != thing.place_id, or_(_has(Place.name, words), _has(Place.path, words)))
            .order_by(Place.path)
            .limit(MOST_OFFERED)
        )
    )


def places_to_put(viewer: Viewer, organisation_id: str, place_id: str, words: str) -> list[Place]:
    """The spaces and folders of an organisation in which the viewer may write, but one, by address."""
    written = or_(
        (Place.kind == "space") & viewer.where(HOMES, "edit"), (Place.kind == "folder") & viewer.where(FOLDERS, "edit")
    )
    found = select(Place).where(Place.organisation_id == organisation_id, Place.id != place_id, written)
    named = or_(_has(Place.name, words), _has(Place.path, words))
    return list(viewer.session.scalars(found.where(named).order_by(Place.path).limit(MOST_OFFERED)))


def _has(column: InstrumentedAttribute[str], words: str) -> ColumnElement[bool]:
    return column.icontains(words, autoescape=True)
