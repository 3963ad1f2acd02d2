"""Why someone can see a thing: the gate's decision as a page shows it."""

from hub.access.viewer import Judged, Viewer
from hub.web.pages import Why


def why(viewer: Viewer, thing: Judged) -> Why:
    """The sentence and the rule that decides that the viewer may read a thing which they may read."""
    raise NotImplementedError
