"""A mail domain is proved by a record that only whoever runs the domain can make (TXT, RFC 1035)."""

from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.access.models import Place
from hub.ground.errors import Conflict, Invalid
from hub.ground.ids import new_id, new_secret
from hub.ground.names import Names, Unanswered
from hub.ground.unit_of_work import UnitOfWork, alone
from hub.nouns.organisations.models import DomainClaim, OrganisationDomain
from hub.nouns.organisations.service import canonical_domain

MOST: Final = 20
"""Domains that an organisation proves at a time."""
LABEL: Final = "_knowledge-hub"
EVERYBODYS: Final = frozenset(
    f"{first}.{rest}"
    for rest, firsts in {
        "uk": "gov co org ac nhs police mod sch ltd plc me net parliament",
        "co.uk": "hotmail live yahoo gmx",
        "com": "gmail googlemail outlook hotmail live msn yahoo icloud me mac aol protonmail gmx mail sky "
        "btinternet btopenworld virginmedia onmicrosoft",
        "me": "proton",
        "net": "talktalk",
        "cymru": "llyw",
        "scot": "gov",
        "wales": "gov",
    }.items()
    for first in firsts.split()
)
"""Under which everybody has an address or a domain: nobody's own."""


def record_name(claim: DomainClaim) -> str:
    """Where the record stands."""
    return f"{LABEL}.{claim.domain}"


def record_text(claim: DomainClaim) -> str:
    """What the record says."""
    return f"knowledge-hub={claim.token}"


def claims_of(session: Session, organisation_id: str) -> list[DomainClaim]:
    """The domains that an organisation says are its own and has not proved, by name. One query."""
    wanted = select(DomainClaim).where(DomainClaim.organisation_id == organisation_id).order_by(DomainClaim.domain)
    return list(session.scalars(wanted))


def claim_domain(uow: UnitOfWork, organisation: Place, text: str) -> DomainClaim:
    """Let an organisation begin to prove a domain; raises Invalid. Gives nothing, and tells nothing of others."""
    domain = canonical_domain(text)
    if domain in EVERYBODYS:
        raise Invalid(f"{domain} is not one organisation's own: enter the domain of your mail addresses.", "domain")
    alone(uow, f"domains {organisation.id}")
    rows = claims_of(uow.session, organisation.id)
    known = next((row for row in rows if row.domain == domain), None)
    if known is not None:
        return known
    if len(rows) >= MOST:
        raise Invalid(f"You are proving {MOST} domains already: end with some of these first.", "domain")
    made = DomainClaim(id=new_id(), organisation_id=organisation.id, domain=domain, token=new_secret(), made_at=uow.now)
    uow.session.add(made)
    uow.session.flush()
    uow.record("domain:claim", organisation.id, organisation.id, domain)
    return made


def stands_there(names: Names, claim: DomainClaim) -> bool:
    """Ask whether the record is there, outside any transaction; raises Invalid where nobody answers."""
    try:
        return record_text(claim) in (text.strip() for text in names.texts(record_name(claim)))
    except Unanswered as error:
        raise Invalid(
            f"The name servers of {claim.domain} do not answer at the moment. Try again in a few minutes.", "domain"
        ) from error


def prove(uow: UnitOfWork, organisation: Place, claim: DomainClaim) -> None:
    """The record was there: the domain is the organisation's, proved. Raises Conflict where it is another's."""
    alone(uow, f"domain {claim.domain}")
    row = uow.session.get(OrganisationDomain, claim.domain)
    if row is not None and row.organisation_id != organisation.id:
        raise Conflict(
            f"{claim.domain} is proved, and stands with another organisation of this hub. Ask those who run the hub: "
            "they see both, and give it to the one whose it is."
        )
    if row is None:
        row = OrganisationDomain(domain=claim.domain, organisation_id=organisation.id)
        uow.session.add(row)
    row.verified, row.proved_at = True, uow.now
    uow.session.delete(uow.session.get_one(DomainClaim, claim.id))
    uow.session.flush()
    uow.record("domain:prove", organisation.id, organisation.id, claim.domain)


def drop_claim(uow: UnitOfWork, organisation: Place, domain: str) -> None:
    """End with proving a domain; nothing where nobody had begun."""
    for claim in claims_of(uow.session, organisation.id):
        if claim.domain == domain:
            uow.session.delete(claim)
            uow.record("domain:drop", organisation.id, organisation.id, domain)
