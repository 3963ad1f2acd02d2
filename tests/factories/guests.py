"""Examples of the pages about guests."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Final

from hub.features.administration.guests.pages import (
    AdmitPage,
    EvidencePage,
    EvidenceRow,
    FirmRow,
    GuestRow,
    GuestsPage,
    Span,
)
from hub.features.administration.pages import Tab
from hub.features.signin.local.pages import (
    CarryPage,
    CodePage,
    GuestSignInPage,
    InvitationPage,
    PasskeyRow,
    PasskeysPage,
)
from hub.features.sponsoring.pages import SponsoredPage, SponsoredRow
from hub.web.pages import Choice, Page, Problem, Send
from hub.web.paging import page_links
from tests.factories.page_values import LONG_WORD

TABS: Final = (Tab("People", "/admin/leeds/people"), Tab("Guests", "/admin/leeds/guests", current=True))
END: Final = Send("End now", "/admin/leeds/guests/end", (("grant", "x"),), "link")
UNTIL: Final = date(2026, 12, 31)
MOMENT: Final = datetime(2026, 11, 30, 16, 5, tzinfo=UTC)


def sign_in_examples() -> dict[str, Page]:
    """The pages of guests who sign in at the hub itself."""
    invitation = InvitationPage(
        person="Maria Lopez", firm="Acme Drainage Limited", by="Leeds City Council", to="m…@acme.example", mails=True,
        again=False,
    )  # fmt: skip
    remove = Send("Remove", "/me/passkeys/remove", (("passkey", "x"),), "link")
    keys = PasskeysPage(
        passkeys=(
            PasskeyRow("Work telephone", MOMENT, MOMENT, True, remove),
            PasskeyRow(LONG_WORD, MOMENT, None, False, remove),
        ),
        offered=True, own=True, recent=True, address="maria@acme.example",
    )  # fmt: skip
    wrong = (Problem("code", "That is not the code"),)
    sends = (Send("Renew until 31 December 2027", "/me/guests/renew"), Send("End now", "/me/guests/end"))
    row = SponsoredRow(
        name="Maria Lopez", firm="Acme Drainage Limited", place="Tenders", place_href="/places/leeds/tenders",
        purpose="Contract HO-117", until=UNTIL, over=False, soon=True, asleep=False, seen=MOMENT, sends=sends,
    )  # fmt: skip
    lost = replace(row, name=LONG_WORD, firm=LONG_WORD, place="", purpose=LONG_WORD, over=True, soon=False, asleep=True)
    return {
        "sponsored": SponsoredPage(rows=(row, lost)),
        "sponsored-none": SponsoredPage(rows=()),
        "guest-sign-in": GuestSignInPage(mails=True, passkeys=True, next="/documents/d1"),
        "guest-sign-in-refused": GuestSignInPage(
            mails=True, passkeys=False, email=LONG_WORD, problems=(Problem("email", "Enter an e-mail address"),)
        ),
        "guest-sign-in-mute": GuestSignInPage(mails=False, passkeys=True),
        "guest-code": CodePage(to="maria@acme.example", invited=False, minutes=10),
        "guest-code-wrong": CodePage(to=f"{LONG_WORD}@acme.example", invited=True, minutes=10, problems=wrong),
        "guest-invitation": invitation,
        "guest-invitation-anew": replace(invitation, mails=False, again=True, by="", person=LONG_WORD),
        "guest-carry": CarryPage(code="a7fkm-29xqr", address="https://hub.example/sign-in/guest", until=MOMENT),
        "passkeys": keys,
        "passkeys-first": replace(keys, passkeys=(), recent=False, again=Send("Send me a code", "/me/passkeys/again")),
        "passkeys-not-here": replace(keys, passkeys=(), offered=False),
        "passkeys-of-staff": replace(keys, passkeys=(), own=False),
    }


def guest_examples() -> dict[str, Page]:
    """Every page about guests by a short name."""
    rows = (
        GuestRow("Maria Lopez", "acme/maria-lopez", "Acme", "Tenders", "/places/leeds/tenders", "reader", "Sam Okafor",
                 False, UNTIL, False, "Contract HO-117", END,
                 Send("New link", "/admin/leeds/guests/link", (("grant", "x"),), "link")),
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
    happened = (
        EvidenceRow(MOMENT, "Opened", "Maria Lopez", "Acme", "Tenders", "/places/leeds/tenders", "", "", None),
        EvidenceRow(MOMENT, "Admitted", LONG_WORD, LONG_WORD, LONG_WORD, "", LONG_WORD, "leeds/sam", UNTIL),
    )
    spans = (
        Span("Maria Lopez", "Acme", date(2026, 1, 1), UNTIL, 0, 1000, 900),
        Span(LONG_WORD, LONG_WORD, date(2026, 6, 1), UNTIL, 400, 600, 900),
    )
    evidence = EvidencePage(tabs=TABS, rows=happened, more=True, spans=spans, csv_href="/x")
    return {
        "guest-evidence": evidence,
        "guest-evidence-none": replace(evidence, rows=(), spans=()),
        "guests": GuestsPage(
            tabs=TABS,
            add_href="/admin/leeds/guests/add",
            evidence_href="/admin/leeds/guests/evidence",
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
        **sign_in_examples(),
        "guest-admit-no-space": AdmitPage(tabs=TABS, action="/x", firms=admit.firms, spaces=(), make_space_href="/y"),
    }
