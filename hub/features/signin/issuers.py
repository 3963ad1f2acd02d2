"""An issuer's row as `federation` needs it: reached, pinned, compared with its pin, and made into a registration."""

import json
from datetime import datetime, timedelta
from typing import Literal, cast
from urllib.parse import urlsplit

import structlog
from sqlalchemy import select

from federation.client import Proof, Registration
from federation.discovery import Metadata, discover, drift
from federation.errors import FederationError
from federation.safe_http import Limits, SafeHttp
from federation.transaction import Purpose
from hub.access.holds import KEYS, hold_organisation
from hub.access.parts import Parts
from hub.features.signin.credentials import way_of
from hub.features.signin.models import ACTIVE, DRAFT, QUARANTINED, Issuer
from hub.ground.unit_of_work import UnitOfWork, unit_of_work

log = structlog.get_logger(__name__)

QUICK = Limits(connect=1.5, read=1.5, total=2.0)
"""Before the browser is sent away: an issuer that is down is said to be so within two seconds."""
ANSWERED_LATELY = timedelta(seconds=60)
CHECK_EVERY = timedelta(hours=24)
OLD_PIN_LASTS = timedelta(hours=24)
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_SILENT = {"issuer_unreachable", "issuer_slow", "issuer_address_refused"}


def guarded_http(parts: Parts, issuer: str, *, inner_network: bool, limits: Limits | None = None) -> SafeHttp:
    """Outbound HTTP for one issuer: https and public, but for its own origin where the operator has opened it.

    What is open for one issuer is closed for every other: else a council's issuer could name addresses in the inner
    network of another as its own, and learn from the answers what stands there. The certificate authorities of an inner
    network are trusted there alone, too: they could speak for everybody.
    """
    where = urlsplit(issuer)
    inner = inner_network and where.scheme == "https"
    opened = inner or (parts.loopback_issuers and on_this_machine(issuer))
    ca_file = str(parts.issuer_ca) if inner and parts.issuer_ca else None
    return SafeHttp([f"{where.scheme}://{where.netloc}"] if opened else [], limits, ca_file)


def discover_issuer(
    parts: Parts, issuer: str, *, s256_waived: bool, inner_network: bool, limits: Limits | None = None
) -> Metadata:
    """Reach an issuer and read its metadata; raises FederationError."""
    http = guarded_http(parts, issuer, inner_network=inner_network, limits=limits)
    return discover(issuer, http, s256_waived=s256_waived)


def on_this_machine(issuer: str) -> bool:
    """Whether an address is one of this machine's own, as of a provider that is tried out."""
    try:
        host = urlsplit(issuer).hostname or ""
    except ValueError:
        return False
    return host in _LOOPBACK or host.startswith("127.")


def redirect_uri(parts: Parts, issuer_id: str) -> str:
    """The address that an issuer sends people back to: its own, so that no answer of another's is taken for its."""
    return f"{parts.public_url}/sign-in/callback/{issuer_id}"


def logout_uri(parts: Parts, issuer_id: str) -> str:
    """The address at which an issuer tells of sessions that have ended, by either channel."""
    return f"{parts.public_url}/sign-in/logout/{issuer_id}"


def metadata_of(issuer: Issuer) -> Metadata:
    """What an issuer said of itself when it was pinned; it must have been."""
    return Metadata.from_json(json.loads(issuer.pin))


def registration_of(parts: Parts, issuer: Issuer, purpose: Purpose = "sign-in") -> Registration:
    """What `federation` needs to know of an issuer; raises FederationError when nobody may sign in through it now.

    One that is only prepared may be tried out.
    """
    if issuer.status == QUARANTINED:
        raise FederationError("issuer_changed", "quarantined")
    if issuer.status != ACTIVE and (issuer.status, purpose) != (DRAFT, "test"):
        raise FederationError("issuer_disabled")
    if not issuer.pin:
        raise FederationError("issuer_unreachable", "never reached, so nothing is pinned")
    metadata = metadata_of(issuer)
    secret = parts.keys.decrypt(issuer.secret) if issuer.secret else ""
    return Registration(
        issuer_id=issuer.id,
        metadata=metadata,
        client_id=issuer.client_id,
        redirect_uri=redirect_uri(parts, issuer.id),
        auth_method=way_of(issuer, metadata.auth_methods, secret),
        secret=secret,
        par=cast("Literal['auto', 'require', 'off']", issuer.par),
        tenant=(issuer.tenant_claim, issuer.tenant_value) if issuer.tenant_claim else None,
        proof=Proof(acr_values=tuple(issuer.proof_acr.split()), tells_auth_time=issuer.tells_auth_time),
    )


def look_up(parts: Parts, issuer: Issuer, limits: Limits = QUICK) -> Issuer:
    """Make sure that an issuer answers and is pinned; returns its row as it is now.

    One that answered within the last minute is not asked again. Raises FederationError when it is silent, or was never
    pinned and is not fit. One that is pinned and answers oddly is noted as changed; the pin goes on for a day.
    """
    now = parts.clock.now()
    if issuer.status not in {ACTIVE, DRAFT}:
        return issuer
    if issuer.pin and issuer.answered_at is not None and now - issuer.answered_at < ANSWERED_LATELY:
        return issuer
    fresh: Metadata | None = None
    try:
        fresh = discover_issuer(
            parts,
            issuer.issuer,
            s256_waived=issuer.s256_waived,
            inner_network=issuer.inner_network,
            limits=limits,
        )
    except FederationError as error:
        if error.code in _SILENT or not issuer.pin:
            raise
        log.warning("issuer answers oddly", issuer=issuer.id, code=error.code, detail=error.detail)
    with unit_of_work(parts.database, parts.clock) as uow:
        row = uow.session.get_one(Issuer, issuer.id)
        _compare(uow, row, fresh)
        uow.session.flush()
        uow.session.expunge(row)
    return row


def check_issuers(parts: Parts) -> int:
    """Compare each active issuer with its pin once a day; returns how many were looked at. Runs in the worker."""
    now = parts.clock.now()
    with parts.database.reading() as session:
        due = [row for row in session.scalars(select(Issuer).where(Issuer.status == ACTIVE)) if _is_due(row, now)]
    for issuer in due:
        try:
            look_up(parts, issuer, Limits())
        except FederationError as error:
            log.warning("issuer cannot be checked", issuer=issuer.id, code=error.code, detail=error.detail)
            _note_checked(parts, issuer)
    return len(due)


def _is_due(issuer: Issuer, now: datetime) -> bool:
    return issuer.checked_at is None or now - issuer.checked_at >= CHECK_EVERY


def _note_checked(parts: Parts, issuer: Issuer) -> None:
    with unit_of_work(parts.database, parts.clock) as uow:
        uow.session.get_one(Issuer, issuer.id).checked_at = uow.now


def _compare(uow: UnitOfWork, issuer: Issuer, fresh: Metadata | None) -> None:
    """Pin, adopt or put aside what an issuer says now. `fresh` is None when what it says cannot be used."""
    issuer.answered_at = issuer.checked_at = uow.now
    if fresh is None:
        _put_aside(uow, issuer, "", "unusable")
        return
    text = json.dumps(fresh.to_json())
    found = drift(Metadata.from_json(json.loads(issuer.pin)), fresh) if issuer.pin else None
    if found is not None and found.quarantine:
        _put_aside(uow, issuer, text, " ".join(found.quarantine))
        return
    issuer.candidate, issuer.drifted_at = "", None
    if found is None or found.changed:
        issuer.pin, issuer.pinned_at = text, uow.now
        uow.record("issuer:pin", issuer.id, issuer.organisation_id, " ".join(found.changed) if found else "first")
        if found is not None and "jwks_uri" in found.changed:
            hold_organisation(uow, issuer.organisation_id, KEYS, f"jwks_uri: {fresh.jwks_uri}")


def _put_aside(uow: UnitOfWork, issuer: Issuer, candidate: str, what: str) -> None:
    """Keep changed metadata for an administrator to look at; after a day of it nobody signs in by the old ones."""
    issuer.candidate = candidate
    if issuer.drifted_at is None:
        issuer.drifted_at = uow.now
        uow.record("issuer:drift", issuer.id, issuer.organisation_id, what)
        log.error("issuer has changed and waits for an administrator", issuer=issuer.id, changed=what)
    elif uow.now - issuer.drifted_at >= OLD_PIN_LASTS:
        issuer.status = QUARANTINED
        uow.record("issuer:quarantine", issuer.id, issuer.organisation_id, what)
