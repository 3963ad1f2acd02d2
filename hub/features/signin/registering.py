"""An issuer in steps: prepared, tried out, switched on, and another put in its place."""

import json
from dataclasses import asdict

from sqlalchemy import select, update

from hub.access.models import Place, SignedInSession
from hub.access.parts import Parts
from hub.features.signin.credentials import BY_KEY, OWN_KEY, keep_credentials
from hub.features.signin.models import ACTIVE, DISABLED, DRAFT, Issuer
from hub.features.signin.queries import draft_of
from hub.features.signin.service import NewIssuer, add_issuer, check_given, set_credentials
from hub.features.signin.tenants import check_rule, rule_of
from hub.ground.errors import Conflict, Invalid
from hub.ground.unit_of_work import UnitOfWork


def prepare_issuer(uow: UnitOfWork, parts: Parts, organisation: Place, new: NewIssuer) -> Issuer:
    """Keep an issuer through which nobody signs in yet, or change the one that is kept; raises Invalid or Conflict.

    An empty secret leaves the one that is there.
    """
    issuer = draft_of(uow.session, organisation.path)
    if issuer is None:
        return add_issuer(uow, parts, organisation, new, draft=True)
    rule = check_given(uow, organisation, new, own=issuer.id)
    if new.secret or new.auth_method == OWN_KEY or not _fits(issuer, new.auth_method):
        keep_credentials(parts.keys, issuer, new.auth_method, new.secret)
    issuer.auth_method = BY_KEY if new.auth_method == OWN_KEY else new.auth_method
    issuer.issuer, issuer.client_id = new.issuer, new.client_id.strip()
    issuer.tenant_claim, issuer.tenant_value = rule.claim, rule.value
    issuer.s256_waived, issuer.preset = new.s256_waived, new.preset
    issuer.pin = json.dumps(asdict(new.metadata)) if new.metadata else ""
    issuer.pinned_at = uow.now if new.metadata else None
    uow.record("issuer:prepare", issuer.id, organisation.id, new.issuer)
    return issuer


def change_credentials(
    uow: UnitOfWork, parts: Parts, issuer: Issuer, client_id: str, secret: str, *, by: str, auth_method: str
) -> None:
    """Change what the hub proves itself with, as `set_credentials`; an empty secret leaves the one that is there."""
    if not secret and auth_method != OWN_KEY and _fits(issuer, auth_method):
        secret = parts.keys.decrypt(issuer.secret)
    set_credentials(uow, parts, issuer, client_id, secret, by=by, auth_method=auth_method)


def switch_on(uow: UnitOfWork, issuer: Issuer) -> int:
    """Let people sign in through a prepared issuer; one of before ends, with its sessions. Returns how many end.

    Raises Conflict where another organisation has taken this part of the issuer meanwhile, Invalid for one that is on.
    """
    if issuer.status != DRAFT:
        raise Invalid("This issuer is not waiting to be switched on.", "issuer")
    check_rule(uow, issuer.organisation_id, issuer.issuer, rule_of(issuer), own=issuer.id)
    ended = end_others(uow, issuer)
    issuer.status = ACTIVE
    uow.session.flush()
    uow.record("issuer:status", issuer.id, issuer.organisation_id, ACTIVE)
    return ended


def end_others(uow: UnitOfWork, issuer: Issuer) -> int:
    """Switch off an organisation's other issuers, and end the sessions that came through them; returns how many."""
    others = uow.session.scalars(
        select(Issuer).where(
            Issuer.organisation_id == issuer.organisation_id, Issuer.id != issuer.id, Issuer.status != DRAFT
        )
    ).all()
    ended = 0
    for other in others:
        if other.status != DISABLED:
            other.status = DISABLED
            uow.record("issuer:status", other.id, other.organisation_id, f"{DISABLED}: replaced by {issuer.id}")
        open_ones = (SignedInSession.issuer_id == other.id, SignedInSession.ended_at.is_(None))
        done = uow.session.execute(update(SignedInSession).where(*open_ones).values(ended_at=uow.now))
        ended += done.rowcount  # type: ignore[attr-defined]
    return ended


def put_away(uow: UnitOfWork, issuer: Issuer) -> None:
    """Forget an issuer that was prepared and never switched on; raises Conflict for any other."""
    if issuer.status != DRAFT:
        raise Conflict("This issuer has been switched on meanwhile.")
    uow.record("issuer:put-away", issuer.id, issuer.organisation_id, issuer.issuer)
    uow.session.delete(issuer)


def _fits(issuer: Issuer, way: str) -> bool:
    """Whether what is kept can go the way that is wanted: a key is no secret, nor the other way round."""
    if not issuer.secret or way == "none":
        return False
    return BY_KEY not in {issuer.auth_method, way} or issuer.auth_method == way
