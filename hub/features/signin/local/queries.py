"""Reads of guests who sign in at the hub itself."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from federation.claims import email_domain
from hub.access.models import Grant, Person, Place
from hub.features.signin.local.models import LocalAccount, LocalInvitation, Passkey
from hub.features.signin.models import ACTIVE, Issuer
from hub.nouns.organisations.models import OrganisationDomain


@dataclass(frozen=True)
class Invited:
    """An open invitation: whom it means, the firm that they work for, and who invites."""

    invitation: LocalInvitation
    person: Person
    firm: Place
    by: str
    """The name of the organisation whose word it is; empty where that is the hub's own."""


def account_of(session: Session, person_id: str) -> LocalAccount | None:
    """How a person signs in at the hub itself; None where they do not."""
    return session.get(LocalAccount, person_id)


def account_at(session: Session, address: str) -> LocalAccount | None:
    """Whoever signs in by an address."""
    return session.scalar(select(LocalAccount).where(LocalAccount.address == address))


def organisation_of_address(session: Session, address: str) -> Place | None:
    """The organisation that has proved an address's domain, and whose people sign in through its own issuer.

    Anybody may be told: the page of organisations finds it by the domain as well.
    """
    domain = email_domain(address)
    if not domain:
        return None
    owner = select(OrganisationDomain.organisation_id).where(
        OrganisationDomain.domain == domain, OrganisationDomain.verified.is_(True)
    )
    has_issuer = select(Issuer.organisation_id).where(Issuer.status == ACTIVE)
    return session.scalar(select(Place).where(Place.id.in_(owner), Place.id.in_(has_issuer)))


def is_welcome(session: Session, person: Person) -> bool:
    """Whether a guest may sign in: they are active, and their firm is not blocked."""
    firm = session.get(Place, person.organisation_id)
    return person.kind == "guest" and person.status == "active" and firm is not None and firm.blocked_at is None


def open_invitation(session: Session, invitation_id: str, now: datetime, *, lock: bool = False) -> Invited | None:
    """An invitation that still stands, by its id; None for any other."""
    wanted = _open(now).where(LocalInvitation.id == invitation_id)
    row = session.execute(wanted.with_for_update(of=LocalInvitation) if lock else wanted).one_or_none()
    if row is None:
        return None
    by = session.get(Place, row[0].made_by)
    return Invited(row[0], row[1], row[2], by.name if by is not None and by.kind == "organisation" else "")


def invitation_by(session: Session, now: datetime, *, link_hash: str = "", carry_hash: str = "") -> str:
    """The id of the open invitation of a link, or of a code that carries one over; empty for none."""
    wanted = _open(now).with_only_columns(LocalInvitation.id)
    if link_hash:
        return session.scalar(wanted.where(LocalInvitation.link_hash == link_hash)) or ""
    if carry_hash:
        mine = (LocalInvitation.carry_hash == carry_hash, LocalInvitation.carry_until > now)
        return session.scalar(wanted.where(*mine)) or ""
    return ""


def passkeys_of(session: Session, person_id: str) -> list[Passkey]:
    """A person's passkeys, in the order in which they came."""
    own = select(Passkey).where(Passkey.person_id == person_id).order_by(Passkey.created_at, Passkey.id)
    return list(session.scalars(own))


def only_place(session: Session, person: Person, today: object) -> str:
    """Where a guest begins who was admitted to one place: its path; empty where there is none, or several."""
    lasting = (Grant.principal == person.subject_id, Grant.ended_at.is_(None), Grant.until >= today)
    paths = session.scalars(select(Place.path).join(Grant, Grant.node == Place.id).where(*lasting).distinct().limit(2))
    found = list(paths)
    every = session.scalar(select(func.count()).select_from(Grant).where(*lasting)) or 0
    return found[0] if len(found) == 1 and every == 1 else ""


def _open(now: datetime) -> Select[LocalInvitation, Person, Place]:
    return (
        select(LocalInvitation, Person, Place)
        .join(Person, Person.id == LocalInvitation.person_id)
        .join(Place, Place.id == Person.organisation_id)
        .where(
            LocalInvitation.used_at.is_(None),
            LocalInvitation.expires_at > now,
            Person.status == "active",
            Place.blocked_at.is_(None),
        )
    )
