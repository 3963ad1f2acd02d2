"""Which of an issuer's people are an organisation's own: a claim that must have a value, or all of them.

An issuer's address may serve several organisations (Google's serves all of its customers). Two may share one exactly
when nobody could satisfy the rules of both: the same claim with two different values.
"""

import re
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from federation.claims import ascii_domain
from hub.features.signin.models import Issuer
from hub.ground.errors import Conflict, Invalid
from hub.ground.unit_of_work import UnitOfWork, alone
from hub.nouns.organisations.models import OrganisationDomain

BY_DOMAIN: Final = "hd"
"""Google's claim: its value is a domain of its customer."""
GOOGLE: Final = "https://accounts.google.com"
_CLAIM: Final = re.compile(r"[A-Za-z0-9_.:/-]{1,60}")
_NOT_A_TENANT: Final = frozenset(
    {"iss", "aud", "azp", "exp", "iat", "nbf", "nonce", "sub", "jti", "at_hash", "c_hash", "sid", "email", "name"}
)


@dataclass(frozen=True, slots=True)
class TenantRule:
    """A claim and the value that it must have; both empty where all of an issuer's people are one organisation's."""

    claim: str = ""
    value: str = ""

    def may_share(self, other: "TenantRule") -> bool:
        """Whether no token could satisfy both."""
        return bool(self.claim) and self.claim == other.claim and self.value != other.value


def rule_of(issuer: Issuer) -> TenantRule:
    """The rule of an issuer's row."""
    return TenantRule(issuer.tenant_claim, issuer.tenant_value)


def read_rule(claim: str, value: str) -> TenantRule:
    """The rule that somebody typed; raises Invalid."""
    claim, value = claim.strip(), value.strip()
    if bool(claim) != bool(value):
        field = "tenant_value" if claim else "tenant_claim"
        raise Invalid("A claim needs the value that is this organisation's, and the other way round.", field)
    if claim and (not _CLAIM.fullmatch(claim) or claim in _NOT_A_TENANT):
        raise Invalid("Name a claim that tells organisations apart, such as hd, tid or organisation.", "tenant_claim")
    if claim == BY_DOMAIN:
        domain = ascii_domain(value)
        if domain is None:
            raise Invalid("With hd the value is a domain, such as leeds.gov.uk.", "tenant_value")
        value = domain
    if not value.isprintable():
        raise Invalid("The value has characters that are not seen: type it anew.", "tenant_value")
    return TenantRule(claim, value)


def check_rule(uow: UnitOfWork, organisation_id: str, address: str, rule: TenantRule, *, own: str = "") -> None:
    """Raise Invalid or Conflict unless an organisation may take this part of an issuer; `own` is its row there.

    Others wait until the caller's unit of work has ended, so that of two at once one is refused.
    """
    alone(uow, f"issuer {address}")
    if address == GOOGLE and rule.claim != BY_DOMAIN:
        raise Invalid(
            "Everybody with an account at Google signs in at this address: give hd, and your domain there.",
            "tenant_claim",
        )
    if rule.claim == BY_DOMAIN:
        owner = select(OrganisationDomain.organisation_id).where(OrganisationDomain.domain == rule.value)
        if uow.session.scalar(owner) != organisation_id:
            raise Invalid(
                f"{rule.value} is not among your mail domains: those who run this hub add it first.", "tenant_value"
            )
    others = uow.session.scalars(select(Issuer).where(Issuer.issuer == address, Issuer.id != own))
    if not all(rule.may_share(rule_of(other)) for other in others):
        raise Conflict(
            f"The issuer {address} is registered already, for people whom this would let in too. Two organisations "
            "share one where a claim in each token tells their people apart: the same claim, with another value."
        )
