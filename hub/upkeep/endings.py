"""What has ended stays ended when an older state of the hub is put in place, as far as it can be known."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from acl.directory import ROOT
from hub.access.models import Fence, Grant, Group, GroupMember, Hold, HubState, Person, Place, SignedInSession
from hub.features.signin.local.models import LocalInvitation, PasskeyChallenge, SignInCode
from hub.features.signin.models import ACTIVE, Issuer, PendingBinding, SignInTransaction
from hub.ground.outbox import OutboxMessage
from hub.ground.unit_of_work import UnitOfWork
from hub.mail.service import withhold_letters
from hub.nouns.documents.texts import EXTRACT
from hub.nouns.people.feeds import end_all_feeds
from hub.nouns.threads.restored import TakenOut, take_away_again, taken_away
from hub.running.indexing import REBUILD


@dataclass(frozen=True)
class Endings:
    """What had ended, and who was out, in the state that is about to be replaced."""

    grants: dict[str, tuple[datetime | None, date | None]]
    """By id: when it was ended, and its last day; only those that have one."""
    people: dict[str, str]
    """Everybody's status, by id."""
    groups: frozenset[str]
    members: frozenset[tuple[str, str]]
    """(group, person)."""
    issuers: dict[str, str]
    """The status of those that are not active."""
    holds: tuple[dict[str, Any], ...]
    """The open ones, by column."""
    taken: TakenOut
    """What was taken for good out of what people said."""
    generation: int
    sequence: int


def endings_in(session: Session) -> Endings:
    """Read them from the database as it is."""
    grants = select(Grant.id, Grant.ended_at, Grant.until).where(
        or_(Grant.ended_at.is_not(None), Grant.until.is_not(None))
    )
    state = session.execute(select(HubState.policy_generation, HubState.indexed_sequence)).one()
    return Endings(
        grants={row[0]: (row[1], row[2]) for row in session.execute(grants)},
        people={row[0]: row[1] for row in session.execute(select(Person.id, Person.status))},
        groups=frozenset(session.scalars(select(Group.id))),
        members=frozenset((m[0], m[1]) for m in session.execute(select(GroupMember.group_id, GroupMember.person_id))),
        issuers={
            row[0]: row[1] for row in session.execute(select(Issuer.id, Issuer.status).where(Issuer.status != ACTIVE))
        },
        holds=tuple(
            {column.name: getattr(hold, column.name) for column in Hold.__table__.columns}
            for hold in session.scalars(select(Hold).where(Hold.confirmed_at.is_(None)))
        ),
        taken=taken_away(session),
        generation=state[0],
        sequence=state[1],
    )


def carry(session: Session, endings: Endings) -> dict[str, int]:
    """End in the restored rows what had ended in the replaced ones; returns how many of each."""
    return {
        "grants": _end_grants(session, endings),
        "people": _keep_out(session, endings),
        "members": _take_out_of_groups(session, endings),
        "issuers": _close_issuers(session, endings),
        "holds": _hold_again(session, endings),
        "removals": take_away_again(session, endings.taken),
    }


def settle(uow: UnitOfWork, endings: Endings) -> None:
    """Let nothing of the past act again: sessions, feeds and links end, no mail leaves twice, the index is built anew.

    Until it is, search finds nothing: whatever an older or newer index holds is hidden behind one fence.
    """
    session = uow.session
    session.execute(
        update(SignedInSession).values(id_token="", ended_at=uow.now).where(SignedInSession.ended_at.is_(None))
    )
    session.execute(delete(SignInTransaction))
    session.execute(delete(SignInCode))
    session.execute(delete(PasskeyChallenge))
    session.execute(update(LocalInvitation).where(LocalInvitation.used_at.is_(None)).values(used_at=uow.now))
    end_all_feeds(uow)
    links = update(PendingBinding).where(PendingBinding.link_hash != "", PendingBinding.used_at.is_(None))
    session.execute(links.values(used_at=uow.now))
    withhold_letters(uow, "It waited when this backup was made, and may have been sent since.")
    session.execute(delete(OutboxMessage).where(OutboxMessage.topic != EXTRACT))
    session.execute(delete(Fence))
    session.add(Fence(node=f"within:{ROOT}", message_id=uow.enqueue("index:all", topic=REBUILD)))
    state = session.get_one(HubState, 1)
    state.policy_generation = max(state.policy_generation, endings.generation) + 1
    state.indexed_sequence = max(state.indexed_sequence, endings.sequence) + 1


def _end_grants(session: Session, endings: Endings) -> int:
    ended = 0
    for grant in session.scalars(select(Grant).where(Grant.ended_at.is_(None))):
        ended_at, until = endings.grants.get(grant.id, (None, None))
        sooner = until is not None and (grant.until is None or until < grant.until)
        if ended_at is not None or sooner:
            grant.ended_at = ended_at
            grant.until = until if sooner else grant.until
            ended += 1
    return ended


def _keep_out(session: Session, endings: Endings) -> int:
    out = 0
    for person in session.scalars(select(Person).where(Person.status == "active")):
        status = endings.people.get(person.id, "active")
        if status != "active":
            person.status, out = status, out + 1
    return out


def _take_out_of_groups(session: Session, endings: Endings) -> int:
    gone = [
        member
        for member in session.scalars(select(GroupMember))
        if member.group_id in endings.groups
        and member.person_id in endings.people
        and (member.group_id, member.person_id) not in endings.members
    ]
    for member in gone:
        session.delete(member)
    return len(gone)


def _hold_again(session: Session, endings: Endings) -> int:
    there = set(session.scalars(select(Hold.id).where(Hold.confirmed_at.is_(None))))
    organisations, people = set(session.scalars(select(Place.id))), {None, *session.scalars(select(Person.id))}
    lost = [
        hold
        for hold in endings.holds
        if hold["id"] not in there and hold["organisation_id"] in organisations and hold["person_id"] in people
    ]
    for hold in lost:
        session.merge(Hold(**hold))
    return len(lost)


def _close_issuers(session: Session, endings: Endings) -> int:
    closed = 0
    for issuer in session.scalars(select(Issuer).where(Issuer.status == ACTIVE, Issuer.id.in_(endings.issuers))):
        issuer.status, closed = endings.issuers[issuer.id], closed + 1
    return closed
