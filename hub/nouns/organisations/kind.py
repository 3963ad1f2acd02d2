"""What an organisation is to the hub: it is judged by its home page."""

from hub.access.columns import HOMES
from hub.access.models import Place
from hub.nouns.organisations.index_entries import organisation_entries
from hub.things.kind import Face, Kind


def _face(place: Place) -> Face:
    return Face(title=place.name, href=f"/places/{place.path}", lies_at="", changed=place.created_at)


ORGANISATION = Kind(
    prefix="organisation",
    word="organisation",
    many="organisations",
    model=Place,
    only=Place.kind == "organisation",
    columns=HOMES,
    face=_face,
    entries=organisation_entries,
)
