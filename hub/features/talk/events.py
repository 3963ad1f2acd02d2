"""Lists of events by date: of a space, of all that the viewer may see; and the file of one for a calendar."""

from typing import Final

from flask import Response, g, request
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import declares, parts, viewer
from hub.features.documents.sending import disposition
from hub.features.talk.blueprint import about, blueprint
from hub.features.talk.event_pages import EventsPage, SpaceEventsPage
from hub.features.talk.event_rows import event_rows
from hub.features.talk.listing import head_of
from hub.features.talk.unopened import form_for, is_openable
from hub.ground.errors import NotFound
from hub.nouns.people.queries import NOBODY, named
from hub.nouns.spaces.queries import line_of, place_by_id
from hub.nouns.spaces.surroundings import crumbs_of
from hub.nouns.threads.calendar_entries import entry_of
from hub.nouns.threads.event_queries import Dated, coming, event_of, past
from hub.nouns.threads.sorts import EVENT
from hub.web.calendars import TYPE, as_calendar
from hub.web.file_names import safe_name
from hub.web.pages import Action
from hub.web.paging import page_number
from hub.web.render import render

ON_A_PAGE: Final = 30


@blueprint.get("/events")
@declares("talk:show")
def list_events() -> Response:
    """All that is coming and the viewer may see, the first one first."""
    page = page_number(request.args.get("page"))
    found = coming(viewer(), parts().clock.now(), page, ON_A_PAGE)
    earlier, later = _beside("/events", page, more=len(found) > ON_A_PAGE)
    return render(
        EventsPage(
            events=event_rows(found[:ON_A_PAGE], places=True),
            feed_href="/me/feeds/new?mine=yes" if viewer().person.kind == "staff" else "",
            earlier=earlier,
            later=later,
        )
    )


@blueprint.get("/talk/<id:place_id>/events")
@declares("place:show")
def list_space_events(place_id: str) -> Response:
    """What is coming in a space and the folders below it; with `?past=yes` what is over, the last one first."""
    looker, space = viewer(), viewer().read(place_by_id(g.db, place_id))
    if space.kind != "space":
        raise NotFound
    over, page = request.args.get("past") == "yes", page_number(request.args.get("page"))
    here = f"/talk/{space.id}/events"
    found = (past if over else coming)(looker, parts().clock.now(), page, ON_A_PAGE, space.id)
    line = line_of(looker, space.id)
    earlier, later = _beside(f"{here}?past=yes" if over else here, page, more=len(found) > ON_A_PAGE)
    return render(
        SpaceEventsPage(
            title=space.name,
            crumbs=crumbs_of(line.seen[:-1]),
            head=head_of(space, line),
            here=space.id,
            past=over,
            events=event_rows(found[:ON_A_PAGE]),
            other=Action("What is coming", here) if over else Action("What is over", f"{here}?past=yes"),
            begin=Action(EVENT.begin, form_for(space, EVENT), primary=True) if is_openable(space, EVENT) else None,
            feed_href=f"/me/feeds/new?events={space.id}" if looker.person.kind == "staff" else "",
            earlier=earlier,
            later=later,
        )
    )


@blueprint.get("/threads/<id:own>/event.ics")
@declares("talk:show")
def download_event(own: str) -> BaseResponse:
    """One event, as a file that a calendar takes."""
    topic = about("thread", own)
    event = event_of(g.db, own)
    if topic.thread is None or event is None:
        raise NotFound
    by = named(viewer(), {topic.thread.opened_by}).get(topic.thread.opened_by, NOBODY)
    content = as_calendar(topic.title, (entry_of(Dated(topic.thread, event), parts().public_url, str(by), venue=True),))
    return Response(
        content, content_type=TYPE, headers={"Content-Disposition": disposition(safe_name(topic.title, ".ics"))}
    )


def _beside(here: str, page: int, *, more: bool) -> tuple[str, str]:
    """The pages before and after one."""
    asks = "&" if "?" in here else "?"
    return f"{here}{asks}page={page - 1}" if page > 1 else "", f"{here}{asks}page={page + 1}" if more else ""
