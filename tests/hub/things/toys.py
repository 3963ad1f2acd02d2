"""A noun that no module of the hub has heard of: toys, which lie in places as documents do."""

from collections.abc import Mapping
from datetime import datetime

from flask import Blueprint, g
from markupsafe import escape
from sqlalchemy import String
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from acl.store import Snapshot
from acl.visibility import Object, joined
from hub.access.guard import declares, viewer
from hub.access.judged import judge_at
from hub.access.places import fence
from hub.ground.db import Moment
from hub.ground.unit_of_work import UnitOfWork
from hub.things.columns import Columns
from hub.things.kind import Kind
from hub.things.thing import Face
from tests.hub.world import World

BALL, WHISTLE, KITE = "ballballball", "whistleblows", "kitesinwinds"
"""Ids of toys: twelve letters, like all ids."""


class _ToyBase(DeclarativeBase):
    """Tables of their own: the hub's migrations know nothing of them."""


class Toy(_ToyBase):
    """Something that people put into a place to be played with."""

    __tablename__ = "toys"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    rules: Mapped[str] = mapped_column(String(2000), default="")
    place_id: Mapped[str] = mapped_column(String(40))
    organisation_id: Mapped[str] = mapped_column(String(40))
    owner: Mapped[str] = mapped_column(String(120))
    marking: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20))
    ms: Mapped[str] = mapped_column(String(40))
    changed_at: Mapped[datetime] = mapped_column(Moment)

    @property
    def node(self) -> str:
        """The toy's own node."""
        return f"toy:{self.id}"

    def judged(self, snapshot: Snapshot) -> Object | None:
        """The toy as policy sees it."""
        return judge_at(
            self.place_id,
            self.node,
            owner=self.owner,
            marking=self.marking,
            state=self.state,
            snapshot=snapshot,
        )


PAGES = "/toys/"


def _rules(_session: Session, toys: Mapping[str, Toy]) -> dict[str, str]:
    return {own: toy.rules for own, toy in toys.items()}


def _mark(uow: UnitOfWork, toy: Toy, marking: str, state: str) -> None:
    toy.marking, toy.state, toy.ms = marking, state, joined(marking, state)
    toy.changed_at = uow.now
    fence(uow, toy.node, uow.enqueue(toy.node))
    uow.record("toy:mark", toy.node, toy.organisation_id, toy.ms)


TOY = Kind(
    prefix="toy",
    word="toy",
    many="toys",
    model=Toy,
    columns=Columns(
        id=Toy.id,
        place=Toy.place_id,
        ms=Toy.ms,
        organisation=Toy.organisation_id,
        owner=Toy.owner,
        node_prefix="toy:",
    ),
    face=lambda toy: Face(
        title=toy.name, href=PAGES + toy.id, lies_at=toy.place_id, changed=toy.changed_at, owner=toy.owner
    ),
    bodies=_rules,
    pages=PAGES,
    titled=Toy.name,
    changed=Toy.changed_at,
    mark=_mark,
)


toy_pages = Blueprint("toys", __name__)


@toy_pages.get("/toys/<id:own>")
@declares("place:show")
def show(own: str) -> str:
    """The page of a toy."""
    toy = viewer().read(g.db.get(Toy, own))
    return (
        f"<!doctype html><title>{escape(toy.name)}</title><main><h1>{escape(toy.name)}</h1>{escape(toy.rules)}</main>"
    )


def make_tables(world: World) -> None:
    """Give a hub's database the table of toys."""
    _ToyBase.metadata.create_all(world.parts.database.engine)


def add_toy(
    world: World, toy_id: str, place: str, name: str, rules: str = "", *, marking: str = "OFFICIAL", owner: str = ""
) -> None:
    """Put a toy into a place, and say so to the index."""
    with world.work() as uow:
        where = world._place(uow, place)  # the world's own way of naming places
        uow.session.add(
            Toy(
                id=toy_id,
                name=name,
                rules=rules,
                place_id=where.id,
                organisation_id=where.organisation_id,
                owner=owner,
                marking=marking,
                state="published",
                ms=joined(marking, "published"),
                changed_at=uow.now,
            )
        )
        uow.enqueue(f"toy:{toy_id}")
