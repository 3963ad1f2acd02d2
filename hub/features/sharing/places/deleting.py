"""Deleting a space or a folder that is empty to whoever deletes it.

Whether something lies in it that they may not see changes no answer: it is deleted, and such a thing stays where it is,
with its address, for those who may see it.
"""

from flask import Response, g, redirect
from sqlalchemy import func, select
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import declares, viewer
from hub.access.models import Grant, Place
from hub.audience.acting import acting, acts
from hub.audience.pages import SurePage
from hub.audience.sealing import Fact, facts_of, news, shown
from hub.features.sharing.blueprint import blueprint, managed, surroundings
from hub.features.sharing.letting_go import asks_before_deleting
from hub.ground.errors import Conflict
from hub.nouns.spaces.queries import looks_empty, place_by_id
from hub.nouns.spaces.service import delete_place
from hub.things.words import counted
from hub.web.flash import say
from hub.web.pages import Send
from hub.web.render import render

FULL = "Only what is empty can be deleted. Move what is in it elsewhere, or archive or withdraw it as a whole."
LEDE = "The {kind} looks empty to you. It is deleted with its name, its address and {memberships}, for good."
KEPT = "If something is in it that you may not see, that is not lost: it stays, for those who may see it."


@blueprint.get("/delete/<id:place_id>")
@declares("place:change")
def ask_delete(place_id: str) -> Response:
    """What deleting means."""
    place = managed(place_id)
    _check_empty(place)
    return asks_before_deleting(place) or _sure(place, _bound(place), ())


def _sure(place: Place, bound: tuple[Fact, ...], found: tuple[str, ...]) -> Response:
    crumbs, whose = surroundings(place)
    return render(
        SurePage(
            title=f"Delete “{place.name}”?",
            crumbs=crumbs,
            whose=whose,
            lede=LEDE.format(kind=place.kind, memberships=bound[-1].value),
            notes=(KEPT,),
            news=found,
            send=Send(f"Delete the {place.kind}", f"/delete/{place.id}", (shown(bound),), "warning"),
            cancel_href=f"/settings/{place.id}",
        )
    )


@blueprint.post("/delete/<id:place_id>")
@declares("place:change")
@acts
def delete(place_id: str) -> BaseResponse:
    """Delete it, as it was shown."""
    place = managed(place_id)
    _check_empty(place)
    if (named := asks_before_deleting(place)) is not None:
        return named
    bound = _bound(place)
    if (since := news(bound)) is not None:
        return _sure(place, bound, since)
    kind, name = place.kind, place.name[:80]
    above = place_by_id(g.db, place.parent_id or "")
    back = f"/places/{above.path}" if above is not None and viewer().sees(above) else "/"
    with acting() as uow:
        delete_place(uow, place, viewer().subject.id)
    say(f"The {kind} “{name}” is deleted.")
    return redirect(back, code=303)


def _bound(place: Place) -> tuple[Fact, ...]:
    """What goes: the place as it is shown, and how much is given there by name."""
    given = select(func.count()).where(Grant.node == place.id, Grant.ended_at.is_(None))
    goes = counted(g.db.scalar(given) or 0, "membership", "memberships")
    return (*facts_of(viewer(), place), Fact("given", goes, lambda: f"{goes} would go with it now."))


def _check_empty(place: Place) -> None:
    """Raise Conflict where the viewer may see something that lies in a place."""
    if not looks_empty(viewer(), place):
        raise Conflict(FULL)
