"""What those who lead a conversation do with it: pin, close, rename; and what its page offers."""

from flask import Response, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import declares, viewer
from hub.audience.acting import acting, acts
from hub.audience.sealing import NOT_SHOWN, news, seal, shown
from hub.features.talk.blueprint import Topic, about, blueprint, standing, surroundings
from hub.features.talk.pages import RenamePage
from hub.ground.errors import Invalid, NotPermitted
from hub.nouns.threads.models import Thread
from hub.nouns.threads.service import close_thread, pin_thread, rename_thread
from hub.web.flash import say, say_news
from hub.web.pages import Action, Problem, Send
from hub.web.render import render

PREFIX = "thread"
SAID = {
    ("pin", True): "It stands on top of the talk of this space now.",
    ("pin", False): "It does not stand on top any more.",
    ("close", True): "It is closed: it can be read, and nobody can post to it.",
    ("close", False): "It is open again.",
}


def menu_of(topic: Topic) -> tuple[tuple[Action, ...], ...]:
    """What may be done on pages of their own, in groups."""
    thread = topic.thread
    if thread is None or not viewer().sees(thread, "edit"):
        return ()
    rename = Action("Change the title", f"{topic.href}/rename")
    if not viewer().sees(thread, "manage"):
        return ((rename,),)
    seen = Action("Who can see this?", topic.kind.audience_href(thread.node))
    return (seen,), (rename, Action("Move", f"/move/{topic.kind.word}/{thread.id}"))


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


@blueprint.post("/threads/<id:own>/<any(pin, close):step>")
@declares("talk:withdraw")
@acts
def change(own: str, step: str) -> BaseResponse:
    """Pin or close it, or take that back."""
    topic, on = about(PREFIX, own), request.form.get("on") == "yes"
    thread = topic.thread
    if thread is None or not (_may_close(thread) if step == "close" else viewer().sees(thread, "edit")):
        raise NotPermitted("You can read this, but policy does not let you change it.")
    if (since := news(standing(topic))) is not None:
        say_news(since)
        return redirect(topic.href, code=303)
    with acting() as uow:
        (close_thread if step == "close" else pin_thread)(uow, thread, on=on)
    say(SAID[step, on])
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
