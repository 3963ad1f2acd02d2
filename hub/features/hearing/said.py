"""What is said of a notice, on the page of news and in letters alike."""

from dataclasses import dataclass

from hub.access.viewer import Viewer
from hub.features.hearing.queries import Heard
from hub.features.hearing.words import BECAUSE
from hub.nouns.threads.models import Thread
from hub.nouns.threads.sorts import SORTS


@dataclass(frozen=True, slots=True)
class Told:
    """A notice in words."""

    did: str
    """What its author did: "answered your question"."""
    title: str
    href: str
    """The first post that is new."""


def told(viewer: Viewer, each: Heard) -> Told:
    """A notice of something that the viewer sees, in words. No query."""
    kind = viewer.kinds.of(each.thing)
    face = viewer.kinds.face(each.thing)
    if each.number == 0:
        return Told(_did(each), face.title, face.href)
    title = face.title if kind is None or not kind.talk else f"Comments on “{face.title}”"
    return Told(_did(each), title, f"{face.href}/posts/{each.number}")


def is_for_members(thing: object) -> bool:
    """Whether those who belong to its space hear of a new one without following it."""
    return isinstance(thing, Thread) and SORTS[thing.sort].for_members


def is_question(thing: object) -> bool:
    """Whether something is asked there, so that what is said there answers."""
    return isinstance(thing, Thread) and SORTS[thing.sort].answers


def _did(each: Heard) -> str:
    if each.because == "asked" and isinstance(each.thing, Thread):
        return SORTS[each.thing.sort].answered
    if each.because == "member" and is_question(each.thing):
        return "asked this in a space of yours"
    return BECAUSE.get(each.because, BECAUSE["follow"])
