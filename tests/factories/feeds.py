"""Examples of the pages of feeds."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Final

from hub.features.feeds.pages import FeedOncePage, FeedRow, FeedsPage, NewFeedPage
from hub.web.pages import Crumb, Page, Problem, Send
from tests.factories.page_values import LONG_WORD

CRUMB: Final = Crumb("Feeds", "/me/feeds")
RENEW: Final = Send("Make a new address", "/me/feeds/f4k9x2m7qabc/renew", kind="link", once=True)
REVOKE: Final = Send("Revoke", "/me/feeds/f4k9x2m7qabc/end", kind="link")
ROW: Final = FeedRow(
    name="Flood forum, on my phone",
    about="What is new in a space: Flood forum",
    href="/places/leeds/forum",
    made=date(2026, 10, 20),
    until=date(2027, 10, 20),
    status="live",
    used=datetime(2026, 10, 21, 8, 5, tzinfo=UTC),
    sends=(RENEW, REVOKE),
)


def feed_examples() -> dict[str, Page]:
    """Every page of feeds by a short name."""
    revoked = replace(ROW, name=LONG_WORD, href="", status="revoked", used=None, sends=(RENEW,))
    new = NewFeedPage(
        crumbs=(CRUMB,),
        about="What is new in a space: Flood forum",
        href="/places/leeds/forum",
        action="/me/feeds/new?space=p4k9x2m7qa",
        cancel_href="/places/leeds/forum",
        name="Flood forum",
    )
    return {
        "feeds": FeedsPage(feeds=(ROW, revoked, replace(revoked, status="over"))),
        "feeds-none": FeedsPage(),
        "feeds-barred": FeedsPage(barred="Feeds are for the staff of councils."),
        "feed-new": new,
        "feed-new-again": replace(new, name="", problems=(Problem("name", "Give it a name"),)),
        "feed-once": FeedOncePage(
            title="Your address",
            crumbs=(CRUMB,),
            name="Flood forum, on my phone",
            address=f"https://hub.example/feeds/{'x' * 43}",
            until=date(2027, 10, 20),
        ),
    }
