"""What those who lead a conversation do with it: pin, close, rename; and what its page offers."""

from collections.abc import Callable

from flask import Response, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import declares, viewer
from hub.audience.acting import acting, acts
from hub.audience.sealing import NOT_SHOWN, news, seal, shown
from hub.features.talk.blueprint import Topic, about, blueprint, standing, surroundings
from hub.features.talk.leading_pages import RenamePage
from hub.ground.errors import Invalid, NotPermitted
from hub.nouns.talk.links import follow_action
from hub.nouns.threads.models import Thread
from hub.nouns.threads.service import close_thread, pin_thread, rename_thread
from hub.web.flash import say, say_news
from hub.web.pages import Action, Problem, Send
from hub.web.render import render

PREFIX = "thread"
PINNED = ("It does not stand on top any more.", "It stands on top of the talk of this space now.")
CLOSED = ("It is open again.", "It is closed: it can be read, and nobody can post to it.")


def menu_of(topic: Topic) -> tuple[tuple[Action, ...], ...]:
    """What may be done on pages of their own, in groups."""
    thread, hear = topic.thread, follow_action(f"{topic.kind.face(topic.thing).href}/follow")
    if thread is None or not viewer().sees(thread, "edit"):
        return ((hear,),)
    own = [Action("Change the title", f"{topic.href}/rename")]
    if viewer().person.kind == "staff" and thread.state == "published":
        own.append(Action("Who has read this?", f"{topic.href}/who-has-read"))
    if not viewer().sees(thread, "manage"):
        return (hear,), tuple(own)
    seen = Action("Who can see this?", topic.kind.audience_href(thread.node))
    move = Action("Move", f"/move/{topic.kind.word}/{thread.id}")
    return (hear, seen), (*own, move, Action("Merge into another", f"{topic.href}/merge"))


def sends_of(topic: Topic) -> tuple[Send, ...]:
    """What may be done at once."""
    thread = topic.thread
    if thread is None:
        return ()
    found, seen = [], shown(standing(topic))
    if viewer().sees(thread, "edit"):
        pinned = thread.pinned_at is not None
        found.append(_send("Unpin" if pinned else "Pin to the top", f"{topic.href}/pin", seen, on=not pinned))
    if _may_close(thread):
        closed = thread.closed_at is not None
        found.append(_send("Open it again" if closed else "Close it", f"{topic.href}/close", seen, on=not closed))
    return tuple(found)


@blueprint.post("/threads/<id:own>/pin")
@declares("talk:lead")
@acts
def pin(own: str) -> BaseResponse:
    """Let it stand on top of the talk of its space, or no longer."""
    return _change(about(PREFIX, own, "edit"), pin_thread, PINNED)


@blueprint.post("/threads/<id:own>/close")
@declares("talk:post")
@acts
def close(own: str) -> BaseResponse:
    """Let nobody post to it any more, or open it again."""
    topic = about(PREFIX, own, "comment")
    if topic.thread is None or not _may_close(topic.thread):
        raise NotPermitted("Whoever opened this, and those who may edit here, may close it.")
    return _change(topic, close_thread, CLOSED)


def _change(topic: Topic, do: Callable[..., None], said: tuple[str, str]) -> BaseResponse:
    on = request.form.get("on") == "yes"
    if (since := news(standing(topic))) is not None:
        say_news(since)
    else:
        with acting() as uow:
            do(uow, topic.thread, on=on)
        say(said[on])
    return redirect(topic.href, code=303)


@blueprint.get("/threads/<id:own>/rename")
@declares("talk:lead")
def ask_for_title(own: str) -> Response:
    """Its title in a form."""
    topic = about(PREFIX, own, "edit")
    return _page(topic, topic.title)


@blueprint.post("/threads/<id:own>/rename")
@declares("talk:lead")
@acts
def rename(own: str) -> BaseResponse:
    """Give it the title that was sent."""
    topic, name = about(PREFIX, own, "edit"), request.form.get("name", "").strip()
    if (since := news(standing(topic))) is not None:
        return _page(topic, name, (Problem("name", " ".join(since or (NOT_SHOWN,))),))
    try:
        with acting() as uow:
            if topic.thread is not None:
                rename_thread(uow, topic.thread, name)
    except Invalid as refused:
        return _page(topic, name, (Problem("name", str(refused)),))
    say("The title is changed.")
    return redirect(topic.href, code=303)


def _may_close(thread: Thread) -> bool:
    """Whoever may edit it, and who opened it while they may write in it."""
    own = thread.opened_by == viewer().subject.id
    return viewer().sees(thread, "edit") or (own and viewer().sees(thread, "comment"))


def _send(words: str, href: str, seen: tuple[str, str], *, on: bool) -> Send:
    return Send(words, href, (("on", "yes" if on else "no"), seen), "link")


def _page(topic: Topic, name: str, problems: tuple[Problem, ...] = ()) -> Response:
    crumbs, whose, _ = surroundings(topic)
    return render(
        RenamePage(
            title="Change the title",
            crumbs=crumbs,
            problems=problems,
            whose=whose,
            action=f"{topic.href}/rename",
            cancel_href=topic.href,
            name=name,
            seen=seal(standing(topic)),
        )
    )
