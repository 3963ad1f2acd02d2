"""The folders of a space, made where an imported file needs them."""

import re
from collections.abc import Callable
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from acl.cells import MAX_DEPTH
from hub.access.giving_way import make_way
from hub.access.models import Place
from hub.access.places import LONGEST_NAME, LONGEST_PATH, LONGEST_SLUG, NewPlace
from hub.access.reserved import PLACES
from hub.ground.ids import plain_letters
from hub.ground.letters import one_line
from hub.ground.unit_of_work import UnitOfWork
from hub.nouns.spaces.service import add_folder

Sees = Callable[[Place], bool]


def _everything(_: Place) -> bool:
    return True


EVERYTHING: Final[Sees] = _everything
"""How whoever runs the hub sees."""


def slug_of(name: str) -> str:
    """A part of an address out of any name: "Flood plans – 2012" gives "flood-plans-2012"; at worst "folder"."""
    plain = plain_letters(name)
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[: LONGEST_SLUG - 4].strip("-") or "folder"


def folder_for(uow: UnitOfWork, space: Place, names: tuple[str, ...]) -> Place:
    """The folder of `space` that stands for a path of folder names, added where it is missing.

    What lies deeper than places may lie goes into the deepest folder that there can be.
    """
    place = space
    for name in names:
        if not has_room(place):
            break
        place = found_below(uow.session, place, name) or add_below(uow, place, name)
    return place


def has_room(parent: Place) -> bool:
    """Whether a folder may lie below a place, which may be the deepest one or have an address as long as they get."""
    return parent.path.count("/") + 3 <= MAX_DEPTH and len(parent.path) + LONGEST_SLUG < LONGEST_PATH


def found_below(session: Session, parent: Place, name: str, sees: Sees = EVERYTHING) -> Place | None:
    """The folder that stands for an imported one, of those below a place that the person sees."""
    wanted = select(Place).where(Place.parent_id == parent.id, Place.kind == "folder", Place.name == _named(name))
    return next(filter(sees, session.scalars(wanted.order_by(Place.id))), None)


def add_below(uow: UnitOfWork, parent: Place, name: str, sees: Sees = EVERYTHING) -> Place:
    """Add that folder; what lies at its address unseen gives way, and what is seen there has it."""
    children = uow.session.scalars(select(Place).where(Place.parent_id == parent.id)).all()
    taken, slug, number = {*PLACES, *(child.slug for child in children if sees(child))}, slug_of(name), 1
    while (wanted := slug if number == 1 else f"{slug}-{number}") in taken:
        number += 1
    if sees is not EVERYTHING:
        make_way(uow, parent, wanted, sees=sees)
    return add_folder(uow, parent, NewPlace("folder", wanted, _named(name), marking=parent.marking))


def _named(name: str) -> str:
    return one_line(name)[:LONGEST_NAME].strip() or "folder"
