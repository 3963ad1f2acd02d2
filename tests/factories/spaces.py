"""Examples of the pages of organisations, spaces and folders."""

from dataclasses import replace
from typing import Final

from hub.nouns.spaces.pages import (
    Column,
    CoverText,
    FileRow,
    FilesPage,
    OverviewPage,
    PinnedRow,
    PlaceHead,
    PlacePage,
)
from hub.web.pages import Action, Crumb, Joining, Page, Send, Tab, Who, Whose
from hub.web.paging import page_links
from tests.factories.page_values import DOCUMENTS, FOLDERS, HOUSING, LEEDS, LONG_WORD, MARKDOWN, SPACES, WHOSE, WHY

PRIYA: Final = Who("Priya Shah", "Leeds City Council", "/people/leeds/priya-shah")
TOM: Final = Who("Tom Reed", "City of York Council")
TABS: Final = (
    Tab("Overview", "/places/leeds/housing/flood-plan", current=True),
    Tab("Files", "/files/p4k9x2m7qa"),
    Tab("People", "/who-is-in/p4k9x2m7qa"),
    Tab("Settings", "/settings/p4k9x2m7qa"),
)
HEAD: Final = PlaceHead(
    kind="space",
    whose=WHOSE,
    marking="OFFICIAL",
    audience="restricted",
    standing="member",
    actions=(Action("Upload files", "/upload/p4k9x2m7qa", primary=True), Action("New folder", "/make/p4k9x2m7qa")),
    star=Send("Add to favourites", "/favourites", kind="link"),
    search_href="/search?space=p4k9x2m7qa",
    tabs=TABS,
)
COVER: Final = CoverText(
    body=MARKDOWN,
    href="/documents/d000000001",
    marking="OFFICIAL",
    state="draft",
    edit_href="/documents/d000000001/edit",
    take_away=Send("Take it off the overview", "/pins/p4k9x2m7qa", kind="link"),
)
COLUMNS: Final = (
    Column("Title", "?sort=-title", "ascending"),
    Column("State", "?sort=state"),
    Column("Type", "?sort=type"),
    Column("Changed", "?sort=-changed"),
    Column("Owner", "?sort=owner"),
)
TOGETHER: Final = (
    Action("Move", "/files/p4k9x2m7qa/move"),
    Action("Change marking", "/files/p4k9x2m7qa/mark"),
    Action("Publish", "/files/p4k9x2m7qa/publish"),
    Action("Archive", "/files/p4k9x2m7qa/archive"),
    Action("Download", "/files/p4k9x2m7qa/zip"),
)
FILES: Final = tuple(
    FileRow(replace(row, place=""), f"doc:d{n:09}", (PRIYA, TOM, None)[n % 3], (0, 2_345_678, 900)[n % 3])
    for n, row in enumerate(DOCUMENTS)
)


def space_examples() -> dict[str, Page]:
    """Every page of a place by a short name."""
    overview = OverviewPage(
        title="Flood plan",
        crumbs=(LEEDS, HOUSING),
        head=HEAD,
        description="Joint plan of Leeds and York for the lower Aire and Ouse.",
        services=(Crumb("Housing", "/spaces?service=housing"), Crumb(LONG_WORD, "/x")),
        cover=COVER,
        pinned=tuple(
            PinnedRow(row, (Send("Make it the cover", "/pins/p1", kind="link"), Send("Unpin", "/pins/p1", kind="link")))
            for row in DOCUMENTS[:3]
        ),
        spaces=SPACES[:2],
        changes=DOCUMENTS,
        files_href="/files/p4k9x2m7qa",
        managers=(PRIYA, TOM),
        why=WHY,
    )
    files = FilesPage(
        title="Flood plan",
        crumbs=(LEEDS, HOUSING),
        head=replace(HEAD, tabs=tuple(replace(tab, current=tab.text == "Files") for tab in TABS)),
        folders=FOLDERS,
        columns=COLUMNS,
        files=FILES,
        together=TOGETHER,
        take_all="/files/p4k9x2m7qa/zip",
        links=page_links(2, 7, 44, lambda n: f"?page={n}"),
        why=WHY,
    )
    bare = replace(HEAD, actions=(), tabs=(), standing="outsider", star=None)
    return {
        "organisation": PlacePage(
            title="Leeds City Council",
            crumbs=(Crumb("Organisations", "/organisations"),),
            head=PlaceHead(kind="organisation", whose=Whose("Leeds City Council")),
            description="Metropolitan district in West Yorkshire.",
            children=SPACES,
            why=WHY,
        ),
        "organisation-empty": PlacePage(
            title="City of York Council",
            head=PlaceHead(kind="organisation", whose=Whose("City of York Council")),
        ),
        "space": overview,
        "space-read": replace(
            overview,
            head=replace(HEAD, actions=(), tabs=TABS[:2], standing="reader"),
            cover=replace(COVER, state="published", edit_href="", take_away=None),
            pinned=tuple(PinnedRow(row) for row in DOCUMENTS[:2]),
        ),
        "space-empty": replace(
            overview, cover=None, begin_cover=Send("Write a cover text", "/cover/p1"), pinned=(), spaces=(),
            changes=(), managers=(), why=None,
        ),
        "space-outside": replace(
            overview,
            title="Legal",
            head=replace(bare, audience="private"),
            inside=False,
            cover=None,
            joining=Joining(send=Send("Ask to join Legal", "/ask-to-join/p4k9x2m7qa", kind="primary")),
            crumbs=(LEEDS,),
        ),
        "space-asked": replace(
            overview,
            head=bare,
            inside=False,
            cover=None,
            managers=(),
            joining=Joining("You asked to join on 3 March 2026.", "/my-requests"),
        ),
        "files": files,
        "files-empty": replace(
            files, folders=(), files=(), columns=(), together=(), take_all="", links=page_links(1, 20, 0, str), why=None
        ),
        "folder": replace(
            files,
            title="Maps",
            head=replace(HEAD, kind="folder", audience="", standing="", marking="OFFICIAL-SENSITIVE", tabs=()),
            description="Of the valley.",
            folders=(),
            together=TOGETHER[-1:],
        ),
    }  # fmt: skip
