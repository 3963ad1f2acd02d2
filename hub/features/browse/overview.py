"""The overview of a space: what it is for, what its managers show there, who they are, and what is new in it."""

from flask import Response, current_app, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import declares, parts, viewer
from hub.access.membership import MEMBER, OUTSIDER, sees_inside, standings
from hub.access.models import Place
from hub.access.why import why
from hub.feature import JOINING, AsksToJoin
from hub.features.browse.heads import head_of, place_row, thing_row
from hub.features.browse.queries import latest, managers_of, pinned_at
from hub.features.browse.views import blueprint
from hub.features.documents.cover import cover_of
from hub.ground.errors import NotFound
from hub.ground.unit_of_work import unit_of_work
from hub.nouns.people.admissions import admitted
from hub.nouns.people.queries import named
from hub.nouns.spaces.pages import CoverText, OverviewPage, PinnedRow
from hub.nouns.spaces.pins import name_cover, pin, pin_send, unpin
from hub.nouns.spaces.queries import children_of, line_of, place_by_id
from hub.nouns.spaces.services import about_href, services_of
from hub.nouns.spaces.surroundings import crumbs_of
from hub.nouns.spaces.tabs import OVERVIEW, files_href
from hub.things.kinds import lying_at
from hub.things.thing import Lying
from hub.web.flash import say
from hub.web.pages import Crumb, Joining, Send, Who
from hub.web.render import render

NEWEST = 6
"""So many changes are shown."""
SAID = {"yes": "is pinned to the overview", "cover": "is the cover text now"}


def overview(space: Place) -> Response:
    """The page of a space that the viewer may see."""
    looker = viewer()
    manages, line = looker.sees(space, "manage"), line_of(looker, space.id)
    children = children_of(looker, space)
    spaces = [place for place in children if place.kind == "space"]
    newest = latest(looker, space, NEWEST)
    pinned, cover = pinned_at(looker, space)
    owners = named(looker, {thing.owner for thing in (*newest, *pinned)})
    standing = standings(looker, (space, *spaces))
    inside = bool(newest or children) or sees_inside(looker, space)
    shown = _cover(space, cover, manages=manages) if cover else None
    return render(
        OverviewPage(
            title=space.name,
            crumbs=crumbs_of(line.seen[:-1]),
            head=head_of(space, line, standing[space.id], OVERVIEW if inside else ""),
            here=space.id,
            description=space.description,
            services=tuple(Crumb(service.name, about_href(service.id)) for service in services_of(g.db, space.id)),
            cover=shown,
            begin_cover=Send("Write a cover text", f"/cover/{space.id}", once=True) if manages and not shown else None,
            pinned=tuple(_pinned(space, thing, owners, manages=manages) for thing in pinned),
            spaces=tuple(place_row(place, standing=standing[place.id]) for place in spaces),
            changes=tuple(thing_row(thing, owners) for thing in newest),
            files_href=files_href(space),
            managers=managers_of(looker, space, member=standing[space.id] == MEMBER),
            inside=inside,
            joining=_joining(space) if standing[space.id] == OUTSIDER else None,
            admitted=admitted(looker, space),
            why=why(looker, space, page=f"/places/{space.path}", edited=True),
        )
    )


@blueprint.post("/pins/<id:place_id>")
@declares("place:change")
def change_pin(place_id: str) -> BaseResponse:
    """Pin a thing to the overview of the space that it lies in, make it the cover, or neither any more."""
    space = viewer().require("manage", place_by_id(g.db, place_id))
    node, on = request.form.get("thing", ""), request.form.get("on", "")
    thing = viewer().read(lying_at(g.db, parts().kinds, [node]).get(node))
    if space.kind != "space" or space.id not in viewer().snapshot.tree.within(thing.place_id):
        raise NotFound
    pinned, _ = pinned_at(viewer(), space)
    with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow:
        if on == "yes":
            pin(uow, space, node, beside=len(pinned))
        elif on == "cover":
            name_cover(uow, space, node)
        else:
            unpin(uow, space, node)
    title = viewer().kinds.face(thing).title[:80]
    say(f"“{title}” {SAID.get(on, 'is not on the overview any more')}.")
    return redirect(f"/places/{space.path}", code=303)


def _cover(space: Place, node: str, *, manages: bool) -> CoverText | None:
    found = cover_of(viewer(), node)
    if found is None or space.id not in viewer().snapshot.tree.within(found.document.place_id):
        return None
    document, href = found.document, f"/documents/{found.document.id}"
    return CoverText(
        body=found.body,
        href=href,
        marking=document.marking,
        state=document.state,
        edit_href=f"{href}/edit" if viewer().sees(document, "edit") else "",
        take_away=_send(space, node, "Take it off the overview", "no") if manages else None,
    )


def _pinned(space: Place, thing: Lying, owners: dict[str, Who], *, manages: bool) -> PinnedRow:
    kind, row = viewer().kinds.of(thing), thing_row(thing, owners)
    if not manages:
        return PinnedRow(row)
    sends = [pin_send(space.id, thing.node, on=False)]
    if kind is not None and kind.text is not None and kind.face(thing).type == "markdown":
        sends.insert(0, _send(space, thing.node, "Make it the cover", "cover"))
    return PinnedRow(row, tuple(sends))


def _send(space: Place, node: str, words: str, on: str) -> Send:
    return Send(words, f"/pins/{space.id}", (("thing", node), ("on", on)), "link")


def _joining(space: Place) -> Joining:
    """How to join a space, which another feature knows."""
    asks: AsksToJoin = current_app.extensions[JOINING]
    return asks(viewer(), space)
