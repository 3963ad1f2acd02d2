"""Examples of the pages about an organisation's records."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Final

from hub.features.administration.pages import Tab
from hub.features.administration.records.pages import (
    DueRow,
    ErasePage,
    EraseSurePage,
    HeldRow,
    HoldPage,
    RecordsPage,
    RetentionPage,
    RetentionSurePage,
)
from hub.web.pages import Choice, Page, Problem, Send
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


LATER: Final = "/admin/york/retention"
DUE: Final = DueRow(
    title="How do you register flood wardens?",
    href="/threads/t4k9x2m7qabc",
    posts=12,
    last=AT,
    due=date(2026, 12, 31),
    others=True,
    hold_href=f"{LATER}/t4k9x2m7qabc",
)
GO: Final = Send("Let it go by the schedule", f"{LATER}/t4k9x2m7qabc", (("go", "yes"),), "link")


def retention_examples() -> dict[str, Page]:
    """The pages about how long talk is kept, by a short name."""
    kept = replace(DUE, due=None, held_for="Claim 7", hold_href="", sends=(GO,))
    none = RetentionPage(
        tabs=TABS,
        action=LATER,
        now="City of York Council keeps everything that its people say, for good.",
        comment_choices=(Choice("", "As long as their document"), Choice("yes", "As long as conversations", "Once.")),
        whiches=(Choice("closed", "Conversations that were closed"), Choice("all", "All conversations", "Open ones.")),
    )
    hold = HoldPage(tabs=TABS, action=f"{LATER}/t4k9x2m7qabc", cancel_href=LATER, about=DUE.title)
    return {
        "retention": replace(
            none,
            months="24",
            due=(DUE, replace(DUE, title="", href="", posts=1, others=False), replace(DUE, title=LONG_WORD)),
            held=(kept, replace(kept, title="", href="", held_for=LONG_WORD)),
            links=page_links(1, 50, 120, lambda n: f"?page={n}"),
        ),
        "retention-none": none,
        "retention-wrong": replace(none, problems=(Problem("months", "Enter a number of months"),), months="two"),
        "retention-sure": RetentionSurePage(
            title="Change how long conversations are kept?",
            tabs=TABS,
            sentences=("City of York Council keeps conversations for 24 months.", "As old as that already: 3."),
            send=Send("Keep them so long", LATER, (), "warning"),
            cancel_href=LATER,
        ),
        "retention-hold": hold,
        "retention-hold-wrong": replace(hold, about="", problems=(Problem("reason", "Say why it is kept"),)),
    }


def erase_examples() -> dict[str, Page]:
    """The pages about taking something out of a post, by a short name."""
    page = ErasePage(
        tabs=TABS,
        action=f"{HERE}/post",
        cancel_href=HERE,
        node="thread:t4k9x2m7qabc",
        number=2,
        by="Bo Reed of City of York Council",
        at=AT,
        body="Ask Mrs Jane Graves for the key.",
        ways=(Choice("span", "Some words of it", "Each place in which they stand."), Choice("whole", "All of it")),
    )
    note = "Personal data removed by City of York Council on 20 October 2026: It named a resident"
    sure = EraseSurePage(
        tabs=TABS,
        sentences=("Reason: It named a resident", "This cannot be undone."),
        texts=(("What it says", "Ask Mrs [removed] for the key."), ("What it said from 20 October 2026", "")),
        send=Send("Remove it for good", f"{HERE}/post", (), "warning"),
        cancel_href=HERE,
    )
    return {
        "erase": page,
        "erase-again": replace(
            page, body=LONG_WORD, lines=(("The title", LONG_WORD),), earlier=((AT, LONG_WORD),), notes=(note,)
        ),
        "erase-wrong": replace(page, problems=(Problem("span", "Enter the words"), Problem("reason", "Say why"))),
        "erase-sure": sure,
        "erase-sure-again": replace(sure, news=("It was changed meanwhile.",), elsewhere=(3, 12)),
    }


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
        **retention_examples(),
        **erase_examples(),
        "records": RecordsPage(tabs=TABS, action=HERE),
        "records-found": found,
        "records-none": RecordsPage(
            tabs=TABS, action=HERE, why="FOI-118", found="Your organisation holds nothing like that."
        ),
        "records-wrong": RecordsPage(tabs=TABS, action=HERE, problems=(Problem("why", "Say what you need it for"),)),
    }
