"""Use cases of guests who sign in at the hub itself: invited, known by their address, let in anew, ended."""

import secrets
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from acl.directory import ROOT
from config.mail import is_address
from hub.access.models import Person, Place
from hub.access.parts import Parts
from hub.features.signin.identities import become_one, wait_for_givers
from hub.features.signin.local.codes import canonical_address
from hub.features.signin.local.ending import end_what_they_sign_in_by
from hub.features.signin.local.models import LocalAccount, LocalInvitation
from hub.features.signin.local.queries import (
    Invited,
    account_at,
    account_of,
    open_invitation,
    organisation_of_address,
)
from hub.ground.errors import Conflict, Invalid
from hub.ground.ids import hash_of, new_id, new_secret
from hub.ground.unit_of_work import UnitOfWork
from hub.mail.service import Letter, forget_links, post

LINK_LASTS: Final = timedelta(hours=72)
CARRIED: Final = timedelta(minutes=10)
CARRY_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that are taken for others."""
CARRY_LENGTH: Final = 10


def invite_guest(uow: UnitOfWork, parts: Parts, person: Person, *, by: str) -> str:
    """A one-use link for a guest, told once, for the address that they have now; an older one stops working.

    For somebody who signs in already it lets them in anew: what they signed in by ends when it is used. `by` is whose
    word it is: an organisation's id or `platform`. Raises Invalid for an address that cannot be used.
    """
    known = account_of(uow.session, person.id)
    address = known.address if known else canonical_address(person.email)
    check_invited(uow.session, address)
    older = (LocalInvitation.person_id == person.id, LocalInvitation.used_at.is_(None))
    uow.session.execute(update(LocalInvitation).where(*older).values(used_at=uow.now))
    forget_links(uow, person.id)
    secret = new_secret()
    uow.session.add(
        LocalInvitation(
            id=new_id(),
            person_id=person.id,
            address=address,
            link_hash=hash_of(secret),
            made_by=by,
            created_at=uow.now,
            expires_at=uow.now + LINK_LASTS,
        )
    )
    uow.session.flush()
    uow.record("person:invite", person.subject_id, _whose(by, person), "anew" if known else "first")
    return f"{parts.public_url}/sign-in/guest/invitation?link={secret}"


def check_invited(session: Session, address: str) -> None:
    """Raise Invalid for an address by which no guest can sign in at the hub."""
    if not is_address(address):
        raise Invalid(
            "Enter their e-mail address: their firm has no sign-in of its own here, so they sign in by it.", "email"
        )
    owner = organisation_of_address(session, address)
    if owner is not None:
        raise Invalid(
            f"Addresses at {address.rpartition('@')[2]} are those of {owner.name}, whose people sign in through it: "
            "share with them there, or enter an address at their firm.",
            "email",
        )


def mail_invitation(uow: UnitOfWork, parts: Parts, person: Person, link: str, inviter: str) -> str:
    """Write to a guest with the link that `invite_guest` made; returns the address, empty where no mail leaves."""
    address = uow.session.scalars(
        select(LocalInvitation.address).where(LocalInvitation.person_id == person.id, LocalInvitation.used_at.is_(None))
    ).one()
    letter = Letter(
        to=person,
        address=address,
        subject=f"You are invited to {parts.mail.name}",
        lines=(
            f"{inviter} invites you to {parts.mail.name} as its guest.",
            "Open this link. A code is sent to this address then, by which you show that it is yours:",
        ),
        secret=link.removeprefix(parts.public_url),
        until=uow.now + LINK_LASTS,
        why=f"You get this because {inviter} admitted you as a guest. If you did not expect it, do nothing.",
    )
    return address if post(uow, letter, parts.keys) else ""


def carry(uow: UnitOfWork, invitation_id: str) -> tuple[str, datetime] | None:
    """A code by which an open invitation goes on in another browser, and until when; None where it is over."""
    found = open_invitation(uow.session, invitation_id, uow.now, lock=True)
    if found is None:
        return None
    code = "".join(secrets.choice(CARRY_LETTERS) for _ in range(CARRY_LENGTH))
    until = uow.now + CARRIED
    found.invitation.carry_hash, found.invitation.carry_until = hash_of(code), until
    return f"{code[:5]}-{code[5:]}", until


def carry_hash(typed: str) -> str:
    """By what a code that was typed is known, however it was written."""
    return hash_of("".join(filter(str.isalnum, typed[:40])).lower())


def accept_invitation(uow: UnitOfWork, parts: Parts, invitation_id: str) -> Person | None:
    """Let a guest be known by the address of their invitation, once; None where it does not stand any more.

    Raises Conflict for somebody whom the address shows to be of another firm.

    Somebody who is known by that address already stays who they are, and gets what this invitation was made for. Who is
    let in anew loses passkeys and sessions of before, and what others gave them waits.
    """
    found = open_invitation(uow.session, invitation_id, uow.now, lock=True)
    if found is None or organisation_of_address(uow.session, found.invitation.address) is not None:
        return None
    other = account_at(uow.session, found.invitation.address)
    known = uow.session.get_one(Person, other.person_id) if other is not None else found.person
    if known.organisation_id != found.person.organisation_id:
        firm = uow.session.get_one(Place, known.organisation_id)
        raise Conflict(
            f"By this address you are known as a guest who works for {firm.name}, and this invitation is for somebody "
            f"who works for {found.firm.name}. Ask whoever invited you to admit you as somebody of {firm.name}."
        )
    found.invitation.used_at = uow.now
    forget_links(uow, found.person.id)
    if known.id != found.person.id:
        become_one(uow, parts, found.invitation.made_by, found.person, known)
        return known
    wait_for_givers(uow, parts, found.invitation.made_by, found.person, found.person)
    if other is None:
        _bind(uow, found)
    else:
        end_what_they_sign_in_by(uow, found.person)
        other.last_seen_at = uow.now
        uow.record("person:recover", found.person.subject_id, _whose(found.invitation.made_by, found.person))
    return found.person


def _bind(uow: UnitOfWork, found: Invited) -> None:
    uow.session.add(
        LocalAccount(
            person_id=found.person.id,
            address=found.invitation.address,
            user_handle=secrets.token_urlsafe(48),
            bound_at=uow.now,
            last_seen_at=uow.now,
        )
    )
    uow.session.flush()
    uow.record("person:bind", found.person.subject_id, found.person.organisation_id, "address")


def _whose(by: str, person: Person) -> str:
    return person.organisation_id if by == ROOT else by
