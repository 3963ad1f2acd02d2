"""What somebody is told on home about the letters that do not reach them."""

from collections.abc import Iterator

from hub.access.viewer import Viewer
from hub.mail.models import RefusedAddress
from hub.web.pages import Notice


def unreached(viewer: Viewer) -> Iterator[Notice]:
    """That nothing is sent to the viewer's address any more, and where they can change that. One query."""
    address = viewer.person.email.lower()
    if address and viewer.session.get(RefusedAddress, address) is not None:
        yield Notice(
            f"Letters to {viewer.person.email} come back, so none is sent there", "/notices/settings", "warning"
        )
