"""Examples of bringing a folder in: the form, how far it is, and the report."""

from dataclasses import replace
from typing import Final

from hub.features.imports.pages import BringPage, BroughtFolder, Earlier, ImportPage, Told, ToldList
from hub.web.pages import Choice, Page, Problem, Send
from tests.factories.page_values import FLOOD, HOUSING, LEEDS, LONG_WORD, MARKINGS, NOW, WHOSE

BRING: Final = BringPage(
    crumbs=(LEEDS, HOUSING, FLOOD),
    whose=WHOSE,
    place="Flood plan",
    place_href="/files/p4k9x2m7qa",
    action="/bring/p4k9x2m7qa",
    file_href="/upload/p4k9x2m7qa",
    text_href="/upload/p4k9x2m7qa?as=text",
    markings=MARKINGS,
    marking="OFFICIAL",
    largest=256_000_000,
    most=1_000,
    seen="name=1",
    folders="Its folders are made here at once. Their names are seen by everyone who reads what is published here.",
    home="Leeds City Council",
    ways=(
        Choice("here", "Here, in “Flood plan”", "Its folders are made here at once, and seen like a document."),
        Choice("space", "Into a new private space in “Leeds City Council”", "Nobody else knows of it."),
    ),
    earlier=(
        Earlier("Shared drive.zip", "/imports/i1", NOW, "40 files"),
        Earlier(LONG_WORD, "/imports/i2", NOW, "1 file"),
    ),
)
IMPORT: Final = ImportPage(
    title="“Shared drive.zip”: 214 documents came in",
    crumbs=(LEEDS, HOUSING, FLOOD),
    whose=WHOSE,
    place="Flood plan",
    place_href="/files/p4k9x2m7qa",
    here_href="/imports/i1",
    again_href="/bring/p4k9x2m7qa",
    running=False,
    done=220,
    total=220,
    folders=(
        BroughtFolder(
            "Plans",
            "/places/leeds/housing/plans",
            213,
            Send("Publish the first 200 documents", "/files/p4k9x2m7qb/publish", (("thing", "doc:d000000001"),)),
        ),
        BroughtFolder(LONG_WORD, "/places/leeds/housing/x", 0, None),
    ),
    lists=(
        ToldList("failed", "Did not come in (1)", (Told("Plans/Empty.txt", "", "it is empty"),)),
        ToldList(
            "hidden",
            "Have hidden parts (1)",
            (Told("Plans/Rents.xlsx", "/documents/d000000001", "3 hidden sheets (Salaries, Old, Notes)"),),
        ),
        ToldList("came", "Came in (212)", (Told(f"Plans/{LONG_WORD}.pdf", "/documents/d000000002", ""),), more=112),
    ),
)
BRINGING: Final[dict[str, Page]] = {
    "bring": BRING,
    "bring-refused": replace(BRING, problems=(Problem("file", "It is protected by a password"),), earlier=()),
    "bring-changed": replace(BRING, news=("It is called “Floods” now.",)),
    "bring-running": replace(BRING, running_href="/imports/i1"),
    "bring-here-alone": replace(BRING, home="", ways=()),
    "import-running": replace(
        IMPORT,
        title="Bringing in “Shared drive.zip”",
        running=True,
        stop=Send("Stop", "/imports/i1/stop"),
        done=12,
        folders=(),
        lists=(),
        again_href="",
    ),
    "import-stopped": replace(
        IMPORT,
        reason="You stopped it. 4 files did not come in yet: you can go on until 8 June, or take back what came in.",
        go_on=Send("Go on", "/imports/i1/go-on", kind="primary"),
        undo_href="/imports/i1/undo",
        lists=(ToldList("waiting", "Did not come in yet (1)", (Told(f"Plans/{LONG_WORD}.pdf", "", ""),)),),
    ),
    "import-undoing": replace(
        IMPORT, title="Taking back “Shared drive.zip”", undoing=True, done=12, folders=(), lists=(), again_href=""
    ),
    "import-done": replace(IMPORT, undo_href="/imports/i1/undo"),
    "import-ended": replace(
        IMPORT, reason="You may not add drafts here any more, so the rest did not come in.", place="", place_href=""
    ),
}
"""All of them by a short name."""
