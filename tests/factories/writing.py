"""Examples of the pages of writing."""

from dataclasses import replace
from typing import Final

from hub.audience.pages import Crowded, Gain, Named
from hub.audience.readers import Change, Reader
from hub.features.writing.difference import compare
from hub.features.writing.pages import ComparePage, EditPage, MarkingPage, Side, StepPage, Theirs
from hub.web.pages import Choice, Problem, Send
from tests.factories.page_values import FLOOD, HOUSING, LEEDS, LONG_WORD, MARKDOWN, NOW, WHOSE

CRUMBS: Final = (LEEDS, HOUSING, FLOOD)
OLDER: Final = "\n".join(
    ["# Before the flood", "", *(f"Line {n} stays." for n in range(9)), "Ring 0113 496 0001.", "<b>Last</b>"]
)
NEWER: Final = OLDER.replace("0001", "0009").replace("<b>Last</b>", f"{LONG_WORD}\n<script>alert(1)</script>")
EDIT: Final = EditPage(
    title="Edit “Flood plan for the lower Aire valley”",
    crumbs=CRUMBS,
    whose=WHOSE,
    marking="OFFICIAL",
    state="draft",
    action="/documents/d000000001/edit",
    cancel_href="/documents/d000000001",
    as_text=True,
    name="Flood plan for the lower Aire valley",
    body=MARKDOWN,
    note="Numbers checked",
    based_on=3,
    largest=256_000_000,
    hint="Only you and those who may edit in Flood plan can see this draft.",
)
CONFLICT: Final = replace(
    EDIT,
    state="published",
    theirs=Theirs(
        4,
        NOW,
        "Olivia Montgomery-Featherstonehaugh",
        f"Plan {LONG_WORD}",
        OLDER,
        "",
        compare(OLDER, NEWER),
        "/documents/d1",
    ),
)
EDIT_FILE: Final = replace(
    EDIT, as_text=False, body="", file_name=LONG_WORD, problems=(Problem("file", "Choose a file of at most 256 MB"),)
)
STEP: Final = StepPage(
    title="Publish “Flood plan for the lower Aire valley”?",
    crumbs=CRUMBS,
    whose=WHOSE,
    marking="OFFICIAL",
    state="draft",
    meaning="Everyone named here will find it by search and can read it, with all its revisions.",
    gain=Gain(
        sentence="This shows it to 312 people in 3 organisations and 2 guests who cannot read it now.",
        organisations=(Crowded("City of York Council", 310), Crowded("Guests", 2)),
        people=(Named(f"Bo {LONG_WORD}", "/people/york/bo", "of City of York Council"),),
        turns=(Send("More names", "/documents/d000000001/publish", (("turn", "2"),), "link"),),
        last=50,
    ),
    change=Change(
        readers=(
            Reader("you", "organisations/leeds.csv line 6", "Authors keep their own work in hand"),
            Reader(
                "everyone at City of York, until 31 March 2027",
                "organisations/leeds.csv line 5",
                "Joint plan",
                new=True,
            ),
        ),
        lost=(Reader("the guest Maria Lopez", "A guest’s admission, given by Sam Okafor", ""),),
        kept_out=(Reader("everyone but the group Legal", "organisations/leeds.csv line 9", "Advice is privileged"),),
    ),
    send=Send("Publish", "/documents/d000000001/publish", (("seen", "OFFICIAL.draft"),), "primary"),
    cancel_href="/documents/d000000001",
)
MARKING: Final = MarkingPage(
    title="Change the marking of “Flood plan for the lower Aire valley”",
    crumbs=CRUMBS,
    whose=WHOSE,
    state="published",
    markings=(
        Choice("PUBLIC", "PUBLIC", "The staff of every organisation and those who may edit here can read it."),
        Choice("OFFICIAL", "OFFICIAL", "Everyone at Leeds City Council and those who may edit here can read it."),
    ),
    marking="OFFICIAL",
    seen="OFFICIAL.published",
    action="/documents/d000000001/marking",
    cancel_href="/documents/d000000001",
)
COMPARE: Final = ComparePage(
    title="Revisions 1 and 3 compared",
    crumbs=CRUMBS,
    whose=WHOSE,
    marking="OFFICIAL",
    state="published",
    action="/documents/d000000001/compare",
    choices=tuple(Choice(str(n), f"Revision {n}, 20 November 2026, 14:05") for n in (3, 2, 1)),
    older=Side(1, "/documents/d000000001/revisions/1", "Flood plan", NOW, "Ann Lee", "First draft", "", ""),
    newer=Side(3, "/documents/d000000001/revisions/3", LONG_WORD, NOW, "Sam Okafor", "", LONG_WORD, "it is locked"),
    difference=compare(OLDER, NEWER),
    otherwise_href="/documents/d000000001/compare?from=1&to=3&as=typed",
    bring_back=Send("Bring this revision back", "/documents/d000000001/revisions/1/bring-back", (("based_on", "3"),)),
)
