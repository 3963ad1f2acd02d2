"""What somebody was typing and has not sent, on their home page."""

import json
from collections.abc import Iterator
from typing import Final

from hub.access.models import Place
from hub.access.viewer import Viewer
from hub.documents.models import Document
from hub.drafting.things import drafts_of
from hub.keeping.drafts import USE
from hub.keeping.models import TypedDraft
from hub.web.filters import moment
from hub.web.pages import Notice, Send

SHOWN: Final = 10
LONGEST: Final = 80


def notices(viewer: Viewer) -> Iterator[Notice]:
    """One for each draft, the newest first; none of a thing that the viewer has no right to any more."""
    for row, thing in drafts_of(viewer)[:SHOWN]:
        separator = "&" if "?" in row.opens else "?"
        text = f"You were typing {_what(row, thing)}, kept {moment(row.saved_at).striptags()}, not sent yet"
        away = Send("Discard", "/drafts/discard", (("for", row.address),), "link")
        yield Notice(text, f"{row.opens}{separator}{USE}=use", "info", (away,))


def _what(row: TypedDraft, thing: Document | Place | None) -> str:
    sent = json.loads(row.fields)
    name = " ".join(sent.get("name", "").split())[:LONGEST]
    if isinstance(thing, Document):
        return f"changes to “{thing.title[:LONGEST]}”"
    if thing is None:
        return "a request for access"
    if row.action == "administer":
        return f"changes to the policy of {thing.name[:LONGEST]}"
    return f"“{name}” in {thing.name[:LONGEST]}" if name else f"something without a title in {thing.name[:LONGEST]}"
