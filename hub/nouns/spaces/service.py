"""Use cases of spaces and folders."""

from hub.access.models import Place
from hub.access.places import NewPlace, add_place
from hub.ground.errors import Invalid
from hub.ground.unit_of_work import UnitOfWork


def add_space(uow: UnitOfWork, parent: Place, new: NewPlace) -> Place:
    """Add a space in an organisation, a space or a folder; raises Invalid or Conflict."""
    return _add(uow, parent, new, "space")


def add_folder(uow: UnitOfWork, parent: Place, new: NewPlace) -> Place:
    """Add a folder in a space or a folder; raises Invalid or Conflict."""
    if parent.kind == "organisation":
        raise Invalid("Folders lie in spaces: add a space first.")
    return _add(uow, parent, new, "folder")


def _add(uow: UnitOfWork, parent: Place, new: NewPlace, kind: str) -> Place:
    if parent.kind == "platform":
        raise Invalid("Spaces lie in organisations: choose one.")
    if new.kind != kind:
        raise Invalid(f"This adds a {kind}, not a {new.kind}.")
    place = add_place(uow, parent, new)
    uow.record(f"{kind}:add", place.id, place.organisation_id)
    return place
