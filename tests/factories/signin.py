"""Examples of the pages of somebody's own sessions, and of an organisation's limits for them."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from hub.features.administration.issuers.health_page import IssuerHealthPage, Sign
from hub.features.administration.sessions.pages import SessionLimitsPage
from hub.features.signin.pages import GoOnPage, ProvePage, SessionRow, SessionsPage
from hub.web.pages import Page, Problem, Send
from hub.web.typed import Kept, KeptField
from tests.factories.administration import CRUMBS, TABS
from tests.factories.page_values import LONG_WORD, NOW

END: Final = Send("End", "/me/sessions/end", (("session", "f" * 64),), "link")
OTHERS: Final = Send("Sign out everywhere else", "/me/sessions/end-others", kind="warning")
HERE: Final = SessionRow("Firefox on Windows", "192.0.2.7", NOW - timedelta(hours=2), NOW, None)


def session_examples() -> dict[str, Page]:
    """Every one of these pages by a short name."""
    other = replace(HERE, browser="Chrome on Android", address="2001:db8:85a3::8a2e:370:7334", end=END)
    odd = replace(HERE, browser=LONG_WORD, address="", end=END)
    own = SessionsPage(sessions=(HERE,), idle="60 minutes", lasts="12 hours", at_once=20)
    limits = SessionLimitsPage(
        crumbs=CRUMBS,
        tabs=TABS,
        action="/admin/leeds/sessions",
        seen="limits=none",
        idle_minutes="30",
        hours="",
        at_once="3",
        most_idle_minutes=60,
        most_hours=12,
        most_at_once=20,
    )
    words = (KeptField("name", "Name or title", "Housing & <b>homes</b>", long=False),)
    kept = Kept("/admin/leeds/groups", "token", words, (("seen", "x=1"),), (("table", "people.csv"),))
    prove = ProvePage(
        organisation="Leeds City Council", action="/me/sessions/prove", form="f4k9x2m7qabc", next="/admin/leeds/groups"
    )
    health = IssuerHealthPage(
        crumbs=CRUMBS,
        tabs=TABS,
        issuer="https://login.leeds.example",
        signs=(
            Sign("Last good sign-in", "22 November 2026, 14:05"),
            Sign("Its clock", "45 seconds behind the hub’s", well=False, cure="Set both by a time server."),
            Sign(LONG_WORD, LONG_WORD),
        ),
        action="/admin/leeds/issuer/health",
        seen="until=x",
        until="2027-03-31",
    )
    wrong = Problem("hours", "Enter a number from 1 to 12, or leave it empty")
    return {
        "sessions": replace(own, sessions=(HERE, other, odd), others=OTHERS),
        "sessions-one": replace(own, at_once=1),
        "prove": prove,
        "prove-nothing-held": replace(prove, form=""),
        "prove-no-issuer": ProvePage(),
        "go-on": GoOnPage(kept=kept, secrets=("secret",)),
        "go-on-button": GoOnPage(kept=replace(kept, words=(), files=())),
        "issuer-health": health,
        "issuer-health-wrong": replace(health, until="soon", problems=(Problem("until", "Enter a day"),)),
        "session-limits": limits,
        "session-limits-wrong": replace(limits, hours="800", problems=(wrong,)),
    }
