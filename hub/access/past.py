"""Policies and people as they stood at the end of an earlier day, as far as history tells (`hub/things/history.py`)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from acl.directory import ROOT, PlaceTree
from acl.directory import Place as Node
from acl.rules import PolicyError, Rule
from acl.store import PLATFORM_FILE, Snapshot, adopt
from acl.vocabulary import GUEST, PERSON
from hub.access.columns import PEOPLE
from hub.access.crowd import Crowd, Directory
from hub.access.models import Grant, Group, Hold, Person, PolicyVersion, voices_in_force
from hub.access.subjects import as_rule
from hub.ground.clock import end_of
from hub.ground.errors import Unavailable
from hub.things.columns import among
from hub.things.models import Past

PLACES = ("organisation", "space", "folder", "gone")
UNREADABLE = "What was in force then cannot be put together by this version of the hub. Ask for a day after it."


def standing(moment: datetime, past: Any = Past) -> ColumnElement[bool]:
    """The rows of history that say how something stood just before a moment."""
    return and_(past.from_at < moment, or_(past.to_at.is_(None), past.to_at >= moment))


def stood(session: Session, node: str, day: date) -> Past | None:
    """How a thing stood at the end of a day; None where history does not tell, or it was not there."""
    return session.scalar(select(Past).where(Past.node == node, standing(end_of(day))).limit(1))


def begins(session: Session, node: str, day: date) -> datetime | None:
    """Since when history tells of a thing that was there before it began; None of one that came or went."""
    later = select(Past).where(Past.node == node, Past.from_at >= end_of(day)).order_by(Past.from_at, Past.id).limit(1)
    row = session.scalar(later)
    return row.from_at if row is not None and row.found else None


class Then:
    """The hub at the end of a day, as far as it concerns what lies at one organisation. Answers as `InForce`."""

    def __init__(self, session: Session, day: date, organisation: str) -> None:
        self.day, self._moment = day, end_of(day)
        try:
            tree = PlaceTree(self._nodes(session))
            names = {PLATFORM_FILE: ROOT}
            if tree.get(organisation) is not None:
                names[f"organisations/{tree.path_of(organisation)}.csv"] = organisation
            files = {name: adopt(name, text, names[name]) for name, text in self._texts(session, names)}
        except (PolicyError, ValueError) as error:
            raise Unavailable(UNREADABLE) from error
        self._snapshot = Snapshot(files, tree, 0)
        self._directory: PastDirectory | None = None

    def latest(self, session: Session) -> Snapshot:  # noqa: ARG002  # it was put together at once
        """What was in force."""
        return self._snapshot

    def crowd(self, session: Session) -> Crowd:
        """All people who were active."""
        if self._directory is None:
            self._directory = PastDirectory(session, self._moment)
        return Crowd(self._directory, session)

    def grants_on(self, session: Session, nodes: Iterable[str]) -> list[Rule]:
        """What was given on these nodes and in force, as rules."""
        rows = session.execute(
            select(Grant, Past.owner)
            .join(Past, and_(Past.kind == "grants", Past.node == "grants:" + Grant.id))
            .where(among(Past.place_id, nodes), standing(self._moment))
            .where(or_(Grant.until.is_(None), Grant.until >= self.day))
            .order_by(Grant.created_at, Grant.id)
        )
        return [replace(as_rule(grant), who=who) for grant, who in rows]

    def _nodes(self, session: Session) -> list[Node]:
        rows = session.scalars(select(Past).where(Past.kind.in_(PLACES), standing(self._moment)))
        return [
            Node(row.node, row.place_id, row.path, row.kind, row.audience,
                 voices=voices_in_force(row.audience, row.voices))
            for row in rows
        ]  # fmt: skip

    def _texts(self, session: Session, names: Iterable[str]) -> list[tuple[str, str]]:
        newest = (
            select(func.max(PolicyVersion.id))
            .where(PolicyVersion.name.in_(list(names)), PolicyVersion.accepted_at < self._moment)
            .group_by(PolicyVersion.name)
        )
        rows = session.execute(select(PolicyVersion.name, PolicyVersion.text).where(PolicyVersion.id.in_(newest)))
        return [(name, text) for name, text in rows]


class PastDirectory(Directory):
    """The people who were active just before a moment, and the groups as they were."""

    def __init__(self, session: Session, moment: datetime) -> None:
        self._moment = moment
        super().__init__(session, (0, 0))

    def members_of(self, session: Session, handles: Iterable[str]) -> Iterable[tuple[str, str]]:
        """Groups, and the ids of their members."""
        rows = session.execute(
            select(Group.handle, func.aggregate_strings(Past.owner, " "))
            .join(Past, and_(Past.kind == "member", Past.place_id == Group.id))
            .where(among(Group.handle, handles), standing(self._moment))
            .group_by(Group.handle)
        )
        return [(handle, people) for handle, people in rows]

    def _active(self, session: Session) -> list[tuple[str, str, str, str]]:
        own = aliased(Past)
        rows = session.execute(
            select(Person.id, Past.owner, Past.organisation_id)
            .join(Past, and_(Past.kind == PEOPLE.node_prefix.rstrip(":"), Past.node == PEOPLE.node_prefix + Person.id))
            .join(own, own.node == Past.organisation_id)
            .where(standing(self._moment), Past.ms.endswith(".published"))
            .where(standing(self._moment, own), own.blocked.is_(False))
            .order_by(Person.name, Person.id)
        )
        return [
            (
                person,
                who.removeprefix(PERSON).removeprefix(GUEST),
                "guest" if who.startswith(GUEST) else "staff",
                own_id,
            )
            for person, who, own_id in rows
        ]

    def _waiting(self, session: Session, people: Iterable[tuple[str, str]]) -> Iterable[str]:
        held = select(Hold.person_id, Hold.organisation_id).where(
            Hold.created_at < self._moment, or_(Hold.confirmed_at.is_(None), Hold.confirmed_at >= self._moment)
        )
        rows = session.execute(held).all()
        persons = {person for person, _ in rows}
        whole = {organisation for person, organisation in rows if person is None}
        return [person for person, organisation in people if person in persons or organisation in whole]
