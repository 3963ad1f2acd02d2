"""One example or more of every page, full and empty, with awkward texts; all names and sentences are made up."""

from datetime import UTC, date, datetime
from typing import Final

from hub.documents.pages import DocumentPage, FilePanel, RevisionPage, RevisionRow, UploadPage
from hub.find.pages import Chip, FacetGroup, FacetOption, HomePage, SearchHit, SearchPage
from hub.organisations.pages import OrganisationRow, OrganisationsPage
from hub.people.pages import PersonPage
from hub.signin.pages import LeavingPage, SignedOutPage, SignInChoice, SignInPage, SignInProblemPage
from hub.spaces.pages import PlacePage
from hub.web.pages import (
    AccessibilityPage,
    Action,
    Choice,
    CookieRow,
    CookiesPage,
    Crumb,
    DocumentRow,
    ErrorPage,
    NotFoundPage,
    Page,
    PlaceRow,
    Problem,
    Viewer,
    Whose,
    Why,
)
from hub.web.paging import page_links

NOW: Final = datetime(2026, 11, 20, 14, 5, tzinfo=UTC)
SAM: Final = Viewer(
    name="Sam Okafor",
    href="/people/leeds/sam-okafor",
    organisation="Leeds City Council",
    organisation_href="/places/leeds",
    contact="hub-admins@leeds.example",
)
LEEDS: Final = Crumb("Leeds City Council", "/places/leeds")
HOUSING: Final = Crumb("Housing", "/places/leeds/housing")
FLOOD: Final = Crumb("Flood plan", "/places/leeds/housing/flood-plan")
WHOSE: Final = Whose("Leeds City Council", "/places/leeds", "Flood plan", "/places/leeds/housing/flood-plan")
WHY: Final = Why(
    sentence="You can read this because staff of Leeds City Council read what the council works on.",
    file="leeds.csv",
    line=14,
    rule="allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Staff read what the council works on",
    reason="Staff read what the council works on",
)
MARKDOWN: Final = """Water in the lower Aire valley rises within six hours of heavy rain. This plan says **who does what**.

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

_SPACES: Final = (
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
    PlaceRow(
        "Legal", "/places/leeds/legal", "space", "", "OFFICIAL-SENSITIVE", "confidential", "Leeds City Council"
    ),
    PlaceRow("Open data", "/places/york/open-data", "space", "What York publishes.", "PUBLIC", "open", "City of York"),
)
_FOLDERS: Final = (
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


def _pages(page: int, size: int, total: int) -> object:
    return page_links(page, size, total, lambda number: f"?page={number}")


HITS: Final = (
    SearchHit(
        title=(("Flood", True), (" plan for the lower Aire valley", False)),
        href="/documents/d000000001",
        kind="Document",
        snippet=(("Water rises within six hours. This ", False), ("flood", True), (" plan says who does what <b>.", False)),
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
    SearchHit(title=(("Noah ", False), ("Flood", True)), href="/people/york/noah-flood", kind="Person", organisation="City of York"),
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
    FacetGroup("marking", "Marking", (FacetOption("OFFICIAL", "OFFICIAL", 57), FacetOption("PUBLIC", "PUBLIC", None, chosen=True))),
)
MARKINGS: Final = (
    Choice("PUBLIC", "PUBLIC", "Anyone may read it, also outside the organisations."),
    Choice("OFFICIAL", "OFFICIAL", "Everyday work."),
    Choice("OFFICIAL-SENSITIVE", "OFFICIAL-SENSITIVE", "Would do harm in the wrong hands."),
)
STATES: Final = (Choice("draft", "Draft", "Only you and those who edit here."), Choice("published", "Published"))
FILE: Final = FilePanel(
    "Gauge readings – October 2026.xlsx", "/documents/d000000002/file", "Spreadsheet", 1_482_113,
    text="Gauge\tLevel\nArmley\t1.20\nKirkstall\t0.97\n" + "x" * 120, text_is_cut=True,
)  # fmt: skip
LOCKED: Final = FilePanel(LONG_WORD, "/documents/d000000006/file", "Word document", 48, unreadable="the file is protected by a password")
_REVISIONS: Final = (
    RevisionRow(3, "/documents/d000000001/revisions/3", NOW, "Sam Okafor", "/people/leeds/sam-okafor", "Numbers checked", current=True),
    RevisionRow(2, "/documents/d000000001/revisions/2", NOW, "Ann Lee", file_href="/documents/d000000001/revisions/2/file"),
    RevisionRow(1, "/documents/d000000001/revisions/1", NOW, "Ann Lee", note="First draft"),
)
_UPLOAD: Final = UploadPage(
    crumbs=(LEEDS, HOUSING, FLOOD),
    whose=WHOSE,
    place="Flood plan",
    place_href="/places/leeds/housing/flood-plan",
    action="/upload/p4k9x2m7qa",
    file_href="/upload/p4k9x2m7qa",
    text_href="/upload/p4k9x2m7qa?as=text",
    markings=MARKINGS,
    states=STATES,
    largest=256_000_000,
    marking="OFFICIAL",
    state="draft",
    audience="Published here, an OFFICIAL document is read by the staff of Leeds City Council and City of York Council.",
)

SIGNED_OUT: Final = frozenset(
    {"sign-in", "sign-in-found", "sign-in-none", "sign-in-problem", "leaving", "signed-out", "not-found-stranger", "error-503"}
)
"""Examples shown to nobody in particular."""


def examples() -> dict[str, Page]:
    """Every page by a short name."""
    from dataclasses import replace

    document = DocumentPage(
        title="Flood plan for the lower Aire valley", crumbs=(LEEDS, HOUSING, FLOOD), whose=WHOSE, marking="OFFICIAL",
        state="published", owner="Sam Okafor", owner_href="/people/leeds/sam-okafor", created=NOW, changed=NOW, number=3,
        permalink="https://hub.example/documents/d000000001", body=MARKDOWN, revisions=_REVISIONS, why=WHY,
        actions=(Action("New revision", "/documents/d000000001/edit"),),
    )  # fmt: skip
    space = PlacePage(
        title="Flood plan", kind="space", crumbs=(LEEDS, HOUSING), whose=Whose("Leeds City Council", "/places/leeds"),
        description="Joint plan of Leeds and York for the lower Aire and Ouse.", marking="OFFICIAL", audience="restricted",
        children=_FOLDERS, documents=tuple(replace(row, place="") for row in DOCUMENTS), links=page_links(2, 7, 44, lambda n: f"?page={n}"),
        actions=(Action("Add a document", "/upload/p4k9x2m7qa", primary=True), Action("New folder", "/places/new")),
        search_href="/search?space=p4k9x2m7qa", why=WHY,
    )  # fmt: skip
    search = SearchPage(
        query="flood", total=1249, hits=HITS, facets=FACETS, links=page_links(3, 10, 1249, lambda n: f"/search?q=flood&page={n}"),
        chips=(Chip("Leeds City Council", "/search?q=flood&marking=PUBLIC"), Chip("PUBLIC", "/search?q=flood&organisation=leeds")),
        clear_href="/search?q=flood",
    )  # fmt: skip
    sign_in = SignInPage(
        choices=tuple(
            SignInChoice(name, f"/sign-in/{slug}", hint)
            for name, slug, hint in (
                ("Acme Drainage Limited", "acme", "Partner firm"),
                ("City of York Council", "york", "Unitary authority"),
                ("Leeds City Council", "leeds", "Metropolitan district"),
                ("Wychavon District Council", "wychavon", "District council"),
            )
        ),
        total=4,
    )
    return {
        "home": HomePage(given_name="Sam", spaces=_SPACES, recent=DOCUMENTS),
        "home-empty": HomePage(),
        "organisations": OrganisationsPage(
            organisations=(
                OrganisationRow("Acme Drainage Limited", "/places/acme", "Partner firm", 0),
                OrganisationRow("City of York Council", "/places/york", "Unitary authority", 3),
                OrganisationRow("Leeds City Council", "/places/leeds", "Metropolitan district", 12),
            ),
            own="Leeds City Council",
        ),
        "organisations-empty": OrganisationsPage(organisations=()),
        "organisation": PlacePage(
            title="Leeds City Council", kind="organisation", whose=Whose("Leeds City Council"), children=_SPACES,
            crumbs=(Crumb("Organisations", "/organisations"),), description="Metropolitan district in West Yorkshire.", why=WHY,
        ),
        "space": space,
        "space-empty": replace(space, children=(), documents=(), actions=(), links=page_links(1, 20, 0, str), why=None),
        "space-outside": replace(
            space, title="Legal", audience="private", inside=False, managers=("Priya Shah", "Tom Reed"), actions=(), crumbs=(LEEDS,),
        ),
        "folder": replace(space, title="Maps", kind="folder", whose=WHOSE, audience="", marking="OFFICIAL-SENSITIVE", children=()),
        "document": document,
        "document-file": replace(
            document, title="Gauge readings, October 2026", body="", file=FILE, marking="PUBLIC", actions=(), crumbs=(),
            whose=Whose("Leeds City Council", "", "Flood plan", ""), why=replace(WHY, file="", line=0, rule="", reason=""),
        ),
        "document-unreadable": replace(
            document, title=LONG_WORD, body="", file=LOCKED, marking="OFFICIAL-SENSITIVE", state="draft",
            why=replace(WHY, file="grants:g7x2k4m9qa", line=0),
        ),
        "document-empty": replace(document, body="", revisions=_REVISIONS[:1]),
        "revision": RevisionPage(
            title="Flood plan for the lower Aire valley", crumbs=(LEEDS, Crumb("Flood plan for the lower Aire valley", "/documents/d1")),
            whose=WHOSE, marking="OFFICIAL", state="published", number=2, latest=3, at=NOW, by="Ann Lee", note="Numbers checked",
            permalink="https://hub.example/documents/d1/revisions/2", document_href="/documents/d1", older_href="/r/1",
            newer_href="/r/3", body=MARKDOWN,
        ),
        "upload": _UPLOAD,
        "upload-text": replace(_UPLOAD, as_text=True, audience=""),
        "upload-refused": replace(
            _UPLOAD, name="Flood plan",
            problems=(Problem("file", "Choose a file of at most 256 MB"), Problem("marking", "Choose a marking"), Problem("", "Nothing was saved")),
            marking="",
        ),
        "search": search,
        "search-start": SearchPage(asked=False),
        "search-nothing": replace(search, query="zzz", hits=(), total=0, links=page_links(1, 10, 0, str)),
        "search-one": replace(search, hits=HITS[:1], total=1, chips=(), links=page_links(1, 10, 1, str)),
        "search-down": SearchPage(query="flood", engine_down=True),
        "search-refused": replace(
            search, hits=(), total=0, links=page_links(1, 10, 0, str), date_from="yesterday",
            problems=(Problem("q", "Use at most 500 characters"), Problem("from", "Write the date as 2026-11-20")),
        ),
        "sign-in": sign_in,
        "sign-in-found": replace(sign_in, query="leeds", next="/documents/d1?a=b&c=d", choices=sign_in.choices[2:3], total=25,
                                 notice="You were signed out because nothing happened for an hour."),
        "sign-in-none": replace(sign_in, query="zzz", choices=(), total=0, next="/documents/d1"),
        "sign-in-problem": SignInProblemPage(
            sentences=("Leeds City Council’s sign-in did not answer.", "Try again in a minute."), reference="k4m9x2p7qa",
            contact="help@hub.example",
        ),
        "leaving": LeavingPage(destination="Leeds City Council", href="/static-issuer"),
        "signed-out": SignedOutPage(organisation="Leeds City Council"),
        "signed-out-here": SignedOutPage(organisation="Leeds City Council", still_signed_in=True),
        "person": PersonPage(
            title="Ann Lee", organisation="City of York Council", organisation_href="/places/york", handle="york/ann-lee",
            job="Flood officer", email="ann.lee@york.example", spaces=_SPACES[:1], why=WHY, crumbs=(Crumb("City of York Council", "/places/york"),),
        ),
        "person-viewer": PersonPage(title="Sam Okafor", organisation="Leeds City Council", handle="leeds/sam-okafor", is_viewer=True),
        "not-found": NotFoundPage(organisation="Leeds City Council", contact="hub-admins@leeds.example", signed_in=True),
        "not-found-stranger": NotFoundPage(),
        "error-403": ErrorPage(title="You cannot do that here", status=403, sentences=("You may see this.", "Only editors change it."),
                               contact="Ring 0113 496 0000", links=(Action("Go to your home page", "/"), Action("search", "/search"))),
        "error-503": ErrorPage(title="Not available just now", status=503, sentences=("Try again in a minute.",)),
        "accessibility": AccessibilityPage(site="Knowledge Hub", contact="help@hub.example", prepared=date(2026, 11, 22)),
        "cookies": CookiesPage(cookies=(
            CookieRow("__Host-hub-session", "Knows you from one page to the next.", "When you sign out, or after 12 hours"),
            CookieRow("__Host-hub-sign-in", "Ties a sign-in to your browser.", "After 10 minutes"),
        )),
    }  # fmt: skip
