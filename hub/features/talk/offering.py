"""What a space takes new conversations of, chosen by those who manage it."""

from typing import Final

from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import declares, viewer
from hub.access.models import Place
from hub.audience.acting import acting, acts, look_up
from hub.audience.sealing import NOT_SHOWN, Fact, digest, news, seal
from hub.features.talk.blueprint import blueprint
from hub.features.talk.telling_pages import OffersPage
from hub.ground.errors import NotFound
from hub.nouns.spaces.queries import line_of, place_by_id
from hub.nouns.spaces.surroundings import crumbs_of, whose
from hub.nouns.threads.offering import offered_by, set_offered
from hub.nouns.threads.sort import Sort
from hub.nouns.threads.sorts import SWITCHES
from hub.web.flash import say
from hub.web.pages import Choice
from hub.web.render import render

MEANS: Final = {
    "question": "Whoever may write here asks, and others answer",
    "discussion": "Whoever may write here starts one",
    "news": "Those who edit here write and publish it; whoever may write here comments. With nothing else chosen, this "
    "is a place for one voice, such as a chief executive’s blog",
    "idea": "Whoever may write here puts one forward and supports others; those who edit here say what comes of each, "
    "and can ask for ideas up to a day",
    "note": "Whoever may write here writes a few words, without a title",
    "event": "Those who edit here announce one; whoever may write here says whether they come",
}
"""What each means, by its key."""
CHANGED: Final = 409


@blueprint.get("/talk/<id:place_id>/sorts")
@declares("place:change")
def offers(place_id: str) -> Response:
    """What it takes, each to be switched on and off."""
    space = _managed(place_by_id(g.db, place_id))
    return _page(space, _now(space))


@blueprint.post("/talk/<id:place_id>/sorts")
@declares("place:change")
@acts
def change_offers(place_id: str) -> BaseResponse:
    """Take just these from now on; what is there stays and can be read and answered."""
    space = _managed(look_up(Place, place_id))
    chosen = tuple(sort.key for sort in SWITCHES if sort.key in request.form.getlist("sort"))
    since = news((_fact(space),))
    if since is not None:
        return _page(space, chosen, since or (NOT_SHOWN,))
    with acting() as uow:
        set_offered(uow, space, chosen)
    say("From now on people can start what you chose. What is there already stays.")
    return redirect(f"/talk/{space.id}", code=303)


def _managed(space: Place | None) -> Place:
    found = viewer().require("manage", space)
    if found.kind != "space":
        raise NotFound
    return found


def _now(space: Place) -> tuple[str, ...]:
    return tuple(sort.key for sort in offered_by(g.db, space.id) if sort in SWITCHES)


def _fact(space: Place) -> Fact:
    now = _now(space)
    names = [sort.many.lower() for sort in SWITCHES if sort.key in now]
    told = f"People can start {', '.join(names)} here now." if names else "People can start nothing here now."
    return Fact("offers", digest(*now), lambda: f"Somebody changed this meanwhile. {told}")


def _page(space: Place, chosen: tuple[str, ...], since: tuple[str, ...] = ()) -> Response:
    line = line_of(viewer(), space.id)
    return render(
        OffersPage(
            title=f"What people can start in “{space.name}”",
            crumbs=crumbs_of(line.seen),
            whose=whose(line),
            action=f"/talk/{space.id}/sorts",
            cancel_href=f"/talk/{space.id}",
            choices=tuple(map(_choice, SWITCHES)),
            chosen=chosen,
            seen=seal((_fact(space),)),
            news=since,
            here=space.id,
        ),
        CHANGED if since else 200,
    )


def _choice(sort: Sort) -> Choice:
    return Choice(sort.key, sort.many, MEANS[sort.key])
