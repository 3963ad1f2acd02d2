"""Examples of what became of several files that were sent at once."""

from dataclasses import replace
from typing import Final

from hub.features.documents.pages import AddedPage, SentFile
from hub.web.pages import Page, Send
from tests.factories.page_values import LONG_WORD, WHOSE

ADDED_PAGE: Final = AddedPage(
    title="2 documents added, 2 not",
    whose=WHOSE,
    place="Flood plan",
    place_href="/files/p4k9x2m7qa",
    again_href="/upload/p4k9x2m7qa",
    added=(SentFile("Flood plan", "/documents/d000000001"), SentFile(LONG_WORD, "/documents/d000000006")),
    left=(
        SentFile("Rota", "/documents/d000000002", "there is a document of this name here already"),
        SentFile(LONG_WORD, why="it is empty"),
    ),
    publish=Send("Publish them", "/files/p4k9x2m7qa/publish", (("thing", "doc:d000000001"),), "primary"),
)
ADDED: Final[dict[str, Page]] = {
    "files-added": ADDED_PAGE,
    "files-not-added": replace(ADDED_PAGE, title="Nothing is added", added=(), publish=None),
}
"""All of them by a short name."""
