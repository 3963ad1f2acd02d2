"""Entries and requests for the tests of search: Leeds and York, and the people who look."""

from datetime import date

from acl.visibility import FALSE, TRUE, Visibility, all_of, is_in, joined, negate
from search.engine import Answer, Change, Engine, Segments
from search.entry import Deletion, Entry
from search.request import NOTHING_HIDDEN, Hidden, SearchRequest, parse_query

__all__ = ["ANYTHING", "NOTHING", "Deletion", "ask", "entry", "fill", "ids", "marked", "plain", "seen_in"]

ANYTHING = TRUE
NOTHING = FALSE


def entry(number: int | str, title: str = "A note", body: str = "Nothing much.", **changes: object) -> Entry:
    """A published OFFICIAL document of Leeds in its space `flood`, but for `changes`."""
    marking, state = str(changes.pop("marking", "OFFICIAL")), str(changes.pop("state", "published"))
    organisation, space = str(changes.pop("organisation", "leeds")), str(changes.pop("space", "flood"))
    kind = str(changes.pop("kind", "document"))
    name = {"document": "doc", "space": "space", "organisation": "organisation", "person": "person"}[kind]
    node = f"{name}:{number}"
    places = tuple(place for place in (node, space, organisation, "platform") if place)
    values: dict[str, object] = {
        "id": node, "kind": kind, "title": title, "body": body, "type": "note", "organisation": organisation,
        "space": space, "marking": marking, "state": state, "owner": "person:leeds/sam-okafor", "date": "2026-03-14",
        "within": places, "reach": places, "ms": joined(marking, state), "version": 1,
    }  # fmt: skip
    return Entry(**(values | changes))  # type: ignore[arg-type]


def fill(engine: Engine, *changes: Change) -> None:
    """Writes and commits; every change must be taken."""
    assert engine.write(changes) == ()
    engine.commit()


def ask(engine: Engine, words: str = "", visibility: Visibility = ANYTHING, **rest: object) -> Answer:
    """What the engine answers to someone with `visibility` who types `words`."""
    hidden = rest.pop("hidden", NOTHING_HIDDEN)
    assert isinstance(hidden, Hidden)
    for name in ("date_from", "date_to"):
        if isinstance(rest.get(name), str):
            rest[name] = date.fromisoformat(str(rest[name]))
    asked = SearchRequest(visibility=visibility, hidden=hidden, terms=parse_query(words), **rest)  # type: ignore[arg-type]
    return engine.search(asked)


def ids(answer: Answer) -> list[str]:
    """The hits' ids, in order, without `doc:`."""
    return [hit.id.removeprefix("doc:") for hit in answer.hits]


def plain(segments: Segments) -> str:
    """The text of segments."""
    return "".join(text for text, _ in segments)


def marked(segments: Segments) -> list[str]:
    """The marked pieces."""
    return [text for text, mark in segments if mark]


def seen_in(*places: str) -> Visibility:
    """Whoever sees all that lies in `places`."""
    return is_in("reach", places)


def all_but(*places: str) -> Visibility:
    """Whoever sees all but what lies in `places`."""
    return all_of(negate(is_in("within", places)))
