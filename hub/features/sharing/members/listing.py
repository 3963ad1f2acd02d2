"""One page of the members of a place, by name where asked, and the address of that page."""

from dataclasses import dataclass
from typing import Final, TypeVarTuple
from urllib.parse import urlencode

from flask import request
from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from acl.vocabulary import GROUP, GUEST, ORGANISATION, PERSON
from hub.access.models import Grant, Group, Person, Place
from hub.access.viewer import Viewer
from hub.web.paging import page_number

ON_A_PAGE: Final = 50
MOST_OVER: Final = 50
LONGEST_WORDS: Final = 100
Columns = TypeVarTuple("Columns")


@dataclass(frozen=True)
class Asked:
    """Which part of the list somebody looks at: members with these words in their names, and a page, from 1."""

    words: str = ""
    page: int = 1

    @property
    def fields(self) -> tuple[tuple[str, str], ...]:
        """The same for a form or an address; empty for the first page of everybody."""
        words = (("q", self.words),) if self.words else ()
        return (*words, ("page", str(self.page))) if self.page > 1 else words

    def address(self, place_id: str) -> str:
        """The page of the list."""
        return f"/members/{place_id}?{urlencode(self.fields)}".rstrip("?")


@dataclass(frozen=True)
class Members:
    """A page of those whose membership holds, the newest first, and those latest over; with how many there are."""

    page: int
    """The one that was asked for, or the last, where there are fewer."""
    held: list[Grant]
    total: int
    over: list[Grant]
    total_over: int


def asked_for() -> Asked:
    """What the address or the form names by `q` and `page`; raises Invalid for a page that is no number."""
    return Asked(request.values.get("q", "").strip()[:LONGEST_WORDS], page_number(request.values.get("page")))


def members_of(viewer: Viewer, node: str, asked: Asked) -> Members:
    """Those to whom a place was given and not taken back, in three queries."""
    over = Grant.until < viewer.today
    held = or_(Grant.until.is_(None), ~over)
    counts = select(func.count().filter(held), func.count().filter(over)).select_from(Grant)
    total, total_over = viewer.session.execute(_wanted(counts, node, asked.words)).one()
    page = max(1, min(asked.page, -(-total // ON_A_PAGE)))
    grants = _wanted(select(Grant), node, asked.words)
    newest = grants.where(held).order_by(Grant.created_at.desc(), Grant.id)
    latest = grants.where(over).order_by(Grant.until.desc(), Grant.id)
    return Members(
        page=page,
        held=list(viewer.session.scalars(newest.offset((page - 1) * ON_A_PAGE).limit(ON_A_PAGE))),
        total=total,
        over=list(viewer.session.scalars(latest.limit(MOST_OVER))) if total_over else [],
        total_over=total_over,
    )


def _wanted(statement: Select[*Columns], node: str, words: str) -> Select[*Columns]:
    statement = statement.where(Grant.node == node, Grant.ended_at.is_(None))
    return _named(statement, words) if words else statement


def _named(statement: Select[*Columns], words: str) -> Select[*Columns]:
    """Only those with these words in the name that the list shows, or in the short name behind it."""
    kind = Grant.principal.startswith
    short = func.substr(Grant.principal, case((kind(PERSON), 8), (kind(ORGANISATION), 5), else_=7))
    everyone = literal("Everyone at ") + Place.name
    return (
        statement.outerjoin(Person, and_(or_(kind(PERSON), kind(GUEST)), Person.handle == short))
        .outerjoin(Group, and_(kind(GROUP), Group.handle == short))
        .outerjoin(Place, and_(kind(ORGANISATION), Place.kind == "organisation", Place.path == short))
        .where(or_(*(_has(column, words) for column in (Person.name, Group.name, everyone, short))))
    )


def _has(column: ColumnElement[str] | InstrumentedAttribute[str], words: str) -> ColumnElement[bool]:
    return column.icontains(words, autoescape=True)
