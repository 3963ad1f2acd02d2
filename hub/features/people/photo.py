"""One's own photograph, if one wants: sent, shown to whom one chooses, taken away; each fetch is judged."""

from typing import Final

from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import declares, parts, viewer
from hub.access.models import Person
from hub.features.people.blueprint import blueprint
from hub.features.people.forms import show_choices
from hub.features.people.pages import PhotoPage
from hub.ground.errors import Invalid, NotFound
from hub.ground.pictures import LARGEST, portrait
from hub.ground.unit_of_work import unit_of_work
from hub.nouns.people.photographs import (
    keep_photograph,
    portrait_of,
    remove_photograph,
    show_photograph_to,
    with_portraits,
)
from hub.nouns.people.profiles import PAGE
from hub.nouns.people.queries import person_by_handle
from hub.web.flash import say
from hub.web.pages import Crumb, Problem, Send
from hub.web.render import render

HERE: Final = "/me/photo"


@blueprint.get(HERE)
@declares("profile:keep")
def photo() -> Response:
    """The photograph as it is, and the form for another."""
    return _page()


@blueprint.post(HERE)
@declares("profile:keep", costs="write")
def save_photo() -> BaseResponse:
    """Keep what was sent, decoded and written anew; without a file, change whom the one that is there is shown to."""
    viewer().visible()
    sent, shown_to = request.files.get("photo"), request.form.get("shown_to", "")
    try:
        jpeg = portrait(sent.stream.read(LARGEST + 1), "photo") if sent is not None and sent.filename else b""
        with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow:
            own = uow.session.get_one(Person, viewer().person.id)
            if jpeg:
                keep_photograph(uow, own, jpeg, shown_to)
            else:
                show_photograph_to(uow, own, shown_to)
    except Invalid as refused:
        return _page(shown_to, (Problem(refused.field, str(refused)),))
    say("Your photograph is saved.")
    return redirect(HERE, code=303)


@blueprint.post(f"{HERE}/remove")
@declares("profile:keep")
def remove_photo() -> BaseResponse:
    """Take it away."""
    viewer().visible()
    with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow:
        remove_photograph(uow, uow.session.get_one(Person, viewer().person.id))
    say("Your photograph is gone.")
    return redirect(HERE, code=303)


@blueprint.get("/people/<slug:organisation>/<slug:name>/photo")
@declares("person:show")
def show_photo(organisation: str, name: str) -> Response:
    """The photograph of somebody whose page the viewer sees, where they are shown it."""
    someone = viewer().read(person_by_handle(g.db, f"{organisation}/{name}"))
    found = portrait_of(viewer(), someone)
    if found is None:
        raise NotFound
    return Response(found.jpeg, content_type="image/jpeg")


def _page(shown_to: str = "", problems: tuple[Problem, ...] = ()) -> Response:
    person, kept = viewer().person, portrait_of(viewer(), viewer().person)
    place = viewer().place(person.organisation_id)
    seen = viewer().sees(person)
    return render(
        PhotoPage(
            crumbs=(Crumb("People", "/people"), Crumb("Your profile", "/me/profile")),
            problems=problems,
            action=HERE,
            back_href=f"/people/{person.handle}" if seen else "/me/profile",
            name=person.name,
            src=with_portraits(viewer(), [person]).get(person.id, "") if seen else "",
            kept_at=kept.kept_at if kept else None,
            shown_to=shown_to or (kept.shown_to if kept else PAGE),
            shows=show_choices(place.name if place and person.kind == "staff" else ""),
            remove=Send("Remove the photograph", f"{HERE}/remove", (), "secondary") if kept else None,
        )
    )
