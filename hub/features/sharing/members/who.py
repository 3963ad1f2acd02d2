"""Who is in a space, for everybody who is: to be read, and to know whom to ask."""

from flask import Response, g, request

from hub.access.guard import declares, viewer
from hub.features.sharing.blueprint import address, blueprint, surroundings
from hub.features.sharing.members.inside import ON_A_PAGE, Insider, insiders, insiders_by_policy
from hub.features.sharing.pages import InsiderRow, WhoPage
from hub.ground.errors import NotFound
from hub.nouns.people.queries import who
from hub.nouns.spaces.queries import place_by_id
from hub.nouns.spaces.tabs import PEOPLE, knows_people, tabs_of
from hub.web.pages import Who
from hub.web.paging import page_links, page_number
from hub.web.render import render

MAY = {"manage": "Manages it", "edit": "Can edit", "comment": "Can comment", "read": "Can read"}


@blueprint.get("/who-is-in/<id:place_id>")
@declares("place:show")
def who_is_in(place_id: str) -> Response:
    """A page of the members, for members and those who manage the space; to others there is no such page."""
    space = viewer().read(place_by_id(g.db, place_id))
    if space.kind != "space" or not knows_people(viewer(), space):
        raise NotFound
    page = page_number(request.args.get("page"))
    found, total = insiders(viewer(), space.id, page)
    crumbs, whose = surroundings(space)
    return render(
        WhoPage(
            title=f"Who is in “{space.name}”",
            crumbs=crumbs,
            whose=whose,
            tabs=tabs_of(viewer(), space, PEOPLE),
            members_href=f"/members/{space.id}" if viewer().sees(space, "manage") else "",
            place_href=address(space),
            rows=tuple(_row(each) for each in found),
            links=page_links(page, ON_A_PAGE, total, lambda number: f"/who-is-in/{space.id}?page={number}"),
            by_policy=tuple(_row(each) for each in (insiders_by_policy(viewer(), space.id) if page == 1 else ())),
            guest=viewer().person.kind == "guest",
        )
    )


def _row(insider: Insider) -> InsiderRow:
    guest = insider.person is not None and insider.person.kind == "guest"
    return InsiderRow(_named(insider), MAY.get(insider.can, insider.can), insider.until, guest)


def _named(insider: Insider) -> Who:
    organisation = insider.organisation.name
    if insider.person is not None:
        return who(viewer(), insider.person, organisation)
    group, subject = insider.group, viewer().subject
    if group is None:
        return Who(f"Everyone at {organisation}")
    known = group.organisation_id in subject.orgs or f"group:{group.handle}" in subject.holds
    return Who(f"The group {group.name}" if known else "A group", organisation)
