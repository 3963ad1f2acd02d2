"""Lists of organisations and of spaces, and who somebody is."""

from urllib.parse import urlencode

from flask import Blueprint, Response, g, request

from acl.visibility import FALSE
from hub.access.guard import declares, viewer
from hub.access.membership import standings
from hub.access.models import Person, Place
from hub.access.why import why
from hub.features.browse.heads import place_row
from hub.features.browse.queries import spaces_of
from hub.ground.errors import NotFound
from hub.nouns.organisations.pages import OrganisationRow, OrganisationsPage
from hub.nouns.organisations.queries import organisation_of, organisations_for
from hub.nouns.people.pages import PersonPage
from hub.nouns.people.photographs import with_portraits
from hub.nouns.people.profiles import shown
from hub.nouns.people.queries import person_by_handle
from hub.nouns.people.showing import profile_shown
from hub.nouns.spaces.pages import Shelf, SpacesPage
from hub.nouns.spaces.queries import Sought, spaces_for, spaces_per_organisation
from hub.nouns.spaces.questions import questions_about
from hub.nouns.spaces.services import Counted, about_href, services_per_space, with_services
from hub.nouns.talk.followed import follow_person_send, follow_service_send
from hub.web.pages import Choice, Crumb, Send
from hub.web.paging import page_links, page_number
from hub.web.render import render
from hub.web.rows import PlaceRow

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
    """The spaces that the viewer may see: by what they are about, of every organisation or of one, by name."""
    owners = {place.id: place for place, _ in organisations_for(viewer())}
    services = services_per_space(viewer())
    asked, about = request.args.get("organisation", ""), request.args.get("service", "")
    of = next((place.id for place in owners.values() if place.path == asked), "")
    service = next((one for one in services if one.id == about), None)
    find = request.args.get("find", "").strip()[:LONGEST_FIND]
    page = page_number(request.args.get("page"))
    found, total = spaces_for(viewer(), Sought(of, service.id if service else "", find), page, ON_A_PAGE)
    standing = standings(viewer(), found)
    kept = {"service": service.id if service else "", "organisation": asked if of else "", "find": find}

    def href(number: int) -> str:
        return f"/spaces?{urlencode({**{name: text for name, text in kept.items() if text}, 'page': number})}"

    first = page == 1 and not any(kept.values())
    return render(
        SpacesPage(
            title=f"Spaces about {service.name}" if service else "Spaces",
            by_service=_by_service(services) if first else (),
            by_organisation=_by_organisation(list(owners.values())) if first else (),
            services=tuple(Choice(one.id, one.name) for one in services),
            service=kept["service"],
            follow=follow_service_send(viewer(), service.id, f"/follow/service/{service.id}") if service else None,
            questions=_questions(service.id) if service else None,
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


def _follow(someone: Person) -> Send:
    return follow_person_send(viewer(), someone.node, f"/follow/person/{someone.handle}")


def _questions(service: str) -> PlaceRow | None:
    """The space in which councils ask one another about a service, if the viewer may see it."""
    space = questions_about(g.db, service)
    if space is None or not viewer().sees(space):
        return None
    return place_row(space, standing=standings(viewer(), [space])[space.id])


def _by_service(services: list[Counted]) -> tuple[Shelf, ...]:
    return tuple(Shelf(one.name, about_href(one.id), one.spaces) for one in services)


def _by_organisation(owners: list[Place]) -> tuple[Shelf, ...]:
    spaces = spaces_per_organisation(viewer())
    some = (place for place in owners if spaces.get(place.id))
    return tuple(Shelf(p.name, f"/spaces?{urlencode({'organisation': p.path})}", spaces[p.id]) for p in some)


@blueprint.get("/people/<slug:organisation>/<slug:name>")
@declares("person:show")
def person(organisation: str, name: str) -> Response:
    """Who somebody is."""
    someone = viewer().read(person_by_handle(g.db, f"{organisation}/{name}"))
    found = organisation_of(g.db, someone.organisation_id)
    if found is None:
        raise NotFound
    own = found[0]
    told = with_services(g.db, shown(viewer(), [someone]))[someone.id]
    is_viewer = someone.id == viewer().person.id
    return render(
        PersonPage(
            title=someone.name,
            crumbs=(Crumb("People", "/people"),),
            organisation=own.name,
            organisation_href=f"/places/{own.path}" if viewer().sees(own) else "",
            handle=someone.handle if viewer().visible("administer") != FALSE else "",
            photo=with_portraits(viewer(), [someone]).get(someone.id, ""),
            job=told.job,
            email=told.email,
            profile=profile_shown(viewer(), told),
            follow=None if is_viewer else _follow(someone),
            ask_href="" if is_viewer else f"/ask/{someone.handle}",
            feed_href="" if is_viewer else f"/me/feeds/new?person={someone.handle}",
            is_viewer=is_viewer,
            spaces=tuple(place_row(p) for p in spaces_of(viewer(), someone)),
            why=why(viewer(), someone),
        )
    )
