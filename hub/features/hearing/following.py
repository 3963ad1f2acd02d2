"""How much somebody hears of a conversation, of comments, of a space: their own secret."""

from datetime import date

from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import declares, of_each_kind, parts, person_id, viewer
from hub.access.models import Place
from hub.features.hearing.blueprint import blueprint
from hub.features.hearing.pages import FollowPage
from hub.ground.dates import read_day
from hub.ground.errors import Invalid
from hub.ground.unit_of_work import unit_of_work
from hub.nouns.spaces.queries import place_by_id
from hub.nouns.talk.queries import level_of
from hub.nouns.talk.service import LEVELS, mute_until, set_level
from hub.things.kind import Kind
from hub.things.thing import Thing
from hub.web.filters import day
from hub.web.flash import say
from hub.web.pages import Choice, Crumb, Problem
from hub.web.render import render

UNTIL = "until"
CHOICES = (
    Choice("all", "Everything that is said there"),
    Choice("mine", "What answers me or is meant for me"),
    Choice(UNTIL, "Nothing until a day"),
    Choice("none", "Nothing any more"),
)


def _follow_rule(kind: Kind) -> str:
    return f"{kind.pages}<id:own>/follow" if kind.talk is not None else ""


@of_each_kind(blueprint, _follow_rule)
@declares("notice:follow")
def ask_follow(prefix: str, own: str) -> Response:
    """How much the viewer wants to hear of what is said about a thing."""
    kind, thing = _thing(prefix, own)
    return _page(thing.node, kind.face(thing).title, f"{kind.face(thing).href}{kind.talk}", ())


@of_each_kind(blueprint, _follow_rule, method="POST")
@declares("notice:follow")
def follow(prefix: str, own: str) -> BaseResponse:
    """Keep it."""
    kind, thing = _thing(prefix, own)
    href = f"{kind.face(thing).href}{kind.talk}"
    problem = _set(thing.node)
    return redirect(href, code=303) if problem is None else _page(thing.node, kind.face(thing).title, href, (problem,))


@blueprint.get("/follow/<id:place_id>")
@declares("notice:follow")
def ask_follow_place(place_id: str) -> Response:
    """How much the viewer wants to hear of new conversations in a place."""
    place = viewer().read(place_by_id(g.db, place_id))
    return _page(place.id, place.name, _way_back(place), ())


@blueprint.post("/follow/<id:place_id>")
@declares("notice:follow")
def follow_place(place_id: str) -> BaseResponse:
    """Keep it."""
    place = viewer().read(place_by_id(g.db, place_id))
    href, problem = _way_back(place), _set(place.id)
    return redirect(href, code=303) if problem is None else _page(place.id, place.name, href, (problem,))


def _way_back(place: Place) -> str:
    """Only spaces have a page of their talk."""
    return f"/talk/{place.id}" if place.kind == "space" else f"/places/{place.path}"


def _thing(prefix: str, own: str) -> tuple[Kind, Thing]:
    kind = parts().kinds[prefix]
    thing: Thing = viewer().read(g.db.get(kind.model, own))
    return kind, thing


def _set(node: str) -> Problem | None:
    """Do what was sent, and say it; what is wrong with it otherwise."""
    level = request.form.get("level", "")
    try:
        last = read_day(request.form.get(UNTIL, ""), UNTIL) if level == UNTIL else None
        with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow:
            if last is not None:
                mute_until(uow, person_id(), node, last)
            else:
                set_level(uow, person_id(), node, level)
    except Invalid as wrong:
        return Problem(wrong.field, str(wrong))
    say(LEVELS[level] if last is None else f"You hear nothing of it until {_in_words(last)}.")
    return None


def _page(node: str, title: str, href: str, problems: tuple[Problem, ...]) -> Response:
    level, until = level_of(g.db, person_id(), node)
    silent = until is not None and until >= viewer().today
    typed = request.form if problems else {}
    return render(
        FollowPage(
            title="How much do you want to hear?",
            crumbs=(Crumb(title, href),),
            problems=problems,
            about=title,
            action=request.path,
            cancel_href=href,
            choices=CHOICES,
            level=typed.get("level", UNTIL if silent else level),
            until=typed.get(UNTIL, until.isoformat() if silent and until else ""),
        )
    )


def _in_words(last: date) -> str:
    return str(day(last).striptags())
