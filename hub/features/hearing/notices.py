"""What somebody is told on home about the letters that do not reach them."""

from sqlalchemy import ColumnElement, func, select

from hub.access.viewer import Viewer
from hub.mail.models import RefusedAddress
from hub.web.pages import Notice


def unreached(viewer: Viewer) -> ColumnElement[int] | None:
    """Whether nothing is sent to the viewer's address any more, as a part of one SELECT: 1 or 0."""
    address = viewer.person.email.lower()
    if not address:
        return None
    return select(func.count()).select_from(RefusedAddress).where(RefusedAddress.address == address).scalar_subquery()


def unreached_in_words(_: int) -> Notice:
    """That, and where they can change it."""
    return Notice("Letters to you come back, so none is sent to you any more", "/notices/settings", "warning")
