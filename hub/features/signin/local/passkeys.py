"""Use cases of passkeys: asked for, made, used, removed. A challenge is kept once, by its hash."""

import secrets
from datetime import timedelta
from typing import Final

from sqlalchemy import delete, select

from hub.access.models import Person
from hub.access.parts import Parts
from hub.features.signin.local.ceremonies import (
    REFUSED,
    Made,
    Party,
    check_made,
    check_used,
    named_in,
    options_to_make,
    options_to_use,
    party_of,
)
from hub.features.signin.local.models import LocalAccount, Passkey, PasskeyChallenge
from hub.features.signin.local.queries import account_of, passkeys_of
from hub.ground.errors import Conflict, Invalid, NotFound
from hub.ground.ids import hash_of, new_id
from hub.ground.unit_of_work import UnitOfWork
from hub.mail.service import Letter, post

CHALLENGE_LASTS: Final = timedelta(minutes=5)
RECENT: Final = timedelta(minutes=5)
"""Whoever adds a passkey has signed in within this time."""
MOST: Final = 10
LONGEST_NAME: Final = 60
NOT_YOU: Final = (
    "If it was not you, tell your sponsor today: they can let you in anew, which ends all your passkeys and sessions."
)


def party(parts: Parts) -> Party | None:
    """The hub as passkeys know it; None where its address allows none."""
    return party_of(parts.public_url, parts.mail.name)


def begin_to_add(uow: UnitOfWork, parts: Parts, person: Person) -> tuple[str, str]:
    """A challenge, and what the browser needs to make a passkey. Raises Conflict where there can be none (more)."""
    own, account = party(parts), account_of(uow.session, person.id)
    if own is None or account is None:
        raise Conflict("There are no passkeys for you in this hub.")
    known = passkeys_of(uow.session, person.id)
    if len(known) >= MOST:
        raise Conflict(f"You have {MOST} passkeys: remove one first.")
    challenge = _new_challenge(uow, person.id)
    options = options_to_make(
        own,
        challenge.encode(),
        user_handle=account.user_handle,
        address=account.address,
        shown=person.name,
        known=[each.credential for each in known if each.rp_id == own.rp_id],
    )
    return challenge, options


def add_passkey(uow: UnitOfWork, parts: Parts, person: Person, challenge: str, answer: str, name: str) -> Passkey:
    """Add the passkey that an answer tells of, and write to the person that it was. Raises Invalid or Conflict."""
    own, account = party(parts), account_of(uow.session, person.id)
    if own is None or account is None or not _take_challenge(uow, challenge, person.id):
        raise Invalid("That took too long, or was answered before. Press “Add a passkey” again.", "passkey")
    made = check_made(own, challenge.encode(), answer)
    hashed = hash_of(made.credential)
    if uow.session.scalar(select(Passkey.id).where(Passkey.credential_hash == hashed)):
        raise Conflict("This passkey is known already.")
    passkey = Passkey(
        id=new_id(),
        person_id=person.id,
        credential_hash=hashed,
        credential=made.credential,
        public_key=made.public_key,
        sign_count=made.sign_count,
        rp_id=own.rp_id,
        name=" ".join(name.split())[:LONGEST_NAME] or "Passkey",
        created_at=uow.now,
    )
    uow.session.add(passkey)
    uow.session.flush()
    uow.record("passkey:add", person.subject_id, person.organisation_id, passkey.id)
    _tell(uow, parts, person, account, "A passkey was added", "by which you can sign in from now on")
    return passkey


def remove_passkey(uow: UnitOfWork, parts: Parts, person: Person, passkey_id: str) -> None:
    """Remove one of a person's own passkeys; raises NotFound for any other."""
    own = (Passkey.id == passkey_id, Passkey.person_id == person.id)
    if uow.session.scalar(delete(Passkey).where(*own).returning(Passkey.id)) is None:
        raise NotFound
    uow.record("passkey:remove", person.subject_id, person.organisation_id, passkey_id)
    account = account_of(uow.session, person.id)
    if account is not None:
        _tell(uow, parts, person, account, "A passkey was removed", "which nobody can sign in by any more")


def begin_to_use(uow: UnitOfWork, parts: Parts) -> tuple[str, str]:
    """A challenge, and what the browser needs to sign in by a passkey, whosever it is. Raises Conflict."""
    own = party(parts)
    if own is None:
        raise Conflict("There are no passkeys in this hub.")
    challenge = _new_challenge(uow, None)
    return challenge, options_to_use(own, challenge.encode())


def person_by_passkey(uow: UnitOfWork, parts: Parts, challenge: str, answer: str) -> Person:
    """Whose passkey answers a challenge; raises Invalid, in the same words whatever is wrong."""
    own = party(parts)
    if own is None or not _take_challenge(uow, challenge, None):
        raise Invalid(REFUSED, "passkey")
    credential, handle = named_in(answer)
    row = uow.session.execute(
        select(Passkey, LocalAccount, Person)
        .join(LocalAccount, LocalAccount.person_id == Passkey.person_id)
        .join(Person, Person.id == Passkey.person_id)
        .where(Passkey.credential_hash == hash_of(credential), Passkey.rp_id == own.rp_id)
        .with_for_update(of=Passkey)
    ).one_or_none()
    if row is None or not secrets.compare_digest(row[1].user_handle, handle or "-"):
        raise Invalid(REFUSED, "passkey")
    passkey, _, person = row
    made = Made(passkey.credential, passkey.public_key, passkey.sign_count)
    passkey.sign_count = check_used(own, challenge.encode(), answer, made)
    passkey.last_used_at = uow.now
    return person


def _new_challenge(uow: UnitOfWork, person_id: str | None) -> str:
    challenge = secrets.token_urlsafe(32)
    row = PasskeyChallenge(challenge_hash=hash_of(challenge), person_id=person_id, expires_at=uow.now + CHALLENGE_LASTS)
    uow.session.add(row)
    uow.session.flush()
    return challenge


def _take_challenge(uow: UnitOfWork, challenge: str, person_id: str | None) -> bool:
    """Whether a challenge was given out for this and not answered yet; it is gone by that, whatever comes of it."""
    row = PasskeyChallenge
    mine = row.person_id == person_id if person_id else row.person_id.is_(None)
    taken = delete(row).where(row.challenge_hash == hash_of(challenge), mine, row.expires_at > uow.now)
    return uow.session.scalar(taken.returning(row.challenge_hash)) is not None


def _tell(uow: UnitOfWork, parts: Parts, person: Person, account: LocalAccount, subject: str, what: str) -> None:
    post(
        uow,
        Letter(
            to=person,
            address=account.address,
            subject=f"{subject} in {parts.mail.name}",
            lines=(
                f"{subject}, {what}.",
                NOT_YOU,
            ),
            link="/me/passkeys",
        ),
    )
