"""A post edited by whoever wrote it, and looked at as it was before."""

from dataclasses import dataclass, replace

from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import declares, viewer
from hub.audience.acting import acting, acts
from hub.audience.sealing import NOT_SHOWN, news, seal
from hub.features.talk.blueprint import Topic, about, post_at, standing, surroundings, talked
from hub.features.talk.forms import PostForm, problem_of, read_post
from hub.features.talk.mentions import known, typed
from hub.features.talk.post_pages import EarlierPage, EarlierText, EditPostPage
from hub.features.talk.shown import quoted
from hub.ground.errors import Invalid, NotFound, NotPermitted
from hub.ground.unit_of_work import UnitOfWork
from hub.keeping.drafts import sent, typed_into
from hub.nouns.talk import service
from hub.nouns.talk.models import Post, PostText
from hub.nouns.talk.queries import earlier_texts, stands
from hub.nouns.talk.service import post_for_writing
from hub.nouns.threads.service import edit_in
from hub.web.fields import number_in
from hub.web.flash import say
from hub.web.render import render

CHANGED = 409
NOT_YOURS = "Only whoever wrote this may edit it."
SINCE = "You saved another text of this meanwhile, in another window. Look at both before you save."


@talked("/posts/<int:number>/edit")
@declares("talk:post")
def edit(prefix: str, own: str, number: int) -> Response:
    """What one said, in a form."""
    topic = about(prefix, own, "comment")
    post = _own(topic, number)
    form = typed_into(_Edited(typed(post.body), post.revision))
    return _edit_page(topic, post, PostForm(form.body), form.based_on)


@talked("/posts/<int:number>/edit", method="POST")
@declares("talk:post", costs="write")
@acts
def save(prefix: str, own: str, number: int) -> BaseResponse:
    """Change it; what it said before is kept."""
    topic = about(prefix, own, "comment")
    post, form, based_on = _own(topic, number), read_post(request.form), number_in(request.form.get("based_on"))
    since = news(standing(topic))
    form, _ = known(form)
    if form.problems or form.preview:
        return _edit_page(topic, post, form, based_on or 0)
    if since is not None:
        return _edit_page(topic, post, form, based_on or 0, since or (NOT_SHOWN,))
    if based_on != post.revision:
        return _edit_page(topic, post, form, post.revision, (SINCE,))
    try:
        with acting() as uow:
            changed = _edit(uow, topic, number, based_on, form.kept)
            if changed:
                uow.record("post:edit", topic.thing.node, topic.thing.organisation_id, str(number))
            sent(uow)
    except Invalid as refused:
        return _edit_page(topic, post, replace(form, problems=(problem_of(refused),)), based_on)
    say(
        "It is changed. What it said before is kept, and whoever reads it may look."
        if changed
        else "Nothing had changed."
    )
    return redirect(topic.page_of(number), code=303)


@talked("/posts/<int:number>/earlier")
@declares("talk:show")
def earlier(prefix: str, own: str, number: int) -> Response:
    """What it said before."""
    topic = about(prefix, own)
    post = post_at(topic, number)
    texts = _readable(topic, post)
    if not stands(g.db, post) or not texts:
        raise NotFound
    crumbs, whose, _ = surroundings(topic)
    return render(
        EarlierPage(
            title=f"Earlier texts of post {number}",
            crumbs=crumbs,
            whose=whose,
            back_href=topic.page_of(number),
            post=quoted(topic, post),
            texts=tuple(EarlierText(text.revision, text.at, text.body) for text in texts),
        )
    )


@dataclass(frozen=True)
class _Edited:
    """The fields of the form by which one edits, as drafts keep them."""

    body: str
    based_on: int


def _edit(uow: UnitOfWork, topic: Topic, number: int, based_on: int, body: str) -> bool:
    post = post_for_writing(uow.session, topic.thing.node, number)
    if topic.thread is not None:
        return edit_in(uow, topic.thread, post, based_on, body)
    return service.edit_post(uow, post, based_on, body)


def _readable(topic: Topic, post: Post) -> list[PostText]:
    """Its earlier texts; what a draft said before it was published is for those who edit there."""
    texts, thread = earlier_texts(g.db, post), topic.thread
    if thread is None or thread.published_at is None or viewer().sees(thread, "edit"):
        return texts
    ends = [post.edited_at or post.at, *(text.at for text in texts)]
    return [text for text, end in zip(texts, ends, strict=False) if end > thread.published_at]


def _own(topic: Topic, number: int) -> Post:
    """A post of the viewer's own that stands."""
    post = post_at(topic, number)
    if not stands(g.db, post):
        raise NotFound
    if post.author != viewer().subject.id:
        raise NotPermitted(NOT_YOURS)
    return post


def _edit_page(topic: Topic, post: Post, form: PostForm, based_on: int, since: tuple[str, ...] = ()) -> Response:
    crumbs, whose, _ = surroundings(topic)
    return render(
        EditPostPage(
            title=f"Edit what you said in “{topic.title}”",
            crumbs=crumbs,
            problems=form.problems,
            whose=whose,
            action=f"{topic.post_href(post.number)}/edit",
            cancel_href=topic.page_of(post.number),
            body=form.body,
            based_on=based_on,
            preview=form.preview,
            said=form.kept,
            names_href=f"{topic.kind.face(topic.thing).href}/names",
            seen=seal(standing(topic)),
            news=since,
        ),
        CHANGED if since else 200,
    )
