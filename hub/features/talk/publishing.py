"""Publishing a draft, at once or at a time: first who will read it then; and the round of the worker that does it."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from flask import Response, g, redirect, request
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as BaseResponse

from acl.visibility import joined
from hub.access.guard import declares, viewer
from hub.access.models import Person, Place
from hub.access.parts import Parts
from hub.audience.acting import acting, acts
from hub.audience.confirming import AGREED, Question, ask_first
from hub.audience.foreseeing import thing_changed
from hub.audience.sealing import NOT_SHOWN, Fact, news, seal
from hub.features.talk.blueprint import Topic, about, blueprint, surroundings
from hub.features.talk.telling_pages import PublishPage
from hub.features.talk.when import ASKS, LATER, NOT_YET, NOW, WHENS, PublishForm, read_publish
from hub.ground.clock import LONDON
from hub.ground.errors import Invalid, NotFound, NotPermitted
from hub.ground.unit_of_work import UnitOfWork, unit_of_work
from hub.keeping.drafts import sent, typed_into
from hub.nouns.talk.queries import post_of
from hub.nouns.talk.reading import ask_no_more, ask_to_read, request_of
from hub.nouns.threads import publishing
from hub.nouns.threads.models import Thread
from hub.nouns.threads.sorts import SORTS
from hub.web.filters import moment
from hub.web.flash import say
from hub.web.pages import Problem
from hub.web.render import render

CHANGED: Final = 409
NOT_TO: Final = "You may edit this draft, and not what is published here. Ask somebody who may."
ALREADY: Final = "It is published already."


@blueprint.get("/threads/<id:own>/publish")
@declares("talk:lead")
def ask_when(own: str) -> BaseResponse:
    """When it is to be published, and whether colleagues are asked to read it."""
    topic = about("thread", own, "edit")
    thread = _draft(topic)
    if thread is None:
        say(ALREADY, "info")
        return redirect(topic.href, code=303)
    return _page(topic, thread, typed_into(_as_it_is(thread)))


@blueprint.post("/threads/<id:own>/publish")
@declares("talk:lead", costs="write")
@acts
def publish(own: str) -> BaseResponse:
    """Publish it, or say when; first it is said to whom that shows it."""
    topic = about("thread", own, "edit")
    thread, form = _draft(topic), read_publish(request.form)
    if thread is None:  # the button was pressed twice, or the time had come
        say(ALREADY, "info")
        return redirect(topic.href, code=303)
    since = news(_question(topic, thread, form).bound)
    if form.problems:
        return _page(topic, thread, form)
    if since is not None and AGREED not in request.form:
        return _page(topic, thread, form, since or (NOT_SHOWN,))
    _check_reach(thread)
    if form.when != NOT_YET:
        change = thing_changed(thread, ms=joined(thread.marking, "published"))
        asked = ask_first(change, _question(topic, thread, form))
        if asked is not None:
            return asked
    try:
        with acting() as uow:
            _do(uow, thread, form)
            sent(uow)
    except Invalid as refused:
        return _page(topic, thread, replace(form, problems=(Problem(refused.field, str(refused)),)))
    say(_done(form))
    return redirect(topic.href, code=303)


def publish_round(hub: Parts) -> int:
    """Publish what is due, as whoever scheduled it, with the rights that they have now; returns how much that was."""
    with hub.database.reading() as session:
        waiting = publishing.due(session, hub.clock.now())
    for thread_id in waiting:
        with unit_of_work(hub.database, hub.clock) as uow:
            thread = uow.session.get(Thread, thread_id, with_for_update=True, populate_existing=True)
            if thread is None or thread.publish_at is None or thread.publish_at > uow.now or thread.state != "draft":
                continue
            if _may_still(hub, uow.session, thread):
                publishing.publish(uow, thread)
            else:
                publishing.unschedule(uow, thread)
    return len(waiting)


def next_round(hub: Parts) -> datetime | None:
    """When something is due next."""
    with hub.database.reading() as session:
        return publishing.next_due(session)


def _may_still(hub: Parts, session: Session, thread: Thread) -> bool:
    """Whether whoever scheduled it may still edit there."""
    handle = (thread.publish_by or "").partition(":")[2]
    mine = select(Person).join(Place, Place.id == Person.organisation_id)
    here = (Person.handle == handle, Person.status == "active", Place.blocked_at.is_(None))
    person = session.scalar(mine.where(*here))
    if person is None:
        return False
    looker = hub.viewer(session, person)
    then = publishing.as_published(thread, looker.snapshot)
    decision = looker.judge("edit", then) if then is not None else None
    return decision is not None and decision.allowed


def _draft(topic: Topic) -> Thread | None:
    """The draft; None of what is published. NotFound of what never was a draft."""
    thread = topic.thread
    if thread is None or not SORTS[thread.sort].drafted:
        raise NotFound
    return thread if thread.state == "draft" else None


def _check_reach(thread: Thread) -> None:
    then = publishing.as_published(thread, viewer().snapshot)
    decision = viewer().judge("edit", then) if then is not None else None
    if decision is None or not decision.allowed:
        raise NotPermitted(NOT_TO)


def _do(uow: UnitOfWork, thread: Thread, form: PublishForm) -> None:
    person = viewer().person
    if form.when == NOW:
        publishing.publish(uow, thread)
    elif form.when == LATER:
        publishing.schedule(uow, thread, form.moment, person.subject_id)
    else:
        publishing.unschedule(uow, thread)
    if form.ask == "yes":
        ask_to_read(uow, thread.node, person, form.by_date, viewer().today)
    else:
        ask_no_more(uow, thread.node, person.organisation_id)


def _done(form: PublishForm) -> str:
    if form.when == LATER:
        return f"It will be published on {moment(form.moment).striptags()}."
    return "It is published." if form.when == NOW else "It stays a draft."


def _as_it_is(thread: Thread) -> PublishForm:
    asked = request_of(viewer(), thread.node)
    form = PublishForm(
        ask="yes" if asked is not None else "",
        by=asked.by_date.isoformat() if asked is not None and asked.by_date else "",
    )
    if thread.publish_at is None:
        return form
    at = thread.publish_at.astimezone(LONDON)
    return replace(form, when=LATER, day=at.date().isoformat(), at=f"{at:%H:%M}")


def _question(topic: Topic, thread: Thread, form: PublishForm) -> Question:
    crumbs, whose, _ = surroundings(topic)
    later = form.when == LATER and not form.problems
    when = f"on {moment(form.moment).striptags()}" if later else "now"
    first = post_of(g.db, thread.node, 1)
    text = Fact("text", str(first.revision if first else 0), lambda: "Its text was changed meanwhile.")
    at = thread.publish_at.isoformat() if thread.publish_at else ""
    told = f"It is to be published on {moment(thread.publish_at).striptags()} now." if thread.publish_at else ""
    return Question(
        title=f"Publish “{thread.title}” {when}?",
        button="Publish it then" if later else "Publish it",
        cancel_href=topic.href,
        crumbs=crumbs,
        whose=whose,
        thing=thread,
        facts=(text, Fact("due", at, lambda: told or "It is not scheduled any more.")),
    )


def _page(topic: Topic, thread: Thread, form: PublishForm, since: tuple[str, ...] = ()) -> Response:
    asked = _question(topic, thread, replace(form, when=NOW))
    return render(
        PublishPage(
            title=f"Publish “{thread.title}”",
            crumbs=asked.crumbs,
            problems=form.problems,
            whose=asked.whose,
            action=f"{topic.href}/publish",
            cancel_href=topic.href,
            when=form.when,
            whens=WHENS,
            day=form.day,
            at=form.at,
            ask=form.ask,
            asks=ASKS if viewer().person.kind == "staff" else (),
            by=form.by,
            seen=seal(asked.bound),
            news=since,
            here=thread.place_id,
        ),
        CHANGED if since else 200,
    )
