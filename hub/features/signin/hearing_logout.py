"""What issuers tell the hub when somebody has signed out there, or was put out: their sessions here end at once.

Source: OpenID Connect Back-Channel Logout 1.0 (from issuer to hub, signed) and Front-Channel Logout 1.0 (through the
person's browser, by the session's id alone).
"""

import hashlib
from http import HTTPStatus
from typing import Final

import structlog
from flask import Response, g, jsonify, request
from sqlalchemy import ColumnElement, select, update
from sqlalchemy.exc import IntegrityError

from federation.errors import FederationError
from federation.logout_token import LogoutToken
from hub.access.guard import parts
from hub.access.models import SignedInSession
from hub.features.signin.arriving import caller_address
from hub.features.signin.blueprint import blueprint
from hub.features.signin.models import ExternalIdentity, HeardLogout, Issuer
from hub.features.signin.queries import issuer_by_id
from hub.features.signin.signing import read_logout_token
from hub.features.signin.stores import NOTICES, REFUSALS_KEPT, note_try
from hub.ground.errors import NotFound
from hub.ground.unit_of_work import UnitOfWork, unit_of_work

log = structlog.get_logger(__name__)
LONGEST_SID: Final = 255


@blueprint.post("/sign-in/logout/<id:issuer_id>")
def hear_logout(issuer_id: str) -> Response:
    """Back-channel: 200 when the sessions that a signed notice names are ended, were there any or not; else 400."""
    issuer = issuer_by_id(g.db, issuer_id)
    if issuer is None:
        raise NotFound
    try:
        if not note_try(parts(), NOTICES, caller_address()):
            return _refused(FederationError("too_many_attempts"), issuer)
        notice = read_logout_token(parts(), issuer, request.form.get("logout_token"))
        with unit_of_work(parts().database, parts().clock) as uow:
            _take_once(uow, issuer, notice)
            _end(uow, issuer, *_named(issuer, notice))
    except FederationError as error:
        return _refused(error, issuer)
    except IntegrityError:
        return _refused(FederationError("response_mismatch", "this logout token was taken before"), issuer)
    return _quiet(Response(status=HTTPStatus.OK))


@blueprint.get("/sign-in/logout/<id:issuer_id>")
def hear_logout_in_browser(issuer_id: str) -> Response:
    """Front-channel: ends the one session of `sid`, if `iss` is this issuer. Answers alike whether there was one."""
    issuer = issuer_by_id(g.db, issuer_id)
    if issuer is None:
        raise NotFound
    sid, iss = request.args.get("sid", ""), request.args.get("iss", "")
    if sid and iss == issuer.issuer and len(sid) <= LONGEST_SID:
        with unit_of_work(parts().database, parts().clock) as uow:
            _end(uow, issuer, SignedInSession.sid == sid)
    return _quiet(Response("Signed out.\n", content_type="text/plain; charset=utf-8"))


def _take_once(uow: UnitOfWork, issuer: Issuer, notice: LogoutToken) -> None:
    key = hashlib.sha256(f"{issuer.id} {notice.jti}".encode()).hexdigest()
    uow.session.add(HeardLogout(key=key, spent_at=notice.spent))
    uow.session.flush()


def _named(issuer: Issuer, notice: LogoutToken) -> list[ColumnElement[bool]]:
    """Which sessions a notice means: of its subject, of its session id, or of both together."""
    found: list[ColumnElement[bool]] = []
    if notice.sid:
        found.append(SignedInSession.sid == notice.sid)
    if notice.subject:
        own = (ExternalIdentity.issuer_id == issuer.id, ExternalIdentity.subject == notice.subject)
        found.append(SignedInSession.person_id.in_(select(ExternalIdentity.person_id).where(*own)))
    return found


def _end(uow: UnitOfWork, issuer: Issuer, *which: ColumnElement[bool]) -> None:
    ended = uow.session.scalars(
        update(SignedInSession)
        .where(SignedInSession.issuer_id == issuer.id, SignedInSession.ended_at.is_(None), *which)
        .values(ended_at=uow.now)
        .returning(SignedInSession.handle_hash)
        .execution_options(synchronize_session=False)
    ).all()
    if ended:
        uow.record("session:end-by-issuer", issuer.id, issuer.organisation_id, str(len(ended)))


def _refused(error: FederationError, issuer: Issuer) -> Response:
    log.warning("logout notice refused", code=error.code, detail=error.detail, issuer=issuer.id)
    if note_try(parts(), REFUSALS_KEPT, f"{issuer.id} logout {error.code}"):
        with unit_of_work(parts().database, parts().clock) as uow:
            uow.record("logout:refuse", issuer.id, issuer.organisation_id, f"{error.code} {error.detail}"[:500])
    answer = jsonify(error="invalid_request")
    later = {HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS}
    answer.status_code = error.status if error.status in later else HTTPStatus.BAD_REQUEST
    return _quiet(answer)


def _quiet(answer: Response) -> Response:
    answer.headers["Cache-Control"] = "no-store"
    return answer
