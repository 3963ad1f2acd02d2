"""The page of a conversation, or of the comments on a document, as its viewer sees it."""

from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from flask import Response, g, request

from hub.access.guard import viewer
from hub.access.why import why
from hub.audience.sealing import seal
from hub.features.talk.attaching import hint_for
from hub.features.talk.beside import beside
from hub.features.talk.blueprint import ON_A_PAGE, Topic, standing, surroundings
from hub.features.talk.forms import PostForm
from hub.features.talk.happening import event_shown
from hub.features.talk.leading import menu_of, sends_of
from hub.features.talk.pages import ThreadPage
from hub.features.talk.post_pages import PostShown
from hub.features.talk.readers import keepers_in_words, readers_in_words
from hub.features.talk.shown import shown
from hub.ground.errors import NotFound
from hub.keeping.trail import read
from hub.nouns.talk.queries import holders_of, page_of, sent_to, talk_about
from hub.nouns.threads.models import Thread
from hub.nouns.threads.sorts import SORTS
from hub.things.words import counted
from hub.web.pages import Action, Choice
from hub.web.paging import page_links, page_number
from hub.web.render import render

CHANGED: Final = 409
CLOSED: Final = "This conversation is closed: nobody can post to it any more."
NO_COMMENTS: Final = "Once it is published, people can comment on it."
READ_ONLY: Final = "You can read this. Who may write here is for those who manage it to say."


def thread_page(
    topic: Topic, form: PostForm, since: tuple[str, ...] = (), offered: tuple[Choice, ...] = ()
) -> Response:
    """What was said, and the form to say more; `since` is what changed meanwhile, `offered` who may be meant."""
    (total, last), page = _so_far(topic), page_number(request.args.get("page"))
    talk, posts = page_of(g.db, topic.thing.node, (page - 1) * ON_A_PAGE, ON_A_PAGE)
    if page > 1 and not posts:
        raise NotFound
    told, on_top = shown(topic, posts, talk, on_top=topic.thread is not None and page == 1)
    star = read(topic.thing.node, last, opens=topic.thread is not None)
    crumbs, whose, _ = surroundings(topic)
    thread, looker = topic.thread, viewer()
    draft = thread is not None and thread.state == "draft"
    posts_here = looker.sees(topic.thing, "comment") and not draft and (thread is None or thread.closed_at is None)
    sort = SORTS[thread.sort] if thread is not None else None
    href, more = topic.kind.face(topic.thing).href, beside(topic)
    return render(
        ThreadPage(
            title=topic.title if thread is not None else f"Comments on “{topic.title}”",
            crumbs=crumbs[:-1] if thread is not None else crumbs,
            problems=form.problems,
            whose=whose,
            word=sort.one if sort else "Comments",
            about=None if thread is not None else Action(topic.title, href),
            stage="" if thread is None or sort is None or thread.closed_at else sort.stages[thread.stage],
            tone=sort.tone(thread.stage) if thread is not None and sort is not None else "",
            marking=topic.thing.marking,
            state=topic.thing.state,
            star=star,
            sent=_sent(thread),
            pinned=thread is not None and thread.pinned_at is not None,
            closed=thread is not None and thread.closed_at is not None,
            posts=tuple(_answering(told[post.number], told) for post in posts),
            accepted=tuple(told[number] for number in on_top),
            total=total,
            links=page_links(page, ON_A_PAGE, total, lambda n: f"{topic.href}?page={n}"),
            menu=menu_of(topic),
            sends=(*sends_of(topic), *more.follow),
            beside=more,
            action=topic.href if posts_here else "",
            silent="" if posts_here else _silent(topic),
            body=form.body,
            answers_to=form.answers_to,
            tell=form.tell,
            tell_is=form.tell_is,
            offered=offered,
            quoted=_quoted(form, told),
            preview=form.preview,
            said=form.kept,
            names_href=f"{href}/names" if posts_here else "",
            attach_hint=hint_for(topic.thing) if posts_here else "",
            button=sort.reply if sort else "Comment",
            seen=seal(standing(topic)),
            news=since,
            here=topic.thing.place_id,
            **(_before_the_button(topic, total) if posts_here else {}),
            why=why(looker, topic.thing, page=href, edited=True) if thread is not None else None,
            event=event_shown(topic),
        ),
        CHANGED if since else 200,
    )


def _so_far(topic: Topic) -> tuple[int, datetime | None]:
    """How many posts there are, and when the last was written. A query where it is no conversation."""
    thread = topic.thread
    if thread is not None:
        return thread.last_number, thread.changed_at
    talk = talk_about(g.db, topic.thing.node)
    return (talk.last_number, talk.last_at) if talk is not None else (0, None)


def _silent(topic: Topic) -> str:
    """Why the viewer cannot post here."""
    if topic.thread is not None and topic.thread.state == "draft":
        return NO_COMMENTS
    return CLOSED if viewer().sees(topic.thing, "comment") else READ_ONLY


def _sent(thread: Thread | None) -> str:
    """To how many who know a question was sent, for whoever asked it and as far as they may know."""
    if thread is None or thread.nudged <= 1 or thread.opened_by != viewer().subject.id:
        return ""
    count = sent_to(viewer(), thread.node)
    return f"Sent to {counted(count, 'person who knows', 'people who know')} about this." if count else ""


def _before_the_button(topic: Topic, total: int) -> dict[str, Any]:
    holders = holders_of(g.db, topic.thing.node) if total else []
    return {
        "readers": readers_in_words(viewer(), topic.thing),
        "keepers": keepers_in_words(viewer(), holders),
    }


def _answering(post: PostShown, told: dict[int, PostShown]) -> PostShown:
    """With whom it answers, where that is on the page."""
    other = told.get(post.answers_to) if post.answers_to else None
    return replace(post, answered=other.by.name) if other else post


def _quoted(form: PostForm, told: dict[int, PostShown]) -> str:
    if form.answered is None:
        return ""
    other = told.get(form.answered)
    return f"post {form.answered} by {other.by.name}" if other else f"post {form.answered}"
