"""Making, renewing and revoking addresses of feeds, by their person alone."""

from typing import Final
from urllib.parse import urlencode

from flask import Response, g, redirect, request
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import declares, parts, viewer
from hub.access.models import Person
from hub.features.feeds.leaving import may_have
from hub.features.feeds.naming import Subject, all_in_words, subject_of
from hub.features.feeds.pages import FeedOncePage, FeedRow, FeedsPage, NewFeedPage
from hub.features.feeds.serving import blueprint
from hub.ground.clock import day_of
from hub.ground.errors import Conflict, Invalid, NotFound, NotPermitted
from hub.ground.unit_of_work import unit_of_work
from hub.keeping.once import check_sheet, once
from hub.nouns.people.feeds import (
    CALENDARS,
    LONGEST_NAME,
    LONGEST_SEARCH,
    MINE,
    PERSON,
    SORTS,
    STAFF_ONLY,
    NewFeed,
    end_feed,
    feeds_of,
    make_feed,
    renew_feed,
)
from hub.nouns.people.models import Feed
from hub.web.flash import say
from hub.web.pages import Crumb, Problem, Send
from hub.web.render import render

HERE: Final = "/me/feeds"
CRUMB: Final = Crumb("Feeds", HERE)


@blueprint.get(HERE)
@declares("feed:keep")
def mine() -> Response:
    """The viewer's addresses: what each is for, until when, and when it was read last."""
    viewer().visible()
    feeds = feeds_of(g.db, viewer().person, parts().clock.now())
    barred = "" if may_have(viewer().person) else STAFF_ONLY
    about = all_in_words(viewer(), feeds)
    return render(FeedsPage(feeds=tuple(map(_row, feeds, about)), barred=barred))


@blueprint.get(f"{HERE}/new")
@declares("feed:keep")
def begin() -> Response:
    """The form for an address."""
    sort, about = _asked()
    subject = subject_of(viewer(), sort, about)
    return _form(subject, subject.name[:LONGEST_NAME])


@blueprint.post(f"{HERE}/new")
@declares("feed:keep", costs="write")
def make() -> BaseResponse:
    """Make it, and show it this once."""
    sort, about = _asked()
    subject = subject_of(viewer(), sort, about)
    check_sheet()
    name = request.form.get("name", "").strip()
    try:
        with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow, once(uow) as answer:
            answer.location = HERE
            feed, secret = make_feed(uow, viewer().person, NewFeed(sort, about, name))
            page = _once(feed, secret)
    except (Invalid, Conflict) as refused:
        return _form(subject, name, Problem(getattr(refused, "field", ""), str(refused).rstrip(".")))
    return render(page)


@blueprint.post(f"{HERE}/<id:feed_id>/renew")
@declares("feed:keep", costs="write")
def renew(feed_id: str) -> BaseResponse:
    """Another address in place of one, which ends; it too is shown this once."""
    viewer().visible()
    check_sheet()
    with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow, once(uow) as answer:
        answer.location = HERE
        page = _once(*renew_feed(uow, viewer().person, feed_id))
    return render(page)


@blueprint.post(f"{HERE}/<id:feed_id>/end")
@declares("feed:keep")
def end(feed_id: str) -> BaseResponse:
    """Revoke an address."""
    viewer().visible()
    with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow:
        name = end_feed(uow, viewer().person, feed_id).name
    say(f"The address of “{name}” is revoked: nothing is read there any more.")
    return redirect(HERE, code=303)


def _asked() -> tuple[str, str]:
    """What the viewer wants to follow; NotPermitted for whoever can have no feeds, NotFound for nothing."""
    viewer().visible()
    if not may_have(viewer().person):
        raise NotPermitted(STAFF_ONLY)
    sort = next((key for key in SORTS if key in request.args), "")
    about = request.args.get(sort, "") if sort not in {"", MINE} else ""
    if not sort or len(about) > LONGEST_SEARCH:
        raise NotFound
    if sort == PERSON:
        about = g.db.scalar(select(Person.id).where(Person.handle == about)) or ""
    return sort, about


def _form(subject: Subject, name: str, *problems: Problem) -> Response:
    asked = urlencode({key: value for key, value in request.args.items() if key in SORTS})
    sort = next(key for key in SORTS if key in request.args)
    return render(
        NewFeedPage(
            title="Have them in your calendar" if sort in CALENDARS else "Follow in a feed reader",
            crumbs=(CRUMB,),
            problems=problems,
            about=subject.after(sort),
            href=subject.href,
            action=f"{HERE}/new?{asked}",
            cancel_href=subject.href,
            name=name,
            calendar=sort in CALENDARS,
        )
    )


def _once(feed: Feed, secret: str) -> FeedOncePage:
    return FeedOncePage(
        title="Your address",
        crumbs=(CRUMB,),
        name=feed.name,
        address=f"{parts().public_url}/feeds/{secret}",
        until=day_of(feed.expires_at),
        calendar=feed.sort in CALENDARS,
    )


def _row(feed: Feed, subject: tuple[str, str]) -> FeedRow:
    about, href = subject
    over = feed.expires_at <= parts().clock.now()
    status = "revoked" if feed.ended_at else "over" if over else "live"
    here = f"{HERE}/{feed.id}"
    renewed = Send("Make a new address", f"{here}/renew", kind="link", once=True)
    return FeedRow(
        name=feed.name,
        about=about,
        href=href,
        made=day_of(feed.created_at),
        until=day_of(feed.ended_at or feed.expires_at),
        status=status,
        used=feed.used_at,
        sends=(renewed, Send("Revoke", f"{here}/end", kind="link")) if status == "live" else (renewed,),
    )
