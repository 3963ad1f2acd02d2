"""Asking somebody a question: in a space that both read, where others find the answer too."""

from functools import partial
from typing import Final
from urllib.parse import urlencode

from flask import Response, g
from sqlalchemy import select

from acl.visibility import Object
from acl.vocabulary import CLOSED_AUDIENCES
from hub.access.columns import HOMES
from hub.access.guard import declares, parts, viewer
from hub.access.judged import NEW, judge_at
from hub.access.known_place import known_place
from hub.access.models import Person, Place
from hub.features.browse.queries import spaces_of
from hub.features.people.blueprint import blueprint
from hub.features.people.pages import AskPage
from hub.ground.errors import NotFound
from hub.nouns.people.profiles import shown
from hub.nouns.people.queries import person_by_handle, who
from hub.nouns.people.showing import away_of
from hub.nouns.spaces.tabs import knows_people
from hub.nouns.threads.offering import spaces_without
from hub.nouns.threads.sorts import QUESTION
from hub.web.pages import Crumb
from hub.web.render import render
from hub.web.rows import PlaceRow

MOST: Final = 5
MOST_LOOKED_AT: Final = 500
"""Spaces of the viewer's that are looked at."""


@blueprint.get("/ask/<slug:organisation>/<slug:name>")
@declares("person:show")
def ask_person(organisation: str, name: str) -> Response:
    """Where the viewer may ask a question that somebody can read: first where they both belong."""
    someone = viewer().read(person_by_handle(g.db, f"{organisation}/{name}"))
    if someone.id == viewer().person.id:
        raise NotFound
    told = shown(viewer(), [someone])[someone.id]
    own = known_place(viewer().snapshot, someone.organisation_id)
    named = who(viewer(), someone, own.name if own else "")
    return render(
        AskPage(
            title=f"Ask {named}",
            crumbs=(Crumb("People", "/people"), Crumb(str(named), named.href)),
            away=away_of(viewer(), told),
            spaces=tuple(map(partial(_row, someone), _spaces(someone))),
        )
    )


def _spaces(someone: Person) -> list[Place]:
    """Up to so many spaces where the viewer may write and they may read.

    Those that both belong to come first, then those of their organisation.
    That they may read there tells nothing of who is in a space that is not the viewer's to know.
    """
    theirs = parts().viewer(g.db, someone).sight("read")
    mine, writes = viewer().sight("read"), viewer().sight("comment")
    off = spaces_without(g.db, QUESTION)
    found: list[Place] = []
    shared = spaces_of(viewer(), someone)
    others = [each for each in visible_spaces() if _may_know(each, someone)]
    others.sort(key=lambda each: each.organisation_id != someone.organisation_id)
    for space in [*shared, *others]:
        then = _question(space)
        if space in found or space.id in off or then is None or space.state != "published":
            continue
        if mine.check(then) and writes.check(then) and theirs.check(then):
            found.append(space)
        if len(found) == MOST:
            break
    return found


def _may_know(space: Place, someone: Person) -> bool:
    """Whether the viewer may know that somebody reads in a space.

    So it is of members and managers; of others where it is not closed, since staff read there by their council's lines.
    """
    return knows_people(viewer(), space) or (space.audience not in CLOSED_AUDIENCES and someone.kind == "staff")


def visible_spaces() -> list[Place]:
    """The spaces whose pages the viewer may see, by name. One query."""
    wanted = select(Place).where(Place.kind == "space", viewer().where(HOMES)).order_by(Place.name, Place.id)
    return list(g.db.scalars(wanted.limit(MOST_LOOKED_AT)))


def _question(space: Place) -> Object | None:
    """A question that nobody has asked there yet, as policy would see it."""
    return judge_at(space.id, NEW, owner="", marking=space.marking, state="published", snapshot=viewer().snapshot)


def _row(someone: Person, space: Place) -> PlaceRow:
    organisation = known_place(viewer().snapshot, space.organisation_id or "")
    return PlaceRow(
        name=space.name,
        href=f"/talk/{space.id}/new?{urlencode({'kind': 'question', 'tell': someone.handle}, safe='/')}",
        kind=space.kind,
        organisation=organisation.name if organisation and viewer().place(organisation.id) else "",
    )
