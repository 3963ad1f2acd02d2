"""The letters of invitations, written by the worker: only here is it looked up whose an address may be.

They name who invites, and neither the place nor anything in it.
"""

from datetime import timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.access.models import Person, Place
from hub.access.parts import Parts
from hub.feature import Job
from hub.ground.clock import day_of
from hub.ground.unit_of_work import UnitOfWork, unit_of_work
from hub.mail.service import Letter, post
from hub.nouns.organisations.models import Organisation, OrganisationDomain
from hub.nouns.people.invitations import is_open
from hub.nouns.people.models import Invitation
from hub.web.filters import day
from hub.web.pages import Who

AT_ONCE: Final = 50
MOST_LETTERS: Final = 3
SPAN: Final = timedelta(days=7)
"""So many letters go to one address within this time, whoever invites it."""
TAKING_PART: Final = "/help/taking-part"


def letters_round(parts: Parts) -> int:
    """Write the letters of invitations that have none yet; returns how many were seen to."""
    with parts.database.reading() as session:
        waiting = select(Invitation.id).where(Invitation.written_at.is_(None), is_open(parts.clock.now()))
        ids = session.scalars(waiting.order_by(Invitation.created_at).limit(AT_ONCE)).all()
    for each in ids:
        with unit_of_work(parts.database, parts.clock) as uow:
            row = uow.session.get(Invitation, each, with_for_update=True)
            if row is not None and row.written_at is None:
                _write(uow, parts, row)
                row.written_at = uow.now
    return len(ids)


INVITATION_LETTERS: Final = Job("letters of invitations", letters_round, looks_for=(Invitation,))
"""What the worker does of this."""


def _write(uow: UnitOfWork, parts: Parts, row: Invitation) -> None:
    if _had_enough(uow, row):
        return
    inviter = uow.session.get_one(Person, row.inviter_id)
    theirs = uow.session.get_one(Place, inviter.organisation_id)
    name = Who(inviter.name, theirs.name)
    owner = _owner(uow.session, row.email.rpartition("@")[2])
    if owner and (owner[0].blocked_at is not None or owner[1].kind == "supplier"):
        return  # their people are kept out, or come in as guests only
    letter = Letter(
        to=None,
        address=row.email,
        subject=f"{name} invites you to work together",
        lines=(f"{name} invites you to work together in a space of {parts.mail.name}.", *_how(row, owner)),
        link="/invitations" if owner else TAKING_PART,
        why=f"You get this because {name} typed your address. If you do not know them, do nothing.",
    )
    post(uow, letter)


def _how(row: Invitation, owner: tuple[Place, Organisation] | None) -> tuple[str, ...]:
    """How its receiver comes in, or what their organisation would have to do first."""
    if owner is None:
        domain = row.email.rpartition("@")[2]
        more = "This page says what it is, what it takes, and whom to ask:"
        return (f"Your organisation ({domain}) does not take part yet. {more}",)
    place, organisation = owner
    contact = organisation.contact or "those there who look after the hub"
    return (
        f"Sign in through {place.name}, as you do at work: the invitation is on your home page then.",
        f"It ends on {day(day_of(row.expires_at)).striptags()}.",
        f"Should you have no account there yet, ask {contact}.",
    )


def _owner(session: Session, domain: str) -> tuple[Place, Organisation] | None:
    """The organisation that has proved a mail domain."""
    row = session.execute(
        select(Place, Organisation)
        .join(Organisation, Organisation.id == Place.id)
        .join(OrganisationDomain, OrganisationDomain.organisation_id == Organisation.id)
        .where(OrganisationDomain.domain == domain, OrganisationDomain.verified.is_(True))
    ).one_or_none()
    return (row[0], row[1]) if row else None


def _had_enough(uow: UnitOfWork, row: Invitation) -> bool:
    lately = Invitation.email == row.email, Invitation.written_at > uow.now - SPAN
    return (uow.session.scalar(select(func.count()).where(*lately)) or 0) >= MOST_LETTERS
