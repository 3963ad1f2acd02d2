"""Access that ends soon, on the home page: of whoever has it by name, and of those who could give it for longer."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from sqlalchemy import Select, and_, func, or_, select

from acl.misses import spoken
from hub.access.columns import FOLDERS, HOMES
from hub.access.models import Grant, Place
from hub.access.viewer import Viewer
from hub.nouns.people.admissions import SOON
from hub.things.words import counted
from hub.web.pages import Notice

MOST: Final = 5
"""Places of which it is told."""
OWN: Final = "Your access to “{}” ends on {}. Whoever manages it can give it for longer."
OTHERS: Final = "The access of {} to “{}” ends within two weeks, first on {}. Give it for longer, or let it end."


def notices(viewer: Viewer) -> Iterator[Notice]:
    """One for each place, what ends first first; guests are told of their own by their admission. One query."""
    for place, is_own, count, until in viewer.session.execute(viewer.statement(_ending)):
        if not is_own:
            whom, href = counted(count, "person or group", "people and groups"), f"/members/{place.id}"
            yield Notice(OTHERS.format(whom, place.name, _day(until)), href)
        elif viewer.person.kind == "staff" and viewer.sees(place):
            yield Notice(OWN.format(place.name, _day(until)), f"/places/{place.path}", "warning")


def _ending(viewer: Viewer) -> Select[*tuple[Any, ...]]:
    own = Grant.principal == viewer.subject.id
    managed = or_(
        and_(Place.kind == "space", viewer.where(HOMES, "manage")),
        and_(Place.kind == "folder", viewer.where(FOLDERS, "manage")),
    )
    return (
        select(Place, own.label("own"), func.count(), func.min(Grant.until))
        .join(Grant, Grant.node == Place.id)
        .where(Grant.ended_at.is_(None), Grant.until.between(viewer.today, viewer.today + SOON), or_(own, managed))
        .group_by(Place.id, own)
        .order_by(func.min(Grant.until), Place.id)
        .limit(MOST)
    )


def _day(until: date | None) -> str:
    return spoken(until.isoformat()) if until else ""
