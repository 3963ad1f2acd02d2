"""Examples of the pages about guests."""

from datetime import date
from typing import Final

from hub.features.administration.guests.pages import AdmitPage, FirmRow, GuestRow, GuestsPage
from hub.features.administration.pages import Tab
from hub.web.pages import Choice, Page, Problem, Send
from hub.web.paging import page_links
from tests.factories.page_values import LONG_WORD

TABS: Final = (Tab("People", "/admin/leeds/people"), Tab("Guests", "/admin/leeds/guests", current=True))
END: Final = Send("End now", "/admin/leeds/guests/end", (("grant", "x"),), "link")
UNTIL: Final = date(2026, 12, 31)


def guest_examples() -> dict[str, Page]:
    """Every page about guests by a short name."""
    rows = (
        GuestRow("Maria Lopez", "acme/maria-lopez", "Acme", "Tenders", "/places/leeds/tenders", "reader", "Sam Okafor",
                 False, UNTIL, False, "Contract HO-117", END),
        GuestRow(LONG_WORD, "acme/x", LONG_WORD, "", "", "editor", "Ann", True, UNTIL, True, LONG_WORD, END),
    )  # fmt: skip
    admit = AdmitPage(
        tabs=TABS,
        action="/admin/leeds/guests/add",
        firms=(Choice("acme", "Acme Drainage Limited"),),
        spaces=(Choice("p1", "Tenders (leeds/tenders)"),),
        sponsor="Sam Okafor",
    )
    several = (
        Choice("u1", "Ann Lee of Leeds City Council", "Housing officer, ann@leeds.example"),
        Choice("u2", f"{LONG_WORD} of Leeds City Council", LONG_WORD),
    )
    problems = (Problem("firm", "Choose the firm"), Problem("until", "Enter the last day"))
    return {
        "guests": GuestsPage(
            tabs=TABS,
            add_href="/admin/leeds/guests/add",
            guests=rows,
            firms=(FirmRow("Acme", 2, "/admin/leeds/guests/end-firm?firm=acme"),),
            links=page_links(1, 50, 120, lambda n: f"?page={n}"),
        ),
        "guests-none": GuestsPage(tabs=TABS, add_href="/x", guests=()),
        "guest-admit": admit,
        "guest-admit-refused": AdmitPage(
            tabs=TABS, action="/x", firms=admit.firms, spaces=admit.spaces, firm="acme", problems=problems
        ),
        "guest-admit-which-sponsor": AdmitPage(
            tabs=TABS,
            action="/x",
            firms=admit.firms,
            spaces=admit.spaces,
            sponsor="Ann",
            sponsors=several,
            problems=(Problem("sponsor_is", "Choose one of them"),),
        ),
        "guest-admit-no-firm": AdmitPage(tabs=TABS, action="/x", firms=(), spaces=(), add_firm_href="/y"),
        "guest-admit-no-space": AdmitPage(tabs=TABS, action="/x", firms=admit.firms, spaces=(), make_space_href="/y"),
    }
