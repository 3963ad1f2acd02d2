"""What reports have to say to somebody: what waits for them, what became of theirs, and of their own posts."""

from collections.abc import Iterator
from typing import Any

from flask import redirect, request
from sqlalchemy import ColumnElement
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import declares, parts, viewer
from hub.access.viewer import Viewer
from hub.features.conduct.blueprint import blueprint
from hub.features.conduct.reports.queries import Told, count_of, own_report, told_count, told_to
from hub.features.conduct.reports.things import (
    count_of_things,
    own_thing_report,
    reports_of_thing,
    things_told,
    things_told_count,
)
from hub.features.conduct.reports.topics import about_thing, post_href, title_of
from hub.features.conduct.reports.words import DONE, LEFT
from hub.ground.errors import NotFound
from hub.ground.unit_of_work import unit_of_work
from hub.nouns.talk.models import ThingReport, WithdrawalSeen
from hub.nouns.talk.queries import post_of
from hub.web.fields import number_in
from hub.web.pages import Notice, Send

SEEN = "/reports/seen"


def waits(looker: Viewer) -> ColumnElement[int] | None:
    """How many posts and things wait for the viewer."""
    posts, things = count_of(looker), count_of_things(looker)
    return posts + things if posts is not None and things is not None else None


def says(count: int) -> Notice:
    """That so many posts wait, on home."""
    words = "1 reported post waits" if count == 1 else f"{count:,} reported posts wait"
    return Notice(f"{words} for your decision", "/reports", people=count)


def says_things(count: int) -> Notice:
    """That so many things wait."""
    words = "1 reported document waits" if count == 1 else f"{count:,} reported documents wait"
    return Notice(f"{words} for your decision", "/reports", people=count)


def told(looker: Viewer) -> ColumnElement[int]:
    """How much there is that the viewer has not put away."""
    return told_count(looker) + things_told_count(looker)


def says_told(count: int) -> Notice:
    """That there is so much, on home; what it is stands on the page of news."""
    words = "1 decision" if count == 1 else f"{count:,} decisions"
    return Notice(f"{words} about what you reported or wrote", "/notices", "info")


def tells(looker: Viewer) -> Iterator[Notice]:
    """What became of what the viewer reported, and what others did about what is theirs. Two queries."""
    for each in told_to(looker):
        href = post_href(each.thing, each.post.number) if each.thing is not None else ""
        fields = (("node", each.post.node), ("number", str(each.post.number)))
        yield Notice(_in_words(each), href, "info", (Send("Dismiss", SEEN, fields, "link"),))
    for one in things_told(looker):
        about = about_thing(one.thing) if one.thing is not None else None
        words = _of_thing(one.report, about.text if about else "", own=one.report.reporter_id != looker.person.id)
        away = (Send("Dismiss", SEEN, (("node", one.report.node),), "link"),)
        yield Notice(words, about.href if about else "", "info", away)


@blueprint.post(SEEN)
@declares("report:add")
def put_away() -> BaseResponse:
    """Show a notice no more: of a report of one's own, or of a post of one's own."""
    viewer().visible()
    node, number = request.form.get("node", "")[:60], number_in(request.form.get("number")) or 0
    if not number:
        _put_thing_away(node)
        return redirect("/notices", code=303)
    with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow:
        report = own_report(uow.session, viewer().person.id, node, number)
        post = post_of(uow.session, node, number)
        own = post is not None and post.author == viewer().subject.id and post.withdrawn_at is not None
        if report is None and not own:
            raise NotFound
        if report is not None:
            report.put_away = True
        elif uow.session.get(WithdrawalSeen, (node, number)) is None:
            uow.session.add(WithdrawalSeen(node=node, number=number, at=uow.now))
    return redirect("/notices", code=303)


def _put_thing_away(node: str) -> None:
    kind = viewer().kinds.lying_as(node)
    with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow:
        thing: Any = uow.session.get(kind.model, node.partition(":")[2]) if kind is not None else None
        own = thing is not None and thing.owner == viewer().subject.id
        report = own_thing_report(uow.session, viewer().person.id, node)
        if report is None and not own:
            raise NotFound
        if report is not None:
            report.put_away = True
        for each in reports_of_thing(uow.session, node) if own else ():
            each.owner_seen = each.owner_seen or each.outcome == DONE


def _of_thing(report: ThingReport, title: str, *, own: bool) -> str:
    which = f" “{title}”" if title else ""
    if own:
        return f"Somebody reported a document of yours,{which}. Whoever manages it saw to it: {report.note}"
    became = "stays as it is" if report.outcome == LEFT else "was seen to"
    return f"The document{which} that you reported {became}: {report.note}"


def _in_words(each: Told) -> str:
    where = f" in “{title_of(each.thing)}”" if each.thing is not None else ""
    report = each.report
    if report is None:
        return f"A post of yours{where} was withdrawn by a manager: {each.post.reason}"
    if report.outcome == LEFT:
        return f"The post{where} that you reported stays as it is: {report.note}"
    return f"The post{where} that you reported was withdrawn: {each.post.reason}"
