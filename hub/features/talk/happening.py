"""What the page of an event says of it, and what is done about it: said whether one comes, changed, called off."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import declares, parts, viewer
from hub.access.known_place import known_place
from hub.access.models import Person
from hub.audience.acting import acting, acts
from hub.audience.sealing import NOT_SHOWN, Fact, news, seal, shown
from hub.features.talk.blueprint import Topic, about, blueprint, standing, surroundings
from hub.features.talk.event_forms import EventForm, form_of, read_event, when_of
from hub.features.talk.event_pages import CallOffPage, ChangeEventPage, ComersPage, EventFields, EventShown
from hub.ground.errors import Invalid, NotFound
from hub.ground.unit_of_work import UnitOfWork
from hub.nouns.people.queries import who
from hub.nouns.threads.event_queries import answers_to, event_of, named_comers
from hub.nouns.threads.events import ANSWERS, answer, call_off, in_words, is_over, put_off
from hub.nouns.threads.models import Event, Thread
from hub.nouns.threads.sorts import CALLED_OFF, SORTS
from hub.web.fields import number_in
from hub.web.flash import say, say_news
from hub.web.pages import Action, Problem, Send, Who
from hub.web.render import render

CHANGED: Final = 409
COUNTED: Final = {"yes": "come", "maybe": "may come", "no": "cannot come"}
SAID: Final = {
    "yes": "You said that you come.",
    "maybe": "You said that you may come.",
    "no": "You said that you cannot.",
}
TOLD: Final = "It is said in a post, and whoever said that they come, or may, hears of it."


def event_shown(topic: Topic) -> EventShown | None:
    """When and where a conversation takes place, and how many come. One query, and none of what takes place never."""
    thread = topic.thread
    if thread is None or not SORTS[thread.sort].dated:
        return None
    found = answers_to(g.db, thread.id, viewer().person.id)
    if found is None:
        return None
    event, counts, mine = found
    off, over = thread.stage == CALLED_OFF, is_over(event, parts().clock.now())
    open_ = not off and not over
    return EventShown(
        when=in_words(event),
        starts=event.starts_at,
        venue=event.venue,
        venue_href=event.venue if event.venue.startswith(("https://", "http://")) and " " not in event.venue else "",
        off=event.reason if off else "",
        over=over and not off,
        counts=tuple((COUNTED[word], count) for word, count in counts.items() if count),
        names_href=f"{topic.href}/who-comes" if any(counts.values()) else "",
        mine=SAID.get(mine, ""),
        sends=tuple(_sends(topic, event, mine)) if open_ and viewer().sees(thread, "comment") else (),
        actions=tuple(_actions(topic, open_=open_)),
    )


@blueprint.get("/threads/<id:own>/who-comes")
@declares("talk:show")
def show_comers(own: str) -> Response:
    """Those of whoever answered whom the viewer may see, by what they said."""
    topic, thread, _ = _event(own, "read")
    comers = named_comers(viewer(), thread.node)
    crumbs, whose, _ = surroundings(topic)
    said = ((COUNTED[word], tuple(_who(person) for person, said in comers if said == word)) for word in ANSWERS)
    names = tuple((words, people) for words, people in said if people)
    return render(ComersPage(title=f"Who comes to “{topic.title}”", crumbs=crumbs, whose=whose, names=names))


@blueprint.post("/threads/<id:own>/come")
@declares("talk:post")
@acts
def come(own: str) -> BaseResponse:
    """Say whether one comes, or take that back."""
    topic, thread, event = _event(own, "comment")
    if (since := news(_facts(topic, event))) is not None:
        say_news(since)
    else:
        with acting() as uow:
            answer(uow, thread, viewer().person, request.form.get("word", ""))
        say(SAID.get(request.form.get("word", ""), "You say nothing of it any more."))
    return redirect(topic.href, code=303)


@blueprint.get("/threads/<id:own>/event")
@declares("talk:lead")
def ask_when_else(own: str) -> Response:
    """When and where it is, in a form."""
    topic, _, event = _event(own, "edit")
    return _change_page(topic, event, form_of(event))


@blueprint.post("/threads/<id:own>/event")
@declares("talk:lead")
@acts
def change_event(own: str) -> BaseResponse:
    """Another time or place."""
    topic, thread, event = _event(own, "edit")
    form = read_event(request.form, parts().clock.now(), opens=False)
    since = news(_facts(topic, event))
    if form.problems:
        return _change_page(topic, event, form)
    if since is not None:
        return _change_page(topic, event, replace(form, based_on=event.revision), since or (NOT_SHOWN,))
    changed: list[bool] = []

    def do(uow: UnitOfWork) -> None:
        changed.append(put_off(uow, thread, viewer().person, form.based_on, when_of(form)))

    if (refused := _try(do)) is not None:
        return _change_page(topic, event, replace(form, problems=(refused,)))
    say(TOLD if changed[-1] else "Nothing had changed.")
    return redirect(topic.href, code=303)


@blueprint.get("/threads/<id:own>/call-off")
@declares("talk:lead")
def ask_call_off(own: str) -> Response:
    """Asks for the reason, which everybody reads."""
    topic, _, event = _event(own, "edit")
    return _off_page(topic, event)


@blueprint.post("/threads/<id:own>/call-off")
@declares("talk:lead")
@acts
def call_event_off(own: str) -> BaseResponse:
    """Say that it does not take place."""
    topic, thread, event = _event(own, "edit")
    reason, based_on = request.form.get("reason", ""), number_in(request.form.get("based_on")) or 0
    if (since := news(_facts(topic, event))) is not None:
        return _off_page(topic, event, reason, Problem("reason", " ".join(since or (NOT_SHOWN,))))
    refused = _try(lambda uow: call_off(uow, thread, viewer().person, based_on, reason))
    if refused is not None:
        return _off_page(topic, event, reason, refused)
    say(f"It is called off. {TOLD}")
    return redirect(topic.href, code=303)


def _try(do: Callable[[UnitOfWork], None]) -> Problem | None:
    """Do it; what was refused, beside its field."""
    try:
        with acting() as uow:
            do(uow)
    except Invalid as refused:
        return Problem(refused.field, str(refused))
    return None


def _event(own: str, action: str) -> tuple[Topic, Thread, Event]:
    """An event, for somebody who may do that; NotFound for what takes place never, too."""
    topic = about("thread", own, action)
    event = event_of(g.db, own)
    if topic.thread is None or event is None:
        raise NotFound
    return topic, topic.thread, event


def _who(person: Person) -> Who:
    organisation = known_place(viewer().snapshot, person.organisation_id)
    return who(viewer(), person, organisation.name if organisation else "")


def _facts(topic: Topic, event: Event) -> tuple[Fact, ...]:
    """What decides who reads it, and when and where it is."""
    now = Fact("when", str(event.revision), lambda: f"It is now on {in_words(event)}, {event.venue}.")
    return (*standing(topic), now)


def _sends(topic: Topic, event: Event, mine: str) -> list[Send]:
    seen = shown(_facts(topic, event))
    said = [
        Send(words, f"{topic.href}/come", (("word", word), seen)) for word, words in ANSWERS.items() if word != mine
    ]
    return [*said, Send("Take my answer back", f"{topic.href}/come", (("word", ""), seen), "link")] if mine else said


def _actions(topic: Topic, *, open_: bool) -> list[Action]:
    found = [Action("Add to your calendar", f"{topic.href}/event.ics")]
    if open_ and viewer().sees(topic.thing, "edit"):
        found += [
            Action("Change time or place", f"{topic.href}/event"),
            Action("Call it off", f"{topic.href}/call-off"),
        ]
    return found


def fields_of(form: EventForm) -> EventFields:
    """When and where, as a form has them."""
    return EventFields(
        starts_on=form.starts_on, starts=form.starts, ends_on=form.ends_on, ends=form.ends, venue=form.venue
    )


def _change_page(topic: Topic, event: Event, form: EventForm, since: tuple[str, ...] = ()) -> Response:
    crumbs, whose, _ = surroundings(topic)
    return render(
        ChangeEventPage(
            title="Change time or place",
            crumbs=crumbs,
            problems=form.problems,
            whose=whose,
            action=f"{topic.href}/event",
            cancel_href=topic.href,
            fields=fields_of(form),
            based_on=form.based_on,
            seen=seal(_facts(topic, event)),
            news=since,
        ),
        CHANGED if since else 200,
    )


def _off_page(topic: Topic, event: Event, reason: str = "", *problems: Problem) -> Response:
    crumbs, whose, _ = surroundings(topic)
    return render(
        CallOffPage(
            title=f"Call off “{topic.title}”?",
            crumbs=crumbs,
            problems=problems,
            whose=whose,
            action=f"{topic.href}/call-off",
            cancel_href=topic.href,
            based_on=event.revision,
            reason=reason,
            seen=seal(_facts(topic, event)),
        )
    )
