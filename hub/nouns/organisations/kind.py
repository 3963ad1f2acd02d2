"""What an organisation is to the hub: it is judged by its home page."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.access.columns import HOMES, PLACES_KEPT
from hub.access.models import Place
from hub.nouns.organisations.models import Organisation
from hub.things.kind import Kind
from hub.things.thing import Face


def _face(place: Place) -> Face:
    return Face(title=place.name, href=f"/places/{place.path}", lies_at="", changed=place.created_at)


def _words(session: Session, places: Mapping[str, Place]) -> dict[str, str]:
    """What it says of itself, what its page says, and what it is called in addresses and registers. One query."""
    wanted = select(Organisation).where(Organisation.id.in_(places.keys()))
    told = {row.id: row for row in session.scalars(wanted)}
    words = {
        own: (told[own].description, place.description, place.slug, told[own].code) for own, place in places.items()
    }
    return {own: "\n".join(filter(None, some)) for own, some in words.items()}


ORGANISATION = Kind(
    prefix="organisation",
    word="organisation",
    many="organisations",
    model=Place,
    only=Place.kind == "organisation",
    columns=HOMES,
    face=_face,
    bodies=_words,
    kept=PLACES_KEPT,
)
