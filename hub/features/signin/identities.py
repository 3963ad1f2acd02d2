"""Who signed in: from a verified token to a person. (issuer, subject) alone decides, never an address or a name."""

from sqlalchemy import func, or_, select, update

from acl.directory import ROOT
from federation.claims import MISSING, Profile, read_profile, same_address
from federation.errors import FederationError, NotYet
from federation.transaction import digest
from federation.validate import IdToken
from hub.access.holds import LINK, beyond_of, hold_person
from hub.access.models import Grant, Person, Place
from hub.access.parts import Parts
from hub.access.subjects import bump_epochs
from hub.features.signin.local.ending import end_account
from hub.features.signin.models import ACTIVE, DISABLED, Arrival, ExternalIdentity, Issuer, PendingBinding
from hub.features.signin.queries import domains_of, owner_of_domain
from hub.ground.ids import new_id
from hub.ground.unit_of_work import UnitOfWork
from hub.mail.service import forget_links
from hub.nouns.people.invitations import claim
from hub.nouns.people.service import set_status


def recognise(uow: UnitOfWork, parts: Parts, issuer: Issuer, token: IdToken, link: str = "") -> Person:
    """The person behind a verified token: known, expected by subject, or holding an open one-use link.

    `link` is the secret of a link that was opened in this browser. Whoever holds rights beyond their organisation by
    their first sign-in, and was let in by the word of others than those who gave them, waits for these. Raises
    FederationError with what is shown to someone who is none of these; nothing is written then.
    """
    profile = read_profile(token.claims, domains_of(uow.session, issuer.organisation_id))
    _check_address(uow, issuer, profile)
    person = _known(uow, issuer, token)
    if person is None:
        pending = _expected(uow, issuer, token) or _linked(uow, issuer, link)
        if pending is None:
            _who_came_back(uow, issuer, profile)
            raise FederationError("person_unknown", "neither known nor expected")
        _check_invited(pending, profile)
        person = _bind(uow, parts, issuer, token.subject, pending)
    elif link:
        _take_over(uow, parts, issuer, person, link, profile)
    if person.organisation_id != issuer.organisation_id:
        raise FederationError("wrong_tenant", "the person belongs to another organisation than the issuer")
    if person.status != "active":
        raise FederationError("person_inactive", person.status)
    if uow.session.get_one(Place, person.organisation_id).blocked_at is not None:
        raise FederationError("person_inactive", "their organisation is blocked")
    _show(uow, person, profile)
    if profile.email_verified and profile.email and profile.email is not MISSING and person.kind == "staff":
        claim(uow, person, profile.email)
    return person


def _check_address(uow: UnitOfWork, issuer: Issuer, profile: Profile) -> None:
    """Stop a sign-in whose issuer asserts an address of another organisation: it is misled, or it misleads."""
    if profile.email_refused != "domain_not_owned":
        return
    owner = owner_of_domain(uow.session, profile.refused_domain)
    if owner is not None and owner != issuer.organisation_id:
        raise FederationError("email_domain_not_owned", profile.refused_domain)


def _known(uow: UnitOfWork, issuer: Issuer, token: IdToken) -> Person | None:
    row = uow.session.execute(
        select(ExternalIdentity, Person)
        .join(Person, Person.id == ExternalIdentity.person_id)
        .where(ExternalIdentity.issuer == token.issuer, ExternalIdentity.subject == token.subject)
    ).one_or_none()
    if row is None:
        return None
    identity, person = row
    if identity.issuer_id != issuer.id:
        raise FederationError("wrong_tenant", "this identity came in through another registration of the issuer")
    identity.last_seen_at = uow.now
    return person


def _expected(uow: UnitOfWork, issuer: Issuer, token: IdToken) -> PendingBinding | None:
    return uow.session.scalar(
        select(PendingBinding)
        .where(
            PendingBinding.issuer_id == issuer.id,
            PendingBinding.subject == token.subject,
            PendingBinding.link_hash == "",
            PendingBinding.used_at.is_(None),
        )
        .with_for_update()
    )


def admit(uow: UnitOfWork, parts: Parts, arrival: Arrival) -> Person:
    """Make whoever came the person whose place it is, because somebody who answers for it said so.

    Raises FederationError where that cannot be any more. It is their word that counts; what others gave that person by
    name waits, as with every link.
    """
    issuer = uow.session.get_one(Issuer, arrival.issuer_id)
    person = uow.session.get_one(Person, arrival.person_id, with_for_update=True)
    if person.status != "active" or issuer.status != ACTIVE:
        raise FederationError("person_inactive", person.status)
    pending = uow.session.get_one(PendingBinding, arrival.pending_id) if arrival.pending_id else None
    known = uow.session.scalar(
        select(Person)
        .join(ExternalIdentity, ExternalIdentity.person_id == Person.id)
        .where(ExternalIdentity.issuer == issuer.issuer, ExternalIdentity.subject == arrival.subject)
    )
    if known is not None and pending is not None and _could_be(uow, known, person):
        _hand_over(uow, parts, pending, person, known)
        return known
    if known is not None:
        raise FederationError("link_expired", "this subject is somebody already")
    if pending is None:
        pending = PendingBinding(
            id=new_id(),
            person_id=person.id,
            issuer_id=issuer.id,
            subject=arrival.subject,
            made_by=arrival.decider,
            created_at=uow.now,
        )
        uow.session.add(pending)
        uow.session.flush()
    _bind(uow, parts, issuer, arrival.subject, pending, how="word")
    person.name, person.email = arrival.name or person.name, arrival.email or person.email
    uow.enqueue(f"person:{person.id}")
    return person


def _check_invited(pending: PendingBinding, profile: Profile) -> None:
    """Stop whoever opened a link that was made for an address which is not proved to be theirs."""
    if not pending.address:
        return  # expected by their subject, or given by hand
    came = profile.email if profile.email_verified and profile.email is not MISSING else ""
    if not same_address(came, pending.address):
        raise NotYet("other_person", person_id=pending.person_id, pending_id=pending.id, decider=pending.made_by)


def _who_came_back(uow: UnitOfWork, issuer: Issuer, profile: Profile) -> None:
    """Let somebody wait who was known by an issuer that this one replaced: their administrators say whether it is they.

    The address, which their own issuer verified, only says whom to ask about; it makes nobody anybody.
    """
    if not profile.email_verified or profile.email is MISSING or not profile.email:
        return
    former = select(Issuer.id).where(Issuer.organisation_id == issuer.organisation_id, Issuer.status == DISABLED)
    here = select(ExternalIdentity.person_id).where(ExternalIdentity.issuer_id == issuer.id)
    found = uow.session.scalars(
        select(Person)
        .join(ExternalIdentity, ExternalIdentity.person_id == Person.id)
        .where(
            Person.organisation_id == issuer.organisation_id,
            Person.status == "active",
            func.lower(Person.email) == profile.email.lower(),
            ExternalIdentity.issuer_id.in_(former),
            Person.id.not_in(here),
        )
        .distinct()
    ).all()
    if len(found) == 1:
        raise NotYet("awaits_confirmation", person_id=found[0].id, pending_id=None, decider=issuer.organisation_id)


def _take_over(uow: UnitOfWork, parts: Parts, issuer: Issuer, person: Person, link: str, profile: Profile) -> None:
    """Give a guest who is known already what their link was made for: another organisation admitted them, unknowing.

    The row that was made for the link never had an identity, and is nobody any more.
    """
    pending = _pending(uow, issuer, link) if person.kind == "guest" and person.status == "active" else None
    other = uow.session.get_one(Person, pending.person_id) if pending else None
    if pending is None or other is None or not _could_be(uow, person, other):
        return
    _check_invited(pending, profile)
    _hand_over(uow, parts, pending, other, person)


def _could_be(uow: UnitOfWork, person: Person, other: Person) -> bool:
    """Whether two guests may be one: both of one firm, active, and the other never signed in."""
    guests = {person.kind, other.kind} == {"guest"} and {person.status, other.status} == {"active"}
    if not guests or other.id == person.id or person.organisation_id != other.organisation_id:
        return False
    wanted = select(ExternalIdentity.id).where(ExternalIdentity.person_id == other.id).limit(1)
    return uow.session.scalar(wanted) is None


def _hand_over(uow: UnitOfWork, parts: Parts, pending: PendingBinding, other: Person, person: Person) -> None:
    """Give a guest what was kept for another row of theirs, which is nobody any more."""
    pending.used_at = uow.now
    forget_links(uow, other.id)
    become_one(uow, parts, pending.made_by, other, person)


def become_one(uow: UnitOfWork, parts: Parts, made_by: str, other: Person, person: Person) -> None:
    """Give a guest what another row of theirs holds, which never had an identity and is nobody any more."""
    wait_for_givers(uow, parts, made_by, other, person)
    mine = (Grant.principal == other.subject_id, Grant.ended_at.is_(None))
    uow.session.execute(update(Grant).where(*mine).values(principal=person.subject_id))
    bump_epochs(uow, person.subject_id)
    set_status(uow, other, "left")
    uow.record("person:same", person.subject_id, person.organisation_id, other.subject_id)


def wait_for_givers(uow: UnitOfWork, parts: Parts, made_by: str, named: Person, person: Person) -> None:
    """Let a person's rights wait if others than those by whose word they come gave them to whom that names."""
    if made_by != ROOT:
        beyond = beyond_of(uow.session, parts.snapshots.latest(uow.session), [named])[named.id]
        if beyond.all - {made_by}:
            hold_person(uow, person, LINK)


def _pending(uow: UnitOfWork, issuer: Issuer, link: str) -> PendingBinding | None:
    """What an open link stands for, locked."""
    return uow.session.scalar(
        select(PendingBinding)
        .where(
            PendingBinding.link_hash == digest(link),
            PendingBinding.issuer_id == issuer.id,
            PendingBinding.used_at.is_(None),
            or_(PendingBinding.expires_at.is_(None), PendingBinding.expires_at > uow.now),
        )
        .with_for_update()
    )


def _linked(uow: UnitOfWork, issuer: Issuer, link: str) -> PendingBinding | None:
    if not link:
        return None
    pending = _pending(uow, issuer, link)
    if pending is None:
        raise FederationError("link_expired")
    return pending


def _bind(
    uow: UnitOfWork, parts: Parts, issuer: Issuer, subject: str, pending: PendingBinding, *, how: str = ""
) -> Person:
    """Make an identity of a pending binding, once. A person has one identity at an issuer."""
    person = uow.session.get_one(Person, pending.person_id)
    other = uow.session.scalar(
        select(ExternalIdentity.id).where(
            ExternalIdentity.person_id == person.id, ExternalIdentity.issuer_id == issuer.id
        )
    )
    if other is not None:
        raise FederationError("link_expired", "the person has an identity at this issuer already")
    how = how or ("link" if pending.link_hash else "subject")
    pending.used_at = uow.now
    forget_links(uow, person.id)
    end_account(uow, person)
    uow.session.add(
        ExternalIdentity(
            id=new_id(),
            person_id=person.id,
            issuer_id=issuer.id,
            issuer=issuer.issuer,
            subject=subject,
            bound_by=how,
            created_at=uow.now,
            last_seen_at=uow.now,
        )
    )
    uow.session.flush()
    uow.record("person:bind", person.subject_id, person.organisation_id, how)
    wait_for_givers(uow, parts, pending.made_by, person, person)
    return person


def _show(uow: UnitOfWork, person: Person, profile: Profile) -> None:
    """Take over how the person is shown. A claim that is missing changes nothing; nobody becomes nameless."""
    name = person.name if profile.name is MISSING or not profile.name else profile.name
    email = person.email if profile.email is MISSING else profile.email
    if (name, email) != (person.name, person.email):
        person.name, person.email = name, email
        uow.enqueue(f"person:{person.id}")
