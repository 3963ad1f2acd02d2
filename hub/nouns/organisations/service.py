"""Use cases of organisations."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from acl.directory import ROOT
from hub.access.models import Place
from hub.access.places import NewPlace, add_place, rename_place
from hub.ground.errors import Conflict, Invalid
from hub.ground.ids import new_id
from hub.ground.unit_of_work import UnitOfWork
from hub.nouns.organisations.leaving import LEAVES
from hub.nouns.organisations.models import SECTOR, Organisation, OrganisationDomain

LONGEST_DOMAIN = 253
LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
"""One part of a domain (RFC 1035, section 2.3.1)."""
KINDS = ("council", "partner", "supplier")


@dataclass(frozen=True)
class NewOrganisation:
    """What is needed to add an organisation."""

    slug: str
    name: str
    kind: str = "council"
    description: str = ""
    code: str = ""
    contact: str = ""
    domains: tuple[str, ...] = ()
    next_issuer: str = ""
    """Id that its issuer will have, where the redirect address was told before; empty: a new one."""


def add_organisation(uow: UnitOfWork, new: NewOrganisation) -> Place:
    """Add an organisation; raises Invalid or Conflict. Its policy file is adopted by `features/policies`."""
    if new.kind not in (*KINDS, SECTOR):
        raise Invalid(f"An organisation is one of: {', '.join(KINDS)}.", "kind")
    root = uow.session.get_one(Place, ROOT)
    place = add_place(uow, root, NewPlace(kind="organisation", slug=new.slug, name=new.name, marking="PUBLIC"))
    told = {"description": new.description, "code": new.code, "contact": new.contact}
    uow.session.add(Organisation(id=place.id, kind=new.kind, next_issuer=new.next_issuer or new_id(), **told))
    uow.session.flush()
    for domain in new.domains:
        add_domain(uow, place, domain)
    uow.record("organisation:add", place.id, place.id)
    return place


def edit_organisation(uow: UnitOfWork, place: Place, name: str, description: str, contact: str) -> None:
    """Change what an organisation is called, what it is in words, and how its people reach its administrators.

    Raises Invalid. Everybody's next page shows it.
    """
    for field, text, most in (("description", description, 200), ("contact", contact, 254)):
        if len(text) > most or not (text.isprintable() or not text):
            raise Invalid(f"Use one line of at most {most} characters.", field)
    row = uow.session.get_one(Organisation, place.id)
    rename_place(uow, place, name, place.description)
    row.description, row.contact = description.strip(), contact.strip()
    uow.session.flush()
    uow.record("organisation:edit", place.id, place.id)


def set_leaving(uow: UnitOfWork, organisation: Place, leaves: str) -> None:
    """Say how much of what is an organisation's own may leave by mail (a key of `LEAVES`); raises Invalid for no such.

    It holds for every letter that is not sent yet.
    """
    if leaves not in LEAVES:
        raise Invalid("Choose what may leave the hub by mail", "leaves")
    row = uow.session.get_one(Organisation, organisation.id)
    if row.leaves != leaves:
        uow.record("organisation:leaving", organisation.id, organisation.id, f"{row.leaves} to {leaves}")
        row.leaves = leaves
        uow.session.flush()


def note_set_up(uow: UnitOfWork, organisation: Place, *, done: bool) -> None:
    """Note that its administrators have seen that all is set up, or that they want the list back."""
    uow.session.get_one(Organisation, organisation.id).set_up_at = uow.now if done else None
    uow.record("organisation:set-up", organisation.id, organisation.id, "done" if done else "again")


def add_domain(uow: UnitOfWork, organisation: Place, domain: str) -> None:
    """Note a mail domain of an organisation; raises Invalid for what is none, Conflict for one that is taken."""
    ascii_domain = canonical_domain(domain)
    owner = uow.session.scalar(
        select(Place.name)
        .join(OrganisationDomain, OrganisationDomain.organisation_id == Place.id)
        .where(OrganisationDomain.domain == ascii_domain)
    )
    if owner is not None:
        raise Conflict(f"{ascii_domain} belongs to {owner} already. A domain is one organisation’s.")
    uow.session.add(OrganisationDomain(domain=ascii_domain, organisation_id=organisation.id, verified=True))
    uow.session.flush()


def set_domains(uow: UnitOfWork, organisation: Place, domains: Iterable[str]) -> None:
    """Let an organisation have just these mail domains; raises Invalid or Conflict, and then changes nothing.

    People keep the addresses that they have; from the next sign-in on, only these domains are asserted.
    """
    wanted = {canonical_domain(domain) for domain in domains}
    rows = uow.session.scalars(
        select(OrganisationDomain).where(OrganisationDomain.organisation_id == organisation.id)
    ).all()
    for row in rows:
        if row.domain not in wanted:
            uow.session.delete(row)
    for domain in sorted(wanted - {row.domain for row in rows}):
        add_domain(uow, organisation, domain)
    uow.session.flush()
    uow.record("organisation:domains", organisation.id, organisation.id, " ".join(sorted(wanted))[:500])


def canonical_domain(text: str) -> str:
    """A mail domain in lower-case ASCII (IDNA); raises Invalid for what is none."""
    try:
        found = text.strip().rstrip(".").encode("idna").decode("ascii").lower()
    except UnicodeError:
        found = ""
    labels = found.split(".")
    fits = len(labels) > 1 and len(found) <= LONGEST_DOMAIN and all(LABEL.fullmatch(part) for part in labels)
    if not fits or labels[-1].isdigit():
        raise Invalid(f"“{text}” is not a mail domain such as leeds.gov.uk.", "domain")
    return found
