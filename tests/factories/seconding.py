"""Examples of the pages of what a second person agrees to."""

from dataclasses import replace
from datetime import timedelta

from hub.features.administration.seconding.pages import ProposalPage, ProposalRow, ProposalsPage
from hub.web.pages import Crumb, Page, Problem
from tests.factories.administration import CRUMBS, TABS
from tests.factories.page_values import LONG_WORD, NOW

HERE = "/admin/leeds/proposals"


def seconding_examples() -> dict[str, Page]:
    """Every one of these pages by a short name."""
    row = ProposalRow(
        summary="Let Ann Lee (leeds/ann) administer Leeds City Council",
        href=f"{HERE}/f4k9x2m7qabc",
        where="Leeds City Council",
        by="Sam Okafor",
        at=NOW,
        stands="Waits for a second person",
        waits=True,
    )
    done = replace(row, summary=LONG_WORD, stands="Refused", waits=False, by=LONG_WORD)
    one = ProposalPage(
        title="Appoint an administrator",
        crumbs=(*CRUMBS, Crumb("Proposals", HERE)),
        tabs=TABS,
        kind="Appoint an administrator",
        summary=row.summary,
        reason="She takes over <b>in May</b>",
        by=row.by,
        at=NOW,
        until=NOW + timedelta(days=14),
        stands=row.stands,
        action=row.href,
        may=True,
        waits=True,
    )
    decided = {"waits": False, "may": False, "decided": NOW, "decided_by": "Mia Moore", "stands": "Refused"}
    return {
        "proposals": ProposalsPage(crumbs=CRUMBS, tabs=TABS, rows=(row, done)),
        "proposals-none": ProposalsPage(crumbs=CRUMBS, tabs=TABS),
        "proposal": one,
        "proposal-own": replace(one, may=False, is_own=True, reason=""),
        "proposal-may-not": replace(one, may=False, may_not="You signed in here after this was proposed."),
        "proposal-no-reason": replace(one, problems=(Problem("reason", "Say why not"),)),
        "proposal-refused": replace(one, note="She moves to York", **decided),
    }
