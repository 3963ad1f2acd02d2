"""Taking personal data out of a post for good: what, why, how it will read, and then it is done.

An officer does so for what was said for their own organisation, wherever that was, and for what was said in a place of
their organisation that they may read: there nobody else might be left to do it. What others hold is theirs.
"""

from dataclasses import dataclass
from typing import Final

from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import declares, parts, viewer
from hub.access.models import Place
from hub.audience.acting import acting, acts
from hub.audience.sealing import Fact, digest, news, shown
from hub.features.administration.blueprint import blueprint, crumbs, tabs
from hub.features.administration.records.pages import ErasePage, EraseSurePage
from hub.features.administration.records.rows import Told, told
from hub.features.administration.records.whose import kept
from hub.ground.errors import Invalid, NotFound
from hub.ground.unit_of_work import unit_of_work
from hub.nouns.talk.erasing import Erasure, left_of, said_elsewhere
from hub.nouns.talk.models import Post
from hub.nouns.talk.words import day_in_words
from hub.nouns.threads.erasing import Beside, beside, changed, erase
from hub.things.kinds import lying_at
from hub.things.thing import Lying
from hub.web.fields import number_in
from hub.web.flash import say
from hub.web.pages import Choice, Crumb, Problem, Send
from hub.web.render import render

TAB: Final = "Records"
SPAN, WHOLE = "span", "whole"
WAYS: Final = (
    Choice(SPAN, "Some words of it", "Each place in which they stand then says [removed]."),
    Choice(WHOLE, "All that it says", "Of what opened a conversation, its title too. It can be given another."),
)
NO_WORDS: Final = "Enter the words that are to go, as they stand below"
FOR_GOOD: Final = (
    "This cannot be undone. The words go from what the post says, from what it said before it was edited, and from "
    "search; of what opened a conversation, from its title too. Your reason stands with the post, for everybody who "
    "reads it, and in the audit."
)
BACKUPS: Final = "Backups made before today hold them until they are deleted."


@dataclass(frozen=True)
class _About:
    """The post that an address names, and what it was said about, if the viewer may read that."""

    organisation: Place
    post: Post
    thing: Lying | None

    @property
    def here(self) -> str:
        """Its address among the records."""
        return f"/admin/{self.organisation.path}/records/post"

    @property
    def form_href(self) -> str:
        """Where the form is."""
        return f"{self.here}?node={self.post.node}&number={self.post.number}"


@blueprint.get("/admin/<slug:organisation>/records/post")
@declares("records:keep")
def ask_what_goes(organisation: str) -> Response:
    """The post with its earlier texts, and the form. That somebody looked is in the audit."""
    about = _about(organisation, request.args.get("node", ""), request.args.get("number"))
    with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow:
        own = about.organisation.id
        uow.record("records:look", f"{about.post.node}#{about.post.number}", own, "to remove personal data")
    return _form_page(about)


@blueprint.post("/admin/<slug:organisation>/records/post")
@declares("records:keep")
@acts
def take_out(organisation: str) -> BaseResponse:
    """Take it out, once it was seen how every text will read."""
    about = _about(organisation, request.form.get("node", ""), request.form.get("number"))
    span, way = request.form.get("span", "").strip(), request.form.get("way", SPAN)
    reason = " ".join(request.form.get("reason", "").split())
    try:
        erasure = _erasure(way, span, reason)
        bound = _bound(about, erasure)
    except Invalid as refused:
        return _form_page(about, span, way, reason, Problem(refused.field, str(refused)))
    if (since := news(bound)) is not None:
        return _sure_page(about, erasure, bound, since)
    with acting() as uow:
        edited_at = f"{_pages(about.post)}/posts/{about.post.number}/edit"
        erase(uow, about.post, erasure, about.organisation.id, viewer().subject.id, edited_at)
    say("It is removed for good. Your reason stands with the post.")
    return redirect(f"/admin/{about.organisation.path}/records", code=303)


def _erasure(way: str, span: str, reason: str) -> Erasure:
    if way != WHOLE and not span:
        raise Invalid(NO_WORDS, "span")
    return Erasure(reason, "" if way == WHOLE else span)


def may_erase(organisation: Place, post: Post, thing: Lying | None) -> bool:
    """Whether an organisation may take something out of a post; `thing` only where its officer may read that."""
    return post.organisation_id == organisation.id or (thing is not None and thing.organisation_id == organisation.id)


def erase_href(organisation: Place, post: Post, thing: Lying | None) -> str:
    """Where that is asked; empty where it is for others."""
    return _About(organisation, post, thing).form_href if may_erase(organisation, post, thing) else ""


def _about(slug: str, node: str, number: str | None) -> _About:
    organisation, found = kept(slug), number_in(number)
    if viewer().kinds.lying_as(node) is None or not found:
        raise NotFound
    post: Post | None = g.db.get(Post, (node, found), with_for_update=True if g.get("acting") else None)
    thing = lying_at(g.db, viewer().kinds, [node]).get(node)
    thing = thing if thing is not None and viewer().sees(thing) else None
    if post is None or not may_erase(organisation, post, thing):
        raise NotFound
    return _About(organisation, post, thing)


def _lines(about: _About) -> list[Beside]:
    """The lines beside the post, for an officer who may read what it was said about."""
    return beside(g.db, about.post) if about.thing is not None else []


def _left(about: _About, erasure: Erasure) -> list[tuple[str, str]]:
    """How every text of the post will read, and every line beside it: what it is, and what it will say."""
    lines = _lines(about)
    texts = left_of(g.db, about.post, erasure, besides=changed(lines, erasure))
    found = [(f"What it said from {day_in_words(text.at)}" if text else "What it says", left) for text, left in texts]
    return [*((line.label, line.left(erasure)) for line in lines), *found]


def _pages(post: Post) -> str:
    kind, own = viewer().kinds.lying_as(post.node), post.node.partition(":")[2]
    return f"{kind.pages}{own}" if kind else ""


def _bound(about: _About, erasure: Erasure) -> tuple[Fact, ...]:
    """What was shown: how every text will read, and why."""
    left = digest(erasure.reason, *(text for _, text in _left(about, erasure)))
    return (Fact("left", left, lambda: "It was changed meanwhile: look at how it will read now."),)


def _told(about: _About) -> Told:
    return told(viewer(), [about.post], earlier=True)[0]


def _form_page(
    about: _About, span: str = "", way: str = SPAN, reason: str = "", problem: Problem | None = None
) -> Response:
    one, records = _told(about), f"/admin/{about.organisation.path}/records"
    return render(
        ErasePage(
            crumbs=crumbs(about.organisation, Crumb(TAB, records)),
            tabs=tabs(about.organisation, TAB),
            problems=(problem,) if problem else (),
            action=about.here,
            cancel_href=records,
            node=about.post.node,
            number=about.post.number,
            by=f"{one.name} of {one.organisation}",
            at=about.post.at,
            lines=tuple((line.label, line.text) for line in _lines(about)),
            body=about.post.body,
            earlier=tuple(reversed(one.earlier)),
            notes=(*((one.withdrawn,) if one.withdrawn else ()), *one.removed),
            span=span,
            way=way,
            reason=reason,
            ways=WAYS,
        )
    )


def _sure_page(about: _About, erasure: Erasure, bound: tuple[Fact, ...], since: tuple[str, ...]) -> Response:
    post, records = about.post, f"/admin/{about.organisation.path}/records"
    whose = "" if about.thing is not None else about.organisation.id
    fields = (
        ("node", post.node),
        ("number", str(post.number)),
        ("span", erasure.span),
        ("way", SPAN if erasure.span else WHOLE),
        ("reason", erasure.reason),
        shown(bound),
    )
    return render(
        EraseSurePage(
            crumbs=crumbs(about.organisation, Crumb(TAB, records)),
            tabs=tabs(about.organisation, TAB),
            sentences=(f"Reason: {erasure.reason}", FOR_GOOD, BACKUPS),
            texts=tuple(_left(about, erasure)),
            elsewhere=tuple(said_elsewhere(g.db, post, erasure.span, whose)) if erasure.span else (),
            send=Send("Remove it for good", about.here, fields, "warning"),
            cancel_href=about.form_href,
            news=since,
        )
    )
