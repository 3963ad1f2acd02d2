"""News for somebody, and what they follow."""

from datetime import datetime

from flask import Blueprint, Response, current_app, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import declares, of_each_kind, parts, person_id, viewer
from hub.access.viewer import Viewer
from hub.feature import TELLS
from hub.features.hearing.letters import set_letters, wants_letters
from hub.features.hearing.pages import NoticeRow, NoticesPage
from hub.features.hearing.queries import Heard, heard
from hub.features.hearing.words import BECAUSE
from hub.ground.errors import Invalid
from hub.ground.unit_of_work import unit_of_work
from hub.keeping.trail import read_lately
from hub.nouns.people.queries import NOBODY, named
from hub.nouns.spaces.queries import place_by_id
from hub.nouns.talk.models import Notice
from hub.nouns.talk.service import LEVELS, set_level
from hub.nouns.threads.models import Thread
from hub.nouns.threads.sorts import SORTS
from hub.things.kind import Kind
from hub.things.thing import Thing
from hub.web.flash import say
from hub.web.pages import Send, Who
from hub.web.render import render

blueprint = Blueprint("hearing", __name__, template_folder="templates")


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
            letters=_letters(),
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


@blueprint.post("/notices/letters")
@declares("notice:list")
def change_letters() -> BaseResponse:
    """Whether the viewer gets a letter on working days on which something is new."""
    viewer().visible()
    on = request.form.get("on") == "yes"
    with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow:
        set_letters(uow, person_id(), on=on)
    say("You get a letter on working days on which something is new." if on else "You get no letters of news any more.")
    return redirect("/notices", code=303)


def _follow_rule(kind: Kind) -> str:
    return f"{kind.pages}<id:own>/follow" if kind.talk is not None else ""


@of_each_kind(blueprint, _follow_rule, method="POST")
@declares("notice:follow")
def follow(prefix: str, own: str) -> BaseResponse:
    """How much the viewer hears of what is said about a thing."""
    kind = parts().kinds[prefix]
    thing: Thing = viewer().read(g.db.get(kind.model, own))
    _set(thing.node)
    return redirect(f"{kind.face(thing).href}{kind.talk}", code=303)


@blueprint.post("/follow/<id:place_id>")
@declares("notice:follow")
def follow_place(place_id: str) -> BaseResponse:
    """Whether the viewer hears of new conversations in a place."""
    place = viewer().read(place_by_id(g.db, place_id))
    _set(place.id)
    return redirect(f"/talk/{place.id}", code=303)


def _heard() -> list[Heard]:
    return heard(viewer(), read_lately(person_id()))


def _set(node: str) -> None:
    level = request.form.get("level", "")
    with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow:
        set_level(uow, person_id(), node, level)
    say(LEVELS[level])


def _row(each: Heard, people: dict[str, Who]) -> NoticeRow:
    kind = viewer().kinds.of(each.thing)
    face = viewer().kinds.face(each.thing)
    place = viewer().place(each.thing.place_id)
    return NoticeRow(
        who=people.get(each.author, NOBODY),
        did=_did(each),
        title=face.title if kind is None or not kind.talk else f"Comments on “{face.title}”",
        href=f"{face.href}/posts/{each.notice.number}",
        place=place.name if place else "",
        at=each.notice.at,
        new=each.new,
    )


def _did(each: Heard) -> str:
    thing = each.thing
    if each.notice.because == "asked" and isinstance(thing, Thread):
        return "answered your question" if SORTS[thing.sort].answers else "wrote in your discussion"
    return BECAUSE.get(each.notice.because, BECAUSE["follow"])


def _letters() -> Send | None:
    if viewer().person.kind != "staff" or not viewer().person.email:
        return None
    on = wants_letters(g.db, person_id())
    words = "Send me no letters of this" if on else "Write to me when something is new"
    return Send(words, "/notices/letters", (("on", "no" if on else "yes"),), "link")


def _put_away(found: list[Heard]) -> Send | None:
    if not any(each.new for each in found):
        return None
    newest = max(each.notice.at for each in found)
    return Send("Mark all as seen", "/notices/seen", (("until", newest.isoformat()),))
