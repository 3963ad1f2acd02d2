"""Who will read what one is about to say, and who keeps it, as it stands before the button."""

from collections.abc import Iterable

from hub.access.known_place import known_place
from hub.access.viewer import Viewer
from hub.audience.reach import reach_in_words
from hub.things.thing import Lying

RECORD = "It is a record of theirs, and can be asked for under the Freedom of Information Act."


def readers_in_words(viewer: Viewer, thing: Lying) -> str:
    """Who can read a thing, as far as the viewer may know."""
    return f"{reach_in_words(viewer, thing)}."


def keepers_in_words(viewer: Viewer, holders: Iterable[str]) -> str:
    """Which organisations keep what was said, the viewer's own among them, which will once they have said something."""
    own = viewer.person.organisation_id
    ids = [own, *(each for each in holders if each != own)]
    names = [place.name for each in ids if (place := known_place(viewer.snapshot, each)) is not None]
    whole = ", ".join(names[:-1]) + (" and " if names[1:] else "") + names[-1] if names else "Your organisation"
    keep, whose = ("each keep", "theirs") if names[1:] else ("keeps", "its own")
    return f"{whole} {keep} it as a record of {whose}, which can be asked for under the Freedom of Information Act."
