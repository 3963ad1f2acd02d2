"""What stands in the place of what was said and is not there any more."""

from datetime import datetime

from hub.access.known_place import known_place
from hub.access.viewer import Viewer
from hub.ground.clock import LONDON
from hub.nouns.talk.models import Removal, Talk
from hub.nouns.talk.queries import Removed
from hub.things.words import counted


def removal_in_words(viewer: Viewer, removal: Removal | Removed) -> str:
    """That personal data was taken out of a post: by which organisation, when and why."""
    name = organisation_name(viewer, removal.organisation_id)
    return f"Personal data removed by {name} on {day_in_words(removal.at)}: {removal.reason}"


def removed_in_words(talk: Talk | None, number: int) -> str:
    """That the text of a post went by the schedule of whoever kept it; empty while it is there."""
    if talk is None or talk.removed_at is None or number > talk.removed_to:
        return ""
    return f"Removed on {day_in_words(talk.removed_at)}, after {counted(talk.removed_after, 'month', 'months')}"


def organisation_name(viewer: Viewer, organisation_id: str) -> str:
    """What an organisation is called."""
    place = known_place(viewer.snapshot, organisation_id)
    return place.name if place else "An organisation that is not here any more"


def day_in_words(at: datetime) -> str:
    """3 December 2026, by the days of London."""
    return f"{at.astimezone(LONDON):%-d %B %Y}"
