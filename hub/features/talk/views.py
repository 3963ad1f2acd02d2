"""One conversation, or the comments on a document: reading what was said, and saying more."""

from dataclasses import replace
from typing import Final

from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import declares, viewer
from hub.access.models import Person
from hub.audience.acting import acting, acts
from hub.audience.sealing import NOT_SHOWN, news
from hub.features.talk.attaching import again, attach, file_sent, stored, with_link
from hub.features.talk.blueprint import Topic, about, led_to, post_at, standing, talked
from hub.features.talk.forms import PostForm, problem_of, read_post
from hub.features.talk.mentions import meant, names_for, quoted, say_who_is_not_told
from hub.features.talk.naming import say_who_is_away
from hub.features.talk.thread_page import thread_page
from hub.ground.errors import Invalid, NotFound
from hub.ground.unit_of_work import UnitOfWork
from hub.keeping.drafts import Typed, typed_into
from hub.keeping.once import check_sheet, once
from hub.nouns.talk.queries import post_of, said_at, stands
from hub.nouns.talk.service import say
from hub.nouns.threads.service import post_to
from hub.web.fields import number_in

CLOSED_MEANWHILE: Final = "This conversation was closed while you were writing. Copy your text before you leave."
LONGEST_WORD: Final = 100
MOST_QUOTED: Final = 2_000
"""Characters of a post that are quoted."""


@talked()
@declares("talk:show")
def show(prefix: str, own: str) -> BaseResponse:
    """What was said, a page at a time, and the form to say more; `?said=WORD` leads to where that was said first."""
    try:
        topic = about(prefix, own)
    except NotFound:
        return redirect(led_to(prefix, own))
    word = request.args.get("said", "").strip()[:LONGEST_WORD]
    if word and (number := said_at(g.db, topic.thing.node, word)):
        return redirect(topic.page_of(number))
    return thread_page(topic, typed_into(_quoting(topic)))


@talked(method="POST")
@declares("talk:post", costs="write")
@acts
def post(prefix: str, own: str) -> BaseResponse:
    """Say something; wrong input comes back with what to mend."""
    topic = about(prefix, own, "comment")
    check_sheet()
    file = file_sent(topic.thing)
    form = read_post(request.form, with_file=file is not None)
    since = news(standing(topic))
    if topic.thread is not None and topic.thread.closed_at is not None:
        return thread_page(topic, again(form, file), (CLOSED_MEANWHILE,))
    said = meant(form, topic.thing)
    form, offered = said.form, said.offered
    if form.problems or form.preview:
        return thread_page(topic, again(form, file), offered=offered)
    if since is not None:
        return thread_page(topic, again(form, file), since or (NOT_SHOWN,), offered)
    try:
        if form.attach:
            return attach(form, file, topic.thing, Typed(topic.href, topic.href, "read", topic.thing.node))
        kept = stored(file)
        with acting() as uow, once(uow) as answer:
            form = with_link(uow, form, kept, topic.thing)
            answer.location = topic.page_of(_say(uow, topic, form, said.told))
            say_who_is_away(said.told)
    except Invalid as refused:
        return thread_page(topic, replace(form, problems=(problem_of(refused),)))
    say_who_is_not_told(said, topic.thing)
    return redirect(answer.location, code=303)


@talked("/names")
@declares("talk:post", costs="search")
def names(prefix: str, own: str) -> Response:
    """People whom one may name here by part of their name: who may read it, and whom one may see."""
    return names_for(about(prefix, own, "comment").thing)


@talked("/posts/<int:number>")
@declares("talk:show")
def lead(prefix: str, own: str, number: int) -> BaseResponse:
    """The address of a post leads to where it stands."""
    try:
        topic = about(prefix, own)
    except NotFound:
        return redirect(led_to(prefix, own, number))
    post_at(topic, number)
    return redirect(topic.page_of(number))


def _say(uow: UnitOfWork, topic: Topic, form: PostForm, told: tuple[Person, ...]) -> int:
    author = viewer().person
    if topic.thread is not None:
        return post_to(uow, topic.thread, author, form.kept, form.answered, told).number
    found = say(uow, topic.thing.node, author, form.kept, form.answered, told)
    uow.record("comment:add", topic.thing.node, topic.thing.organisation_id, str(found.number))
    return found.number


def _quoting(topic: Topic) -> PostForm:
    """An empty form, or one that begins with what it answers."""
    number = number_in(request.args.get("quote"))
    found = post_of(g.db, topic.thing.node, number) if number else None
    if found is None or not stands(g.db, found):
        return PostForm("")
    lines = quoted(found.body[:MOST_QUOTED]).splitlines()
    return PostForm("".join(f"> {line}\n" for line in lines) + "\n", answers_to=str(found.number))
