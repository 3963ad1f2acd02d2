"""An end to what a guest signs in by at the hub itself."""

from sqlalchemy import delete, update

from hub.access.models import Person, SignedInSession
from hub.features.signin.local.models import LocalAccount, Passkey
from hub.ground.unit_of_work import UnitOfWork


def end_what_they_sign_in_by(uow: UnitOfWork, person: Person) -> None:
    """End all passkeys and sessions of a guest."""
    uow.session.execute(delete(Passkey).where(Passkey.person_id == person.id))
    open_ones = (SignedInSession.person_id == person.id, SignedInSession.ended_at.is_(None))
    uow.session.execute(update(SignedInSession).where(*open_ones).values(ended_at=uow.now))


def end_account(uow: UnitOfWork, person: Person) -> None:
    """Let a guest sign in at the hub no more: from now on their firm's own issuer says who they are."""
    if uow.session.get(LocalAccount, person.id) is None:
        return
    end_what_they_sign_in_by(uow, person)
    uow.session.execute(delete(LocalAccount).where(LocalAccount.person_id == person.id))
    uow.record("person:unbind", person.subject_id, person.organisation_id)
