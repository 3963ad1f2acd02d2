"""News for somebody."""

from datetime import datetime
from typing import Final

from flask import Response, current_app, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import declares, parts, person_id, viewer
from hub.access.viewer import Viewer
from hub.feature import TELLS
from hub.features.hearing.blueprint import blueprint
from hub.features.hearing.pages import NoticeRow, NoticesPage
from hub.features.hearing.queries import Heard, heard
from hub.features.hearing.said import told
from hub.ground.errors import Invalid
from hub.ground.unit_of_work import unit_of_work
from hub.keeping.trail import read_lately
from hub.nouns.people.queries import NOBODY, named
from hub.nouns.talk.models import Notice
from hub.web.flash import say
from hub.web.pages import Action, Send, Who
from hub.web.render import render

ACTIONS: Final = (Action("Letters to you", "/notices/settings"), Action("What you follow", "/me/following"))


def news(looker: Viewer) -> int:
    """How much there is that the viewer has not looked at. One query."""
    return sum(each.new for each in heard(looker, read_lately(looker.person.id)))


@blueprint.get("/notices")
@declares("notice:list")
def show() -> Response:
    """Of what the viewer is to hear."""
    found = _heard()
    people = named(viewer(), {each.author for each in found})
    return render(
        NoticesPage(
            told=tuple(notice for tells in current_app.extensions[TELLS] for notice in tells(viewer())),
            notices=tuple(_row(each, people) for each in found),
            put_away=_put_away(found),
            actions=ACTIONS,
        )
    )


@blueprint.post("/notices/seen")
@declares("notice:list")
def put_away() -> BaseResponse:
    """All that the page showed counts as seen; what came after it does not."""
    viewer().visible()
    try:
        until = datetime.fromisoformat(request.form.get("until", ""))
    except ValueError:
        raise Invalid("Open your news and try again.") from None
    with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow:
        for each in _heard():
            row = uow.session.get(Notice, (person_id(), each.notice.node))
            if row is not None and until.tzinfo is not None and row.at <= until:
                row.put_away_at = uow.now
    say("All of it counts as seen.")
    return redirect("/notices", code=303)


def _heard() -> list[Heard]:
    return heard(viewer(), read_lately(person_id()))


def _row(each: Heard, people: dict[str, Who]) -> NoticeRow:
    said = told(viewer(), each)
    place = viewer().place(each.thing.place_id)
    return NoticeRow(
        who=people.get(each.author, NOBODY),
        did=said.did,
        title=said.title,
        href=said.href,
        place=place.name if place else "",
        at=each.notice.at,
        new=each.new,
    )


def _put_away(found: list[Heard]) -> Send | None:
    if not any(each.new for each in found):
        return None
    newest = max(each.notice.at for each in found)
    return Send("Mark all as seen", "/notices/seen", (("until", newest.isoformat()),))
