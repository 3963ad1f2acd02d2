"""Who could agree to a proposal, and what its author has done to them lately."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from acl.directory import ROOT
from acl.store import PLATFORM_FILE, Snapshot
from hub.access.models import Group, GroupMember, Person, Place
from hub.features.administration.queries import ADMINISTRATORS
from hub.features.signin.models import ExternalIdentity
from hub.ground.unit_of_work import AuditEntry
from hub.keeping.models import Proposal
from hub.keeping.proposals import APPROVED

MEANWHILE: Final = timedelta(days=30)
"""So long before a proposal its author must have had no hand in who may agree to it."""
HANDS_ON: Final = frozenset({"admin:invite", "person:add", "person:edit", "person:expect", "person:status"})
"""Acts in the audit by which somebody is created, appointed, linked, addressed anew or let in: done to a person."""
MOST: Final = 50


def words_of(snapshot: Snapshot, place: Place) -> tuple[frozenset[str], frozenset[str]]:
    """The `who` words of those who administer a place, and of those who administer the hub.

    The groups that are called administrators, whatever policy says just now, and whom lines of policy let administer.
    """
    own = f"organisations/{place.path}.csv" if place.path else PLATFORM_FILE
    here, hub = (
        {rule.who for rule in file.rules if rule.effect == "allow" and rule.can == "administer"}
        if (file := snapshot.files.get(name))
        else set()
        for name in (own, PLATFORM_FILE)
    )
    return (
        frozenset(here | {f"group:{place.path or ROOT}/{ADMINISTRATORS}"}),
        frozenset(hub | {f"group:{ROOT}/{ADMINISTRATORS}"}),
    )


def groups_of_administrators(snapshot: Snapshot, place: Place) -> frozenset[str]:
    """The handles of the groups by which one administers a place, or the hub."""
    own, hub = words_of(snapshot, place)
    return frozenset(word.removeprefix("group:") for word in own | hub if word.startswith("group:"))


def others(session: Session, words: Iterable[str], author: Person) -> list[Person]:
    """Whom these `who` words mean besides the author, whatever their status, if they have signed in before; by name."""
    said = [word.partition(":") for word in words]
    groups = [name for kind, _, name in said if kind == "group"]
    people = [name for kind, _, name in said if kind == "person"]
    inside = (
        exists()
        .where(GroupMember.person_id == Person.id, GroupMember.group_id == Group.id)
        .where(Group.handle.in_(groups))
    )
    known = exists().where(ExternalIdentity.person_id == Person.id)
    wanted = select(Person).where(or_(inside, Person.handle.in_(people)), known, Person.id != author.id)
    return list(session.scalars(wanted.order_by(func.lower(Person.name), Person.id)))


def went_lately(session: Session, words: Iterable[str], now: datetime) -> bool:
    """Whether somebody who has signed in before was taken out of the groups among these words, of late."""
    gone = (
        select(AuditEntry.id)
        .join(Person, Person.handle == AuditEntry.detail)
        .join(ExternalIdentity, ExternalIdentity.person_id == Person.id)
        .where(AuditEntry.act == "group:leave", AuditEntry.object.in_(tuple(words)), AuditEntry.at > now - MEANWHILE)
    )
    return session.scalar(gone.limit(1)) is not None


def bound_since(session: Session, person: Person) -> datetime | None:
    """Since when an issuer vouches for somebody; None where none does yet."""
    return session.scalar(select(func.min(ExternalIdentity.created_at)).where(ExternalIdentity.person_id == person.id))


def had_a_hand(session: Session, author: Person, person: Person, since: datetime, words: Iterable[str]) -> bool:
    """Whether the author created, appointed, linked, addressed anew or let in a person since a moment.

    `words` are those of who administers: being put into one of these groups is being appointed.
    """
    done = or_(
        and_(AuditEntry.act.in_(HANDS_ON), AuditEntry.object == person.subject_id),
        and_(
            AuditEntry.act == "group:join",
            AuditEntry.object.in_(tuple(words)),
            AuditEntry.detail == person.handle,
        ),
        and_(AuditEntry.act == "person:import", AuditEntry.at == person.created_at),
    )
    by_hand = select(AuditEntry.id).where(AuditEntry.actor == author.handle, AuditEntry.at > since, done)
    proposed = select(Proposal.id).where(
        Proposal.by_id == author.id,
        Proposal.about == person.subject_id,
        Proposal.outcome == APPROVED,
        Proposal.decided_at > since,
    )
    return session.scalar(by_hand.limit(1)) is not None or session.scalar(proposed.limit(1)) is not None


def proposals_at(session: Session, place: Place, now: datetime) -> list[tuple[Proposal, Person, Place]]:
    """The newest proposals for a place, each with its author and the place; for the hub, all that wait anywhere too."""
    wanted = Proposal.scope == place.id
    if place.id == ROOT:
        wanted = or_(wanted, and_(Proposal.decided_at.is_(None), Proposal.until > now))
    rows = session.execute(
        select(Proposal, Person, Place)
        .join(Person, Person.id == Proposal.by_id)
        .join(Place, Place.id == Proposal.scope)
        .where(wanted)
        .order_by(Proposal.at.desc(), Proposal.id)
        .limit(MOST)
    )
    return [(proposal, person, scope) for proposal, person, scope in rows]


def waiting_for(person: Person, now: datetime, *, whole_hub: bool) -> ColumnElement[int]:
    """How many proposals wait that somebody who administers their organisation, or the hub, could agree to."""
    wanted = select(func.count()).where(
        Proposal.decided_at.is_(None), Proposal.until > now, Proposal.by_id != person.id
    )
    if not whole_hub:
        wanted = wanted.where(Proposal.scope == person.organisation_id)
    return wanted.scalar_subquery()


def people_named(session: Session, ids: Iterable[str]) -> dict[str, Person]:
    """People by their ids, whoever they are."""
    return {person.id: person for person in session.scalars(select(Person).where(Person.id.in_(tuple(ids))))}
