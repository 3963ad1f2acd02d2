"""“I have read this”: saying so, asking one's own organisation for it, and who has and who has not."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask import Response, g, redirect, request
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import declares, viewer
from hub.access.known_place import known_place
from hub.access.models import Person
from hub.access.this_request import ThisRequest
from hub.audience.acting import acting, acts
from hub.audience.foreseeing import sight_at
from hub.audience.sealing import NOT_SHOWN, news, seal, shown
from hub.features.talk.blueprint import Topic, about, standing, surroundings, talked
from hub.features.talk.telling_pages import ReaderRow, ReadingPage
from hub.ground.dates import read_day
from hub.ground.errors import Invalid, NotPermitted
from hub.nouns.people.queries import who
from hub.nouns.talk.models import MustRead
from hub.nouns.talk.reading import ask_no_more, ask_to_read, is_asked, receipts_of, request_of, say_read
from hub.things.thing import Lying
from hub.web.flash import say, say_news
from hub.web.pages import Problem, Send, Tab
from hub.web.paging import page_links, page_number
from hub.web.render import render

ON_A_PAGE: Final = 100
READ: Final = "read"
CHANGED: Final = 409
FORMULA: Final = ("=", "+", "-", "@", "\t")
"""With these a spreadsheet takes a cell for a formula."""
ONLY_STAFF: Final = "This report is for staff: it is about the people of their own organisation."


@talked("/read", method="POST")
@declares("talk:show")
@acts
def have_read(prefix: str, own: str) -> BaseResponse:
    """Say that one has read it."""
    topic = about(prefix, own)
    if (since := news(standing(topic))) is not None:
        say_news(since)
    else:
        with acting() as uow:
            say_read(uow, topic.thing.node, viewer().person)
        say("It is noted that you have read this.")
    return redirect(topic.href, code=303)


@talked("/who-has-read")
@declares("talk:lead")
def report(prefix: str, own: str) -> Response:
    """Who of one's own organisation has said so and who has not, of those who can read it now; `?as=csv` as a table."""
    topic = _reported(prefix, own)
    if request.args.get("as") == "csv":
        return _table(topic)
    asked = request_of(viewer(), topic.thing.node)
    return _page(topic, asked, asked.by_date.isoformat() if asked is not None and asked.by_date else "")


@talked("/who-has-read", method="POST")
@declares("talk:lead")
@acts
def ask_them(prefix: str, own: str) -> BaseResponse:
    """Ask all staff of one's own organisation who can read it, by another day, or no more."""
    topic, by = _reported(prefix, own), request.form.get("by", "").strip()
    asked = request_of(viewer(), topic.thing.node)
    if (since := news(standing(topic))) is not None:
        return _page(topic, asked, by, since=since or (NOT_SHOWN,))
    on = request.form.get("on") != "no"
    try:
        day = read_day(by, "by") if by and on else None
        with acting() as uow:
            if on:
                ask_to_read(uow, topic.thing.node, viewer().person, day, viewer().today)
            else:
                ask_no_more(uow, topic.thing.node, viewer().person.organisation_id)
            did = "thing:ask-to-read" if on else "thing:ask-no-more"
            uow.record(did, topic.thing.node, topic.thing.organisation_id)
    except Invalid as refused:
        return _page(topic, asked, by, problems=(Problem(refused.field, str(refused)),))
    say("They are asked to say that they have read it." if on else "Nobody is asked any more. What was said stays.")
    return redirect(f"{_href(topic)}/who-has-read", code=303)


@dataclass(frozen=True)
class _Reader:
    """Somebody who is asked, and when they said that they have read it."""

    person: Person
    at: datetime | None


def readers_of(thing: Lying, asked: MustRead) -> list[_Reader]:
    """Those who are asked and can read a thing now, as far as the viewer sees them, by name.

    Three queries, however many they are.
    """
    looker, node, place = viewer(), thing.node, thing.place_id
    own = (Person.organisation_id == asked.organisation_id, Person.status == "active", Person.kind == "staff")
    people = looker.kept(list(g.db.scalars(select(Person).where(*own).order_by(Person.name, Person.id))))
    sight, owner, crowd = sight_at(g.db, ThisRequest(), looker.today, node, place, thing.owner)
    seen, number = sight.of(node, place, thing.ms).seen(owner), crowd.directory.number
    said = receipts_of(g.db, node, asked.organisation_id)
    may = [each for each in people if each.id in number and seen >> number[each.id] & 1]
    return [_Reader(each, said.get(each.id)) for each in may if is_asked(each, asked)]


def _reported(prefix: str, own: str) -> Topic:
    topic = about(prefix, own, "edit")
    if viewer().person.kind != "staff":
        raise NotPermitted(ONLY_STAFF)
    return topic


def _href(topic: Topic) -> str:
    return topic.kind.face(topic.thing).href


def _organisation() -> str:
    own = known_place(viewer().snapshot, viewer().person.organisation_id)
    return own.name if own is not None else ""


def _rows(readers: Iterable[_Reader]) -> tuple[ReaderRow, ...]:
    name = _organisation()
    return tuple(ReaderRow(who(viewer(), each.person, name), each.at) for each in readers)


def _page(
    topic: Topic,
    asked: MustRead | None,
    by: str,
    *,
    problems: tuple[Problem, ...] = (),
    since: tuple[str, ...] = (),
) -> Response:
    readers = readers_of(topic.thing, asked) if asked is not None else []
    have = [each for each in readers if each.at is not None]
    have_not = [each for each in readers if each.at is None]
    show, page = request.args.get("show", ""), page_number(request.args.get("page"))
    listed = have if show == READ else have_not
    here = f"{_href(topic)}/who-has-read"
    crumbs, whose, _ = surroundings(topic)
    more = f"&show={READ}" if show == READ else ""
    return render(
        ReadingPage(
            title=f"Who has read “{topic.title}”",
            crumbs=crumbs,
            problems=problems,
            whose=whose,
            action=here,
            back_href=topic.href,
            organisation=_organisation(),
            asked=asked is not None,
            by_date=asked.by_date if asked is not None else None,
            read=len(have),
            total=len(readers),
            shows=(
                Tab(f"Not yet ({len(have_not):,})", here, show != READ),
                Tab(f"Have read it ({len(have):,})", f"{here}?show={READ}", show == READ),
            ),
            rows=_rows(listed[(page - 1) * ON_A_PAGE : page * ON_A_PAGE]),
            links=page_links(page, ON_A_PAGE, len(listed), lambda number: f"{here}?page={number}{more}"),
            csv_href=f"{here}?as=csv",
            by=by,
            stop=Send("Ask nobody any more", here, (("on", "no"), shown(standing(topic))), "link") if asked else None,
            seen=seal(standing(topic)),
            news=since,
            here=topic.thing.place_id,
        ),
        CHANGED if since else 200,
    )


def _table(topic: Topic) -> Response:
    """The same for a spreadsheet: every name, and the moment by the clocks of London."""
    asked = request_of(viewer(), topic.thing.node)
    file = io.StringIO()
    table = csv.writer(file)
    table.writerow(["Name", "Short name", "Has read it", "When"])
    for each in readers_of(topic.thing, asked) if asked is not None else ():
        at = each.at.isoformat(timespec="minutes") if each.at is not None else ""
        table.writerow([_cell(each.person.name), _cell(each.person.handle), "yes" if at else "no", at])
    answer = Response(file.getvalue(), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="who-has-read.csv"'
    return answer


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text
