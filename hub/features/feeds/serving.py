"""A feed, read by a program at its secret address: no session, nothing set, and judged anew each time.

An address that is wrong, revoked or over, one of somebody who may not come in, and one whose space, person or search is
not there for them any more, are answered alike: one query opens an address, and the same bytes say that it is none.
"""

import hashlib
from typing import Final
from urllib.parse import urlsplit

from flask import Blueprint, Response, g, request
from werkzeug.wrappers import Response as BaseResponse

from hub.access.costs import spend
from hub.access.guard import declares, parts
from hub.access.viewer import Viewer
from hub.features.feeds.agenda import agenda_of
from hub.features.feeds.atom import TYPE, Channel, Entry, as_atom
from hub.features.feeds.items import Item, Listed, listed
from hub.ground.errors import NotFound
from hub.ground.unit_of_work import unit_of_work
from hub.nouns.people.feeds import CALENDARS, SEEN_EVERY, Opened, note_used, open_feed
from hub.nouns.people.queries import NOBODY, named
from hub.web import calendars
from hub.web.calendars import as_calendar
from hub.web.pages import Who
from search.engine import EngineError

blueprint = Blueprint("feeds", __name__, template_folder="templates")

GONE: Final = (
    b"This feed is not here. Its address may have been revoked or be over a year old, or what it was about is not "
    b"there for you any more. In the hub, under Feeds, you can make a new one.\n"
)
DOWN: Final = b"The search is not answering. Try again in a minute.\n"
PLAIN: Final = "text/plain; charset=utf-8"
RETRY_SECONDS: Final = 300


@blueprint.get("/feeds/<secret:secret>")
@declares("feed:read", costs="feed")
def read(secret: str) -> BaseResponse:
    """What is new, for whoever made the address."""
    opened = open_feed(g.db, secret, parts().clock.now())
    if opened is None:
        return _gone()
    spend("feed", opened.person.id)
    looker = parts().viewer(g.db, opened.person, opened.generation)
    try:
        content, how = _content(looker, opened)
    except NotFound:
        return _gone()
    except EngineError:
        return Response(DOWN, 503, {"Retry-After": str(RETRY_SECONDS)}, content_type=PLAIN)
    _note(opened)
    response = Response(content, content_type=how)
    response.set_etag(hashlib.sha256(response.get_data()).hexdigest())  # of what is sent, and of nothing else
    return response.make_conditional(request)


def _content(looker: Viewer, opened: Opened) -> tuple[bytes, str]:
    """What is read there, and its type; raises NotFound and EngineError."""
    feed = opened.feed
    if feed.sort in CALENDARS:
        agenda = agenda_of(looker, feed.sort, feed.about, parts().clock.now(), parts().public_url)
        return as_calendar(agenda.title, agenda.entries), calendars.TYPE
    return as_atom(_channel(looker, opened, listed(looker, parts().engine, feed.sort, feed.about))), TYPE


def _gone() -> Response:
    return Response(GONE, 404, content_type=PLAIN)


def _note(opened: Opened) -> None:
    now, used = parts().clock.now(), opened.feed.used_at
    if used is None or now - used >= SEEN_EVERY:
        with unit_of_work(parts().database, parts().clock, opened.person.handle) as uow:
            note_used(uow, opened.feed.id)


def _channel(looker: Viewer, opened: Opened, found: Listed) -> Channel:
    people = named(looker, {item.by for item in found.items})
    return Channel(
        id=_tag(f"feed:{opened.feed.id}"),
        title=found.title,
        href=parts().public_url + found.href,
        since=opened.feed.created_at,
        entries=tuple(_entry(looker, item, people.get(item.by, NOBODY)) for item in found.items),
    )


def _entry(looker: Viewer, item: Item, by: Who) -> Entry:
    face = looker.kinds.face(item.thing)
    kind = looker.kinds.of(item.thing)
    post = f"/posts/{item.number}" if item.number else ""
    about = f"Comment on “{face.title}”" if item.number and kind is not None and kind.talk else face.title
    return Entry(
        id=_tag(f"{item.thing.node}{post}"),
        title=about,
        href=f"{parts().public_url}{face.href}{post}",
        at=item.at,
        author=str(by),
        word=(face.type if kind is not None and kind.talk == "" else kind.word if kind else "").capitalize(),
    )


def _tag(what: str) -> str:
    """What names something for good (RFC 4151)."""
    return f"tag:{urlsplit(parts().public_url).hostname},2026:{what}"
