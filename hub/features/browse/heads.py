"""What the pages of a place have in common: how they begin, and their rows."""

from collections.abc import Mapping
from urllib.parse import urlencode

from flask import url_for

from hub.access.guard import viewer
from hub.access.known_place import KnownPlace
from hub.access.models import Place
from hub.ground.clock import day_of
from hub.keeping.trail import opened
from hub.nouns.documents.words import type_in_words
from hub.nouns.spaces.pages import PlaceHead
from hub.nouns.spaces.queries import Line
from hub.nouns.spaces.surroundings import whose
from hub.nouns.spaces.tabs import tabs_of
from hub.things.thing import Lying
from hub.web.pages import Action, Who
from hub.web.rows import DocumentRow, PlaceRow


def head_of(place: Place, line: Line, standing: str, tab: str) -> PlaceHead:
    """How a page of a place begins; without a `tab` it has none. One query, which notes that it was opened."""
    organisation = place.kind == "organisation"
    return PlaceHead(
        kind=place.kind,
        whose=whose(line),
        marking="" if organisation else place.marking,
        state=place.state,
        audience=place.audience,
        standing=standing,
        actions=_of_organisation(place) if organisation else _adding(place),
        star=opened(f"{place.kind}:{place.id}"),
        search_href=_search_href(place),
        tabs=tabs_of(viewer(), place, tab) if tab else (),
    )


def place_row(place: Place | KnownPlace, organisation: str = "", standing: str = "") -> PlaceRow:
    """A place in a list."""
    return PlaceRow(
        name=place.name,
        href=f"/places/{place.path}",
        kind=place.kind,
        description=place.description,
        marking=place.marking if place.kind != "organisation" else "",
        audience=place.audience,
        organisation=organisation,
        standing=standing,
    )


def thing_row(thing: Lying, owners: Mapping[str, Who], place: Place | None = None) -> DocumentRow:
    """A thing that lies in a place, in a list; `place` where the list mixes places, and the viewer sees it."""
    face, owner = viewer().kinds.face(thing), owners.get(thing.owner)
    kind = viewer().kinds.of(thing)
    return DocumentRow(
        title=face.title,
        href=face.href,
        kind=type_in_words(face.type) if face.type or kind is None else kind.word.capitalize(),
        marking=thing.marking,
        state=thing.state,
        changed=day_of(face.changed),
        owner=str(owner) if owner else "",
        place=place.name if place else "",
        place_href=f"/places/{place.path}" if place else "",
    )


def _adding(place: Place) -> tuple[Action, ...]:
    """What may be put into a space or a folder."""
    found = []
    if viewer().sees(place, "edit"):
        here = url_for("documents.upload", place_id=place.id)
        found += [Action("Upload files", here, primary=True), Action("Write a document", f"{here}?as=text")]
    if viewer().sees(place, "manage"):
        return (*found, Action("New folder", f"/make/{place.id}?kind=folder"))
    return (*found, Action("New space", f"/make/{place.id}")) if makes_spaces(place) else tuple(found)


def _of_organisation(place: Place) -> tuple[Action, ...]:
    """What those who look after an organisation, and those who manage its things, may do with it."""
    found = [Action("Look after it", f"/admin/{place.path}")] if viewer().sees(place, "administer") else []
    if viewer().person.organisation_id == place.id and viewer().sees(place, "keep-records"):
        found.append(Action("Records", f"/admin/{place.path}/records"))
    if makes_spaces(place):
        found.append(Action("New space", f"/make/{place.id}", primary=True))
    if viewer().sees(place, "manage"):
        found += [Action("Who can see this?", f"/audience/place/{place.id}"), Action("Requests", "/requests")]
    return tuple(found)


def makes_spaces(place: Place) -> bool:
    """Whether the viewer may make a space here: staff who manage it, and whom policy lets besides."""
    return viewer().person.kind == "staff" and viewer().sees(place, "make-spaces")


def _search_href(place: Place) -> str:
    if place.kind == "folder":
        return ""
    return f"/search?{urlencode({'organisation' if place.kind == 'organisation' else 'space': place.path})}"
