"""A form is held for somebody who has to prove who they are before it is taken, and given back to them alone.

Only what came under a token of their own for just this address is held, so nobody else's words stand in it. Neither
secrets nor the content of files are: these are asked for again.
"""

import json
from datetime import timedelta
from typing import Final, cast

from sqlalchemy import CursorResult, delete, select
from sqlalchemy.orm import Session

from hub.access.parts import Parts
from hub.ground.errors import Unavailable
from hub.ground.ids import new_id
from hub.ground.unit_of_work import UnitOfWork, unit_of_work
from hub.keeping.models import HeldForm
from hub.web.kept import SentForm

KEPT: Final = timedelta(minutes=30)
"""Longer than a sign-in may take, and a telephone that has to be fetched for it."""
LONGEST: Final = 3_000_000
"""Characters, as of a draft."""
MOST: Final = 5
"""Forms that one person may have held."""


def hold(uow: UnitOfWork, parts: Parts, person_id: str, sent: SentForm) -> str:
    """Hold a form for a person, the oldest of theirs going where there are many; returns its id, empty if too long."""
    whole = json.dumps([sent.address, sent.token, sent.fields, sent.files])
    if len(whole) > LONGEST:
        return ""
    older = select(HeldForm.id).where(HeldForm.person_id == person_id).order_by(HeldForm.at.desc(), HeldForm.id)
    spent = uow.session.scalars(older.offset(MOST - 1)).all()
    uow.session.execute(delete(HeldForm).where(HeldForm.id.in_(spent)))
    row = HeldForm(id=new_id(), person_id=person_id, sealed=parts.keys.encrypt(whole), at=uow.now)
    uow.session.add(row)
    uow.session.flush()
    return row.id


def held(session: Session, parts: Parts, person_id: str, form_id: str) -> SentForm | None:
    """The form of that id, if it is held for this person still."""
    row = session.get(HeldForm, form_id)
    if row is None or row.person_id != person_id or parts.clock.now() - row.at >= KEPT:
        return None
    try:
        address, token, fields, files = json.loads(parts.keys.decrypt(row.sealed))
    except (Unavailable, ValueError):
        return None
    return SentForm(address, token, [(name, text) for name, text in fields], [(name, file) for name, file in files])


def tidy(parts: Parts) -> int:
    """Forget forms that were not sent again; returns how many."""
    with unit_of_work(parts.database, parts.clock) as uow:
        old = delete(HeldForm).where(HeldForm.at < uow.now - KEPT)
        return cast("CursorResult[tuple[()]]", uow.session.execute(old)).rowcount
