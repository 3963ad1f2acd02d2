"""Reads for "Can somebody do this?": the people whom a manager may ask about."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, case, exists, or_, select

from acl.vocabulary import GUEST, PERSON
from hub.access.models import Grant, Person, Place
from hub.access.viewer import Viewer
from hub.things.columns import among

Known = tuple[Person, str]
"""Somebody, and the name of their organisation."""
MOST_OFFERED = 20
MOST_LOOKED_AT = 400
"""Of people with such a name; beyond that one has to type more of it."""


def people_to_ask_about(viewer: Viewer, managed: Iterable[str], words: str) -> list[Known]:
    """Active people whom the viewer may see, or to whom something that the viewer manages was given, by name.

    Words with a slash are the beginning of a handle as well.
    """
    named = Person.name.icontains(words, autoescape=True)
    if "/" in words:
        named = or_(named, Person.handle.istartswith(words, autoescape=True))
    return _known(viewer, managed, named)[:MOST_OFFERED]


def person_to_ask_about(viewer: Viewer, managed: Iterable[str], word: str) -> Known | None:
    """The one that a `who` word names, on the same terms."""
    found = _known(viewer, managed, Person.handle == word.partition(":")[2])
    return next((known for known in found if known[0].subject_id == word), None)


def _known(viewer: Viewer, managed: Iterable[str], wanted: ColumnElement[bool]) -> list[Known]:
    word = case((Person.kind == "guest", GUEST + Person.handle), else_=PERSON + Person.handle)
    given = exists().where(Grant.principal == word, Grant.ended_at.is_(None), among(Grant.node, managed))
    rows = viewer.session.execute(
        select(Person, Place.name, given)
        .join(Place, Place.id == Person.organisation_id)
        .where(Person.status == "active", wanted)
        .order_by(Person.name, Person.id)
        .limit(MOST_LOOKED_AT)
    )
    return [(person, own) for person, own, was_given in rows if was_given or viewer.sees(person)]
