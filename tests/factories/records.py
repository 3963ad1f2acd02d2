"""Examples of the pages about an organisation's records."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from hub.features.administration.pages import Tab
from hub.features.administration.records.pages import HeldRow, RecordsPage
from hub.web.pages import Page, Problem
from hub.web.paging import page_links
from tests.factories.page_values import LONG_WORD

TABS: Final = (Tab("Policy", "/admin/york/policy"), Tab("Records", "/admin/york/records", current=True))
AT: Final = datetime(2026, 10, 20, 9, 12, tzinfo=UTC)
HERE: Final = "/admin/york/records"
ROW: Final = HeldRow(
    name="Bo Reed",
    organisation="City of York Council",
    at=AT,
    text="We register wardens with a form, and check the list each autumn.",
    about="How do you register flood wardens?",
    about_href="/threads/t4k9x2m7qabc/posts/2",
    erase_href=f"{HERE}/thread:t4k9x2m7qabc/2",
)


def records_examples() -> dict[str, Page]:
    """Every page about records by a short name."""
    hidden = replace(ROW, about="", about_href="", withdrawn=True)
    found = RecordsPage(
        tabs=TABS,
        action=HERE,
        words="wardens",
        why="FOI-118",
        earlier=True,
        found="3 posts by 2 people in 2 conversations, from 4 March 2026 to 20 October 2026.",
        rows=(ROW, hidden, replace(ROW, name=LONG_WORD, text=LONG_WORD, about=LONG_WORD, removed=True, erase_href="")),
        links=page_links(1, 20, 120, lambda n: f"?page={n}"),
        export_href=f"{HERE}/zip?why=FOI-118",
    )
    return {
        "records": RecordsPage(tabs=TABS, action=HERE),
        "records-found": found,
        "records-none": RecordsPage(
            tabs=TABS, action=HERE, why="FOI-118", found="Your organisation holds nothing like that."
        ),
        "records-wrong": RecordsPage(tabs=TABS, action=HERE, problems=(Problem("why", "Say what you need it for"),)),
    }
