"""The pages of a space that stand beside one another, each for whom it is there; of a folder, those that it has."""

from typing import Final

from hub.access.known_place import KnownPlace
from hub.access.membership import given_to
from hub.access.models import Place
from hub.access.viewer import Viewer
from hub.web.pages import Tab

OVERVIEW: Final = "Overview"
TALK: Final = "Talk"
FILES: Final = "Files"
PEOPLE: Final = "People"
SETTINGS: Final = "Settings"


def tabs_of(viewer: Viewer, place: Place, current: str) -> tuple[Tab, ...]:
    """Those of a space or a folder that the viewer may open, if they are more than one. No query."""
    space, manages = place.kind == "space", viewer.sees(place, "manage")
    every = (
        (OVERVIEW, f"/places/{place.path}", space),
        (TALK, f"/talk/{place.id}", space),
        (FILES, files_href(place), True),
        (PEOPLE, f"/{'members' if manages else 'who-is-in'}/{place.id}", manages or knows_people(viewer, place)),
        (SETTINGS, f"/settings/{place.id}", manages),
    )
    found = tuple(Tab(text, href, text == current) for text, href, there in every if there)
    return found if len(found) > 1 else ()


def files_href(place: Place | KnownPlace) -> str:
    """Where a place's files are listed: a folder is its files."""
    return f"/files/{place.id}" if place.kind == "space" else f"/places/{place.path}"


def knows_people(viewer: Viewer, place: Place) -> bool:
    """Whether the viewer may know who is in a space: they are so themselves, or manage it."""
    return place.kind == "space" and (place.id in given_to(viewer) or viewer.sees(place, "manage"))
