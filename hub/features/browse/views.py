"""Pages of organisations, places and people."""

from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from acl.visibility import FALSE
from hub.access.guard import declares, viewer
from hub.access.membership import MEMBER, OUTSIDER, sees_inside, standings
from hub.access.models import Place
from hub.access.places import place_once_at
from hub.access.why import why
from hub.feature import JOINING, AsksToJoin
from hub.features.browse.queries import lying_at, managers_of, spaces_of
from hub.ground.clock import day_of
from hub.ground.errors import NotFound
from hub.keeping.trail import opened
from hub.nouns.documents.words import type_in_words
from hub.nouns.organisations.pages import OrganisationRow, OrganisationsPage
from hub.nouns.organisations.queries import organisation_of, organisations_for
from hub.nouns.people.admissions import admitted
from hub.nouns.people.pages import PersonPage
from hub.nouns.people.queries import named, person_by_handle
from hub.nouns.spaces.pages import PlacePage, SpacesPage
from hub.nouns.spaces.queries import children_of, line_of, place_by_path, spaces_for, spaces_per_organisation
from hub.nouns.spaces.surroundings import crumbs_of, whose
from hub.things.thing import Lying
from hub.web.pages import Action, Choice, DocumentRow, Joining, PlaceRow, Who
from hub.web.paging import page_links, page_number
from hub.web.render import render

blueprint = Blueprint("browse", __name__)

ON_A_PAGE = 50
LONGEST_FIND = 100


@blueprint.get("/organisations")
@declares("organisation:list")
def organisations() -> Response:
    """The organisations that the viewer may see."""
    spaces = spaces_per_organisation(viewer())
    rows = tuple(
        OrganisationRow(
            name=place.name,
            href=f"/places/{place.path}",
            kind=organisation.description or organisation.kind.capitalize(),
            spaces=spaces.get(place.id, 0),
        )
        for place, organisation in organisations_for(viewer())
    )
    person = viewer().person
    own = organisation_of(g.db, person.organisation_id) if person.kind == "staff" else None
    return render(OrganisationsPage(organisations=rows, own=own[0].name if own else ""))


@blueprint.get("/spaces")
@declares("organisation:list")
def spaces() -> Response:
    """The spaces that the viewer may see, of every organisation or of one."""
    owners = {place.id: place for place, _ in organisations_for(viewer())}
    asked = request.args.get("organisation", "")
    of = next((place.id for place in owners.values() if place.path == asked), "")
    find = request.args.get("find", "").strip()[:LONGEST_FIND]
    page = page_number(request.args.get("page"))
    found, total = spaces_for(viewer(), of, find, page, ON_A_PAGE)
    standing = standings(viewer(), found)
    kept = {"organisation": asked if of else "", "find": find}

    def href(number: int) -> str:
        return f"/spaces?{urlencode({**{name: text for name, text in kept.items() if text}, 'page': number})}"

    return render(
        SpacesPage(
            spaces=tuple(
                place_row(p, owners[p.organisation_id].name if p.organisation_id in owners else "", standing[p.id])
                for p in found
            ),
            organisations=tuple(Choice(place.path, place.name) for place in owners.values()),
            organisation=kept["organisation"],
            find=find,
            links=page_links(page, ON_A_PAGE, total, href),
        )
    )


@blueprint.get("/places/<place_path:path>")
@declares("place:show")
def place(path: str) -> BaseResponse:
    """An organisation, a space or a folder; an old address of one leads whoever may see it to where it is now."""
    found = place_by_path(g.db, path)
    if found is None or not viewer().sees(found):
        once = viewer().read(place_once_at(g.db, path))
        query = f"?{request.query_string.decode('ascii', 'ignore')}" if request.query_string else ""
        return redirect(f"/places/{once.path}{query}")
    there = viewer().read(found)
    page = page_number(request.args.get("page"))
    listed = lying_at(viewer(), there, page, ON_A_PAGE)
    owners = named(viewer(), {thing.owner for thing in listed.things})
    line = line_of(viewer(), there.id)
    children = children_of(viewer(), there)
    inside = bool(children or listed.things) or sees_inside(viewer(), there)
    standing = standings(viewer(), (there, *children))
    is_member = standing.get(there.id) == MEMBER
    return render(
        PlacePage(
            title=there.name,
            crumbs=crumbs_of(line.seen[:-1]),
            kind=there.kind,
            whose=whose(line),
            description=there.description,
            marking=there.marking if there.kind != "organisation" else "",
            state=there.state,
            audience=there.audience,
            standing=standing.get(there.id, ""),
            children=tuple(place_row(p, standing=standing.get(p.id, "")) for p in children),
            documents=tuple(_row(thing, owners) for thing in listed.things),
            links=page_links(page, ON_A_PAGE, listed.total, lambda n: f"/places/{path}?page={n}"),
            actions=_actions(there),
            star=opened(f"{there.kind}:{there.id}"),
            here=there.id,
            search_href=_search_href(there),
            managers=managers_of(viewer(), there, member=is_member) if there.kind == "space" else (),
            inside=inside,
            who_href=_who_href(there, member=is_member),
            joining=_joining(there) if standing.get(there.id) == OUTSIDER else None,
            admitted=admitted(viewer(), there),
            why=why(viewer(), there, page=f"/places/{path}", edited=there.kind != "organisation"),
        )
    )


@blueprint.get("/people/<slug:organisation>/<slug:name>")
@declares("person:show")
def person(organisation: str, name: str) -> Response:
    """Who somebody is."""
    someone = viewer().read(person_by_handle(g.db, f"{organisation}/{name}"))
    found = organisation_of(g.db, someone.organisation_id)
    if found is None:
        raise NotFound
    own = found[0]
    return render(
        PersonPage(
            title=someone.name,
            organisation=own.name,
            organisation_href=f"/places/{own.path}" if viewer().sees(own) else "",
            handle=someone.handle if viewer().visible("administer") != FALSE else "",
            job=someone.job_title,
            email=someone.email,
            is_viewer=someone.id == viewer().person.id,
            spaces=tuple(place_row(p) for p in spaces_of(viewer(), someone)),
            why=why(viewer(), someone),
        )
    )


def place_row(place: Place, organisation: str = "", standing: str = "") -> PlaceRow:
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


def _row(thing: Lying, owners: dict[str, Who]) -> DocumentRow:
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
    )


def _who_href(place: Place, *, member: bool) -> str:
    """Where its members, and those who manage a space, see who is in it."""
    known = place.kind == "space" and (member or viewer().sees(place, "manage"))
    return f"/who-is-in/{place.id}" if known else ""


def _joining(space: Place) -> Joining:
    """How to join a space, which another feature knows."""
    asks: AsksToJoin = current_app.extensions[JOINING]
    return asks(viewer(), space)


def _actions(place: Place) -> tuple[Action, ...]:
    found = []
    if place.kind != "organisation" and viewer().sees(place, "edit"):
        here = url_for("documents.upload", place_id=place.id)
        found += [Action("Upload a file", here, primary=True), Action("Write a document", f"{here}?as=text")]
    if place.kind == "organisation" and viewer().sees(place, "administer"):
        found.append(Action("Look after it", f"/admin/{place.path}"))
    return (*found, *_managing(place)) if viewer().sees(place, "manage") else tuple(found)


def _managing(place: Place) -> tuple[Action, ...]:
    """What those who manage a place may do with it."""
    space = Action("New space", f"/make/{place.id}", primary=place.kind == "organisation")
    requests = Action("Requests", "/requests")
    if place.kind == "organisation":
        seen = Action("Who can see this?", f"/audience/place/{place.id}")
        return (space, seen, requests) if viewer().person.kind == "staff" else (seen, requests)
    return (
        Action("New folder", f"/make/{place.id}?kind=folder"),
        Action("Members", f"/members/{place.id}"),
        Action("Settings", f"/settings/{place.id}"),
        Action("Who can see this?", f"/audience/place/{place.id}"),
        requests,
    )


def _search_href(place: Place) -> str:
    if place.kind == "folder":
        return ""
    return f"/search?{urlencode({'organisation' if place.kind == 'organisation' else 'space': place.path})}"
