"""The home page, what one adds, and favourites."""

from flask import Blueprint, Response, current_app, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import declares, parts, viewer
from hub.access.login import SignedIn
from hub.access.models import Place
from hub.feature import NOTICES, SAYS, Notices, Says, Waits
from hub.features.desk.home import home_page
from hub.features.desk.pages import NewPage
from hub.features.desk.queries import MOST_PLACES, places_to_add_in
from hub.features.desk.waiting import KEY as WAITING
from hub.features.desk.waiting import before
from hub.ground.errors import Invalid, NotFound
from hub.ground.unit_of_work import unit_of_work
from hub.keeping.trail import star
from hub.things.kinds import rows_of
from hub.web.flash import say
from hub.web.pages import Action
from hub.web.render import render
from hub.web.rows import PlaceRow

blueprint = Blueprint("desk", __name__, template_folder="templates")

WHERE = {
    "page": ("Page", "Where do you want to write it?", "/upload/{}?as=text"),
    "upload": ("File", "Where do you want to upload it?", "/upload/{}"),
    "folder": ("Folder", "Where do you want the folder?", "/make/{}?kind=folder"),
    "space": ("Space", "Whose space is it?", "/make/{}"),
}
"""What can be added: what it is called, what is asked, and where its form is at a place."""
LONGEST_FIND = 100


@blueprint.get("/")
@declares("home:show")
def home() -> Response:
    """Where a person starts: what waits, what they go on with, and what has changed."""
    user: SignedIn = g.user
    asked: tuple[Notices, ...] = current_app.extensions[NOTICES]
    says: tuple[tuple[Waits, Says], ...] = current_app.extensions[SAYS]
    found = before(viewer(), user.row, tuple(waits for waits, _ in says))
    waiting = [word(count) for (_, word), count in zip(says, found.waits, strict=True) if count]
    notices = [*(notice for tell in asked for notice in tell(viewer())), *waiting]
    current_app.extensions[WAITING].noted(viewer(), sum(notice.people for notice in notices))
    return render(home_page(viewer(), parts().kinds, found, parts().clock.now(), notices))


@blueprint.get("/new")
@declares("thing:new")
def new() -> BaseResponse:
    """Ask where something new shall lie (`?what=page`); straight to its form where `at` names such a place."""
    what = request.args.get("what", "page")
    if what not in WHERE:
        raise NotFound
    find = request.args.get("find", "").strip()[:LONGEST_FIND]
    _, asks, form = WHERE[what]
    places = places_to_add_in(viewer(), what, find)
    at = request.args.get("at", "")
    if any(place.id == at for place in places):
        return redirect(form.format(at))
    if len(places) == 1 and not find:
        return redirect(form.format(places[0].id))
    return render(
        NewPage(
            title=asks,
            what=what,
            kinds=tuple(Action(name, f"/new?what={key}", primary=key == what) for key, (name, _, _) in WHERE.items()),
            places=tuple(_row(place, form) for place in places[:MOST_PLACES]),
            find=find,
            more=len(places) > MOST_PLACES,
        )
    )


@blueprint.post("/favourites")
@declares("thing:star")
def favourite() -> BaseResponse:
    """Make a thing that the viewer sees one of their favourites (`on=yes`), or no longer one."""
    thing_id, on = request.form.get("thing", "")[:60], request.form.get("on") == "yes"
    kinds = parts().kinds
    found = viewer().read(rows_of(g.db, kinds.by_kind([thing_id])).get(thing_id))
    try:
        with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow:
            star(uow, thing_id, on=on)
    except Invalid as problem:
        say(str(problem), "error")
        return redirect("/", code=303)
    face = kinds[thing_id.partition(":")[0]].face(found)
    say("It is one of your favourites now, on your home page." if on else "It is no longer one of your favourites.")
    return redirect(face.href, code=303)


def _row(place: Place, form: str) -> PlaceRow:
    return PlaceRow(name=place.name, href=form.format(place.id), kind=place.kind, description=place.path)
