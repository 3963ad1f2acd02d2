"""The sign-ins that failed, kept for those who can mend why: the last fifty of each issuer, claims redacted."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from federation.advice import what_to_do
from federation.errors import CATALOGUE, FederationError
from federation.redacted import redacted
from hub.features.signin.models import FailedSignIn, Issuer
from hub.ground.unit_of_work import UnitOfWork

KEPT: Final = 50


@dataclass(frozen=True, slots=True)
class Failure:
    """A sign-in that failed, in words for an administrator."""

    reference: str
    at: datetime
    issuer: str
    happened: str
    detail: str
    """In our own words, with the check that failed where there was one."""
    cure: str
    claims: tuple[tuple[str, str], ...]


def note_failure(uow: UnitOfWork, issuer: Issuer, reference: str, error: FederationError) -> None:
    """Keep a sign-in that failed, and no more of its issuer than the last fifty."""
    uow.session.add(
        FailedSignIn(
            id=reference,
            issuer_id=issuer.id,
            at=uow.now,
            code=error.code,
            detail=error.detail[:500],
            claims=json.dumps(redacted(error.claims)) if error.claims else "",
        )
    )
    uow.session.flush()
    older = (
        select(FailedSignIn.id)
        .where(FailedSignIn.issuer_id == issuer.id)
        .order_by(FailedSignIn.at.desc(), FailedSignIn.id)
        .offset(KEPT)
        .limit(KEPT)
    )
    uow.session.execute(delete(FailedSignIn).where(FailedSignIn.id.in_(uow.session.scalars(older).all())))


def failures_of(session: Session, organisation_id: str) -> tuple[Failure, ...]:
    """The last sign-ins that failed through an organisation's issuers, the newest first. One query."""
    rows = session.execute(
        select(FailedSignIn, Issuer.issuer)
        .join(Issuer, Issuer.id == FailedSignIn.issuer_id)
        .where(Issuer.organisation_id == organisation_id)
        .order_by(FailedSignIn.at.desc(), FailedSignIn.id)
        .limit(KEPT)
    )
    return tuple(_in_words(row, address) for row, address in rows)


def _in_words(row: FailedSignIn, address: str) -> Failure:
    claims = json.loads(row.claims) if row.claims else {}
    return Failure(
        reference=row.id,
        at=row.at,
        issuer=address,
        happened=CATALOGUE[row.code].admin if row.code in CATALOGUE else row.code,
        detail=row.detail,
        cure=what_to_do(row.code, row.detail),
        claims=tuple(claims.items()),
    )
