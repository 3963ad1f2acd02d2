"""What a sponsor reads on top of their home page."""

from sqlalchemy import ColumnElement

from hub.access.guard import parts
from hub.access.viewer import Viewer
from hub.features.sponsoring.queries import ending_soon
from hub.web.pages import Notice


def ends(looker: Viewer) -> ColumnElement[int] | None:
    """How many admissions end soon for which the viewer answers."""
    return ending_soon(looker.person, parts().today) if looker.person.kind == "staff" else None


def says_ends(count: int) -> Notice:
    """That so many end, on home."""
    words = "1 admission of a guest" if count == 1 else f"{count:,} admissions of guests"
    return Notice(
        f"{words} for whom you answer {'ends' if count == 1 else 'end'} within two weeks", "/me/guests", "warning"
    )
