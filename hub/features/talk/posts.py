"""What is done to a post: accepted, thanked for, withdrawn with a reason."""

from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import declares, viewer
from hub.audience.acting import acting, acts
from hub.audience.sealing import NOT_SHOWN, news, seal
from hub.features.talk.blueprint import Topic, about, post_at, standing, surroundings, talked
from hub.features.talk.post_pages import WithdrawPage
from hub.features.talk.shown import May, quoted
from hub.ground.errors import Invalid, NotFound, NotPermitted
from hub.ground.unit_of_work import UnitOfWork
from hub.nouns.talk import service
from hub.nouns.talk.models import Post
from hub.nouns.talk.queries import stands
from hub.nouns.talk.service import post_for_writing
from hub.nouns.threads.service import accept
from hub.nouns.threads.withdrawing import withdraw as withdraw_from
from hub.web.flash import say, say_news
from hub.web.pages import Problem
from hub.web.render import render

NOT_TO_ACCEPT = "Whoever asked, and those who may edit here, say what answers a question."
NOT_TO_WITHDRAW = "Only whoever wrote this, and those who manage this place, may withdraw it."


@talked("/posts/<int:number>/accept", method="POST")
@declares("talk:post")
@acts
def accept_post(prefix: str, own: str, number: int) -> BaseResponse:
    """Mark it as an answer, or no longer."""
    topic, on = about(prefix, own, "comment"), request.form.get("on") == "yes"
    thread = topic.thread
    post_at(topic, number)
    if thread is None or not May.of(topic).accept:
        raise NotPermitted(NOT_TO_ACCEPT)
    if (since := news(standing(topic))) is not None:
        say_news(since)
    else:
        with acting() as uow:
            accept(uow, thread, _for_writing(uow, topic, number), viewer().subject.id, on=on)
        say("It is marked as an answer." if on else "It is not marked as an answer any more.")
    return redirect(topic.page_of(number), code=303)


@talked("/posts/<int:number>/thank", method="POST")
@declares("talk:post")
@acts
def thank_post(prefix: str, own: str, number: int) -> BaseResponse:
    """Thank whoever wrote it, or take that back."""
    topic, on = about(prefix, own, "comment"), request.form.get("on") == "yes"
    post_at(topic, number)
    if (since := news(standing(topic))) is not None:
        say_news(since)
    else:
        with acting() as uow:
            do = service.thank if on else service.thank_no_more
            do(uow, _for_writing(uow, topic, number), viewer().person)
    return redirect(topic.page_of(number), code=303)


@talked("/posts/<int:number>/withdraw")
@declares("talk:withdraw")
def ask_why(prefix: str, own: str, number: int) -> Response:
    """Asks for the reason, which will stand in its place."""
    topic = about(prefix, own)
    return _withdraw_page(topic, _withdrawable(topic, number))


@talked("/posts/<int:number>/withdraw", method="POST")
@declares("talk:withdraw")
@acts
def withdraw(prefix: str, own: str, number: int) -> BaseResponse:
    """Take it out of sight; it stays for the organisations that keep it."""
    topic = about(prefix, own)
    post, reason = _withdrawable(topic, number), request.form.get("reason", "")
    if (since := news(standing(topic))) is not None:
        return _withdraw_page(topic, post, reason, " ".join(since or (NOT_SHOWN,)))
    try:
        with acting() as uow:
            withdraw_from(uow, topic.thing, _for_writing(uow, topic, number), viewer().subject.id, reason)
    except Invalid as refused:
        return _withdraw_page(topic, post, reason, str(refused))
    say("It is withdrawn. Your reason stands in its place.")
    return redirect(topic.page_of(number), code=303)


def _for_writing(uow: UnitOfWork, topic: Topic, number: int) -> Post:
    return post_for_writing(uow.session, topic.thing.node, number)


def _withdrawable(topic: Topic, number: int) -> Post:
    post = post_at(topic, number)
    if not stands(g.db, post):
        raise NotFound
    if post.author != viewer().subject.id and not May.of(topic).withdraw:
        raise NotPermitted(NOT_TO_WITHDRAW)
    return post


def _withdraw_page(topic: Topic, post: Post, reason: str = "", problem: str = "") -> Response:
    crumbs, whose, _ = surroundings(topic)
    return render(
        WithdrawPage(
            title="Withdraw this?",
            crumbs=crumbs,
            problems=(Problem("reason", problem),) if problem else (),
            whose=whose,
            action=f"{topic.post_href(post.number)}/withdraw",
            cancel_href=topic.page_of(post.number),
            post=quoted(topic, post),
            own=post.author == viewer().subject.id,
            reason=reason,
            seen=seal(standing(topic)),
        )
    )
