"""Photographs of people, each judged as the page of whom it shows, and shown to whom they chose."""

import base64
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from hub.access.models import Person
from hub.access.viewer import Viewer
from hub.ground.errors import Invalid
from hub.ground.unit_of_work import UnitOfWork
from hub.nouns.people.models import Photograph
from hub.nouns.people.profiles import SHOWN, is_shown


@dataclass(frozen=True, slots=True)
class Portrait:
    """A photograph that the viewer is shown."""

    jpeg: bytes
    shown_to: str
    kept_at: datetime


def keep_photograph(uow: UnitOfWork, person: Person, jpeg: bytes, shown_to: str) -> None:
    """Keep somebody's own photograph in place of the one before; nothing of that is left."""
    if shown_to not in SHOWN:
        raise Invalid("Choose who sees it", "shown_to")
    remove_photograph(uow, person)
    picture = base64.b64encode(jpeg).decode("ascii")
    uow.session.add(Photograph(person_id=person.id, picture=picture, shown_to=shown_to, kept_at=uow.now))
    uow.record("photograph:keep", person.subject_id, person.organisation_id)


def show_photograph_to(uow: UnitOfWork, person: Person, shown_to: str) -> None:
    """Show the photograph that there is to others than before."""
    found = uow.session.get(Photograph, person.id)
    if shown_to not in SHOWN or found is None:
        raise Invalid("Choose a photograph, and who sees it", "photo")
    found.shown_to = shown_to
    uow.record("photograph:show", person.subject_id, person.organisation_id, shown_to)


def remove_photograph(uow: UnitOfWork, person: Person) -> None:
    """Take it away for good."""
    gone = delete(Photograph).where(Photograph.person_id == person.id).returning(Photograph.person_id)
    if uow.session.execute(gone).all():
        uow.record("photograph:remove", person.subject_id, person.organisation_id)


def portrait_of(viewer: Viewer, person: Person) -> Portrait | None:
    """The photograph of somebody whose page the viewer sees; None where there is none for them."""
    found = viewer.session.get(Photograph, person.id)
    if found is None or not is_shown(viewer, person, found.shown_to):
        return None
    return Portrait(base64.b64decode(found.picture), found.shown_to, found.kept_at)


def with_portraits(viewer: Viewer, people: Collection[Person]) -> dict[str, str]:
    """Where the photographs are of those, whose pages the viewer sees, that the viewer is shown: id -> address."""
    known = {person.id: person for person in people}
    rows = viewer.session.execute(
        select(Photograph.person_id, Photograph.shown_to).where(Photograph.person_id.in_(list(known)))
    )
    return {own: f"/people/{known[own].handle}/photo" for own, word in rows if is_shown(viewer, known[own], word)}
