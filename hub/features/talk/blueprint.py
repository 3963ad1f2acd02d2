"""The blueprint that the views of talk share, and what all of them begin with."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint

from hub.access.guard import of_each_kind, parts, viewer
from hub.audience.acting import look_up
from hub.audience.sealing import Fact, facts_of
from hub.ground.errors import NotFound
from hub.nouns.spaces.queries import Line, line_of
from hub.nouns.spaces.surroundings import crumbs_of, whose
from hub.nouns.talk.models import Post
from hub.nouns.talk.queries import post_of
from hub.nouns.threads.merging import led_on
from hub.nouns.threads.models import Thread
from hub.things.kind import Kind
from hub.things.thing import Lying
from hub.web.pages import Crumb, Whose

blueprint = Blueprint("talk", __name__, template_folder="templates")

ON_A_PAGE: Final = 50
"""Posts on one page."""


@dataclass(frozen=True)
class Topic:
    """What is talked about: a conversation itself, or a document on which people comment."""

    kind: Kind
    thing: Lying

    @property
    def thread(self) -> Thread | None:
        """The conversation, if it is one."""
        return self.thing if isinstance(self.thing, Thread) else None

    @property
    def title(self) -> str:
        """What it is called."""
        return self.kind.face(self.thing).title

    @property
    def href(self) -> str:
        """The page on which it is talked about."""
        return f"{self.kind.face(self.thing).href}{self.kind.talk}"

    def post_href(self, number: int) -> str:
        """The address of a post, which does not change."""
        return f"{self.kind.face(self.thing).href}/posts/{number}"

    def page_of(self, number: int) -> str:
        """Where on the pages of its talk a post stands."""
        page = (number - 1) // ON_A_PAGE + 1
        return f"{self.href}{f'?page={page}' if page > 1 else ''}#post-{number}"


def about(prefix: str, own: str, action: str = "read") -> Topic:
    """What an address is about, for somebody who may do that; NotFound for whoever may not see it."""
    kind = parts().kinds[prefix]
    thing = look_up(kind.model, own)
    found: Any = viewer().read(thing) if action == "read" else viewer().require(action, thing)
    return Topic(kind, found)


def led_to(prefix: str, own: str, number: int = 1) -> str:
    """Where a post stands that was said in what became a part of another; NotFound for whoever may not see that."""
    kind = parts().kinds[prefix]
    found = led_on(viewer().session, own) if kind.former is not None else None
    thread = viewer().read(found[0] if found else None)
    return Topic(kind, thread).page_of((found[1] if found else 0) + number)


def post_at(topic: Topic, number: int) -> Post:
    """A post of it; NotFound where there is none."""
    found = post_of(viewer().session, topic.thing.node, number)
    if found is None:
        raise NotFound
    return found


def typed_about(own: str) -> tuple[Thread | None, str]:
    """The conversation of whose own forms an address is one, to be judged."""
    return viewer().session.get(Thread, own), ""


def talked(rest: str = "", *, method: str = "GET") -> Callable[[Any], Any]:
    """Route a view for each kind that people talk about; `rest` None: the page of the talk itself."""
    return of_each_kind(blueprint, lambda kind: _rule(kind, rest), method=method)


def _rule(kind: Kind, rest: str) -> str:
    if kind.talk is None:
        return ""
    return f"{kind.pages}<id:own>{rest or kind.talk}"


def surroundings(topic: Topic) -> tuple[tuple[Crumb, ...], Whose, Line]:
    """The way to a page about it, whose it is, and the places above it that the viewer may see."""
    line = line_of(viewer(), topic.thing.place_id)
    return (*crumbs_of(line.seen), Crumb(topic.title, topic.href)), whose(line), line


def standing(topic: Topic) -> tuple[Fact, ...]:
    """What decides who reads what is said; what else was said meanwhile changes nothing of that."""
    return tuple(fact for fact in facts_of(viewer(), topic.thing) if fact.name not in {"changed", "revision"})
