"""Examples of the pages on which several things are changed at once."""

from dataclasses import replace
from typing import Final

from hub.features.sharing.pages import ChosenRow, ManyDonePage, ManyPage
from hub.web.pages import Choice, Page, Problem, Send
from tests.factories.page_values import LONG_WORD, WHOSE

ROWS: Final = (
    ChosenRow("Flood plan for the lower Aire valley", "/documents/d000000001", "OFFICIAL"),
    ChosenRow(LONG_WORD, "/documents/d000000006", "OFFICIAL-SENSITIVE"),
)
WHERE: Final = ManyPage(
    title="Move: 3 things of “Flood plan”",
    whose=WHOSE,
    action="/files/p4k9x2m7qa/move",
    cancel_href="/files/p4k9x2m7qa",
    things=ROWS,
    nodes=("doc:d000000001", "doc:d000000006", "doc:d000000007"),
    field="to",
    choices=(Choice("p1", "Minutes", "leeds/housing/flood-plan/minutes"), Choice("p2", LONG_WORD, "leeds/housing")),
)
DONE: Final = ManyDonePage(
    title="2 documents moved, 3 not",
    whose=WHOSE,
    done=ROWS,
    left=(replace(ROWS[0], why="you may not change it"), replace(ROWS[1], href="", why="it is archived")),
    missing=1,
    undo=Send("Undo", "/files/p4k9x2m7qa/undo", (("was", "doc:d000000001 OFFICIAL published p1"),)),
    back_href="/files/p4k9x2m7qa",
    back="Flood plan",
)
MANY: Final[dict[str, Page]] = {
    "many-move": WHERE,
    "many-move-nowhere": replace(WHERE, choices=(), find="zz"),
    "many-mark": replace(
        WHERE,
        title="Change marking: 3 things of “Flood plan”",
        field="marking",
        choices=(Choice("PUBLIC", "PUBLIC", "Anybody may know it"), Choice("OFFICIAL", "OFFICIAL")),
        problems=(Problem("marking", "Select a marking"),),
    ),
    "many-done": DONE,
    "many-not-done": replace(DONE, title="Nothing is moved", done=(), undo=None),
}
"""All of them by a short name."""
