"""What the example pages are filled with: awkward texts, long names; all of it is made up."""

from datetime import UTC, date, datetime
from typing import Final

from hub.features.documents.pages import FilePanel, RevisionRow, Unfinished, UploadPage
from hub.features.find.pages import FacetGroup, FacetOption, SearchHit
from hub.web.pages import Action, Choice, Crumb, RuleShown, Send, Viewer, Whose, Why
from hub.web.rows import DocumentRow, PlaceRow

NOW: Final = datetime(2026, 11, 20, 14, 5, tzinfo=UTC)
SAM: Final = Viewer(
    name="Sam Okafor",
    href="/people/leeds/sam-okafor",
    organisation="Leeds City Council",
    organisation_href="/places/leeds",
    contact="hub-admins@leeds.example",
    admin_href="/admin/leeds",
    waiting=12,
    new=tuple(Action(name, f"/new?what={name.lower()}") for name in ("Page", "File", "Folder", "Space")),
)
LEEDS: Final = Crumb("Leeds City Council", "/places/leeds")
HOUSING: Final = Crumb("Housing", "/places/leeds/housing")
FLOOD: Final = Crumb("Flood plan", "/places/leeds/housing/flood-plan")
WHOSE: Final = Whose("Leeds City Council", "/places/leeds", "Flood plan", "/places/leeds/housing/flood-plan")
WHY: Final = Why(
    sentence="You can read this because staff read what the council works on and you work at Leeds City Council.",
    but="You can read this, but not edit it, because you were given no more than that.",
)
WHY_MANAGED: Final = Why(
    sentence="You can read this because Sam Okafor shared Flood plan with City of York Council until 31 March 2027.",
    rule=RuleShown(
        source="organisations/leeds.csv line 14",
        text="allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Staff read what the council works on",
        sentence="Lets: staff read what the council works on and they work at Leeds City Council.",
        href="/admin/leeds/policy#line-14",
        link="Open it in the policy",
    ),
    ask_href="/documents/d000000001/why",
)
MARKDOWN: Final = """Water in the lower Aire valley rises within six hours of heavy rain. This says **who does what**.

# Before the flood

1. Watch the gauges at [Armley](https://example.org/armley).
2. Warn those who live below the weir.

- Sandbags: *depot north*
- Pumps: `P-17` and `P-18`

### Who is called

| Post | Who answers | Number | By day | By night |
|---|---|---|---|---|
| Duty officer | Emergency planning | 0113 496 0001 | yes | yes |
| Highways | Street works | 0113 496 0002 | yes | on call |

> The weir is closed by two people, never by one.

# After the flood

```
pump start P-17 --pressure 4.5 --until-level 1.20 --report every-fifteen-minutes-to-the-duty-officer
```

![map of the weir](https://example.org/map.png)
<script>alert(1)</script>
"""
LONG_WORD: Final = "Donaudampfschifffahrtsgesellschaftskapitaensmuetzenverordnung_2026-11-20_v17_final_FINAL(2).docx"

SPACES: Final = (
    PlaceRow(
        "Flood plan",
        "/places/leeds/housing/flood-plan",
        "space",
        "Joint plan of Leeds and York for the lower Aire and Ouse.",
        "OFFICIAL",
        "restricted",
        "Leeds City Council",
    ),
    PlaceRow("Housing", "/places/leeds/housing", "space", "Homes, repairs, tenancies.", "OFFICIAL", "open"),
    PlaceRow("Legal", "/places/leeds/legal", "space", "", "OFFICIAL-SENSITIVE", "confidential", "Leeds City Council"),
    PlaceRow("Open data", "/places/york/open-data", "space", "What York publishes.", "PUBLIC", "open", "City of York"),
)
FOLDERS: Final = (
    PlaceRow("Maps", "/places/leeds/housing/flood-plan/maps", "folder", "", "OFFICIAL"),
    PlaceRow("Minutes", "/places/leeds/housing/flood-plan/minutes", "folder", "Of the joint board.", "PUBLIC"),
)


def _row(number: int, title: str, kind: str, marking: str, state: str = "published") -> DocumentRow:
    return DocumentRow(
        title=title,
        href=f"/documents/d{number:09}",
        kind=kind,
        marking=marking,
        state=state,
        changed=date(2026, 11, 20 - number % 19),
        owner="Sam Okafor" if number % 2 else "Olivia Montgomery-Featherstonehaugh",
        place="Flood plan",
        place_href="/places/leeds/housing/flood-plan" if number % 3 else "",
    )


DOCUMENTS: Final = (
    _row(1, "Flood plan for the lower Aire valley", "Text", "OFFICIAL"),
    _row(2, "Gauge readings, October 2026", "Spreadsheet", "PUBLIC"),
    _row(3, "Advice on the closing of the weir <draft> & “notes”", "Word document", "OFFICIAL-SENSITIVE", "draft"),
    _row(4, "Joint board, minutes of 3 November", "PDF", "OFFICIAL"),
    _row(5, "Slides for the parish meeting", "Presentation", "PUBLIC", "archived"),
    _row(6, LONG_WORD, "Word document", "OFFICIAL"),
    _row(7, "Re: pumps", "E-mail", "OFFICIAL", "withdrawn"),
)


HITS: Final = (
    SearchHit(
        title=(("Flood", True), (" plan for the lower Aire valley", False)),
        href="/documents/d000000001",
        kind="Document",
        snippet=(
            ("Water rises within six hours. This ", False),
            ("flood", True),
            (" plan says who does what <b>.", False),
        ),
        type="Text",
        organisation="Leeds City Council",
        organisation_href="/places/leeds",
        space="Flood plan",
        space_href="/places/leeds/housing/flood-plan",
        marking="OFFICIAL",
        state="published",
        changed=date(2026, 11, 19),
        owner="Sam Okafor",
    ),
    SearchHit(
        title=((LONG_WORD, False),),
        href="/documents/d000000006",
        kind="Document",
        snippet=(("… in case of ", False), ("flood", True), (" call the depot …", False)),
        type="Word document",
        organisation="City of York",
        marking="OFFICIAL-SENSITIVE",
        state="draft",
        changed=date(2026, 3, 1),
        owner="Ann Lee",
    ),
    SearchHit(
        title=(("Flood", True), (" plan", False)),
        href="/places/leeds/housing/flood-plan",
        kind="Space",
        snippet=(("Joint plan of Leeds and York.", False),),
        organisation="Leeds City Council",
        marking="OFFICIAL",
    ),
    SearchHit(
        title=(("Noah ", False), ("Flood", True)),
        href="/people/york/noah-flood",
        kind="Person",
        organisation="City of York",
    ),
)
FACETS: Final = (
    FacetGroup(
        "organisation",
        "Organisation",
        (
            FacetOption("leeds", "Leeds City Council", 1203, chosen=True),
            FacetOption("york", "City of York Council", 44),
            FacetOption("wychavon", "Bournemouth, Christchurch and Poole Council", 2),
        ),
    ),
    FacetGroup("kind", "Kind", (FacetOption("document", "Document", 57), FacetOption("person", "Person", 1))),
    FacetGroup(
        "marking",
        "Marking",
        (FacetOption("OFFICIAL", "OFFICIAL", 57), FacetOption("PUBLIC", "PUBLIC", None, chosen=True)),
    ),
)
MANY_SPACES: Final = FacetGroup(
    "space", "Space", tuple(FacetOption(f"s{n}", f"Space {n}", 20 - n, chosen=n == 9) for n in range(12))
)
"""More than a search page lists at once."""
MARKINGS: Final = (
    Choice("PUBLIC", "PUBLIC", "Anyone may read it, also outside the organisations."),
    Choice("OFFICIAL", "OFFICIAL", "Everyday work."),
    Choice("OFFICIAL-SENSITIVE", "OFFICIAL-SENSITIVE", "Would do harm in the wrong hands."),
)
STATES: Final = (Choice("draft", "Draft", "Only you and those who edit here."), Choice("published", "Published"))
FILE: Final = FilePanel(
    "Gauge readings – October 2026.xlsx",
    "/documents/d000000002/file",
    "Spreadsheet",
    1_482_113,
    text="Gauge\tLevel\nArmley\t1.20\nKirkstall\t0.97\n" + "x" * 120,
    text_is_cut=True,
    author="Hana Novak",
    hidden="3 hidden sheets (Salaries, Old prices, Notes), 12 hidden rows (Gauges 4, Gauges 5, …)",
)
LOCKED: Final = FilePanel(
    LONG_WORD, "/documents/d000000006/file", "Word document", 48, unreadable="the file is protected by a password"
)
REVISIONS: Final = (
    RevisionRow(
        3,
        "/documents/d000000001/revisions/3",
        NOW,
        "Sam Okafor",
        "/people/leeds/sam-okafor",
        "Numbers checked",
        current=True,
    ),
    RevisionRow(
        2, "/documents/d000000001/revisions/2", NOW, "Ann Lee", file_href="/documents/d000000001/revisions/2/file"
    ),
    RevisionRow(1, "/documents/d000000001/revisions/1", NOW, "Ann Lee", note="First draft"),
)
UPLOAD: Final = UploadPage(
    crumbs=(LEEDS, HOUSING, FLOOD),
    whose=WHOSE,
    place="Flood plan",
    place_href="/places/leeds/housing/flood-plan",
    action="/upload/p4k9x2m7qa",
    file_href="/upload/p4k9x2m7qa",
    text_href="/upload/p4k9x2m7qa?as=text",
    bring_href="/bring/p4k9x2m7qa",
    markings=MARKINGS,
    states=STATES,
    largest=256_000_000,
    part=4_000_000,
    unfinished=(
        Unfinished(
            "Gauges – October.zip",
            12_000_000,
            30_000_000,
            True,
            "/upload/p4k9x2m7qa",
            Send("Discard", "/uploads/u1/discard", kind="link"),
        ),
        Unfinished(
            f"{LONG_WORD}.pdf",
            4_000_000,
            8_000_000,
            False,
            "/upload/p4k9x2m7qb",
            Send("Discard", "/uploads/u2/discard", kind="link"),
        ),
    ),
    marking="OFFICIAL",
    state="draft",
    audience=(
        ("PUBLIC", "The staff of every organisation and those who may edit here can read it."),
        (
            "OFFICIAL",
            "Everyone at Leeds City Council and those who may edit here can read it. But a line keeps some out.",
        ),
    ),
)
