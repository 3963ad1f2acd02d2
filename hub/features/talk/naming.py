"""Whom the author of a post wants to see it: one of those who may read it, and whom the author may see."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from sqlalchemy import select

from hub.access.columns import PEOPLE
from hub.access.guard import viewer
from hub.access.models import Person, Place
from hub.access.this_request import ThisRequest
from hub.audience.foreseeing import sight_at
from hub.features.talk.forms import PostForm
from hub.ground.dates import MONTHS
from hub.nouns.people.profiles import shown
from hub.nouns.people.queries import holding, person_by_handle
from hub.things.thing import Lying
from hub.web.flash import say
from hub.web.pages import Choice, Problem

FRIDAY: Final = 4
WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MOST_LOOKED_AT: Final = 60
MOST_OFFERED: Final = 8
NOBODY: Final = "Nobody of that name whom you know may read this. Leave it empty, or type the name otherwise"
WHICH: Final = "Choose which of them you mean"


def named(form: PostForm, thing: Lying) -> tuple[PostForm, tuple[Person, ...], tuple[Choice, ...]]:
    """The form, with what is wrong about the name in it; who is told; and who may be meant where that is not clear."""
    if not form.tell:
        return form, (), ()
    found = _found(form.tell, thing)
    if len(found) == 1:
        return form, (found[0][0],), ()
    chosen = [person for person, _ in found if person.subject_id == form.tell_is]
    offered = tuple(Choice(person.subject_id, person.name, own) for person, own in found[:MOST_OFFERED])
    if chosen:
        return form, (chosen[0],), offered
    problem = Problem("tell_is", WHICH) if found else Problem("tell", NOBODY)
    return replace(form, problems=(*form.problems, problem)), (), offered


def to_tell(form: PostForm, handle: str) -> PostForm:
    """The form with somebody to tell already in it, where the viewer may see whoever has this handle."""
    person = person_by_handle(viewer().session, handle) if handle else None
    if person is None or not viewer().sees(person):
        return form
    return replace(form, tell=person.name, tell_is=person.subject_id)


def say_who_is_away(told: Sequence[Person]) -> None:
    """Tell the viewer of those of them who are away when they hear of it, as far as their profiles show that to them.

    Which hours somebody chose for letters is nobody's to know: the day is that of the first working morning.
    """
    looker = viewer()
    for person_id, each in (shown(looker, told) if told else {}).items():
        if each.is_away(looker.today) and each.away_until is not None:
            name = next(person.name for person in told if person.id == person_id)
            meanwhile = f" Until then you can ask {each.stand_in.name}." if each.stand_in is not None else ""
            back = in_words(_first_working_day(each.away_until))
            say(f"{name} is away, and hears of it on {back}.{meanwhile}", "info")


def _first_working_day(last: date) -> date:
    """The first working day after a last day away."""
    found = last + timedelta(days=1)
    return found + timedelta(days=max(0, 7 - found.weekday())) if found.weekday() > FRIDAY else found


def in_words(day: date) -> str:
    """A day that is near, as people say it: "Monday 26 October"."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"


def offered_for(words: str, thing: Lying) -> list[tuple[Person, str]]:
    """Whom part of a name may mean, with the name of their organisation; as many as are offered."""
    return _found(words, thing)[:MOST_OFFERED] if words else []


def _found(words: str, thing: Lying) -> list[tuple[Person, str]]:
    """People of such a name whom the viewer may see and who may read it, with the name of their organisation."""
    looker = viewer()
    rows = looker.session.execute(
        select(Person, Place.name)
        .join(Place, Place.id == Person.organisation_id)
        .where(Person.status == "active", Person.id != looker.person.id, looker.where(PEOPLE), *holding(words))
        .order_by(Person.name, Person.id)
        .limit(MOST_LOOKED_AT)
    )
    seen = [(person, own) for person, own in rows if looker.sees(person)]
    readers = readers_among([person for person, _ in seen], thing)
    return [(person, own) for person, own in seen if person in readers]


def readers_among(people: Collection[Person], thing: Lying) -> list[Person]:
    """Those of some people who may read a thing. Who may is asked once for all of them."""
    if not people:
        return []
    looker, node, place = viewer(), thing.node, thing.place_id
    sight, owner, crowd = sight_at(looker.session, ThisRequest(), looker.today, node, place, thing.owner)
    readers, number = sight.of(node, place, thing.ms).seen(owner), crowd.directory.number
    return [person for person in people if person.id in number and readers >> number[person.id] & 1]


def readers_at(node: str, place_id: str, ms: str, owner: str = "") -> int:
    """Who may read what has a node, lies at a place and is marked so: bits of the crowd."""
    looker = viewer()
    sight, own, _ = sight_at(looker.session, ThisRequest(), looker.today, node, place_id, owner)
    return sight.of(node, place_id, ms).seen(own)
