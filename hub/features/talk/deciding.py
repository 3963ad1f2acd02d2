"""How far something comes, said by those who edit in its place; and what each reader makes of it."""

from dataclasses import dataclass, replace
from typing import Final

from flask import Response, redirect, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import declares, viewer
from hub.audience.acting import acting, acts, look_up
from hub.audience.sealing import NOT_SHOWN, Fact, news, seal
from hub.features.talk.blueprint import Topic, about, blueprint, standing, surroundings
from hub.features.talk.readers import readers_in_words
from hub.features.talk.telling_pages import StepFormPage
from hub.ground.dates import read_day
from hub.ground.errors import Conflict, Invalid, NotFound
from hub.keeping.drafts import sent, typed_into
from hub.nouns.documents.forms import lines_of
from hub.nouns.threads.deciding import Decision, read_pounds, take_step, vote
from hub.nouns.threads.models import Thread
from hub.nouns.threads.sort import Step
from hub.nouns.threads.sorts import SORTS
from hub.web.flash import say, say_news
from hub.web.pages import Problem
from hub.web.render import render

CHANGED: Final = 409
LONGEST: Final = 40


@dataclass(frozen=True)
class StepForm:
    """The fields as they came, and what is wrong with them."""

    body: str = ""
    done_on: str = ""
    worth: str = ""
    problems: tuple[Problem, ...] = ()


@blueprint.post("/threads/<id:own>/vote")
@declares("talk:post")
@acts
def say_what(own: str) -> BaseResponse:
    """Say what one makes of it, or take that back; pressed twice it is once."""
    topic, on = about("thread", own, "comment"), request.form.get("on") == "yes"
    thread = _thread(topic)
    if (since := news(standing(topic))) is not None:
        say_news(since)
        return redirect(topic.href, code=303)
    campaign = look_up(Thread, thread.campaign_id) if thread.campaign_id else None
    with acting() as uow:
        vote(uow, thread, campaign, viewer().person, request.form.get("word", ""), on=on)
    return redirect(topic.href, code=303)


@blueprint.get("/threads/<id:own>/stage/<slug:word>")
@declares("talk:lead")
def ask_reason(own: str, word: str) -> BaseResponse:
    """Asks what is to be said with it."""
    topic = about("thread", own, "edit")
    thread, step = _thread(topic), _step(topic, word)
    if step not in SORTS[thread.sort].steps_from(thread.stage):
        say(f"It is “{SORTS[thread.sort].stages[thread.stage]}” now.", "info")
        return redirect(topic.href, code=303)
    return _page(topic, step, typed_into(StepForm(done_on=viewer().today.isoformat() if step.realised else "")))


@blueprint.post("/threads/<id:own>/stage/<slug:word>")
@declares("talk:lead", costs="write")
@acts
def change_stage(own: str, word: str) -> BaseResponse:
    """Bring it there; wrong input, and what another did meanwhile, comes back with what was written."""
    topic = about("thread", own, "edit")
    thread, step, form = _thread(topic), _step(topic, word), _read(request.form)
    if (since := news(_facts(topic, thread))) is not None:
        return _page(topic, step, form, since or (NOT_SHOWN,))
    try:
        decision = _decision(form, step)
        with acting() as uow:
            number = take_step(uow, thread, viewer().person, step, decision).number
            sent(uow)
    except Invalid as refused:
        return _page(topic, step, replace(form, problems=(Problem(refused.field, str(refused)),)))
    except Conflict as refused:
        return _page(topic, step, form, (str(refused),))
    say(f"It is “{SORTS[thread.sort].stages[step.stage]}” now.")
    return redirect(topic.page_of(number), code=303)


def _thread(topic: Topic) -> Thread:
    if topic.thread is None:
        raise NotFound
    return topic.thread


def _step(topic: Topic, word: str) -> Step:
    found = next((step for step in SORTS[_thread(topic).sort].steps if step.stage == word), None)
    if found is None:
        raise NotFound
    return found


def _read(fields: MultiDict[str, str]) -> StepForm:
    day, worth = (fields.get(name, "").strip()[:LONGEST] for name in ("done_on", "worth"))
    return StepForm(lines_of(fields.get("body", "")), day, worth)


def _decision(form: StepForm, step: Step) -> Decision:
    if not step.realised:
        return Decision(form.body)
    return Decision(form.body, read_day(form.done_on, "done_on"), read_pounds(form.worth))


def _facts(topic: Topic, thread: Thread) -> tuple[Fact, ...]:
    now = SORTS[thread.sort].stages[thread.stage]
    return *standing(topic), Fact("stage", thread.stage, lambda: f"Somebody was first: it is “{now}” now.")


def _page(topic: Topic, step: Step, form: StepForm, since: tuple[str, ...] = ()) -> Response:
    crumbs, whose, _ = surroundings(topic)
    thread = _thread(topic)
    return render(
        StepFormPage(
            title=step.question,
            crumbs=crumbs,
            problems=form.problems,
            whose=whose,
            action=f"{topic.href}/stage/{step.stage}",
            cancel_href=topic.href,
            button=step.button,
            hint=step.hint,
            body=form.body,
            realised=step.realised,
            done_on=form.done_on,
            worth=form.worth,
            seen=seal(_facts(topic, thread)),
            news=since,
            readers=readers_in_words(viewer(), thread),
            here=thread.place_id,
        ),
        CHANGED if since else 200,
    )
