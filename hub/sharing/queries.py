"""Reads of sharing: members of a place, whom and where one may choose, by name. Only what the viewer may see."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from hub.access.columns import FOLDERS, HOMES
from hub.access.models import Grant, Group, GroupMember, Person, Place, PlaceClosure
from hub.access.viewer import Viewer
from hub.documents.models import Document

MOST_OFFERED = 20
MOST_LOOKED_AT = 400
"""Of people with such a name; beyond that one has to type more of it."""


@dataclass(frozen=True)
class Principal:
    """Someone whom a place can be shared with: a `who` word, a name, and the organisation that they belong to."""

    word: str
    name: str
    detail: str
    organisation_id: str
    kind: str
    """person, guest, group or organisation."""


def grants_on(viewer: Viewer, node: str) -> list[Grant]:
    """What was given on a place and has not ended, the earliest first."""
    return list(
        viewer.session.scalars(
            select(Grant).where(Grant.node == node, Grant.ended_at.is_(None)).order_by(Grant.created_at, Grant.id)
        )
    )


def grant_on(viewer: Viewer, node: str, grant_id: str) -> Grant | None:
    """One of them."""
    return next((grant for grant in grants_on(viewer, node) if grant.id == grant_id), None)


def principals(viewer: Viewer, words: str) -> list[Principal]:
    """The people, groups and organisations with these words in their names, of those that the viewer may see."""
    found = [*_organisations(viewer, words), *_groups(viewer, words), *_people(viewer, words)]
    return found[:MOST_OFFERED]


def principal_of(viewer: Viewer, word: str) -> Principal | None:
    """The one that a `who` word names, if the viewer may see it."""
    kind, _, handle = word.partition(":")
    if kind in ("person", "guest"):
        person = viewer.session.scalar(select(Person).where(Person.handle == handle, Person.status == "active"))
        return _person(person) if person and person.subject_id == word and viewer.sees(person) else None
    if kind == "group":
        return next((g for g in _groups(viewer, "", Group.handle == handle)), None)
    return next((o for o in _organisations(viewer, "", Place.path == handle)), None) if kind == "org" else None


def _people(viewer: Viewer, words: str) -> list[Principal]:
    named = or_(_has(Person.name, words), _has(Person.handle, words))
    rows = viewer.session.scalars(
        select(Person).where(Person.status == "active", named).order_by(Person.name, Person.id).limit(MOST_LOOKED_AT)
    ).all()
    return [_person(person) for person in viewer.kept(list(rows))[:MOST_OFFERED]]


def _person(person: Person) -> Principal:
    kind = "guest" if person.kind == "guest" else "person"
    return Principal(person.subject_id, person.name, person.handle, person.organisation_id, kind)


def _groups(viewer: Viewer, words: str, *more: ColumnElement[bool]) -> list[Principal]:
    """Groups of the viewer's own organisation, and those that they are in: others' are nobody else's business."""
    person = viewer.person
    mine = select(GroupMember.group_id).where(GroupMember.person_id == person.id)
    own = Group.organisation_id == person.organisation_id if person.kind == "staff" else false()
    known = or_(Group.id.in_(mine), own)
    rows = viewer.session.scalars(
        select(Group)
        .where(known, or_(_has(Group.name, words), _has(Group.handle, words)), *more)
        .order_by(Group.name, Group.id)
        .limit(MOST_OFFERED)
    )
    return [Principal(f"group:{g.handle}", g.name, g.handle, g.organisation_id, "group") for g in rows]


def _organisations(viewer: Viewer, words: str, *more: ColumnElement[bool]) -> list[Principal]:
    rows = viewer.session.scalars(
        select(Place)
        .where(Place.kind == "organisation", or_(_has(Place.name, words), _has(Place.path, words)), *more)
        .where(viewer.where(HOMES))
        .order_by(Place.name, Place.id)
        .limit(MOST_OFFERED)
    )
    return [Principal(f"org:{p.path}", f"Everyone at {p.name}", p.path, p.id, "organisation") for p in rows]


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


def places_for_document(viewer: Viewer, document: Document, words: str) -> list[Place]:
    """The spaces and folders of the same organisation in which the viewer may write, by path."""
    written = [
        (Place.kind == "space") & viewer.where(HOMES, "edit"),
        (Place.kind == "folder") & viewer.where(FOLDERS, "edit"),
    ]
    return list(
        viewer.session.scalars(
            select(Place)
            .where(Place.organisation_id == document.organisation_id, or_(*written))
            .where(Place.id != document.place_id, or_(_has(Place.name, words), _has(Place.path, words)))
            .order_by(Place.path)
            .limit(MOST_OFFERED)
        )
    )


def _has(column: InstrumentedAttribute[str], words: str) -> ColumnElement[bool]:
    return column.icontains(words, autoescape=True)
