"""Reads for administrators. Each is asked only after the gate has said that the viewer administers the organisation."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session, aliased

from acl.vocabulary import HOME
from hub.access.models import Group, GroupMember, Person, Place, PolicyText, PolicyVersion, SignedInSession
from hub.access.viewer import Viewer
from hub.features.policies.models import PolicyAlarm
from hub.features.sharing.models import LineWish
from hub.features.signin.local.models import LocalAccount
from hub.features.signin.models import ACTIVE, ExternalIdentity, Issuer
from hub.nouns.organisations.models import Organisation, OrganisationDomain
from hub.nouns.people.queries import holding
from hub.things.columns import Columns

ADMINISTRATORS = "administrators"
"""A group's own name: the one that policy lets administer."""
ONLY = {
    "active": "Active",
    "waiting": "Not signed in yet",
    "suspended": "Suspended",
    "left": "Left",
    "guests": "Guests",
}
"""Parts of a list of people, with what they are called."""
_SPACES = aliased(Place)
_HOMES = Columns(
    id=_SPACES.id, place=_SPACES.id, ms=_SPACES.ms, organisation=_SPACES.organisation_id, owner=_SPACES.owner,
    node_prefix=HOME,
)  # fmt: skip


@dataclass(frozen=True)
class Some:
    """One page of people, and how many there are in all."""

    people: Sequence[Person]
    total: int


@dataclass(frozen=True)
class Standing:
    """What the checklist of an organisation goes by."""

    place: Place
    contact: str
    set_up_at: datetime | None
    people: int
    groups: int
    spaces: int
    domains: int
    issuer: str
    """Status of its issuer, an active one first; empty without one."""
    policy: bool
    """Whether a policy is in force."""
    alarm: bool
    """Whether the working copy of it on disk is refused."""
    wishes: int = 0
    """How many wait until a line of it lets go of a place that they want to delete."""


def has_identity(session: Session, person_id: str) -> bool:
    """Whether a person has signed in before: through their issuer, or a guest at the hub itself."""
    return has_issuers_identity(session, person_id) or session.get(LocalAccount, person_id) is not None


def has_issuers_identity(session: Session, person_id: str) -> bool:
    """Whether a person has signed in through their issuer before."""
    wanted = select(ExternalIdentity.id).where(ExternalIdentity.person_id == person_id).limit(1)
    return session.scalar(wanted) is not None


def signed_in_before(session: Session, people: Sequence[Person]) -> set[str]:
    """The ids of those who have signed in before."""
    ids = [person.id for person in people]
    there = select(ExternalIdentity.person_id).where(ExternalIdentity.person_id.in_(ids))
    here = select(LocalAccount.person_id).where(LocalAccount.person_id.in_(ids))
    return set(session.scalars(there.union(here)))


def people_of(session: Session, organisation: Place, words: str, page: int, size: int, only: str = "") -> Some:
    """An organisation's people, staff and guests, whose name, handle or address holds every word.

    `only` is a key of `ONLY`; anything else leaves nobody out.
    """
    found = [Person.organisation_id == organisation.id, *holding(words)]
    if only in ONLY:
        found.append(_only(only))
    total = session.scalar(select(func.count()).select_from(Person).where(*found)) or 0
    listed = select(Person).where(*found).order_by(func.lower(Person.name), Person.id)
    return Some(session.scalars(listed.limit(size).offset((page - 1) * size)).all(), total)


def _only(kind: str) -> ColumnElement[bool]:
    if kind == "waiting":
        known = exists().where(ExternalIdentity.person_id == Person.id)
        here = exists().where(LocalAccount.person_id == Person.id)
        return (Person.status == "active") & ~known & ~here
    return Person.kind == "guest" if kind == "guests" else Person.status == kind


def person_of(session: Session, organisation: Place, name: str) -> Person | None:
    """A person of this organisation, by their own part of the handle."""
    handle = f"{organisation.path}/{name}"
    return session.scalar(select(Person).where(Person.handle == handle, Person.organisation_id == organisation.id))


def organisation_names(session: Session, ids: Iterable[str]) -> dict[str, str]:
    """The names of organisations, by id, whoever may see them: for those who run the hub."""
    rows = session.execute(select(Place.id, Place.name).where(Place.id.in_(sorted(set(ids)))))
    return {place: name for place, name in rows}  # noqa: C416  # rows are no pairs to mypy


def staff_by_handle(session: Session, handle: str) -> Person | None:
    """A member of staff of whatever organisation."""
    return session.scalar(select(Person).where(Person.handle == handle, Person.kind == "staff"))


def groups_of(session: Session, organisation: Place) -> list[tuple[Group, int]]:
    """An organisation's groups, by name, with how many belong to each."""
    rows = session.execute(
        select(Group, func.count(GroupMember.person_id))
        .outerjoin(GroupMember, GroupMember.group_id == Group.id)
        .where(Group.organisation_id == organisation.id)
        .group_by(Group.id)
        .order_by(func.lower(Group.name), Group.id)
    )
    return [(group, count) for group, count in rows]


def handles_of_groups(session: Session, organisation: Place) -> set[str]:
    """The handles of an organisation's groups."""
    return set(session.scalars(select(Group.handle).where(Group.organisation_id == organisation.id)))


def handles_like(session: Session, base: str) -> set[str]:
    """The handles of all people, of now and of before, that begin so."""
    return set(session.scalars(select(Person.handle).where(Person.handle.startswith(base, autoescape=True))))


def group_of(session: Session, organisation: Place, name: str) -> Group | None:
    """A group of this organisation, by its own part of the handle."""
    handle = f"{organisation.path}/{name}"
    return session.scalar(select(Group).where(Group.handle == handle, Group.organisation_id == organisation.id))


def members_of(session: Session, group: Group, page: int, size: int) -> Some:
    """Those who belong to a group, by name."""
    there = select(Person).join(GroupMember, GroupMember.person_id == Person.id).where(GroupMember.group_id == group.id)
    total = session.scalar(select(func.count()).select_from(there.subquery())) or 0
    listed = there.order_by(func.lower(Person.name), Person.id).limit(size).offset((page - 1) * size)
    return Some(session.scalars(listed).all(), total)


def groups_with(session: Session, person: Person) -> list[Group]:
    """The groups of their own organisation that a person belongs to."""
    return list(
        session.scalars(
            select(Group)
            .join(GroupMember, GroupMember.group_id == Group.id)
            .where(GroupMember.person_id == person.id, Group.organisation_id == person.organisation_id)
            .order_by(Group.name)
        )
    )


def could_join(session: Session, organisation: Place, group: Group, words: str, most: int) -> list[Person]:
    """Active staff of the organisation who are not in the group yet, and match the words."""
    inside = exists().where(GroupMember.group_id == group.id, GroupMember.person_id == Person.id)
    wanted = (Person.organisation_id == organisation.id, Person.kind == "staff", Person.status == "active", ~inside)
    found = select(Person).where(*wanted, *holding(words)).order_by(func.lower(Person.name), Person.id)
    return list(session.scalars(found.limit(most)))


def issuer_status(session: Session, organisation: Place) -> str:
    """The status of an organisation's issuer, an active one first; empty without one."""
    wanted = select(Issuer.status).where(Issuer.organisation_id == organisation.id)
    return session.scalar(wanted.order_by(Issuer.status != ACTIVE, Issuer.created_at).limit(1)) or ""


def domains_of(session: Session, organisation: Place) -> list[OrganisationDomain]:
    """An organisation's mail domains."""
    wanted = select(OrganisationDomain).where(OrganisationDomain.organisation_id == organisation.id)
    return list(session.scalars(wanted.order_by(OrganisationDomain.domain)))


def policy_text(session: Session, name: str) -> PolicyText | None:
    """The text in force of a policy file."""
    return session.get(PolicyText, name)


def versions_of(session: Session, name: str, page: int, size: int) -> tuple[list[tuple[int, PolicyVersion]], int]:
    """One page of the texts of a file that were put in force, newest first, each with its number; and how many."""
    total = session.scalar(select(func.count()).select_from(PolicyVersion).where(PolicyVersion.name == name)) or 0
    wanted = select(PolicyVersion).where(PolicyVersion.name == name).order_by(PolicyVersion.id.desc())
    rows = session.scalars(wanted.limit(size).offset((page - 1) * size)).all()
    first = total - (page - 1) * size
    return [(first - at, row) for at, row in enumerate(rows)], total


def version_of(session: Session, name: str, number: int) -> PolicyVersion | None:
    """The text of a file that was the `number`th to be put in force, counted from 1."""
    wanted = select(PolicyVersion).where(PolicyVersion.name == name).order_by(PolicyVersion.id)
    return session.scalar(wanted.limit(1).offset(number - 1))


def policy_alarms(session: Session, name: str) -> list[PolicyAlarm]:
    """What is wrong with a policy file's working copy, and with files beside it that may be meant for it."""
    wanted = PolicyAlarm.name.ilike(f"{name.removesuffix('csv')}%")
    return list(session.scalars(select(PolicyAlarm).where(wanted).order_by(PolicyAlarm.name != name, PolicyAlarm.name)))


def standing_of(viewer: Viewer, organisation_id: str) -> Standing | None:
    """How an organisation stands, in one query; None where there is none. Of its spaces those that the viewer sees."""
    return standing_with(viewer, organisation_id)[0]


def standing_with(
    viewer: Viewer, organisation_id: str, *more: ColumnElement[Any]
) -> tuple[Standing | None, tuple[Any, ...]]:
    """The same, and what else is asked for in that query."""
    file = "organisations/" + Place.path + ".csv"
    issuer = (
        select(Issuer.status)
        .where(Issuer.organisation_id == Place.id)
        .order_by(Issuer.status != ACTIVE, Issuer.created_at)
        .limit(1)
        .scalar_subquery()
    )
    row = viewer.session.execute(
        select(
            Place,
            Organisation.contact,
            Organisation.set_up_at,
            _count(Person, Person.organisation_id == Place.id, Person.status == "active"),
            _count(Group, Group.organisation_id == Place.id, ~Group.handle.endswith(f"/{ADMINISTRATORS}")),
            select(func.count())
            .select_from(_SPACES)
            .where(_SPACES.organisation_id == Place.id, _SPACES.kind == "space", viewer.where(_HOMES))
            .scalar_subquery(),
            _count(OrganisationDomain, OrganisationDomain.organisation_id == Place.id, OrganisationDomain.verified),
            func.coalesce(issuer, ""),
            exists().where(PolicyText.name == file),
            exists().where(PolicyAlarm.name.ilike("organisations/" + Place.path + ".%")),
            _count(LineWish, LineWish.file == file, LineWish.refused_at.is_(None)),
            *more,
        )
        .join(Organisation, Organisation.id == Place.id)
        .where(Place.id == organisation_id)
    ).one_or_none()
    if row is None:
        return None, ()
    own = len(fields(Standing))
    return Standing(*row[:own]), tuple(row[own:])


def _count(table: type, *conditions: ColumnElement[bool] | object) -> ColumnElement[int]:
    return select(func.count()).select_from(table).where(*conditions).scalar_subquery()  # type: ignore[arg-type]


def open_sessions(session: Session, person: Person, now: datetime) -> int:
    """How many sessions of a person are open."""
    wanted = (
        SignedInSession.person_id == person.id,
        SignedInSession.ended_at.is_(None),
        SignedInSession.expires_at > now,
    )
    return session.scalar(select(func.count()).select_from(SignedInSession).where(*wanted)) or 0
