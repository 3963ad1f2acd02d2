"""How questions fare in a space, for those who manage it: numbers, none so small that it would point to somebody."""

from datetime import timedelta
from statistics import median
from typing import Final

from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from hub.access.entries import nearest_space
from hub.access.guard import declares, parts, viewer
from hub.features.people.blueprint import blueprint
from hub.features.people.pages import FiguresPage
from hub.features.people.saved import note_opened, saved_since
from hub.ground.errors import NotFound
from hub.ground.unit_of_work import unit_of_work
from hub.nouns.spaces.queries import line_of, place_by_id
from hub.nouns.spaces.surroundings import crumbs_of, whose
from hub.nouns.spaces.tabs import SETTINGS, tabs_of
from hub.nouns.threads.asked import first_answers
from hub.web.render import render

DAYS: Final = 90
FEWEST: Final = 5
"""A smaller number is not told: it could point to somebody."""
HOUR: Final = 3_600
DAY: Final = 24 * HOUR


@blueprint.get("/ask/open/<slug:prefix>/<id:own>")
@declares("person:find")
def open_answer(prefix: str, own: str) -> BaseResponse:
    """Lead to an answer that was found in the ask box, and count it once for its space."""
    looker = viewer()
    kind = looker.kinds.lying_as(f"{prefix}:{own}")
    if kind is None:
        looker.visible()
        raise NotFound
    thing = looker.read(kind.rows(g.db, [own]).get(own))
    space = nearest_space(looker.snapshot, kind.place_of(thing))
    if space:
        with unit_of_work(parts().database, parts().clock) as uow:
            note_opened(uow, parts().keys, looker.subject.id, thing.node, space)
    said = request.query_string.decode("ascii", "ignore")
    return redirect(f"{kind.face(thing).href}{f'?{said}' if said.startswith('said=') else ''}", code=303)


@blueprint.get("/figures/<id:place_id>")
@declares("place:change")
def figures(place_id: str) -> Response:
    """Questions of the last 90 days that the viewer may read, how soon they were answered, and how many were saved."""
    space = viewer().require("manage", place_by_id(g.db, place_id))
    if space.kind != "space":
        raise NotFound
    line = line_of(viewer(), space.id)
    asked, waits = first_answers(viewer(), space, parts().clock.now() - timedelta(days=DAYS))
    saved = saved_since(g.db, space.id, viewer().today - timedelta(days=DAYS))
    return render(
        FiguresPage(
            crumbs=crumbs_of(line.seen),
            whose=whose(line),
            tabs=tabs_of(viewer(), space, SETTINGS),
            days=DAYS,
            asked=_told(asked),
            answered=_told(len(waits)),
            first_answer=_in_words(median(waits)) if len(waits) >= FEWEST else "",
            saved=_told(saved),
        )
    )


def _told(count: int) -> str:
    return f"{count:,}" if count >= FEWEST or not count else f"fewer than {FEWEST}"


def _in_words(seconds: float) -> str:
    """How long, as people say it: minutes up to two hours, hours up to two days, then days."""
    for unit, name in ((DAY, "days"), (HOUR, "hours")):
        if seconds >= 2 * unit:
            return f"{round(seconds / unit)} {name}"
    minutes = max(1, round(seconds / 60))
    return "1 minute" if minutes == 1 else f"{minutes} minutes"
