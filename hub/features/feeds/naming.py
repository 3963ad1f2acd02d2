"""What a feed is about, in words, for somebody who may know that."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from hub.access.models import Person
from hub.access.viewer import Viewer
from hub.features.feeds.agenda import MINE_TITLE
from hub.features.feeds.items import called, person_of, question_of, space_of
from hub.ground.errors import NotFound
from hub.nouns.people.feeds import EVENTS, MINE, PERSON, SEARCH, SORTS, SPACE
from hub.nouns.people.models import Feed


@dataclass(frozen=True)
class Subject:
    """What a feed is about."""

    name: str
    href: str
    """Where the same is in the hub."""

    def after(self, sort: str) -> str:
        """Both, as lists and forms have them: "What is new in a space: Flood forum"."""
        return SORTS[sort] if sort == MINE else f"{SORTS[sort]}: {self.name}"


def subject_of(viewer: Viewer, sort: str, about: str) -> Subject:
    """What something can be followed of: raises NotFound where that is not there for the viewer, or may not leave."""
    if sort == MINE:
        return Subject(MINE_TITLE, "/events")
    if sort == EVENTS:
        place = space_of(viewer, about)
        return Subject(place.name, f"/talk/{place.id}/events")
    if sort == SPACE:
        place = space_of(viewer, about)
        return Subject(place.name, f"/places/{place.path}")
    if sort == PERSON:
        person = person_of(viewer, about)
        return Subject(called(viewer, person), f"/people/{person.handle}")
    if sort == SEARCH:
        question = question_of(viewer, about)
        return Subject(question.words or "all of some kinds", question.href())
    raise NotFound


def all_in_words(viewer: Viewer, feeds: Sequence[Feed]) -> list[tuple[str, str]]:
    """What each feed of the viewer's is about, and where that is. One query."""
    ids = {feed.about for feed in feeds if feed.sort == PERSON}
    people = list(viewer.session.scalars(select(Person).where(Person.id.in_(ids)))) if ids else []
    found = [_in_words(viewer, feed) for feed in feeds]
    people.clear()  # until here the session knows them, and asks for none alone
    return found


def _in_words(viewer: Viewer, feed: Feed) -> tuple[str, str]:
    """Without the name of what is not there for them now."""
    try:
        found = subject_of(viewer, feed.sort, feed.about)
    except NotFound:
        return SORTS.get(feed.sort, ""), ""
    return found.after(feed.sort), found.href
