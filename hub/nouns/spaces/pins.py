"""What the managers of a space show on its overview: pinned things, and the text that is named as its cover.

Nothing is judged here: whoever shows it judges each thing for whoever looks.
"""

from functools import cache
from typing import Final

from sqlalchemy import Select, bindparam, delete, select
from sqlalchemy.orm import Session

from hub.access.known_place import KnownPlace
from hub.access.models import Place
from hub.access.viewer import Viewer
from hub.ground.errors import Invalid
from hub.ground.unit_of_work import UnitOfWork
from hub.nouns.spaces.models import Pin
from hub.web.pages import Send

MOST_PINNED: Final = 12


def pins_at(session: Session, space_id: str) -> list[Pin]:
    """The cover of a space, and what is pinned there, the first pinned first. One query."""
    return list(session.scalars(_pins(), {"space": space_id}))


@cache
def _pins() -> Select[Pin]:
    return select(Pin).where(Pin.place_id == bindparam("space")).order_by(Pin.pinned_at, Pin.node)


def pin(uow: UnitOfWork, space: Place, node: str, *, beside: int) -> None:
    """Show a thing on the overview of a space; `beside` are those there that whoever pins it sees.

    Raises Invalid where these are as many as there can be.
    """
    if uow.session.get(Pin, (space.id, node)) is not None:
        return
    if beside >= MOST_PINNED:
        raise Invalid(f"{MOST_PINNED} things are pinned here, as many as there can be. Unpin one before you add one.")
    uow.session.add(Pin(place_id=space.id, node=node, is_cover=False, pinned_at=uow.now))
    uow.record("space:pin", space.id, space.organisation_id, node)


def unpin(uow: UnitOfWork, space: Place, node: str) -> None:
    """Show it there no longer, be it pinned or the cover."""
    found = uow.session.get(Pin, (space.id, node))
    if found is not None:
        uow.session.delete(found)
        uow.record("space:unpin", space.id, space.organisation_id, node)


def name_cover(uow: UnitOfWork, space: Place, node: str) -> None:
    """Make a thing that lies in a space its cover, in place of any other."""
    uow.session.execute(delete(Pin).where(Pin.place_id == space.id, Pin.is_cover | (Pin.node == node)))
    uow.session.add(Pin(place_id=space.id, node=node, is_cover=True, pinned_at=uow.now))
    uow.record("space:cover", space.id, space.organisation_id, node)


def forget_pins(uow: UnitOfWork, *, node: str = "", space_id: str = "") -> None:
    """Forget a thing that is gone, or all that a space showed that is gone."""
    uow.session.execute(delete(Pin).where(Pin.node == node if node else Pin.place_id == space_id))


def pin_button(viewer: Viewer, space: KnownPlace | None, node: str) -> Send | None:
    """The button by which a thing is pinned to the overview of its space; None for who may not. No query."""
    may = space is not None and viewer.sees(space, "manage")
    return pin_send(space.id, node, on=True) if space is not None and may else None


def pin_send(space_id: str, node: str, *, on: bool) -> Send:
    """The button that pins a thing, or with `on` False the one that unpins it."""
    words = "Pin to the space’s overview" if on else "Unpin"
    return Send(words, f"/pins/{space_id}", (("thing", node), ("on", "yes" if on else "no")), "link")
