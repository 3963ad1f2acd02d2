"""What those are told on their home page who see to it how long their organisation keeps what was said."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, select

from acl.visibility import FALSE
from hub.access.models import Place
from hub.access.viewer import Viewer
from hub.features.administration.records.whose import KEEP, keeps
from hub.nouns.threads.retention import going
from hub.things.words import counted
from hub.web.pages import Notice


def due_there(viewer: Viewer) -> tuple[ColumnElement[int], ...]:
    """How many conversations are about to go, as a column, for those alone who keep records somewhere."""
    return (going(),) if viewer.person.kind == "staff" and viewer.visible(KEEP) != FALSE else ()


def due_in_words(viewer: Viewer, place: Place, count: int) -> Iterator[Notice]:
    """That so many are, for those who keep the records of an organisation."""
    if count and keeps(viewer, place):
        text = f"{counted(count, 'conversation', 'conversations')} will soon be kept no longer, by your schedule"
        yield Notice(f"{text}. Look which.", f"/admin/{place.path}/retention")


def conversations_due(viewer: Viewer) -> Iterator[Notice]:
    """The same for those who administer nothing: others are told with what they set up. One query."""
    if not due_there(viewer) or viewer.visible("administer") != FALSE:
        return
    own = select(Place, going()).where(Place.id == viewer.person.organisation_id)
    for place, count in viewer.session.execute(own):
        yield from due_in_words(viewer, place, count)
