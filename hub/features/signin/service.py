"""Use cases of those who look after signing in: an organisation's issuer, and people before their first sign-in."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from sqlalchemy import select

from acl.directory import ROOT
from config.mail import is_address
from federation.discovery import Metadata
from federation.errors import FederationError
from federation.transaction import digest, new_secret
from hub.access.holds import CLIENT, ISSUER, hold_organisation
from hub.access.models import Person, Place
from hub.access.parts import Parts
from hub.features.signin.credentials import AUTO, keep_credentials
from hub.features.signin.issuers import discover_issuer, on_this_machine
from hub.features.signin.models import ACTIVE, DISABLED, DRAFT, QUARANTINED, ExternalIdentity, Issuer, PendingBinding
from hub.features.signin.queries import changes_of, issuer_of_organisation
from hub.features.signin.tenants import TenantRule, check_rule, read_rule, rule_of
from hub.ground.errors import Conflict, Invalid
from hub.ground.ids import new_id
from hub.ground.unit_of_work import UnitOfWork
from hub.mail.service import Letter, forget_links, post
from hub.nouns.organisations.models import Organisation

LINK_LASTS = timedelta(hours=72)
INVITATION_LASTS = timedelta(minutes=15)
"""Of an administrator's: what it lets somebody become is worth more to a thief."""
LONGEST_SUBJECT = 255
LONGEST_ACR = 500


@dataclass(frozen=True)
class NewIssuer:
    """What an organisation's own administrators tell about their issuer.

    `secret` is the client secret, or a private key in PEM or as a JWK; `auth_method` is a key of `credentials.WAYS`.
    `metadata` comes from `check_issuer`; without it the issuer is pinned when it is first reached. With a
    `tenant_claim`, its `tenant_value` must stand in each token.
    """

    issuer: str
    client_id: str
    secret: str = ""
    metadata: Metadata | None = None
    par: str = "auto"
    s256_waived: bool = False
    inner_network: bool = False
    tenant_claim: str = ""
    tenant_value: str = ""
    auth_method: str = AUTO
    preset: str = ""


def check_issuer(parts: Parts, new: NewIssuer) -> Metadata:
    """Reach an issuer and check that it is fit, outside any transaction; raises Invalid with what to do."""
    try:
        return discover_issuer(parts, new.issuer, s256_waived=new.s256_waived, inner_network=new.inner_network)
    except FederationError as error:
        here = on_this_machine(new.issuer) and not parts.loopback_issuers
        cure = " It runs on this machine: to try it out, set HUB_LOOPBACK_ISSUERS=true for the hub." if here else ""
        raise Invalid(
            f"The issuer {new.issuer} cannot be used. {error.entry.admin} ({error.detail}){cure}", "issuer"
        ) from error


def check_given(uow: UnitOfWork, organisation: Place, new: NewIssuer, *, own: str = "") -> TenantRule:
    """The rule of an issuer that an organisation may have, or have instead of its `own`; raises Invalid, Conflict."""
    if not new.issuer.startswith(("https://", "http://")) or not new.client_id.strip():
        raise Invalid("Give the issuer's address, which begins with https://, and the hub's client id there.", "issuer")
    rule = read_rule(new.tenant_claim, new.tenant_value)
    check_rule(uow, organisation.id, new.issuer, rule, own=own)
    return rule


def add_issuer(uow: UnitOfWork, parts: Parts, organisation: Place, new: NewIssuer, *, draft: bool = False) -> Issuer:
    """Let an organisation's people sign in through an issuer, or prepare that; raises Invalid or Conflict."""
    rule = check_given(uow, organisation, new)
    current = issuer_of_organisation(uow.session, organisation.path)
    if not draft and current is not None and current.status == ACTIVE:
        raise Conflict(f"{organisation.name} signs in through {current.issuer} already. Disable that issuer first.")
    row = uow.session.get_one(Organisation, organisation.id)
    own_id, row.next_issuer = row.next_issuer, new_id()
    issuer = Issuer(
        id=own_id,
        organisation_id=organisation.id,
        issuer=new.issuer,
        client_id=new.client_id.strip(),
        status=DRAFT if draft else ACTIVE,
        preset=new.preset,
        par=new.par,
        s256_waived=new.s256_waived,
        inner_network=new.inner_network,
        tenant_claim=rule.claim,
        tenant_value=rule.value,
        pin=json.dumps(new.metadata.to_json()) if new.metadata else "",
        pinned_at=uow.now if new.metadata else None,
        created_at=uow.now,
    )
    keep_credentials(parts.keys, issuer, new.auth_method, new.secret)
    uow.session.add(issuer)
    uow.session.flush()
    uow.record("issuer:prepare" if draft else "issuer:add", issuer.id, organisation.id, new.issuer)
    return issuer


def set_credentials(
    uow: UnitOfWork, parts: Parts, issuer: Issuer, client_id: str, secret: str, *, by: str = "", auth_method: str = AUTO
) -> None:
    """Change what the hub proves itself with at an issuer: secrets there expire. `auth_method` as of `NewIssuer`.

    An issuer may call people by other subjects towards another client (OpenID Connect Core 1.0, section 8.1): with
    another client id rights beyond the organisation wait, unless it is the word (`by`) of the platform.
    """
    if not client_id.strip():
        raise Invalid("Give the client id that the issuer gave the hub.", "client_id")
    if client_id.strip() != issuer.client_id and by != ROOT:
        hold_organisation(uow, issuer.organisation_id, CLIENT, f"{issuer.client_id} to {client_id.strip()}")
    keep_credentials(parts.keys, issuer, auth_method, secret)
    issuer.client_id = client_id.strip()
    issuer.secret_until = issuer.secret_told = None
    uow.record("issuer:credentials", issuer.id, issuer.organisation_id)


def set_rule(uow: UnitOfWork, issuer: Issuer, claim: str, value: str, *, s256_waived: bool) -> None:
    """Change which of an issuer's people are the organisation's own, and what is on record; raises Invalid, Conflict.

    Who is known stays known: an identity is (issuer, subject), and must satisfy the rule at each sign-in.
    """
    rule = read_rule(claim, value)
    if rule != rule_of(issuer):
        check_rule(uow, issuer.organisation_id, issuer.issuer, rule, own=issuer.id)
        issuer.tenant_claim, issuer.tenant_value = rule.claim, rule.value
        uow.record("issuer:rule", issuer.id, issuer.organisation_id, f"{rule.claim}={rule.value}"[:500])
    issuer.s256_waived = s256_waived


def set_issuer_status(uow: UnitOfWork, issuer: Issuer, status: str) -> None:
    """Switch an issuer on or off; sessions that are open stay so."""
    if status not in {ACTIVE, DISABLED}:
        raise Invalid(f"An issuer is {ACTIVE} or {DISABLED}.", "status")
    issuer.status = status
    uow.record("issuer:status", issuer.id, issuer.organisation_id, status)


def set_secret_until(uow: UnitOfWork, issuer: Issuer, until: date | None) -> None:
    """Note the last day of the client secret: its administrators are written to before it. None: nobody knows."""
    issuer.secret_until, issuer.secret_told = until, None
    uow.record("issuer:secret-until", issuer.id, issuer.organisation_id, until.isoformat() if until else "")


def set_proof(uow: UnitOfWork, issuer: Issuer, values: Sequence[str]) -> None:
    """Say by which `acr` people prove anew who they are (OpenID Connect Core 1.0, 3.1.2.1); none: as is usual there.

    Raises Invalid for what no issuer could send.
    """
    told = " ".join(values)
    plain = all(value.isascii() and value.isprintable() and not set(value) & set(' "\\') for value in values)
    if not plain or len(told) > LONGEST_ACR:
        raise Invalid(f"Values of acr are words without spaces, of at most {LONGEST_ACR} characters together.", "acr")
    issuer.proof_acr = told
    uow.record("issuer:acr", issuer.id, issuer.organisation_id, told)


def accept_changes(uow: UnitOfWork, issuer: Issuer, *, by: str = "") -> None:
    """Pin the changed metadata that an administrator has looked at; raises Invalid when there are none.

    Rights beyond the organisation wait from then on, unless it is the word (`by`) of the platform.
    """
    if not issuer.candidate:
        raise Invalid("This issuer has no changed metadata that wait for anybody.", "issuer")
    if by != ROOT:
        hold_organisation(uow, issuer.organisation_id, ISSUER, "; ".join(changes_of(issuer))[:2_000])
    issuer.pin, issuer.pinned_at = issuer.candidate, uow.now
    issuer.candidate, issuer.drifted_at = "", None
    if issuer.status == QUARANTINED:
        issuer.status = ACTIVE
    uow.record("issuer:accept", issuer.id, issuer.organisation_id)


def expect_subject(uow: UnitOfWork, person: Person, subject: str, *, by: str) -> PendingBinding:
    """Note the `sub` that a person's issuer will send at their first sign-in; raises Invalid or Conflict.

    `by` is whose word that is, as of `make_link`.
    """
    if not 1 <= len(subject) <= LONGEST_SUBJECT or not subject.isprintable():
        raise Invalid(f"A subject has 1 to {LONGEST_SUBJECT} printable characters.", "subject")
    issuer = _issuer_of(uow, person)
    taken = uow.session.scalar(
        select(ExternalIdentity.id).where(ExternalIdentity.issuer == issuer.issuer, ExternalIdentity.subject == subject)
    ) or uow.session.scalar(
        select(PendingBinding.id).where(
            PendingBinding.issuer_id == issuer.id, PendingBinding.subject == subject, PendingBinding.used_at.is_(None)
        )
    )
    if taken:
        raise Conflict("Somebody is known, or expected, under that subject already.")
    return _pend(uow, person, issuer, by, subject=subject)


def make_link(
    uow: UnitOfWork,
    parts: Parts,
    person: Person,
    *,
    by: str,
    lasts: timedelta = LINK_LASTS,
    landing: str = "",
    by_hand: bool = False,
) -> str:
    """A one-use link, told once: who opens it and signs in through the person's organisation is that person.

    It lets in nobody but whom that organisation vouches for under the person's mail address; where there is none, or
    the operator gives it to them `by_hand`, whoever opens it.
    An older one of the same person stops working. `by` is whose word it is that the link reaches them: the id of an
    organisation, or `platform`, whose word puts an end to what others expect too. `landing` is the path that they see
    first (empty: home).
    """
    issuer = _issuer_of(uow, person)
    for older in uow.session.scalars(
        select(PendingBinding).where(PendingBinding.person_id == person.id, PendingBinding.used_at.is_(None))
    ):
        if older.link_hash or (by == ROOT and older.made_by != ROOT):
            older.used_at = uow.now
    forget_links(uow, person.id)
    secret = new_secret()
    _pend(uow, person, issuer, by, link_hash=digest(secret), address="" if by_hand else person.email, lasts=lasts)
    given = {"link": secret} | ({"next": landing} if landing else {})
    return f"{parts.public_url}/sign-in?{urlencode(given)}"


def mail_link(uow: UnitOfWork, parts: Parts, person: Person, link: str, *, lasts: timedelta = LINK_LASTS) -> str:
    """Write to a person with the link that `make_link` made; returns the address, empty where there is none to use."""
    organisation = uow.session.get_one(Place, person.organisation_id)
    letter = Letter(
        to=person,
        subject=f"Your first sign-in to {parts.mail.name}",
        lines=(
            f"You have been given an account in {parts.mail.name}, in the name of {organisation.name}.",
            f"Open this link and sign in through {organisation.name}, as you do at work:",
        ),
        secret=link.removeprefix(parts.public_url),
        until=uow.now + lasts,
        why=f"You get this because {organisation.name} added you. If you did not expect it, do nothing.",
    )
    return person.email if post(uow, letter, parts.keys) and is_address(person.email) else ""


def _pend(
    uow: UnitOfWork,
    person: Person,
    issuer: Issuer,
    by: str,
    *,
    subject: str = "",
    link_hash: str = "",
    address: str = "",
    lasts: timedelta | None = None,
) -> PendingBinding:
    pending = PendingBinding(
        id=new_id(),
        person_id=person.id,
        issuer_id=issuer.id,
        subject=subject,
        link_hash=link_hash,
        address=address,
        made_by=by,
        created_at=uow.now,
        expires_at=uow.now + lasts if lasts else None,
    )
    uow.session.add(pending)
    uow.session.flush()
    uow.record("person:expect", person.subject_id, person.organisation_id, "subject" if subject else "link")
    return pending


def _issuer_of(uow: UnitOfWork, person: Person) -> Issuer:
    organisation = uow.session.get_one(Place, person.organisation_id)
    issuer = issuer_of_organisation(uow.session, organisation.path)
    if issuer is None:
        raise Invalid(f"{organisation.name} has no issuer yet, so its people cannot sign in.", "issuer")
    return issuer
