"""Examples of the pages of those who run the whole hub."""

from typing import Final

from hub.features.administration.pages import IssuerFields, Someone, Tab
from hub.features.administration.platform.pages import (
    AddOrganisationPage,
    AllOrganisationsPage,
    OneOrganisationPage,
    OrganisationLine,
    PlatformAdministratorsPage,
    ServiceLine,
    ServicePage,
    ServicesPage,
    SurePage,
    WaitingPage,
    WaitingRow,
)
from hub.features.administration.services.pages import QuestionsPage, QuestionsRow
from hub.web.pages import Choice, Page, Problem, Send
from hub.web.paging import page_links
from tests.factories.page_values import LONG_WORD, NOW

TABS: Final = (Tab("Organisations", "/admin/platform", current=True), Tab("Policy", "/admin/platform/policy"))
FIELDS: Final = IssuerFields("https://hub.example/sign-in/callback/abcdefghijkl", "https://login.example", "hub")
REMOVE: Final = Send("Remove", "/admin/platform/administrators/remove", (("person", "leeds/sam"),), "link")
CONFIRM: Final = Send("Confirm", "/admin/platform/waiting/confirm", (("hold", "abcdefghijkl"),))
SAM: Final = Someone("Sam Okafor", "/admin/leeds/people/sam", "leeds/sam", send=REMOVE)


def platform_examples() -> dict[str, Page]:
    """Every page of the administration of the hub by a short name."""
    return {
        "platform-organisations": AllOrganisationsPage(
            tabs=TABS,
            action="/admin/platform",
            add_href="/admin/platform/organisations/add",
            organisations=(
                OrganisationLine(
                    "Leeds City Council", "/admin/platform/organisations/leeds", "leeds", "council", 9, "On"
                ),
                OrganisationLine(LONG_WORD, "/x", "acme", "supplier", 0, "No issuer yet", NOW),
            ),
            links=page_links(1, 50, 120, lambda n: f"?page={n}"),
        ),
        "platform-organisations-none": AllOrganisationsPage(
            tabs=TABS, action="/admin/platform", add_href="/x", query="atlantis", organisations=()
        ),
        "platform-add": AddOrganisationPage(
            tabs=TABS, action="/admin/platform/organisations/add", reserved="abcdefghijkl", issuer=FIELDS
        ),
        "platform-add-refused": AddOrganisationPage(
            tabs=TABS,
            action="/x",
            reserved="abcdefghijkl",
            name="Leeds",
            domains="leeds.gov.uk",
            issuer=IssuerFields(FIELDS.redirect, tested="The issuer answers."),
            problems=(Problem("domains", "leeds.gov.uk belongs to Leeds already"),),
        ),
        "platform-organisation": _organisation(issuer=True),
        "platform-organisation-blocked": _organisation(issuer=False, blocked=True),
        "platform-waiting": WaitingPage(
            tabs=TABS,
            rows=(
                WaitingRow(
                    "Everybody of Leeds", "/x", "Leeds", "Changed details were accepted", "", "Ada", NOW, CONFIRM
                ),
                WaitingRow(LONG_WORD, "/x", "Acme", "They came back", f"jwks: {LONG_WORD}", "The hub", NOW, CONFIRM),
            ),
        ),
        "platform-services": ServicesPage(
            tabs=TABS,
            action="/admin/platform/services",
            services=(
                ServiceLine("Housing", "/x"),
                ServiceLine(LONG_WORD, "/x", "Housing"),
                ServiceLine("Parking", "/x", retired_at=NOW),
            ),
            name="Housing",
            problems=(Problem("name", "There is a service called Housing already"),),
        ),
        "questions": QuestionsPage(
            tabs=TABS,
            own="Leeds City Council",
            rows=(
                QuestionsRow(
                    "Housing",
                    "Housing: questions",
                    "/places/sector/housing",
                    joined=True,
                    others=("City of York Council", LONG_WORD),
                    send=Send("Leave", "/x", (("do", "leave"),), "link"),
                ),
                QuestionsRow(
                    LONG_WORD,
                    LONG_WORD,
                    "/x",
                    joined=False,
                    others=(),
                    send=Send("Join", "/x", (("do", "join"),), "secondary"),
                ),
            ),
        ),
        "questions-none": QuestionsPage(tabs=TABS, own="Leeds City Council"),
        "platform-services-none": ServicesPage(tabs=TABS, action="/x"),
        "platform-service": ServicePage(
            title="Housing",
            tabs=TABS,
            action="/x",
            name="Housing",
            parts=("Lettings", LONG_WORD),
            others=(Choice("planning", "Planning"),),
            questions_href="/places/sector/housing",
            taking_part=("Leeds City Council", LONG_WORD),
        ),
        "platform-service-merged": ServicePage(
            title="Lettings",
            tabs=TABS,
            action="/x",
            name="Lettings",
            part_of=LONG_WORD,
            retired_at=NOW,
            news=("Nothing was saved: “Lettings” was changed meanwhile.",),
        ),
        "platform-waiting-none": WaitingPage(tabs=TABS),
        "platform-sure": SurePage(
            title="Block Acme?",
            tabs=TABS,
            sentences=("This keeps out 3 guests.", "What they wrote stays."),
            news=(f"It takes 14 documents from {LONG_WORD} now.",),
            send=Send("Block Acme", "/x", (("sure", "yes"),), "warning"),
            cancel_href="/y",
        ),
        "platform-administrators": PlatformAdministratorsPage(
            tabs=TABS, action="/admin/platform/administrators", members=(SAM,), query="sam", found=(SAM,)
        ),
        "platform-administrators-none": PlatformAdministratorsPage(tabs=TABS, action="/x", members=(), query="x"),
    }


def _organisation(*, issuer: bool, blocked: bool = False) -> OneOrganisationPage:
    return OneOrganisationPage(
        title="Acme Drainage Limited",
        tabs=TABS,
        slug="acme",
        kind="supplier",
        people=2,
        guests=3,
        sessions=1,
        issuer="On",
        has_issuer=issuer,
        administrators=("Maria Lopez", LONG_WORD) if issuer else (),
        blocked_at=NOW if blocked else None,
        administer_href="/admin/acme",
        issuer_href="/admin/acme/issuer",
        domains="acme.example",
        domains_action="/x",
        invite_action="/y",
        sends=(Send("Let it in again", "/z", (("again", "yes"),), "primary"),) if blocked else (),
        block_href="" if blocked else "/z",
    )
