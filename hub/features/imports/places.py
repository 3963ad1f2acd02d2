"""The folders of a space, made where an imported file needs them."""

import re

from sqlalchemy import select

from acl.cells import MAX_DEPTH
from hub.access.models import Place
from hub.access.places import LONGEST_NAME, LONGEST_SLUG, NewPlace
from hub.ground.ids import plain_letters
from hub.ground.unit_of_work import UnitOfWork
from hub.nouns.spaces.service import add_folder


def slug_of(name: str) -> str:
    """A part of an address out of any name: "Flood plans – 2012" gives "flood-plans-2012"; at worst "folder"."""
    plain = plain_letters(name)
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[: LONGEST_SLUG - 4].strip("-") or "folder"


def folder_for(uow: UnitOfWork, space: Place, names: tuple[str, ...]) -> Place:
    """The folder of `space` that stands for a path of folder names, added where it is missing.

    What lies deeper than places may lie goes into the deepest folder that there can be.
    """
    place = space
    room = MAX_DEPTH - 1 - (space.path.count("/") + 1)
    for name in names[:room]:
        place = _below(uow, place, " ".join(name.split())[:LONGEST_NAME] or "folder")
    return place


def _below(uow: UnitOfWork, parent: Place, name: str) -> Place:
    children = uow.session.scalars(select(Place).where(Place.parent_id == parent.id)).all()
    for child in children:
        if child.kind == "folder" and child.name == name:
            return child
    taken, slug, number = {child.slug for child in children}, slug_of(name), 1
    while (wanted := slug if number == 1 else f"{slug}-{number}") in taken:
        number += 1
    return add_folder(uow, parent, NewPlace("folder", wanted, name, marking=parent.marking))
