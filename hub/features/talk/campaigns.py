"""Another last day for what takes something up to a day, said by those who edit in its place."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from flask import Response, redirect, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import declares, viewer
from hub.audience.acting import acting, acts
from hub.audience.sealing import NOT_SHOWN, Fact, news, seal
from hub.features.talk.blueprint import Topic, about, blueprint, standing, surroundings
from hub.features.talk.readers import readers_in_words
from hub.features.talk.telling_pages import LastDayPage
from hub.ground.clock import end_of
from hub.ground.dates import read_day
from hub.ground.errors import Conflict, Invalid, NotFound
from hub.keeping.drafts import sent, typed_into
from hub.nouns.documents.forms import lines_of
from hub.nouns.threads.campaigns import change_last_day
from hub.nouns.threads.checks import last_day
from hub.nouns.threads.models import Thread
from hub.web.filters import day
from hub.web.flash import say
from hub.web.pages import Problem
from hub.web.render import render

CHANGED: Final = 409
LONGEST: Final = 40
MOVED: Final = "The last day is changed, and a post says so."


@dataclass(frozen=True)
class LastDayForm:
    """The fields as they came, and what is wrong with them."""

    closes: str = ""
    body: str = ""
    problems: tuple[Problem, ...] = ()


@blueprint.get("/threads/<id:own>/last-day")
@declares("talk:lead")
def ask_last_day(own: str) -> Response:
    """Its last day in a form."""
    topic, _, closes_at = _campaign(own)
    return _page(topic, closes_at, typed_into(LastDayForm(last_day(closes_at).isoformat())))


@blueprint.post("/threads/<id:own>/last-day")
@declares("talk:lead", costs="write")
@acts
def save_last_day(own: str) -> BaseResponse:
    """Another last day; wrong input, and what another did meanwhile, comes back with what was written."""
    (topic, thread, closes_at), form = _campaign(own), _read(request.form)
    if (since := news(_facts(topic, closes_at))) is not None:
        return _page(topic, closes_at, form, since or (NOT_SHOWN,))
    try:
        to = end_of(read_day(form.closes, "closes"))
        with acting() as uow:
            post = change_last_day(uow, thread, viewer().person, to, form.body)
            sent(uow)
    except Invalid as refused:
        return _page(topic, closes_at, replace(form, problems=(Problem(refused.field, str(refused)),)))
    except Conflict as refused:
        return _page(topic, closes_at, form, (str(refused),))
    say(MOVED if post is not None else "That was the last day already.", "success" if post is not None else "info")
    return redirect(topic.page_of(post.number) if post is not None else topic.href, code=303)


def _campaign(own: str) -> tuple[Topic, Thread, datetime]:
    topic = about("thread", own, "edit")
    if topic.thread is None or topic.thread.closes_at is None:
        raise NotFound
    return topic, topic.thread, topic.thread.closes_at


def _read(fields: MultiDict[str, str]) -> LastDayForm:
    return LastDayForm(fields.get("closes", "").strip()[:LONGEST], lines_of(fields.get("body", "")))


def _facts(topic: Topic, closes_at: datetime) -> tuple[Fact, ...]:
    now = day(last_day(closes_at)).striptags()
    return *standing(topic), Fact("closes", closes_at.isoformat(), lambda: f"The last day is {now} now.")


def _page(topic: Topic, closes_at: datetime, form: LastDayForm, since: tuple[str, ...] = ()) -> Response:
    crumbs, whose, _ = surroundings(topic)
    return render(
        LastDayPage(
            title="Change the last day",
            crumbs=crumbs,
            problems=form.problems,
            whose=whose,
            action=f"{topic.href}/last-day",
            cancel_href=topic.href,
            closes=form.closes,
            body=form.body,
            seen=seal(_facts(topic, closes_at)),
            news=since,
            readers=readers_in_words(viewer(), topic.thing),
            here=topic.thing.place_id,
        ),
        CHANGED if since else 200,
    )
