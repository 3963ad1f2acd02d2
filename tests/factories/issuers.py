"""Examples of the pages of an organisation's sign-in: prepared, tried, at work, and who came by it."""

from dataclasses import replace

from hub.features.administration.arrivals.pages import ArrivalRow, ArrivalsPage
from hub.features.administration.issuers.pages import FailedPage, IssuerMore, IssuerPage, StepShown
from hub.features.administration.pages import IssuerFields
from hub.features.signin.failures import Failure
from hub.features.signin.pages import TrialPage
from hub.web.pages import Choice, Page, Send, Tab, Who
from tests.factories.administration import CRUMBS, TABS
from tests.factories.page_values import LONG_WORD, NOW

HERE = "/admin/leeds/issuer"
BACK = "https://hub.example/sign-in/callback/x"


def issuer_examples() -> dict[str, Page]:
    """Every one of these pages by a short name."""
    more = IssuerMore((Choice("auto", "As the issuer offers"), Choice("client_secret_post", "The secret in the form")))
    typed = IssuerFields(BACK, tested="The issuer answers.")
    none = IssuerPage(crumbs=CRUMBS, tabs=TABS, slug="leeds", action=HERE, typed=typed, more=more)
    set_up = replace(
        none,
        issuer="https://login.leeds.example",
        status="Stopped: it changed",
        redirect=BACK,
        client_id="hub",
        rule=f"hd is {LONG_WORD}",
        way="The secret, by Basic",
        answered=NOW,
        changes=("algorithms: ['RS256']",),
        found=(("Signs with", "RS256"), ("Address of the keys", f"https://login.leeds.example/{LONG_WORD}")),
        sends=(Send("Test it", f"{HERE}/test"),),
        next_href=f"{HERE}/next",
        failed_href=f"{HERE}/failed",
    )
    steps = (StepShown("Register the hub there, with this address:", BACK), StepShown("Copy its client id."))
    failure = Failure("k3f9", NOW, "https://login.leeds.example", "Refused", LONG_WORD, "Ask them.", (("sub", "…"),))
    another = replace(failure, reference="m2q7", claims=())
    ann = Who("Ann Lee", "Leeds City Council", "/people/leeds/ann-lee")
    came = ArrivalRow(
        who=f"Gil <b>{LONG_WORD}",
        email="gil@acme.example",
        verified=True,
        subject=LONG_WORD,
        issuer="https://login.acme.example",
        came_at=NOW,
        place=ann,
        invited="ann@acme.example",
        replaced=False,
        admit=Send("It is they", "/arrivals/f4k9x2m7qabc/admit"),
        refuse=Send("It is not", "/arrivals/f4k9x2m7qabc/refuse", (), "link"),
    )
    back = replace(came, who="Somebody without a name", email="", verified=False, invited="", replaced=True)
    trial = TrialPage(organisation="Leeds City Council", back=HERE)
    return {
        "admin-issuer": set_up,
        "admin-issuer-none": none,
        "admin-issuer-steps": replace(
            none,
            kind="entra",
            kinds=(Tab("Microsoft Entra ID", f"{HERE}?kind=entra", current=True), Tab("Google", f"{HERE}?kind=google")),
            steps=steps,
            note="Entra says nothing of when an address was verified.",
            looks_like="https://login.microsoftonline.com/YOUR-TENANT-ID/v2.0",
            more=replace(more, tenant_claim="tid", tenant_value="x", open=True),
        ),
        "admin-issuer-prepared": replace(set_up, prepared=True, replaces="https://old.leeds.example", changes=()),
        "admin-issuer-failed": FailedPage(crumbs=CRUMBS, tabs=TABS, failures=(failure, another)),
        "admin-issuer-failed-none": FailedPage(crumbs=CRUMBS, tabs=TABS, failures=()),
        "arrivals": ArrivalsPage(arrivals=(came, back)),
        "arrivals-none": ArrivalsPage(arrivals=()),
        "trial": replace(
            trial,
            way="The secret, by Basic",
            better="The secret in the form",
            name="Ann <i>Lee",
            email="ann@leeds.example",
            verified=True,
            person="Ann Lee, who is known here",
            claims=(("sub", LONG_WORD, "Who it is"), ("groups", "['a', 'b']", "")),
            warnings=("No address came.",),
        ),
        "trial-failed": replace(
            trial,
            title="The sign-in failed",
            worked=False,
            problem="It is refused.",
            detail=LONG_WORD,
            cure="Ask them.",
        ),
    }
