"""Reads of signing in. Nobody is signed in yet, so they tell only what the sign-in page shows anyone."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session

from federation.claims import email_domain
from federation.transaction import digest
from hub.access.models import Person, Place
from hub.features.signin.models import ACTIVE, DRAFT, Issuer, IssuerKeySet, PendingBinding
from hub.nouns.organisations.models import Organisation, OrganisationDomain


@dataclass(frozen=True)
class Joining:
    """An organisation that people sign in through."""

    slug: str
    name: str
    hint: str


@dataclass(frozen=True)
class Found:
    """The organisations that match, by name, and how many there are in all."""

    shown: tuple[Joining, ...]
    total: int


def find_organisations(session: Session, words: str, at_most: int) -> Found:
    """The organisations with an active issuer that match words, or own the domain of a mail address.

    An address is asked for its domain only: what stands before the @ changes nothing of the answer.
    """
    wanted = " ".join(words.split()).casefold()
    chosen = _by_domain(session, wanted) if "@" in wanted else _by_words(session, wanted)
    return Found(tuple(chosen[:at_most]), len(chosen))


def remembered_organisation(session: Session, organisation_id: str) -> Joining | None:
    """The organisation of an id that a browser remembers, while people sign in through it."""
    return next(iter(_all(session, Place.id == organisation_id)), None) if organisation_id else None


def issuer_of_organisation(session: Session, slug: str) -> Issuer | None:
    """The issuer of an organisation, active or not: an active one first. One that is only prepared is none."""
    rows = session.scalars(_issuers_of(slug).where(Issuer.status != DRAFT)).all()
    return min(rows, key=lambda row: row.status != ACTIVE, default=None)


def draft_of(session: Session, slug: str) -> Issuer | None:
    """The issuer that an organisation prepares."""
    return session.scalars(_issuers_of(slug).where(Issuer.status == DRAFT)).first()


def _issuers_of(slug: str) -> Select[Issuer]:
    return (
        select(Issuer)
        .join(Place, Place.id == Issuer.organisation_id)
        .where(Place.path == slug, Place.kind == "organisation")
        .order_by(Issuer.created_at)
    )


def issuer_by_id(session: Session, issuer_id: str) -> Issuer | None:
    """An issuer by its id."""
    return session.get(Issuer, issuer_id)


def name_and_contact(session: Session, organisation_id: str) -> tuple[str, str]:
    """An organisation's name, and how its people reach its administrators."""
    row = session.execute(
        select(Place.name, Organisation.contact)
        .join(Organisation, Organisation.id == Place.id)
        .where(Place.id == organisation_id)
    ).one_or_none()
    return (row[0], row[1]) if row else ("", "")


def contact_of(session: Session, slug: str) -> str:
    """How the people of an organisation reach its administrators, by its short name; empty where nobody said."""
    told = select(Organisation.contact).join(Place, Place.id == Organisation.id).where(Place.path == slug)
    return session.scalar(told) or ""


def of_link(session: Session, secret: str) -> str:
    """The id of the organisation for whose sign-in a link was made, whether or not it still works; else empty."""
    made = (
        select(Person.organisation_id)
        .join(PendingBinding, PendingBinding.person_id == Person.id)
        .where(PendingBinding.link_hash == digest(secret))
    )
    return (session.scalar(made.limit(1)) or "") if secret else ""


def whose_link(session: Session, secret: str, now: datetime) -> tuple[Person, Place] | None:
    """The person, and their organisation, that a one-use link's secret still stands for; None for any other text."""
    if not secret:
        return None
    row = session.execute(
        select(Person, Place)
        .join(PendingBinding, PendingBinding.person_id == Person.id)
        .join(Place, Place.id == Person.organisation_id)
        .where(
            PendingBinding.link_hash == digest(secret),
            PendingBinding.used_at.is_(None),
            or_(PendingBinding.expires_at.is_(None), PendingBinding.expires_at > now),
        )
    ).one_or_none()
    return (row[0], row[1]) if row else None


def changes_of(issuer: Issuer) -> list[str]:
    """The names of what an issuer has changed and nobody has accepted yet, each with its new value."""
    if issuer.drifted_at is None:
        return []
    if not issuer.candidate:
        return ["what it says cannot be used"]
    pin, candidate = json.loads(issuer.pin), json.loads(issuer.candidate)
    return [f"{name}: {candidate[name]}" for name in pin if pin[name] != candidate[name]]


def domains_of(session: Session, organisation_id: str) -> frozenset[str]:
    """The mail domains that an organisation has proved."""
    return frozenset(
        session.scalars(
            select(OrganisationDomain.domain).where(
                OrganisationDomain.organisation_id == organisation_id, OrganisationDomain.verified.is_(True)
            )
        )
    )


def owner_of_domain(session: Session, domain: str) -> str | None:
    """The id of the organisation that has proved a mail domain."""
    return session.scalar(
        select(OrganisationDomain.organisation_id).where(
            OrganisationDomain.domain == domain, OrganisationDomain.verified.is_(True)
        )
    )


def _all(session: Session, *only: ColumnElement[bool]) -> list[Joining]:
    rows = session.execute(
        select(Place.slug, Place.name, Organisation.description, Organisation.kind)
        .join(Organisation, Organisation.id == Place.id)
        .where(Place.id.in_(select(Issuer.organisation_id).where(Issuer.status == ACTIVE)), *only)
    )
    found = [Joining(slug, name, description or kind.capitalize()) for slug, name, description, kind in rows]
    return sorted(found, key=lambda joining: joining.name.casefold())


def _by_words(session: Session, wanted: str) -> list[Joining]:
    parts = wanted.split()
    domains: dict[str, str] = {}
    for slug, domain in session.execute(
        select(Place.slug, OrganisationDomain.domain).join(
            OrganisationDomain, OrganisationDomain.organisation_id == Place.id
        )
    ):
        domains[slug] = f"{domains.get(slug, '')} {domain}"
    told = ((joining, f"{joining.name} {joining.slug} {domains.get(joining.slug, '')}") for joining in _all(session))
    return [joining for joining, text in told if all(part in text.casefold() for part in parts)]


def _by_domain(session: Session, address: str) -> list[Joining]:
    domain = email_domain(address)
    owner = owner_of_domain(session, domain) if domain else None
    slug = session.scalar(select(Place.slug).where(Place.id == owner)) if owner else None
    return [joining for joining in _all(session) if joining.slug == slug]


def keys_of(session: Session, issuer: Issuer) -> IssuerKeySet | None:
    """An issuer's signing keys as they were fetched last; None where they were not."""
    return session.get(IssuerKeySet, json.loads(issuer.pin)["jwks_uri"]) if issuer.pin else None
