"""What those are told on their home page who see to it how long their organisation keeps what was said."""

from collections.abc import Iterator

from acl.visibility import FALSE
from hub.access.viewer import Viewer
from hub.features.administration.records.whose import KEEP, keeps
from hub.nouns.threads.retention import going
from hub.things.words import counted
from hub.web.pages import Notice


def conversations_due(viewer: Viewer) -> Iterator[Notice]:
    """How many conversations are about to go. One query, for those alone who keep records somewhere."""
    if viewer.person.kind != "staff" or viewer.visible(KEEP) == FALSE:
        return
    found = going(viewer.session, viewer.person.organisation_id)
    if found is None:
        return
    place, count = found
    if keeps(viewer, place):
        text = f"{counted(count, 'conversation', 'conversations')} will soon be kept no longer, by your schedule"
        yield Notice(f"{text}. Look which.", f"/admin/{place.path}/retention")
