"""What spaces and folders are to the hub: a space is judged by its home page, a folder by itself."""

from hub.access.columns import FOLDERS, HOMES
from hub.access.models import Place
from hub.nouns.spaces.index_entries import space_entries
from hub.things.kind import Face, Kind


def _face(place: Place) -> Face:
    return Face(title=place.name, href=f"/places/{place.path}", lies_at=place.parent_id or "", changed=place.created_at)


SPACE = Kind(
    prefix="space",
    word="space",
    many="spaces",
    model=Place,
    only=Place.kind == "space",
    columns=HOMES,
    face=_face,
    entries=space_entries,
)
FOLDER = Kind(
    prefix="folder",
    word="folder",
    many="folders",
    model=Place,
    only=Place.kind == "folder",
    columns=FOLDERS,
    face=_face,
)
