"""Examples of the pages about the hub's letters."""

from dataclasses import replace
from typing import Final

from hub.features.administration.letters.pages import LetterPage, LetterRow, LetterState, SentMailPage
from hub.features.administration.pages import Tab
from hub.web.pages import Crumb, Page, Send
from hub.web.paging import page_links
from tests.factories.page_values import LONG_WORD, NOW

TABS: Final = (Tab("Organisations", "/admin/platform"), Tab("Sent mail", "/admin/platform/mail", current=True))
CRUMBS: Final = (Crumb("Administration of the hub", "/admin/platform"),)
FAILED: Final = LetterState("Failed", "withdrawn")
WAITING: Final = LetterState("Waiting", "draft")
TEXT: Final = "Hello Ann,\n\n<b>Somebody</b> has given you access.\n\n(a link into the hub)\n\n-- \nThe Hub\n"


def mail_examples() -> dict[str, Page]:
    """Every page about letters by a short name."""
    listed = SentMailPage(
        crumbs=CRUMBS,
        tabs=TABS,
        way="Letters go out through mail.example.gov.uk:587, from hub@example.gov.uk.",
        trouble="The mail server mail.example.gov.uk:587 does not answer: Connection refused.",
        states=(
            Tab("All", "/admin/platform/mail", current=True),
            Tab("Waiting (3)", "/admin/platform/mail?state=waiting"),
        ),
        letters=(
            LetterRow("You have been given access", "/x", "Ann Lee", "ann@leeds.example", NOW, FAILED),
            LetterRow(LONG_WORD, "/y", LONG_WORD, f"{LONG_WORD}@leeds.example", NOW, WAITING),
        ),
        links=page_links(2, 50, 120, lambda n: f"?page={n}"),
    )
    letter = LetterPage(
        title="Your first sign-in to Knowledge Hub",
        crumbs=(*CRUMBS, Crumb("Sent mail", "/admin/platform/mail")),
        tabs=TABS,
        name="Ann Lee",
        address="ann@leeds.example",
        person_href="/admin/leeds/people/ann",
        state=FAILED,
        reason="The mail server refuses the address: 550 5.1.1 No such mailbox.",
        written=NOW,
        attempts=3,
        message_id="<abcdefghijkl@hub.example.gov.uk>",
        text=TEXT,
        link=f"https://hub.example.gov.uk/sign-in?link={LONG_WORD}",
        link_until=NOW,
        sends=(Send("Send again", "/admin/platform/mail/abcdefghijkl/again", kind="primary"),),
    )
    return {
        "sent-mail": listed,
        "sent-mail-none": replace(listed, trouble="", letters=(), links=page_links(1, 50, 0, str)),
        "sent-mail-none-failed": replace(listed, chosen="failed", letters=(), links=page_links(1, 50, 0, str)),
        "letter": letter,
        "letter-waiting": replace(letter, state=WAITING, due=NOW, link="", sends=()),
        "letter-sent": replace(
            letter, state=LetterState("Sent", "quiet"), reason="", left=NOW, link="", sends=(), text=f"{LONG_WORD}\n"
        ),
    }
