"""The talk of a space: its conversations, the pinned ones first, then where something was said last."""

from typing import Final
from urllib.parse import urlencode

from flask import g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import declares, viewer
from hub.access.membership import sees_inside, standings
from hub.access.models import Place
from hub.features.talk.blueprint import blueprint
from hub.features.talk.event_rows import next_events
from hub.features.talk.pages import TalkPage
from hub.features.talk.rows import rows_of
from hub.features.talk.unopened import form_for, openable
from hub.ground.errors import NotFound
from hub.keeping.trail import opened
from hub.nouns.spaces.pages import PlaceHead
from hub.nouns.spaces.queries import Line, line_of, place_by_id
from hub.nouns.spaces.surroundings import crumbs_of, whose
from hub.nouns.spaces.tabs import TALK, tabs_of
from hub.nouns.talk.links import follow_action, follow_sends
from hub.nouns.threads.offering import offered_in
from hub.nouns.threads.queries import SHOWS, UNANSWERED, count_in, realised_in, threads_in
from hub.nouns.threads.sort import Sort
from hub.nouns.threads.sorts import IDEA, QUESTION, SORTS
from hub.things.words import counted
from hub.web.pages import Action, Tab
from hub.web.paging import page_links, page_number
from hub.web.render import render

ON_A_PAGE: Final = 30
UNANSWERED_WORDS: Final = "Questions without an answer"


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
    line, offered = line_of(looker, space.id), offered_in(g.db, looker.snapshot, space.id)
    return render(
        TalkPage(
            title=space.name,
            crumbs=crumbs_of(line.seen[:-1]),
            head=head_of(space, line),
            here=space.id,
            shows=_shows(space, offered, show),
            show=show,
            follow=follow_sends(looker, space.id, f"/follow/{space.id}"),
            hear=follow_action(f"/follow/{space.id}"),
            begin=_begin(space, offered),
            change=_change(space),
            threads=rows_of(threads),
            realised=_realised(space) if show == IDEA.word else "",
            links=page_links(page, ON_A_PAGE, total, lambda number: _href(space, show, number)),
            coming=next_events(space.id) if not show and page == 1 else (),
            events_href=f"/talk/{space.id}/events",
        )
    )


def _realised(space: Place) -> str:
    """What ideas were worth here that are done, as far as the viewer sees these."""
    pounds, ideas = realised_in(viewer(), space)
    return f"£{pounds:,} realised by {counted(ideas, 'idea that is', 'ideas that are')} done." if ideas else ""


def head_of(space: Place, line: Line) -> PlaceHead:
    """What the pages of a space's talk begin with."""
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


def _shows(space: Place, offered: tuple[Sort, ...], show: str) -> tuple[Tab, ...]:
    """What the list can be narrowed to: what the space takes, and what somebody asked for though it takes none now."""
    asked = tuple(sort for sort in SORTS.values() if sort.word == show and sort not in offered)
    words = {"": "All"} | ({UNANSWERED: UNANSWERED_WORDS} if QUESTION in offered or show == UNANSWERED else {})
    words |= {sort.word: sort.many for sort in (*offered, *asked)}
    return tuple(Tab(text, _href(space, word), word == show) for word, text in words.items())


def _change(space: Place) -> Action | None:
    if not viewer().sees(space, "manage"):
        return None
    return Action("Choose what people can start here", f"/talk/{space.id}/sorts")


def _begin(space: Place, offered: tuple[Sort, ...]) -> tuple[Action, ...]:
    return tuple(
        Action(sort.begin, form_for(space, sort), primary=first)
        for first, sort in zip((True, *[False] * len(SORTS)), openable(space, offered), strict=False)
    )


def _href(space: Place, show: str, page: int = 1) -> str:
    asked = {**({"show": show} if show else {}), **({"page": str(page)} if page > 1 else {})}
    return f"/talk/{space.id}?{urlencode(asked)}" if asked else f"/talk/{space.id}"
