"""What a page showed of a thing, sealed into its button, so that nobody acts on what they did not see.

A seal holds facts by name. Where one of them is another one when the button is pressed, or none was shown, nothing is
done: it is asked, with what is now true. It is no secret and no proof: whoever forges one deceives themselves.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from urllib.parse import parse_qsl, urlencode

from flask import g, request

from hub.access.models import Place
from hub.access.viewer import Viewer
from hub.nouns.people.queries import NOBODY, named
from hub.things.kind import Kind
from hub.things.thing import Lying
from hub.web.filters import LONDON, day

SEEN = "seen"
"""The field of a form that sends a seal back."""
LONGEST_SEAL = 2_000
CHANGED = "It was changed meanwhile."
NOT_SHOWN = "Nothing was saved: look at it as it is now, then send it."
"""What a form says that was sent by whoever was not shown what it is about."""
WRITERS = {
    "": "nobody",
    "members": "its members",
    "organisation": "staff of the organisation that owns it",
    "staff": "all staff",
}
"""Who may write in a space, by its voices."""


@dataclass(frozen=True, slots=True)
class Fact:
    """What is shown of a thing: its name in the seal, its value, and the sentence for whoever saw another value."""

    name: str
    value: str
    news: Callable[[], str]


def seal(facts: Iterable[Fact], **then: str) -> str:
    """The facts as a form sends them back; `then` are values that some of them are about to have."""
    return urlencode([(fact.name, then.get(fact.name, fact.value)) for fact in facts])


def shown(facts: Iterable[Fact], **then: str) -> tuple[str, str]:
    """The same as a field of a form."""
    return SEEN, seal(facts, **then)


def news(facts: Iterable[Fact]) -> tuple[str, ...] | None:
    """None where the form that was sent showed just these facts, and what it says may be done; else not.

    Then a sentence for each fact of which it showed another value: none where it did not show them at all.
    """
    g.compared = True
    seen = dict(parse_qsl(request.form.get(SEEN, "")[:LONGEST_SEAL], keep_blank_values=True))
    unlike = [fact for fact in facts if seen.get(fact.name) != fact.value]
    found = tuple(fact.news() for fact in unlike if fact.name in seen)
    return found if unlike or SEEN not in request.form else None


def is_compared() -> bool:
    """Whether what was shown has been compared with what is, by `news`."""
    return bool(g.get("compared"))


def digest(*values: str) -> str:
    """Long or many values as one short one."""
    return hashlib.sha256("\0".join(values).encode()).hexdigest()[:8]


def facts_of(viewer: Viewer, thing: Lying | Place) -> tuple[Fact, ...]:
    """What decides what a thing says and who sees it: its revision and place, of a space its audience."""
    return (
        *(_place(thing) if isinstance(thing, Place) else _lying(viewer, thing)),
        Fact("marking", thing.marking, lambda: f"It is marked {thing.marking} now."),
        Fact("state", thing.state, lambda: f"It is {in_words(thing.state)} now."),
    )


def in_words(state: str) -> str:
    """A state as it completes "It is …"."""
    return "a draft" if state == "draft" else state


def _lying(viewer: Viewer, thing: Lying) -> tuple[Fact, ...]:
    kind = viewer.kinds.of(thing)
    place = Fact("place", digest(thing.place_id), partial(_where, viewer, thing))
    if kind is None:
        return (place,)
    if kind.number is None:
        return Fact("changed", kind.face(thing).changed.isoformat(), lambda: CHANGED), place
    return Fact("revision", str(kind.number(thing)), partial(_who_saved, viewer, kind, thing)), place


def _place(place: Place) -> tuple[Fact, ...]:
    return (
        Fact("name", digest(place.name), lambda: f"It is called “{place.name}” now."),
        Fact("about", digest(place.description), lambda: f"Its description is now: “{place.description[:200]}”."),
        Fact("path", digest(place.path), lambda: f"Its address is {place.path} now."),
        Fact("audience", place.audience, lambda: f"It is {place.audience} now."),
        Fact("writers", place.voices_in_force, lambda: f"Who may write in it now: {WRITERS[place.voices_in_force]}."),
    )


def _where(viewer: Viewer, thing: Lying) -> str:
    place = viewer.session.get(Place, thing.place_id)
    return f"It lies in “{place.name}” now." if place and viewer.sees(place) else "It was moved to another place."


def _who_saved(viewer: Viewer, kind: Kind, thing: Lying) -> str:
    """Who saved the revision that is there now, and when."""
    if kind.number is None or kind.last_saved is None:
        return CHANGED
    number, saved = kind.number(thing), kind.last_saved(viewer.session, thing)
    at = saved.at.astimezone(LONDON)
    when = f"at {at:%H:%M}" if at.date() == viewer.today else f"on {day(at).striptags()} at {at:%H:%M}"
    if saved.by == viewer.subject.id:
        return f"You saved revision {number} yourself, {when}."
    author = named(viewer, {saved.by}).get(saved.by, NOBODY)
    return f"{author} saved revision {number} {when}."
