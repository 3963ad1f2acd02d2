"""People who are named in a text by an @: kept so that it tells nobody's name, and told if they may read it."""

from dataclasses import dataclass, replace
from typing import Final

from flask import Response, jsonify, request
from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from hub.access.guard import viewer
from hub.access.models import Person
from hub.access.viewer import Judged, Viewer
from hub.features.talk.forms import LONGEST_NAME, PostForm
from hub.features.talk.naming import named, offered_for, readers_among
from hub.things.thing import Lying
from hub.web.flash import say
from hub.web.markdown.names import as_kept, handles_in, ids_in, in_plain, to_edit
from hub.web.pages import Choice, Problem

MOST_NAMED: Final = 50
SHORTEST: Final = 2
"""Letters of a name by which people are offered."""
TOO_MANY: Final = (
    "You name {count:,} people with an @. Name {most} at the most: who follows this hears of it without being named"
)


@dataclass(frozen=True)
class Meant:
    """What somebody is about to say, and whom that is for."""

    form: PostForm
    told: tuple[Person, ...] = ()
    not_told: tuple[Person, ...] = ()
    """Who is named, and may not read it."""
    offered: tuple[Choice, ...] = ()
    """Who may be meant by the name beside the text, where that is not clear."""


def meant(form: PostForm, thing: Lying) -> Meant:
    """A form with its text as it is kept, with what is wrong about the names in it, and who is told of it."""
    form, beside, offered = named(form, thing)
    form, people = known(form)
    others = [person for person in people if person.id != viewer().person.id]
    readers = readers_among(others, thing)
    away = tuple(person for person in others if person not in readers)
    return Meant(form, tuple(dict.fromkeys((*beside, *readers))), away, offered)


def known(form: PostForm) -> tuple[PostForm, list[Person]]:
    """A form with its text as it is kept, and those whom it names, as far as its author may see them. One query."""
    handles = handles_in(form.body)
    if len(handles) > MOST_NAMED:
        problem = Problem("body", TOO_MANY.format(count=len(handles), most=MOST_NAMED))
        return replace(form, kept=form.body, problems=(*form.problems, problem)), []
    people = _people(viewer(), Person.handle, handles)
    return replace(form, kept=as_kept(form.body, {person.handle: person.id for person in people})), people


def typed(body: str) -> str:
    """A text that was kept, as its author types it."""
    return to_edit(body, {person.id: person.handle for person in _people(viewer(), Person.id, ids_in(body))})


def quoted(body: str) -> str:
    """A text that was kept, as the viewer reads it: who is quoted names nobody anew."""
    return in_plain(body, {person.id: person.name for person in _people(viewer(), Person.id, ids_in(body))})


def say_who_is_not_told(said: Meant, where: Judged) -> None:
    """Tell whoever manages a place that some of those whom they named cannot read it."""
    names = [person.name for person in said.not_told]
    if names and viewer().sees(where, "manage"):
        whole = ", ".join(names[:-1]) + (" and " if names[1:] else "") + names[-1]
        say(f"Not told: {whole}, who cannot read this.", "info")


def names_for(thing: Lying) -> Response:
    """People whom the viewer may name in what is said about a thing, for the picker beside the text."""
    asked = request.args.get("q", "").strip()[:LONGEST_NAME]
    found = offered_for(asked, thing) if len(asked) >= SHORTEST else []
    return jsonify(people=[{"handle": person.handle, "name": person.name, "of": own} for person, own in found])


def _people(looker: Viewer, column: InstrumentedAttribute[str], values: tuple[str, ...]) -> list[Person]:
    wanted = select(Person).where(Person.status == "active", column.in_(values)).order_by(Person.name, Person.id)
    return looker.kept(list(looker.session.scalars(wanted))) if values else []
