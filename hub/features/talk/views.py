"""One conversation, or the comments on a document: reading what was said, and saying more."""

from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import declares, viewer
from hub.access.models import Person
from hub.access.why import why
from hub.audience.acting import acting, acts
from hub.audience.sealing import NOT_SHOWN, news, seal
from hub.features.talk.attaching import again, attach, file_sent, hint_for, stored, with_link
from hub.features.talk.beside import beside
from hub.features.talk.blueprint import ON_A_PAGE, Topic, about, led_to, post_at, standing, surroundings, talked
from hub.features.talk.forms import PostForm, problem_of, read_post
from hub.features.talk.happening import event_shown
from hub.features.talk.leading import menu_of, sends_of
from hub.features.talk.mentions import meant, names_for, quoted, say_who_is_not_told
from hub.features.talk.naming import say_who_is_away
from hub.features.talk.pages import PostShown, ThreadPage
from hub.features.talk.readers import keepers_in_words, readers_in_words
from hub.features.talk.shown import shown
from hub.ground.errors import Invalid, NotFound
from hub.ground.unit_of_work import UnitOfWork
from hub.keeping.drafts import Typed, typed_into
from hub.keeping.once import check_sheet, once
from hub.keeping.trail import read
from hub.nouns.talk.queries import holders_of, page_of, post_of, said_at, sent_to, stands, talk_about
from hub.nouns.talk.service import say
from hub.nouns.threads.models import Thread
from hub.nouns.threads.service import post_to
from hub.nouns.threads.sorts import SORTS
from hub.things.words import counted
from hub.web.fields import number_in
from hub.web.pages import Action, Choice
from hub.web.paging import page_links, page_number
from hub.web.render import render

CHANGED: Final = 409
CLOSED: Final = "This conversation is closed: nobody can post to it any more."
CLOSED_MEANWHILE: Final = "This conversation was closed while you were writing. Copy your text before you leave."
NO_COMMENTS: Final = "Once it is published, people can comment on it."
READ_ONLY: Final = "You can read this. Who may write here is for those who manage it to say."
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
    return _page(topic, typed_into(_quoting(topic)))


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
        return _page(topic, again(form, file), (CLOSED_MEANWHILE,))
    said = meant(form, topic.thing)
    form, offered = said.form, said.offered
    if form.problems or form.preview:
        return _page(topic, again(form, file), offered=offered)
    if since is not None:
        return _page(topic, again(form, file), since or (NOT_SHOWN,), offered)
    try:
        if form.attach:
            return attach(form, file, topic.thing, Typed(topic.href, topic.href, "read", topic.thing.node))
        kept = stored(file)
        with acting() as uow, once(uow) as answer:
            form = with_link(uow, form, kept, topic.thing)
            answer.location = topic.page_of(_say(uow, topic, form, said.told))
            say_who_is_away(said.told)
    except Invalid as refused:
        return _page(topic, replace(form, problems=(problem_of(refused),)))
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


def _page(topic: Topic, form: PostForm, since: tuple[str, ...] = (), offered: tuple[Choice, ...] = ()) -> Response:
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
