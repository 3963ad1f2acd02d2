"""Use cases of administrators: inviting one, adding a person, ending access."""

import re
from collections.abc import Container
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, true

from acl.directory import ROOT
from hub.access.models import Group, GroupMember, Person, Place
from hub.access.parts import Parts
from hub.access.places import LONGEST_SLUG
from hub.access.sessions import end_sessions_of
from hub.features.administration.platform.service import refuse_last
from hub.features.administration.queries import ADMINISTRATORS, handles_like, has_identity
from hub.features.policies.service import adopt_platform_default
from hub.features.signin.queries import issuer_of_organisation
from hub.features.signin.service import INVITATION_LASTS, LINK_LASTS, mail_link, make_link
from hub.ground.errors import Conflict, Invalid
from hub.ground.ids import plain_letters
from hub.ground.unit_of_work import UnitOfWork
from hub.nouns.people.service import NewPerson, add_group, add_member, add_person, set_status

LONGEST_ADDRESS = 254
LONGEST_TEXT = 200


@dataclass(frozen=True)
class Invitation:
    """Whom to invite: `role` is platform or organisation; `handle` names somebody who was added before."""

    role: str
    name: str = ""
    email: str = ""
    handle: str = ""
    mail: bool = True
    """Whether the link is mailed too, where the person has an address."""


@dataclass(frozen=True)
class Invited:
    """Who was invited to which group (`who` words), and their link; empty for somebody who signs in already."""

    person: str
    group: str
    link: str
    mailed: str = ""
    """Address that the link is mailed to, or empty."""


def invite_administrator(
    uow: UnitOfWork,
    parts: Parts,
    organisation: Place,
    wanted: Invitation,
    lasts: timedelta = INVITATION_LASTS,
    *,
    by_hand: bool = False,
) -> Invited:
    """Make somebody of an organisation an administrator of it, or of the platform. Raises Invalid or Conflict.

    This is the platform's own word: its link alone lets them in, and it is mailed only to the address of `wanted`.
    `by_hand` is as of `make_link`: the first of all has nobody yet who could say who came.
    """
    if issuer_of_organisation(uow.session, organisation.path) is None:
        raise Invalid(
            f"{organisation.name} has no issuer, so nobody can sign in from there: "
            f"give it one with “hub organisation issuer {organisation.path}”.",
            "issuer",
        )
    person = _invited(uow, organisation, wanted)
    group = administrators_of(uow, organisation if wanted.role == "organisation" else uow.session.get_one(Place, ROOT))
    if group.organisation_id == ROOT:
        adopt_platform_default(uow)  # its line for this group is what makes them administrators
    add_member(uow, group, person)
    if wanted.role != "organisation":
        _look_after_own(uow, organisation, person)
    link = mailed = ""
    if not has_identity(uow.session, person.id):
        landing = f"/admin/{organisation.path}"
        link = make_link(uow, parts, person, by=ROOT, lasts=lasts, landing=landing, by_hand=by_hand)
        mailed = mail_link(uow, parts, person, link, lasts=lasts) if is_told(wanted) else ""
    uow.record("admin:invite", person.subject_id, organisation.id, group.handle)
    return Invited(person.subject_id, f"group:{group.handle}", link, mailed)


def is_told(wanted: Invitation) -> bool:
    """Whether an invitation is mailed: never to an address that others have put there."""
    return wanted.mail and bool(wanted.email)


def _look_after_own(uow: UnitOfWork, organisation: Place, person: Person) -> None:
    """Let whoever runs the hub open spaces at home too, where nobody looks after their organisation yet."""
    own = administrators_of(uow, organisation)
    if uow.session.scalar(select(GroupMember.person_id).where(GroupMember.group_id == own.id).limit(1)) is None:
        add_member(uow, own, person)


def administrators_of(uow: UnitOfWork, place: Place) -> Group:
    """The group that the policy of an organisation, or of the platform, lets administer it; made where missing."""
    handle = f"{place.path or ROOT}/{ADMINISTRATORS}"
    found = uow.session.scalar(select(Group).where(Group.handle == handle))
    return found or add_group(uow, place, handle, "Administrators" if place.path else "Administrators of the hub")


def add_staff(
    uow: UnitOfWork, parts: Parts, organisation: Place, new: NewPerson, *, chosen: bool, by: str
) -> tuple[Person, str]:
    """Add a person; returns them and their one-use link (72 hours), empty where no issuer is there yet.

    `new.handle` is only their own part of it; `by` is whose word the link is, `chosen` whether it was typed or
    made from the name.
    """
    _check_told(new.name, new.email, new.job_title)
    if not new.handle and not has_letters(new.name):
        raise Invalid("Enter a name of letters.", "name")
    own = new.handle or short_name(new.name)
    handle = f"{organisation.path}/{own}" if own else _neutral(uow, organisation, "person")
    try:
        person = add_person(uow, organisation, NewPerson(handle, new.name, new.email, new.job_title))
    except Conflict:
        advice = "choose another one" if chosen else "if this is somebody else, give them another short name"
        raise Invalid(f"{handle} is there already: {advice}.", "handle") from None
    has_issuer = issuer_of_organisation(uow.session, organisation.path) is not None
    return person, make_link(uow, parts, person, by=by, lasts=LINK_LASTS) if has_issuer else ""


def edit_person(uow: UnitOfWork, person: Person, name: str, email: str, job: str) -> None:
    """Change how a person is shown; raises Invalid. Their handle, and so what policies give them, stays."""
    _check_told(name, email, job)
    person.name, person.email, person.job_title = name.strip(), email.strip(), job.strip()
    person.access_epoch += 1  # the order of everybody's names may be another one
    uow.enqueue(f"person:{person.id}")
    uow.record("person:edit", person.subject_id, person.organisation_id)


def _check_told(name: str, email: str, job: str) -> None:
    check_address(email)
    if len(name) > LONGEST_TEXT or len(job) > LONGEST_TEXT:
        raise Invalid(f"Use at most {LONGEST_TEXT} characters.", "name" if len(name) > LONGEST_TEXT else "job")
    if not name.strip():
        raise Invalid("Enter the person's name.", "name")


def _neutral(uow: UnitOfWork, organisation: Place, word: str) -> str:
    """A handle for somebody whose name has no Latin letters: leeds/person, or leeds/person-2 and so on."""
    base = f"{organisation.path}/{word}"
    return free_handle(handles_like(uow.session, base), base)[0]


def end_sessions(uow: UnitOfWork, person: Person) -> int:
    """End every session of a person, wherever; returns how many were open."""
    return end_sessions_of(uow, person, true())


def shut_out(uow: UnitOfWork, person: Person, status: str) -> None:
    """Suspend a person, or note that they left: out from their next request on.

    Sessions of before stay ended when they are brought back. Raises Invalid for the last administrator of the hub.
    """
    refuse_last(uow, person)
    end_sessions(uow, person)
    set_status(uow, person, status)


def check_address(email: str) -> None:
    """Raise Invalid for what cannot be an e-mail address; none at all is well."""
    plain = email.isprintable() and not any(c.isspace() for c in email)
    if email and not (plain and len(email) <= LONGEST_ADDRESS and re.fullmatch(r"[^@<>,;]+@[^@<>,;]+", email)):
        raise Invalid("Enter an e-mail address like sam.okafor@leeds.gov.uk, or none.", "email")


def short_name(name: str, neutral: str = "") -> str:
    """A person's or group's own part of a handle, made from a name: Zoë O'Neill becomes zoe-o-neill.

    A name without Latin letters gives `neutral`: how it would be spelt in them is for its owner to say.
    """
    plain = plain_letters(name)
    return "-".join(re.findall(r"[a-z0-9]+", plain))[:LONGEST_SLUG].strip("-") or neutral


def has_letters(name: str) -> bool:
    """Whether a name holds a letter or a digit, of whatever script."""
    return any(map(str.isalnum, name))


def free_handle(taken: Container[str], base: str, number: int = 1) -> tuple[str, int]:
    """The first of `leeds/person`, `leeds/person-2` … from a number on that nobody has, and its number."""
    while (handle := base if number == 1 else f"{base}-{number}") in taken:
        number += 1
    return handle, number


def _invited(uow: UnitOfWork, organisation: Place, wanted: Invitation) -> Person:
    """The person of an invitation: named, waiting for their first sign-in from before, or new."""
    check_address(wanted.email)
    own = short_name(wanted.name or "administrator")
    handle = wanted.handle or (f"{organisation.path}/{own}" if own else _called(uow, organisation, wanted.name))
    person = uow.session.scalar(select(Person).where(Person.handle == handle))
    if wanted.handle:
        if person is None or person.organisation_id != organisation.id:
            raise Invalid(f"There is no person {handle} at {organisation.name}. Leave --handle out to add them.")
        _check_staff(person)
        if wanted.email and not has_identity(uow.session, person.id):
            person.email = wanted.email
        return person
    if person is None:
        name = wanted.name or f"Administrator of {organisation.name}"
        return add_person(uow, organisation, NewPerson(handle, name, wanted.email))
    _check_staff(person)
    if has_identity(uow.session, person.id):
        raise Conflict(
            f"{handle} signs in already. If you mean them, say --handle {handle}; for somebody else, give --name."
        )
    person.name, person.email = wanted.name or person.name, wanted.email
    return person  # an earlier invitation ran out: this one takes its place


def _called(uow: UnitOfWork, organisation: Place, name: str) -> str:
    """The handle of somebody of that name, which has no Latin letters: of who is there, or a new one."""
    there = select(Person.handle).where(Person.organisation_id == organisation.id, Person.name == name)
    return uow.session.scalar(there.order_by(Person.created_at)) or _neutral(uow, organisation, "administrator")


def _check_staff(person: Person) -> None:
    if person.kind != "staff" or person.status != "active":
        raise Invalid(f"{person.handle} is {person.kind} and {person.status}: only active staff administer.")
