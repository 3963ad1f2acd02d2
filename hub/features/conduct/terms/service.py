"""Publishing terms, and accepting them."""

from typing import Final

from sqlalchemy import update

from hub.access.models import HubState, Person, Place
from hub.features.conduct.models import TermsAccepted, TermsVersion
from hub.features.conduct.terms.queries import last_number
from hub.ground.errors import Conflict, Invalid
from hub.ground.unit_of_work import UnitOfWork
from hub.web.markdown.weight import check_weight

LONGEST: Final = 100_000
LONGEST_NOTE: Final = 300


def publish_terms(uow: UnitOfWork, organisation: Place, body: str, note: str, *, asks: bool) -> TermsVersion:
    """Let a text be the terms of an organisation from now on; raises Invalid for one that cannot be.

    `asks`: whoever accepted an earlier one is asked again. The first one asks everybody.
    """
    number = last_number(uow.session, organisation.id) + 1
    check_terms(body, note, first=number == 1)
    found = TermsVersion(
        organisation_id=organisation.id,
        number=number,
        body=body.replace("\x00", ""),
        note=note.strip(),
        asks=asks or number == 1,
        published_at=uow.now,
        published_by=uow.actor,
    )
    uow.session.add(found)
    if found.asks:
        uow.session.execute(update(HubState).values(terms_asked=HubState.terms_asked + 1))
    uow.session.flush()
    uow.record("terms:publish", organisation.id, organisation.id, f"{number}{' asks' if found.asks else ''}")
    return found


def check_terms(body: str, note: str, *, first: bool) -> None:
    """Raise Invalid for what cannot be published."""
    if not body.strip():
        raise Invalid("Write the terms", "body")
    if len(body) > LONGEST:
        raise Invalid(f"The terms must be {LONGEST:,} characters or fewer", "body")
    check_weight(body)
    if not first and not note.strip():
        raise Invalid("Say in a sentence what changed", "note")
    if len(note.strip()) > LONGEST_NOTE:
        raise Invalid(f"What changed must be {LONGEST_NOTE} characters or fewer", "note")


def accept_terms(uow: UnitOfWork, person: Person, organisation_id: str, number: int) -> None:
    """Note that somebody accepts the terms that hold; raises Conflict where these are others than they read.

    Twice is once.
    """
    if number != last_number(uow.session, organisation_id) or not number:
        raise Conflict("These terms were changed while you read them.")
    key = (person.id, organisation_id, number)
    if uow.session.get(TermsAccepted, key) is None:
        uow.session.add(TermsAccepted(person_id=person.id, organisation_id=organisation_id, number=number, at=uow.now))
        uow.session.flush()
        uow.record("terms:accept", organisation_id, organisation_id, str(number))
