"""The demo's sign-in page in a real browser: readable by everyone, narrow, by keyboard, light and dark."""

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser
from werkzeug.wrappers import Response

from hub.demo.issuers import CLIENT_ID, IssuerPlan
from tests.browser import axe_findings, serving, window
from tests.hub.demo.browser import free_port, plan_in, running

CHALLENGE = "7w_YNF9DSfIdPf_pRjSq646_kPr-2-o9NAl16JGghdM"

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Iterator[IssuerPlan]:
    with running(plan_in(tmp_path_factory.mktemp("issuers"), free_port())) as plan:
        yield plan


def chooser(plan: IssuerPlan) -> str:
    query = {
        "client_id": CLIENT_ID,
        "redirect_uri": plan.redirect_uris["leeds"],
        "response_type": "code",
        "scope": "openid",
        "state": "s",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    }
    return f"{plan.issuer_url('leeds')}/authorize?{urlencode(query)}"


PAGES: dict[str, tuple[Callable[[IssuerPlan], str], tuple[int, ...]]] = {
    "chooser": (chooser, ()),
    "problem": (lambda plan: f"{plan.issuer_url('leeds')}/authorize", (400,)),
    "signed out": (lambda plan: f"{plan.issuer_url('leeds')}/logout", ()),
}


@pytest.mark.parametrize("page_name", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everyone_can_read_it(chromium: Browser, plan: IssuerPlan, page_name: str, scheme: str) -> None:
    address, expected = PAGES[page_name]
    with window(chromium, quiet_about=expected, color_scheme=scheme) as page:
        page.goto(address(plan))
        assert axe_findings(page) == []
        page.set_viewport_size({"width": 320, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_priya_is_chosen_with_the_keyboard_alone(
    chromium: Browser,
    tmp_path: Path,
) -> None:
    """Chromium holds a form's redirects to the policy of its page, too: the hub's address must be in it."""
    with serving(Response("<!doctype html><title>Hub</title>back at the hub", content_type="text/html")) as hub:
        plan = IssuerPlan(tmp_path, free_port(), hub, {"leeds": f"{hub}/sign-in/callback/of-leeds"})
        with running(plan), window(chromium, quiet_about=(404,)) as page:
            page.goto(chooser(plan))
            page.keyboard.press("Tab")
            assert page.evaluate("document.activeElement.textContent") == "Sign in as Priya Sharma"
            page.keyboard.press("Enter")
            page.wait_for_url(f"{hub}/**")
            assert "code=" in page.url
            assert "back at the hub" in page.content()
