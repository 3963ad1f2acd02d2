"""What spaces and folders are to the hub: a space is judged by its home page, a folder by itself.

Folders are found by what lies in them.
"""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from hub.access.columns import FOLDERS, HOMES, PLACES_KEPT
from hub.access.models import Place
from hub.things.kind import Kind
from hub.things.thing import Face


def _face(place: Place) -> Face:
    return Face(title=place.name, href=f"/places/{place.path}", lies_at=place.parent_id or "", changed=place.created_at)


def _descriptions(_session: Session, spaces: Mapping[str, Place]) -> dict[str, str]:
    return {own: space.description for own, space in spaces.items()}


SPACE = Kind(
    prefix="space",
    word="space",
    many="spaces",
    model=Place,
    only=Place.kind == "space",
    columns=HOMES,
    face=_face,
    bodies=_descriptions,
    kept=PLACES_KEPT,
)
FOLDER = Kind(
    prefix="folder",
    word="folder",
    many="folders",
    model=Place,
    only=Place.kind == "folder",
    columns=FOLDERS,
    face=_face,
    kept=PLACES_KEPT,
)
