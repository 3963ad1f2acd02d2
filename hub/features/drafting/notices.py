"""What somebody was typing and has not sent, on their home page."""

from collections.abc import Iterator
from typing import Final

from hub.access.viewer import Viewer
from hub.features.drafting.things import drafts_of, in_words
from hub.keeping.drafts import USE
from hub.web.filters import moment
from hub.web.pages import Notice, Send

SHOWN: Final = 10
LONGEST: Final = 80


def notices(viewer: Viewer) -> Iterator[Notice]:
    """One for each draft, the newest first; none of a thing that the viewer has no right to any more."""
    for row, thing in drafts_of(viewer)[:SHOWN]:
        separator = "&" if "?" in row.opens else "?"
        said, when = in_words(row, thing, viewer.kinds, LONGEST), moment(row.saved_at).striptags()
        text = f"You were typing {said}, kept {when}, not sent yet"
        away = Send("Discard", "/drafts/discard", (("for", row.address),), "link")
        yield Notice(text, f"{row.opens}{separator}{USE}=use", "info", (away,))
