"""The talk of a space: its conversations, the pinned ones first, then where something was said last."""

from typing import Final
from urllib.parse import urlencode

from flask import g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import declares, viewer
from hub.access.membership import sees_inside, standings
from hub.access.models import Place
from hub.features.talk.blueprint import blueprint
from hub.features.talk.pages import TalkPage, ThreadRow
from hub.features.talk.unopened import may_open
from hub.ground.errors import NotFound
from hub.keeping.trail import opened
from hub.nouns.people.queries import NOBODY, named
from hub.nouns.spaces.pages import PlaceHead
from hub.nouns.spaces.queries import Line, line_of, place_by_id
from hub.nouns.spaces.surroundings import crumbs_of, whose
from hub.nouns.spaces.tabs import TALK, tabs_of
from hub.nouns.talk.links import follow_sends
from hub.nouns.threads.models import Thread
from hub.nouns.threads.queries import SHOWS, count_in, threads_in
from hub.nouns.threads.sorts import OPEN, SORTS
from hub.web.pages import Action, Tab, Who
from hub.web.paging import page_links, page_number
from hub.web.render import render

ON_A_PAGE: Final = 30
WORDS: Final = {
    "": "All",
    "unanswered": "Questions without an answer",
    "questions": "Questions",
    "discussions": "Discussions",
}


@blueprint.get("/talk/<id:place_id>")
@declares("place:show")
def list_talk(place_id: str) -> BaseResponse:
    """The conversations of a space, all or of one sort."""
    looker, space = viewer(), viewer().read(place_by_id(g.db, place_id))
    if space.kind != "space":
        raise NotFound
    asked = request.args.get("show", "")
    show, page = (asked if asked in SHOWS else ""), page_number(request.args.get("page"))
    total = count_in(looker, space, show)
    threads = threads_in(looker, space, show, page, ON_A_PAGE) if total else []
    if not threads and not sees_inside(looker, space):
        return redirect(f"/places/{space.path}", code=303)
    line = line_of(looker, space.id)
    return render(
        TalkPage(
            title=space.name,
            crumbs=crumbs_of(line.seen[:-1]),
            head=_head(space, line),
            here=space.id,
            shows=tuple(Tab(words, _href(space, key), key == show) for key, words in WORDS.items()),
            show=show,
            follow=follow_sends(g.db, looker.person.id, space.id, f"/follow/{space.id}"),
            begin=_begin(space) if may_open(space) else (),
            threads=rows_of(threads),
            links=page_links(page, ON_A_PAGE, total, lambda number: _href(space, show, number)),
        )
    )


def rows_of(threads: list[Thread]) -> tuple[ThreadRow, ...]:
    """Conversations as rows. One query: who opened them."""
    people = named(viewer(), {thread.opened_by for thread in threads})
    return tuple(_row(thread, people.get(thread.opened_by, NOBODY)) for thread in threads)


def _row(thread: Thread, by: Who) -> ThreadRow:
    sort = SORTS[thread.sort]
    return ThreadRow(
        title=thread.title,
        href=f"/threads/{thread.id}",
        sort=sort.one,
        stage=viewer().kinds.face(thread).stage,
        open=sort.answers and thread.stage == OPEN and thread.closed_at is None,
        by=by,
        replies=thread.last_number - 1,
        last_at=thread.changed_at,
        pinned=thread.pinned_at is not None,
        closed=thread.closed_at is not None,
        marking=thread.marking,
        state=thread.state,
    )


def _head(space: Place, line: Line) -> PlaceHead:
    return PlaceHead(
        kind=space.kind,
        whose=whose(line),
        marking=space.marking,
        state=space.state,
        audience=space.audience,
        standing=standings(viewer(), (space,))[space.id],
        star=opened(f"{space.kind}:{space.id}"),
        tabs=tabs_of(viewer(), space, TALK),
    )


def _begin(space: Place) -> tuple[Action, ...]:
    return tuple(
        Action(sort.begin, f"/talk/{space.id}/new?kind={key}", primary=sort.answers) for key, sort in SORTS.items()
    )


def _href(space: Place, show: str, page: int = 1) -> str:
    asked = {**({"show": show} if show else {}), **({"page": str(page)} if page > 1 else {})}
    return f"/talk/{space.id}?{urlencode(asked)}" if asked else f"/talk/{space.id}"
