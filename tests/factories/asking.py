"""Examples of the pages of asking for access."""

from dataclasses import replace
from datetime import date
from typing import Final

from hub.features.asking.forms import TELL_CHOICES
from hub.features.asking.pages import (
    AnsweredRow,
    AnswerPage,
    AskPage,
    DeclinePage,
    MinePage,
    OwnRow,
    RequestRow,
    RequestsPage,
)
from hub.nouns.people.forms import ROLE_CHOICES
from hub.web.pages import Action, Crumb, Page, Problem, Send
from hub.web.paging import page_links
from tests.factories.page_values import LONG_WORD, NOW, WHOSE

ADDRESS: Final = "https://hub.example.gov.uk/documents/k3v9x2m7qabc"
LIST: Final = Crumb("Requests for access", "/requests")
ASK: Final = AskPage(
    address=f"{ADDRESS}?{LONG_WORD}", reason="We <build> the wall", example="https://hub.example.gov.uk/documents/…"
)
REFUSED: Final = replace(
    ASK,
    guest=True,
    problems=(Problem("address", "Paste the address of a document"), Problem("reason", "Enter a reason")),
)
MINE: Final = MinePage(
    rows=(
        OwnRow(ADDRESS, "We build the upstream wall", date(2026, 10, 20), "waiting"),
        OwnRow("leeds/housing", LONG_WORD, date(2026, 10, 2), "granted", date(2026, 10, 3), "", "Housing",
               "/places/leeds/housing"),
        OwnRow(LONG_WORD, "Work", date(2026, 10, 2), "declined", date(2026, 10, 3), "Ask <Lee> for the public one"),
        OwnRow("leeds/attic", "Work", date(2026, 8, 2), "expired"),
    )
)  # fmt: skip
ROW: Final = RequestRow("Cy <Moss>", "City of York Council", False, "Flood plan", "document",
                        "/documents/k3v9x2m7qabc", "We build the upstream wall", date(2026, 10, 20),
                        "/requests/r4k9x2m7qabc")  # fmt: skip
GUEST: Final = replace(ROW, name="Maria Lopez", organisation=LONG_WORD, guest=True, reason=LONG_WORD)
LEFT: Final = replace(ROW, thing=ADDRESS, kind="", thing_href="")
REQUESTS: Final = RequestsPage(
    rows=(ROW, GUEST),
    links=page_links(2, 50, 120, lambda n: f"/requests?page={n}"),
    left_over=(LEFT,),
    answered=tuple(
        AnsweredRow(row, answer, date(2026, 10, 21), Send("Take back", f"{ROW.href}/reopen", (), "link"))
        for row, answer in ((ROW, "granted"), (GUEST, "declined"), (ROW, "unsaid"))
    ),
)
ANSWER: Final = AnswerPage(
    title="Cy <Moss> asks for access",
    crumbs=(LIST,),
    whose=WHOSE,
    row=GUEST,
    address=ADDRESS,
    asked=NOW,
    job="Flood engineer",
    has_role="reader",
    action="/requests/r4k9x2m7qabc",
    decline_href="/requests/r4k9x2m7qabc/decline",
    roles=ROLE_CHOICES[:3],
    role="reader",
    until="2027-01-18",
    reason="Asked on 20 October 2026: We build the upstream wall",
    needs_reason=True,
    needs_end=True,
)
DECLINE: Final = DeclinePage(
    title="Decline the request of Cy <Moss>?",
    crumbs=(LIST, Crumb("Cy <Moss>", "/requests/r4k9x2m7qabc")),
    row=ROW,
    action="/requests/r4k9x2m7qabc/decline",
    cancel_href="/requests/r4k9x2m7qabc",
    choices=TELL_CHOICES,
    tell="yes",
)
ASKING: Final[dict[str, Page]] = {
    "ask": ASK,
    "ask-refused": REFUSED,
    "ask-already": replace(ASK, already=Action(LONG_WORD, "/documents/k3v9x2m7qabc")),
    "my-requests": MINE,
    "my-requests-none": MinePage(rows=()),
    "requests": REQUESTS,
    "requests-none": RequestsPage(rows=()),
    "request": ANSWER,
    "request-unmanaged": replace(ANSWER, whose=None, row=LEFT, roles=()),
    "request-refused": replace(ANSWER, problems=(Problem("until", "Enter the last day: a guest’s admission ends"),)),
    "decline": DECLINE,
    "decline-refused": replace(DECLINE, problems=(Problem("note", "Enter a note"), Problem("tell", "Select one"))),
    "decline-confidential": replace(DECLINE, choices=()),
}
