"""Making two conversations one, by whoever manages both: it stands where nobody reads it who did not read both."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from flask import Response, g, redirect, request
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from acl.visibility import joined
from acl.vocabulary import MARKINGS
from hub.access.guard import declares, viewer
from hub.access.judged import judge_at
from hub.access.known_place import known_place
from hub.access.models import Grant
from hub.audience import foreseeing as audience
from hub.audience.acting import acting, acts, look_up
from hub.audience.confirming import Question, ask_first
from hub.audience.sealing import Fact, seal
from hub.features.talk.blueprint import Topic, about, blueprint, standing, surroundings
from hub.features.talk.leading_pages import MergePage
from hub.features.talk.naming import readers_at
from hub.ground.errors import Conflict, NotFound
from hub.nouns.spaces.queries import place_for_writing
from hub.nouns.threads.merging import check_merge, merge_threads
from hub.nouns.threads.models import Thread
from hub.nouns.threads.queries import threads_to_merge
from hub.things.words import counted
from hub.web.flash import say
from hub.web.pages import Choice, Problem
from hub.web.render import render

PREFIX: Final = "thread"
MOST_OFFERED: Final = 20
LONGEST_WORDS: Final = 100
CHOOSE: Final = "Choose a conversation from the list"
NEITHER: Final = (
    "Each of the two is read by people who cannot read the other, so neither place is the stricter one. "
    "Move one of them first"
)


@dataclass(frozen=True)
class _Stricter:
    """Where both lie as one."""

    place_id: str
    marking: str
    ms: str


@blueprint.get("/threads/<id:own>/merge")
@declares("talk:merge")
def ask_into_which(own: str) -> Response:
    """The conversations of which it could become a part."""
    return _page(about(PREFIX, own, "manage"))


@blueprint.post("/threads/<id:own>/merge")
@declares("talk:merge")
@acts
def merge(own: str) -> BaseResponse:
    """Merge it, once it is agreed what that takes from whom."""
    topic = about(PREFIX, own, "manage")
    thread, into = topic.thread, _chosen(own)
    if thread is None or into is None:
        return _page(topic, CHOOSE)
    try:
        check_merge(g.db, thread, into)
    except Conflict as refused:
        return _page(topic, str(refused))
    stricter = next(_places(thread, into), None)
    if stricter is None:
        return _page(topic, NEITHER)
    asked = ask_first(_change(thread, into, stricter), _question(topic, into, stricter))
    if asked is not None:
        return asked
    there = Topic(topic.kind, into)
    with acting() as uow:
        place = place_for_writing(uow.session, stricter.place_id)
        after = merge_threads(uow, thread, into, place, stricter.marking)
    say(f"The conversations are one now. What was said in the other begins at post {after + 1}.")
    return redirect(there.page_of(after + 1), code=303)


def _chosen(own: str) -> Thread | None:
    """The other one, if the viewer manages it; None whether it is absent or not theirs."""
    sent = request.form.get("into", "")
    found = look_up(Thread, sent) if sent and sent != own else None
    return found if found is not None and viewer().sees(found, "manage") else None


def _places(thread: Thread, into: Thread) -> Iterator[_Stricter]:
    """Where both may lie as one: nobody reads them there who did not read both, and the viewer manages them there."""
    marking = max(thread.marking, into.marking, key=list(MARKINGS).index)
    ms = joined(marking, into.state)
    both = readers_at(thread.node, thread.place_id, thread.ms) & readers_at(into.node, into.place_id, into.ms)
    for place_id in dict.fromkeys((into.place_id, thread.place_id)):
        then = judge_at(place_id, into.node, owner="", marking=marking, state=into.state, snapshot=viewer().snapshot)
        decision = viewer().judge("manage", then) if then is not None else None
        if decision is not None and decision.allowed and not readers_at(into.node, place_id, ms) & ~both:
            yield _Stricter(place_id, marking, ms)


def _change(thread: Thread, into: Thread, stricter: _Stricter) -> audience.Change:
    given = select(Grant.id).where(Grant.node == thread.node, Grant.ended_at.is_(None))
    there = [(each, stricter.place_id, stricter.ms) for each in (thread, into)]
    return replace(audience.things_become(there), ended=frozenset(g.db.scalars(given)))


def _question(topic: Topic, into: Thread, stricter: _Stricter) -> Question:
    crumbs, whose, _ = surroundings(topic)
    place = known_place(viewer().snapshot, stricter.place_id)
    posts = counted(topic.thread.last_number if topic.thread else 0, "post", "posts")
    return Question(
        title=f"Merge “{topic.title}” into “{into.title}”?",
        button="Merge them",
        cancel_href=topic.href,
        crumbs=crumbs,
        whose=whose,
        facts=(*standing(topic), *_facts_of_the_other(Topic(topic.kind, into))),
        always=True,
        notes=(
            f"Its {posts} will stand behind what is said there, which will be in “{place.name if place else ''}”.",
            "What was given to people on this conversation itself ends. It cannot be taken apart again.",
        ),
    )


def _facts_of_the_other(topic: Topic) -> tuple[Fact, ...]:
    return tuple(replace(fact, name=f"into {fact.name}") for fact in standing(topic))


def _page(topic: Topic, problem: str = "") -> Response:
    crumbs, whose, _ = surroundings(topic)
    if topic.thread is None:
        raise NotFound
    find = request.args.get("find", "").strip()[:LONGEST_WORDS]
    found = threads_to_merge(viewer(), topic.thread, find, MOST_OFFERED)
    return render(
        MergePage(
            title=f"Merge “{topic.title}” into another conversation",
            crumbs=crumbs,
            problems=(Problem("into", problem),) if problem else (),
            whose=whose,
            action=f"{topic.href}/merge",
            cancel_href=topic.href,
            find=find,
            threads=tuple(Choice(each.id, each.title, _where(each)) for each in found),
            seen=seal(standing(topic)),
        )
    )


def _where(thread: Thread) -> str:
    place = viewer().place(thread.place_id)
    posts = counted(thread.last_number, "post", "posts")
    return f"{place.name}, {posts}" if place is not None else posts
