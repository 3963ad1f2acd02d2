"""Examples of the pages of terms, reports and privacy."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from hub.features.administration.pages import Tab
from hub.features.administration.terms.pages import TermsAdminPage, TermsEditPage
from hub.features.administration.terms.views import ASKS
from hub.features.conduct.privacy.pages import PrivacyPage
from hub.features.conduct.privacy.records import RECORDS
from hub.features.conduct.reports.pages import CasePage, CaseRow, Quoted, ReportPage, ReportShown, ReportsPage
from hub.features.conduct.reports.words import REASONS
from hub.features.conduct.terms.pages import AcceptPage, TermsPage, TermsShown, TermsVersionPage, VersionRow
from hub.features.conduct.terms.usual import USUAL
from hub.web.pages import Action, Crumb, Page, Problem, Send
from tests.factories.page_values import HOUSING, LEEDS, LONG_WORD, MARKDOWN, WHOSE
from tests.factories.spaces import PRIYA, TOM

AT: Final = datetime(2026, 10, 20, 9, 12, tzinfo=UTC)
TABS: Final = (Tab("Overview", "/admin/leeds"), Tab("Terms", "/admin/leeds/terms", current=True))
ROW: Final = VersionRow(2, "/terms/leeds/2", AT, "Says how to report a post", asks=True)
FIRST: Final = VersionRow(1, "/terms/leeds/1", AT - timedelta(days=90), "", asks=True)
POST: Final = Quoted(
    number=4, href="/threads/t4k9x2m7qabc/posts/4", by=TOM, at=AT, body=MARKDOWN, revision="/threads/t4/posts/4/1"
)
CASE: Final = CaseRow(
    href="/reports/r4k9x2m7qabc",
    title="Can we use the silt sensors of others?",
    place="Flood plan",
    by=TOM,
    body=f"Whoever thinks that should {LONG_WORD}",
    reasons="Offensive, Personal data",
    reports=2,
    at=AT,
    due=AT + timedelta(days=2),
    overdue=True,
    passed_on=True,
)


def conduct_examples() -> dict[str, Page]:
    """Every page of conduct by a short name."""
    terms = TermsShown("Leeds City Council", MARKDOWN, "terms/leeds/2", 2, AT, "You accepted version 1.", (FIRST,))
    accept = AcceptPage(
        organisation="Leeds City Council",
        organisation_id="p4k9x2m7qabc",
        number=2,
        published=AT,
        note="Says how to report a post",
        body=USUAL,
        revision="terms/usual",
        guest=False,
        again=True,
        wanted="/search?q=flood",
    )
    report = ReportPage(
        crumbs=(LEEDS, HOUSING),
        whose=WHOSE,
        post=POST,
        who_looks="Those who manage “Flood plan” will look at it, within 2 working days if they can.",
        action="/threads/t4k9x2m7qabc/posts/4/report",
        cancel_href=POST.href,
        choices=REASONS,
        why="personal",
        problems=(Problem("words", "Say what is wrong with it"),),
    )
    here = "/reports/r4k9x2m7qabc"
    plan = Action("Flood plan", "/documents/d4k9x2m7qabc")
    case = CasePage(
        title="A post in “Can we use the silt sensors of others?”",
        crumbs=(Crumb("Reported posts", "/reports"),),
        whose=WHOSE,
        post=POST,
        earlier_href=f"{POST.href}/earlier",
        reports=(
            ReportShown(who=PRIYA, at=AT, why="Offensive", words=f"It mocks {LONG_WORD}", edited=True),
            ReportShown(who=TOM, at=AT, why="Personal data", words="", edited=False),
        ),
        due=AT,
        overdue=True,
        leave_action=f"{here}/leave",
        withdraw_action=f"{here}/withdraw",
        pass_on=Send("Pass on to the administrators", f"{here}/pass-on"),
        news=("The post was edited meanwhile.",),
    )
    admin = TermsAdminPage(
        title="Terms and reports",
        tabs=TABS,
        edit_href="/admin/leeds/terms/edit",
        number=2,
        published=AT,
        accepted="12 of 40 people have accepted it.",
        body=MARKDOWN,
        revision="terms/leeds/2",
        versions=(ROW, FIRST),
        action="/admin/leeds/terms/reports",
        seen="days=2",
        answer_within="0",
        problems=(Problem("answer_within", "Enter a number of days from 1 to 30"),),
    )
    edit = TermsEditPage(
        title="The next version of your terms",
        tabs=TABS,
        action="/admin/leeds/terms/edit",
        cancel_href="/admin/leeds/terms",
        body=MARKDOWN,
        choices=ASKS,
        preview=True,
        news=("Somebody published version 2 meanwhile.",),
        problems=(Problem("note", "Say in a sentence what changed"),),
    )
    return {
        "terms": TermsPage(terms=(terms, TermsShown("York", USUAL, "terms/usual"))),
        "terms-version": TermsVersionPage(
            title="Terms of Leeds City Council, version 2",
            crumbs=(Crumb("Terms and conduct", "/terms"),),
            organisation="Leeds City Council",
            row=ROW,
            body=MARKDOWN,
            revision="terms/leeds/2",
            holds=False,
        ),
        "terms-accept": accept,
        "terms-accept-guest": replace(accept, guest=True, again=False, news="These terms were changed meanwhile."),
        "terms-admin": admin,
        "terms-admin-none": replace(admin, number=0, published=None, accepted="", versions=(), problems=()),
        "terms-edit": edit,
        "terms-edit-first": replace(edit, choices=(), preview=False, news=(), problems=()),
        "report": report,
        "report-made": replace(report, action="", problems=(), said="You reported it. It waits for an answer."),
        "reports": ReportsPage(
            cases=(CASE, replace(CASE, reports=1, overdue=False, passed_on=False, body="", icon="document"))
        ),
        "reports-none": ReportsPage(),
        "report-case": case,
        "report-document": replace(report, title="Report “Flood plan”", post=None, about=plan),
        "report-case-document": replace(
            case,
            post=None,
            about=plan,
            earlier_href="",
            withdraw_action="",
            seen_to_action=f"{here}/done",
            done_typed=LONG_WORD,
            problems=(Problem("done-note", "Give the reason in a sentence"),),
        ),
        "report-done": replace(
            case,
            post=replace(POST, withdrawn="It was withdrawn: It named a resident"),
            done="You withdrew it on 21 October 2026, 09:12.",
            done_note="It named a resident",
            leave_action="",
            withdraw_action="",
            pass_on=None,
            news=(),
            overdue=False,
        ),
        "privacy": PrivacyPage(records=RECORDS),
    }
