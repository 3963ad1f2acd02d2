"""Reporting a post: for whoever reads it."""

from dataclasses import dataclass
from typing import Any

from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import declares, of_each_kind, parts, viewer
from hub.access.models import Person
from hub.features.conduct.blueprint import blueprint
from hub.features.conduct.reports.pages import ReportPage
from hub.features.conduct.reports.queries import days_of, own_report
from hub.features.conduct.reports.service import NewReport, check_report, report, still_holds
from hub.features.conduct.reports.topics import managed_by_others, post_href, quoted, surroundings, who_looks
from hub.features.conduct.reports.words import LEFT, REASONS
from hub.ground.errors import Invalid, NotFound, NotPermitted
from hub.ground.unit_of_work import unit_of_work
from hub.keeping import drafts
from hub.keeping.drafts import typed_into
from hub.nouns.documents.forms import lines_of
from hub.nouns.people.queries import named, person_by_handle
from hub.nouns.talk.models import Post, PostReport
from hub.nouns.talk.queries import post_of
from hub.nouns.talk.service import post_for_writing
from hub.things.kind import Kind
from hub.things.thing import Lying
from hub.web.fields import number_in
from hub.web.filters import day
from hub.web.flash import say
from hub.web.pages import Problem
from hub.web.render import render

OWN = "This is your own. You may withdraw it where it stands."
SAID = "Thank you. {} Whoever wrote it is not told who reported it."


@dataclass(frozen=True)
class ReportForm:
    """The fields as they came."""

    why: str = ""
    words: str = ""


def _rule(kind: Kind) -> str:
    return f"{kind.pages}<id:own>/posts/<int:number>/report" if kind.talk is not None else ""


@of_each_kind(blueprint, _rule)
@declares("report:add")
def ask_why(prefix: str, own: str, number: int) -> Response:
    """What is wrong with a post; or what became of the viewer's report."""
    thing, post = _reportable(prefix, own, number)
    return _page(thing, post, typed_into(ReportForm()))


@of_each_kind(blueprint, _rule, method="POST")
@declares("report:add", costs="write")
def send_report(prefix: str, own: str, number: int) -> BaseResponse:
    """Keep the report; a second one of the same person adds nothing."""
    thing, post = _reportable(prefix, own, number)
    form = ReportForm(request.form.get("why", ""), lines_of(request.form.get("words", "")))
    try:
        check_report(form.why, form.words)
    except Invalid as refused:
        return _page(thing, post, form, (Problem(refused.field, str(refused)),))
    managers = managed_by_others(thing, _author_id(post))
    new = NewReport(form.why, form.words, number_in(request.form.get("revision")) or post.revision)
    with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow:
        locked = post_for_writing(uow.session, thing.node, number)
        reporter = uow.session.get_one(Person, viewer().person.id)
        added = report(uow, thing, locked, reporter, new, passed_on=not managers)
        drafts.sent(uow)
    days = days_of(g.db, [thing.organisation_id])[thing.organisation_id]
    looks = who_looks(thing, days, managers=managers)
    say(SAID.format(looks) if added else "You reported this before: nothing was added.", "success" if added else "info")
    return redirect(f"{post_href(thing, number)}/report", code=303)


def _reportable(prefix: str, own: str, number: int) -> tuple[Lying, Post]:
    """A post of something that the viewer reads, which stands or which they reported."""
    kind = parts().kinds[prefix]
    thing: Any = viewer().read(g.db.get(kind.model, own))
    post = post_of(g.db, thing.node, number)
    if post is None or (post.withdrawn_at is not None and not _own(post)):
        raise NotFound
    if post.author == viewer().subject.id:
        raise NotPermitted(OWN)
    return thing, post


def _own(post: Post) -> PostReport | None:
    return own_report(g.db, viewer().person.id, post.node, post.number)


def _author_id(post: Post) -> str:
    author = person_by_handle(g.db, post.author.partition(":")[2])
    return author.id if author else ""


def _page(thing: Lying, post: Post, form: ReportForm, problems: tuple[Problem, ...] = ()) -> Response:
    crumbs, whose = surroundings(thing)
    here, before = post_href(thing, post.number), _own(post)
    own = before if before is not None and still_holds(before, post) else None
    days = days_of(g.db, [thing.organisation_id])[thing.organisation_id]
    return render(
        ReportPage(
            title="Report a post" if own is None else "You reported this post",
            crumbs=crumbs,
            problems=problems,
            whose=whose,
            post=quoted(thing, post, named(viewer(), {post.author})),
            who_looks=who_looks(thing, days, managers=managed_by_others(thing, _author_id(post))),
            action=f"{here}/report" if own is None else "",
            cancel_href=here,
            choices=REASONS,
            why=form.why,
            words=form.words,
            revision=post.revision,
            said=outcome_of(own, post) if own else "",
        )
    )


def outcome_of(own: PostReport, post: Post) -> str:
    """What became of a report so far, for whoever made it."""
    when = f"You reported it on {day(own.at).striptags()}."
    if own.outcome == LEFT:
        return f"{when} It was looked at and stays as it is: {own.note}"
    if own.outcome or post.withdrawn_at is not None:
        return f"{when} It was withdrawn: {post.reason}"
    return f"{when} It waits for an answer."
