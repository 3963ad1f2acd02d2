"""A place that lines of policy name is not deleted: those who look after them are asked, and may say no."""

from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from acl.store import PLATFORM_FILE
from hub.access.guard import declares, parts, viewer
from hub.access.models import Place
from hub.audience.pages import SurePage
from hub.features.sharing.blueprint import blueprint, managed, surroundings
from hub.features.sharing.models import LineWish
from hub.features.sharing.wishes import ask_to_let_go, naming, take_back, wishes_on
from hub.ground.clock import day_of
from hub.ground.unit_of_work import unit_of_work
from hub.web.filters import day
from hub.web.flash import say
from hub.web.pages import Send
from hub.web.render import render

NAMED = 409
LEDE = "Lines of policy name this address, and would name nothing any more. Ask {} to change them first."
TELLS = "They are told that it is there, that it is to be deleted, and by whom. Nothing is deleted by that."
WAITS = "You asked on {}. They see that it is there, that it is to be deleted, and by whom."
REFUSED = "{} said no: their lines stay, and so does the {}."
HUB, OWN = "the administrators of this hub", "your organisation’s administrators"


def asks_them_first(place: Place) -> Response | None:
    """The page by which those whose lines name a place are asked; None where there are none."""
    files = naming(viewer().snapshot, place)
    if not files:
        return None
    before, (crumbs, whose) = wishes_on(g.db, place, viewer().person), surroundings(place)
    here = f"/delete/{place.id}/ask"
    back = Send("I do not want that any more", here, (("back", "yes"),), "secondary")
    return render(
        SurePage(
            title=f"“{place.name}” is named in policy",
            crumbs=crumbs,
            whose=whose,
            lede=LEDE.format(" and ".join(_owner(file.name) for file in files)),
            notes=tuple(_told(wish, place) for wish in before) or (TELLS,),
            send=back if before else Send("Ask them", here),
            cancel_href=f"/settings/{place.id}",
        ),
        NAMED,
    )


@blueprint.post("/delete/<id:place_id>/ask")
@declares("place:change")
def ask_them(place_id: str) -> BaseResponse:
    """Ask those whose lines name the place to let go of it, or take that back (`back`)."""
    place = managed(place_id)
    files = naming(viewer().snapshot, place)
    with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow:
        if request.form.get("back"):
            take_back(uow, place, viewer().person)
        else:
            ask_to_let_go(uow, files, place, viewer().person)
    if request.form.get("back"):
        say("They are not asked any more.", "info")
    elif files:
        say("They are asked, and find it beside their lines. Nothing is deleted yet.")
    return redirect(f"/delete/{place.id}", code=303)


def _told(wish: LineWish, place: Place) -> str:
    if wish.refused_at is None:
        return WAITS.format(day(day_of(wish.asked_at)).striptags())
    owner = _owner(wish.file)
    return REFUSED.format(owner[0].upper() + owner[1:], place.kind)


def _owner(file: str) -> str:
    return HUB if file == PLATFORM_FILE else OWN
