"""When somebody last proved who they are, as their issuer tells it (`auth_time`, OpenID Connect Core 1.0, 2)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from federation.validate import SKEW
from hub.features.signin.models import Issuer
from hub.ground.unit_of_work import UnitOfWork

NOTED_EVERY: Final = timedelta(minutes=5)
LONGEST: Final = timedelta(days=3650)


def proved_before(claims: Mapping[str, Any], now: datetime) -> timedelta | None:
    """How long ago it was, by the claims of a verified token; None where they do not say, or say what cannot be."""
    told = claims.get("auth_time")
    if isinstance(told, bool) or not isinstance(told, int | float):
        return None
    ago = now.timestamp() - told
    if not -SKEW.total_seconds() <= ago <= LONGEST.total_seconds():
        return None
    return timedelta(seconds=max(ago, 0.0))


def note_proof(uow: UnitOfWork, issuer: Issuer, claims: Mapping[str, Any], *, proving: bool) -> timedelta | None:
    """The same, of who has just come back; of an issuer that tells it, that it does is noted: from then on it must.

    Whoever was sent to prove it (`proving`), by an issuer that never tells, has just done so: `federation` has judged
    the time of the token instead.
    """
    before = proved_before(claims, uow.now)
    _note_came_in(uow, issuer, claims)
    if before is not None and not issuer.tells_auth_time:
        uow.session.get_one(Issuer, issuer.id).tells_auth_time = True
    if before is None and proving and "auth_time" not in claims:
        return timedelta()
    return before


def _note_came_in(uow: UnitOfWork, issuer: Issuer, claims: Mapping[str, Any]) -> None:
    """Note that somebody came in, and how the issuer's clock goes; not for each of many who come at nine o'clock."""
    if issuer.signed_in_at is not None and uow.now - issuer.signed_in_at < NOTED_EVERY:
        return
    row = uow.session.get_one(Issuer, issuer.id)
    row.signed_in_at, row.ahead_seconds = uow.now, round(float(claims["iat"]) - uow.now.timestamp())
