"""Use cases of guests: admitting somebody of a firm to a space, ending what was given."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hub.access.models import Grant, Person, Place
from hub.access.parts import Parts
from hub.access.places import LONGEST_SLUG
from hub.features.administration.queries import has_identity, issuer_status
from hub.features.administration.service import check_address, has_letters, short_name
from hub.features.sharing.service import share
from hub.features.signin.local.service import invite_guest, mail_invitation
from hub.features.signin.service import mail_link, make_link
from hub.ground.errors import Invalid
from hub.ground.ids import with_tail
from hub.ground.unit_of_work import UnitOfWork
from hub.nouns.people.service import NewGrant, NewPerson, add_person, end_grant


@dataclass(frozen=True)
class Admitted:
    """A guest, their one-use link, and the address that it is mailed to.

    No link is made for one who has signed in before. Whether others gave a guest anything changes nothing: that waits
    once they have come by this link (`hub/features/signin/identities.py`).
    """

    person: Person
    grant: Grant
    link: str
    mailed: str


def known_guest(session: Session, organisation_id: str, firm: Place, email: str) -> Person | None:
    """The guest of a firm who has this address, of those whom the organisation itself has admitted before.

    Whom others have admitted is not told by an address: they come in anew, and are found to be the same by their
    identity when they open their link (`hub/features/signin/identities.py`). Raises Invalid for one who is kept out.
    """
    if not email:
        return None
    ours = select(Grant.principal).where(Grant.organisation_id == organisation_id, Grant.principal.startswith("guest:"))
    found = session.scalar(
        select(Person)
        .where(Person.organisation_id == firm.id, Person.kind == "guest", func.lower(Person.email) == email.lower())
        .where(("guest:" + Person.handle).in_(ours))
        .order_by(Person.created_at)
        .limit(1)
    )
    if found is not None and found.status != "active":
        raise Invalid(f"{firm.name} keeps this person out at the moment: ask its administrators.", "email")
    return found


def check_guest(name: str, email: str) -> None:
    """Raise Invalid for a name or an address that cannot be one."""
    check_address(email)
    if not has_letters(name) or len(name) > 200:  # noqa: PLR2004  # as the column
        raise Invalid("Enter their name, of up to 200 characters.", "name")


def admit(uow: UnitOfWork, parts: Parts, firm: Place, new: NewPerson, given: NewGrant, *, by: str) -> Admitted:
    """Admit somebody of a firm: the organisation's own guest of that address if there is one, else a new one.

    `by` is whose word a link would be: the organisation's or the platform's. The principal of `given` is theirs,
    whatever it says. What they had on the same place before is replaced.
    """
    person = known_guest(uow.session, given.organisation_id, firm, new.email)
    if person is None:
        handle = _free_handle(uow, firm, new.name)
        person = add_person(uow, firm, NewPerson(handle, new.name, new.email, kind="guest"))
    old = uow.session.scalars(
        select(Grant).where(Grant.principal == person.subject_id, Grant.node == given.node, Grant.ended_at.is_(None))
    ).all()
    grant = share(uow, old, NewGrant(**{**given.__dict__, "principal": person.subject_id}))
    if has_identity(uow.session, person.id):
        return Admitted(person, grant, "", "")
    link, mailed = let_in_by_link(uow, parts, firm, person, given.organisation_id, by=by)
    return Admitted(person, grant, link, mailed)


def let_in_by_link(
    uow: UnitOfWork, parts: Parts, firm: Place, person: Person, organisation_id: str, *, by: str
) -> tuple[str, str]:
    """A one-use link for a guest, and the address that it is mailed to: for their firm's issuer, or for the hub."""
    if issuer_status(uow.session, firm):
        link = make_link(uow, parts, person, by=by)
        return link, mail_link(uow, parts, person, link)
    link = invite_guest(uow, parts, person, by=by)
    return link, mail_invitation(uow, parts, person, link, uow.session.get_one(Place, organisation_id).name)


def end_all(uow: UnitOfWork, grants: Iterable[Grant]) -> int:
    """End what guests were given; returns how much that was. It binds their next request."""
    ended = 0
    for grant in grants:
        if grant.ended_at is None:
            end_grant(uow, grant)
            ended += 1
    return ended


def _free_handle(uow: UnitOfWork, firm: Place, name: str) -> str:
    """A handle that nobody ever had, with a tail of its own: it does not tell which ones are taken at a firm."""
    while True:
        handle = f"{firm.path}/{with_tail(short_name(name, 'guest'), LONGEST_SLUG)}"
        if uow.session.scalar(select(Person.id).where(Person.handle == handle)) is None:
            return handle
