"""What asking has to say on somebody's home page, in one query."""

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import ColumnElement

from hub.access.guard import parts
from hub.access.viewer import Viewer
from hub.features.asking.blueprint import address_of, name_of
from hub.features.asking.models import DECLINED
from hub.features.asking.queries import managed_count, news_for
from hub.web.pages import Notice, Send

SHOWN = timedelta(days=14)
"""So long an answer is told, unless it is put away before."""


def waits(viewer: Viewer) -> ColumnElement[int] | None:
    """How many people wait for an answer of the viewer's."""
    return managed_count(viewer, parts().clock.now())


def notices(viewer: Viewer) -> Iterator[Notice]:
    """How many people wait for an answer of the viewer's, which requests of their own were answered, and which wait.

    What waits is counted alike whether or not anything is there: by what they typed, until an answer in words.
    """
    now = parts().clock.now()
    news = news_for(viewer, now - SHOWN, now)
    if news.to_answer:
        text = "1 person asks for access" if news.to_answer == 1 else f"{news.to_answer:,} people ask for access"
        yield Notice(text, "/requests", people=news.to_answer)
    for request, thing in news.told:
        away = (Send("Dismiss", f"/my-requests/{request.id}/put-away", (), "link"),)
        if thing is not None:
            yield Notice(f"You may now open “{name_of(thing)}”", address_of(thing), "info", away)
        elif request.answer == DECLINED:
            yield Notice("A request of yours was answered", "/my-requests", "info", away)
    if news.waiting:
        text = "You wait for 1 answer" if news.waiting == 1 else f"You wait for {news.waiting:,} answers"
        yield Notice(text, "/my-requests", "info")
    elif news.told and all(request.answer != DECLINED for request, _ in news.told):  # else a notice leads there already
        yield Notice("What you asked for, and what was answered", "/my-requests", "info")
