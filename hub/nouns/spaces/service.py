"""Use cases of spaces and folders."""

from sqlalchemy import delete, or_, select

from hub.access.judged import nodes_at
from hub.access.models import Grant, Place
from hub.access.places import NewPlace, add_place, empty_place
from hub.ground.errors import Invalid
from hub.ground.unit_of_work import UnitOfWork
from hub.nouns.people.service import end_grant
from hub.nouns.spaces.models import PutAway
from hub.nouns.spaces.pins import forget_pins


def add_space(uow: UnitOfWork, parent: Place, new: NewPlace) -> Place:
    """Add a space in an organisation, a space or a folder; raises Invalid or Conflict."""
    return _add(uow, parent, new, "space")


def add_folder(uow: UnitOfWork, parent: Place, new: NewPlace) -> Place:
    """Add a folder in a space or a folder; raises Invalid or Conflict."""
    if parent.kind == "organisation":
        raise Invalid("Folders lie in spaces: add a space first.")
    return _add(uow, parent, new, "folder")


def delete_place(uow: UnitOfWork, place: Place, by: str) -> None:
    """Delete a place in which nothing lies that whoever does it (`by`, a `who` word) may see: the caller made sure.

    What they may not see stays, for those who may. So that nobody learns whether there is any, the same is done where
    there is none: the page goes with its name, and what they were given on it ends. The worker does the rest.
    """
    nodes = nodes_at(place.id)
    own = (Grant.principal == by, Grant.node.in_(nodes), Grant.ended_at.is_(None))
    for grant in uow.session.scalars(select(Grant).where(*own)):
        end_grant(uow, grant)
    forget_pins(uow, space_id=place.id)
    uow.session.execute(delete(PutAway).where(or_(PutAway.place_id == place.id, PutAway.node == place.id)))
    empty_place(uow, place)


def _add(uow: UnitOfWork, parent: Place, new: NewPlace, kind: str) -> Place:
    if parent.kind == "platform":
        raise Invalid("Spaces lie in organisations: choose one.")
    if new.kind != kind:
        raise Invalid(f"This adds a {kind}, not a {new.kind}.")
    place = add_place(uow, parent, new)
    uow.record(f"{kind}:add", place.id, place.organisation_id)
    return place
