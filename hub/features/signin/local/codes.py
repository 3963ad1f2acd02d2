"""Codes that are sent to an address: asked for alike whoever has it, made by the worker, checked a few times.

A request writes one row and nothing else, so that its answer and its time tell nobody whether an address is known
(NIST SP 800-63B, 5.2.2 and 5.2.3). Who is meant is for the worker to find.
"""

import hmac
import secrets
from datetime import timedelta
from typing import Final, cast

from sqlalchemy import CursorResult, delete, select, update

from hub.access.models import Person
from hub.access.parts import Parts
from hub.features.signin.local.models import LocalInvitation, PasskeyChallenge, SignInCode
from hub.features.signin.local.queries import account_at, is_welcome, open_invitation, organisation_of_address
from hub.ground.errors import Unavailable
from hub.ground.ids import new_id
from hub.ground.keys import Keys
from hub.ground.unit_of_work import UnitOfWork, unit_of_work
from hub.mail.service import Letter, post

LASTS: Final = timedelta(minutes=10)
DIGITS: Final = 8
MOST_TRIES: Final = 5
AT_ONCE: Final = 50
KEPT: Final = timedelta(hours=1)
"""How long what is over stays before it is removed."""


def canonical_address(address: str) -> str:
    """An address as it is compared: without spaces round it, in lower case."""
    return address.strip().lower()


def ask_code(uow: UnitOfWork, keys: Keys, address: str, invitation_id: str = "") -> str:
    """Ask for a code at an address, known or not; returns the id by which the browser that asked is known."""
    row = SignInCode(
        id=new_id() + new_id(),
        asked=keys.encrypt(canonical_address(address)),
        invitation_id=invitation_id or None,
        created_at=uow.now,
        expires_at=uow.now + LASTS,
    )
    uow.session.add(row)
    uow.session.flush()
    return row.id


def codes_round(parts: Parts) -> int:
    """Make the codes that were asked for, and write the letters with them; returns how many were asked for."""
    with unit_of_work(parts.database, parts.clock) as uow:
        rows = uow.session.scalars(
            select(SignInCode).where(SignInCode.asked != "").order_by(SignInCode.created_at).limit(AT_ONCE)
        ).all()
        for row in rows:
            _answer(uow, parts, row)
        return len(rows)


def fits(uow: UnitOfWork, keys: Keys, code_id: str, typed: str) -> SignInCode | None:
    """The row whose code was typed, which is used up by that; None for any other, which counts as a try."""
    taken = (
        update(SignInCode)
        .where(
            SignInCode.id == code_id,
            SignInCode.tries < MOST_TRIES,
            SignInCode.used_at.is_(None),
            SignInCode.expires_at > uow.now,
        )
        .values(tries=SignInCode.tries + 1)
        .returning(SignInCode.code_hash)
    )
    known = uow.session.scalar(taken) or ""
    digits = "".join(filter(str.isdigit, typed[:40]))
    right = hmac.compare_digest(known or "-" * 64, _hashed(keys, code_id, digits))
    if not right or not known:
        return None
    row = uow.session.get_one(SignInCode, code_id, populate_existing=True)
    row.used_at = uow.now
    return row


def is_over(uow: UnitOfWork, code_id: str) -> bool:
    """Whether nothing can be typed any more for what a browser asked: it was used, tried too often, or is too old."""
    row = uow.session.get(SignInCode, code_id, populate_existing=True)
    return row is None or row.used_at is not None or row.tries >= MOST_TRIES or row.expires_at <= uow.now


def tidy_codes(parts: Parts) -> int:
    """Remove what is over; returns how many rows went."""
    before, gone = parts.clock.now() - KEPT, 0
    with unit_of_work(parts.database, parts.clock) as uow:
        for statement in (
            delete(SignInCode).where(SignInCode.expires_at < before),
            delete(PasskeyChallenge).where(PasskeyChallenge.expires_at < before),
            delete(LocalInvitation).where(LocalInvitation.expires_at < before - timedelta(days=30)),
        ):
            gone += cast("CursorResult[tuple[()]]", uow.session.execute(statement)).rowcount
    return gone


def _answer(uow: UnitOfWork, parts: Parts, row: SignInCode) -> None:
    """Make and send a code, where somebody is meant who may have one."""
    try:
        address = parts.keys.decrypt(row.asked)
    except Unavailable:  # asked for before the keys were changed
        address = ""
    row.asked = ""
    person = _meant(uow, row, address)
    if person is None or row.expires_at <= uow.now:
        return
    code = "".join(secrets.choice("0123456789") for _ in range(DIGITS))
    row.person_id, row.code_hash = person.id, _hashed(parts.keys, row.id, code)
    post(
        uow,
        Letter(
            to=person,
            address=address,
            subject=f"Your code for {parts.mail.name}",
            lines=("Type this code on the page where you asked for it:",),
            code=f"{code[:4]} {code[4:]}",
            until=row.expires_at,
            why="You get this because a code was asked for at this address. If it was not you, do nothing.",
        ),
        parts.keys,
    )


def _meant(uow: UnitOfWork, row: SignInCode, address: str) -> Person | None:
    """Who may sign in by a code at an address. An organisation's own people go through its issuer."""
    if not address or organisation_of_address(uow.session, address) is not None:
        return None
    if row.invitation_id:
        found = open_invitation(uow.session, row.invitation_id, uow.now)
        return found.person if found is not None and found.invitation.address == address else None
    account = account_at(uow.session, address)
    person = uow.session.get(Person, account.person_id) if account else None
    return person if person is not None and is_welcome(uow.session, person) else None


def _hashed(keys: Keys, code_id: str, code: str) -> str:
    return hmac.new(keys.signing[0].encode(), f"sign-in-code:{code_id}:{code}".encode(), "sha256").hexdigest()
