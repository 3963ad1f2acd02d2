"""The session of a guest who has shown who they are."""

from datetime import timedelta
from typing import Final

from hub.access.login import Begun, begin_session
from hub.access.models import Person
from hub.access.parts import Parts
from hub.features.signin.local.queries import account_of, is_welcome, organisation_of_address
from hub.ground.errors import Conflict
from hub.ground.unit_of_work import UnitOfWork

ASLEEP_AFTER: Final = timedelta(days=60)
"""Who has not signed in for so long is let in again by their sponsor."""


def let_in(uow: UnitOfWork, parts: Parts, person: Person, how: str, begun: Begun) -> str:
    """Start the session of a guest who has just proved who they are; returns its handle.

    Raises Conflict for one who is kept out.
    """
    account = account_of(uow.session, person.id)
    if account is None or not is_welcome(uow.session, person):
        raise Conflict("Your access to the hub has ended. Ask your sponsor if you think that this is wrong.")
    owner = organisation_of_address(uow.session, account.address)
    if owner is not None:
        raise Conflict(f"Your address is one of {owner.name} now: sign in through it, on the page of organisations.")
    if uow.now - account.last_seen_at > ASLEEP_AFTER:
        raise Conflict(
            "You were away for more than 60 days, so your access sleeps. Your sponsor wakes it by one press."
        )
    account.last_seen_at = uow.now
    handle = begin_session(uow, parts, person, begun)
    uow.record("session:start", person.subject_id, person.organisation_id, how)
    return handle
