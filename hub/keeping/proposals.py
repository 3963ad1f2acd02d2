"""What one person proposes and another has to agree to: built once, for every act that nobody shall do alone.

Whoever has such an act says so once, as its module is loaded, and proposes instead of doing:

    bring(Kind("administrator", "Appoint an administrator", carry_out))
    propose(uow, NewProposal("administrator", place.id, person.subject_id, "Let Ann administer Leeds", fields))

Who may agree, the pages and the letters are the same for all: `hub/features/administration/seconding`.
What a proposal says never changes: `carry_out` compares it with what is so now, and raises Conflict where it is not.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.access.models import Person
from hub.access.parts import Parts
from hub.ground.errors import Conflict, Invalid
from hub.ground.ids import new_id
from hub.ground.unit_of_work import UnitOfWork
from hub.keeping.models import Proposal

LASTS: Final = timedelta(days=14)
"""Whoever still wants it then proposes it anew."""
APPROVED, REFUSED, WITHDRAWN = "approved", "refused", "withdrawn"
LONGEST_NOTE: Final = 1_000
OVER: Final = "This proposal was decided meanwhile, or waited for too long."


@dataclass(frozen=True)
class Kind:
    """A kind of acts that need a second person."""

    key: str
    words: str
    """What is proposed, in words: "Appoint an administrator"."""
    carry_out: Callable[[UnitOfWork, Parts, Proposal], None]
    """Does it, in the unit of work of whoever agrees. Raises Conflict or Invalid where that cannot be, as proposed."""


@dataclass(frozen=True)
class NewProposal:
    """What is proposed: `scope` is the id of the place whose administrators may agree, `about` whom it concerns."""

    kind: str
    scope: str
    about: str
    summary: str
    fields: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""


KINDS: Final[dict[str, Kind]] = {}


def bring(kind: Kind) -> None:
    """Make a kind known."""
    KINDS[kind.key] = kind


def propose(uow: UnitOfWork, new: NewProposal) -> Proposal:
    """Keep a proposal of the actor's; raises Conflict where the same waits already, Invalid for a reason too long."""
    if new.kind not in KINDS:
        raise ValueError(f"no feature brings proposals of the kind {new.kind}")
    if len(new.reason) > LONGEST_NOTE:
        raise Invalid(f"Use at most {LONGEST_NOTE:,} characters.", "reason")
    same = (Proposal.kind == new.kind, Proposal.scope == new.scope, Proposal.about == new.about)
    waits = select(Proposal.id).where(*same, Proposal.decided_at.is_(None), Proposal.until > uow.now)
    if uow.session.scalar(waits.limit(1)) is not None:
        raise Conflict("The same is proposed already, and waits for a second person.")
    row = Proposal(
        id=new_id(),
        kind=new.kind,
        scope=new.scope,
        about=new.about,
        summary=new.summary,
        reason=new.reason,
        fields=json.dumps(dict(new.fields)),
        by_id=author(uow).id,
        at=uow.now,
        until=uow.now + LASTS,
    )
    uow.session.add(row)
    uow.session.flush()
    uow.record("proposal:add", row.id, row.scope, f"{row.kind} {row.about}")
    return row


def author(uow: UnitOfWork) -> Person:
    """The person who acts; whoever is no person proposes nothing."""
    return uow.session.scalars(select(Person).where(Person.handle == uow.actor)).one()


def proposal_of(session: Session, scope: str, proposal_id: str, *, locked: bool = False) -> Proposal | None:
    """A proposal by its id, if those of `scope` may agree to it."""
    row = session.get(Proposal, proposal_id, with_for_update=True if locked else None)
    return row if row is not None and row.scope == scope else None


def told_with(proposal: Proposal) -> dict[str, str]:
    """With what it is to be done."""
    found: dict[str, str] = json.loads(proposal.fields)
    return found


def approve(uow: UnitOfWork, parts: Parts, proposal: Proposal, by: Person) -> None:
    """Do what was proposed. Who may say so is judged before; raises Conflict where it is over, or not so any more."""
    _decide(uow, proposal, by, APPROVED)
    KINDS[proposal.kind].carry_out(uow, parts, proposal)


def refuse(uow: UnitOfWork, proposal: Proposal, by: Person, note: str) -> None:
    """Say no, and why; raises Invalid without a reason."""
    if not note or len(note) > LONGEST_NOTE:
        raise Invalid(f"Say why not, in at most {LONGEST_NOTE:,} characters", "reason")
    proposal.note = note
    _decide(uow, proposal, by, REFUSED)


def withdraw(uow: UnitOfWork, proposal: Proposal, by: Person) -> None:
    """Take one's own proposal back."""
    _decide(uow, proposal, by, WITHDRAWN)


def _decide(uow: UnitOfWork, proposal: Proposal, by: Person, outcome: str) -> None:
    if proposal.decided_at is not None or proposal.until <= uow.now:
        raise Conflict(OVER)
    proposal.decided_at, proposal.decided_by_id, proposal.outcome = uow.now, by.id, outcome
    uow.session.flush()
    uow.record(f"proposal:{outcome}", proposal.id, proposal.scope, f"{proposal.kind} {proposal.about}")
