"""Every page in a real browser: seen, narrowed, darkened, walked by keyboard, without script."""

from typing import Any

import pytest
from flask import Flask, Response
from playwright.sync_api import Browser, Page, expect

from hub.features.signin.pages import LeavingPage
from hub.web.render import render
from tests import some
from tests.browser import axe_findings, serving, window
from tests.factories.pages import examples
from tests.hub.web.site import make_site

STILL = sorted(name for name in examples() if name != "leaving")
MODES: dict[str, dict[str, Any]] = {
    "light": {"viewport": {"width": 1280, "height": 900}},
    "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 320, "height": 640}},
    "without-script": {"viewport": {"width": 320, "height": 640}, "java_script_enabled": False},
}


@pytest.mark.parametrize("mode", ["light", "phone"])
def test_axe_finds_nothing_on_any_page(chromium: Browser, address: str, mode: str) -> None:
    """WCAG 2.2 AA; contrast that could not be judged counts as wrong; the console is silent under the real policy.

    A desk is looked at by night too. On a person's machine: every fourth page.
    """
    found: dict[str, list[str]] = {}
    with window(chromium, quiet_about=(422,), **MODES[mode]) as page:
        for name in some(STILL):
            page.goto(f"{address}/examples/{name}")
            findings = axe_findings(page)
            if mode == "light":
                page.emulate_media(color_scheme="dark")
                findings += axe_findings(page, ("color-contrast",))  # nothing else changes with the light
                page.emulate_media(color_scheme="light")
            if findings:
                found[name] = findings
    assert found == {}


def test_the_checks_notice_what_is_planted(chromium: Browser, address: str) -> None:
    """Faint text, a nameless field, a skipped heading, a script that the policy stops, a page that scrolls sideways."""

    def look() -> None:
        with window(chromium, **MODES["phone"]) as page:
            page.goto(f"{address}/planted")
            rules = {one.split(":")[0] for one in axe_findings(page)}
            assert {"color-contrast", "label", "heading-order", "html-has-lang"} <= rules, rules
            assert page.evaluate("() => document.documentElement.scrollWidth") > 320
            assert page.title() == "x"

    with pytest.raises(AssertionError, match=r"inline (script|event handler)"):
        look()


def tab_to(page: Page, name: str, limit: int = 60) -> None:
    """Press Tab until the thing called `name` has the focus."""
    for _ in range(limit):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "() => (document.activeElement.labels?.[0] ?? document.activeElement)"
            ".textContent.trim().replace(/\\s+/g, ' ')"
        )
        if focused == name:
            return
    raise AssertionError(f"Tab never reached {name!r}")


def test_priya_reaches_everything_on_the_search_page_by_keyboard(visitor: Page, address: str) -> None:
    visitor.goto(f"{address}/examples/search")
    visitor.keyboard.press("Tab")
    assert visitor.evaluate("() => document.activeElement.textContent") == "Skip to main content"
    visitor.keyboard.press("Enter")
    assert visitor.evaluate("() => document.activeElement.id") == "main-content"
    tab_to(visitor, "Words, or a “quoted phrase”")
    for name in ("City of York Council, results: 44", "Apply filters", "Sort", "Remove filter PUBLIC",
                 "Flood plan for the lower Aire valley", "Next page"):  # fmt: skip
        tab_to(visitor, name)
        outline = visitor.evaluate(
            "() => { const s = getComputedStyle(document.activeElement);"
            " return s.outlineStyle + s.boxShadow + s.backgroundColor }"
        )
        assert "none" not in outline or "255, 221, 0" in outline, f"{name} does not show that it has the focus"


def test_a_filter_chosen_by_keyboard_asks_again_with_it(visitor: Page, address: str) -> None:
    visitor.route("**/search?*", lambda route: route.fulfill(status=200, content_type="text/html", body="<p>asked</p>"))
    visitor.goto(f"{address}/examples/search")
    tab_to(visitor, "City of York Council, results: 44")
    visitor.keyboard.press("Space")
    tab_to(visitor, "Apply filters")
    visitor.keyboard.press("Space")
    visitor.wait_for_url("**/search?*")
    for part in ("q=flood", "organisation=leeds", "organisation=york", "marking=PUBLIC", "sort=relevance"):
        assert part in visitor.url
    assert "page=" not in visitor.url


def test_the_filters_fold_on_a_phone_and_stand_open_on_a_desk(chromium: Browser, visitor: Page, address: str) -> None:
    visitor.goto(f"{address}/examples/search")
    expect(visitor.get_by_label("City of York Council")).to_be_visible()
    with window(chromium, **MODES["without-script"]) as phone:
        phone.goto(f"{address}/examples/search")
        box = phone.get_by_label("City of York Council")
        expect(box).not_to_be_visible()
        phone.get_by_text("Filter (2 in force)").click()
        expect(box).to_be_visible()


def test_a_table_folds_on_a_phone_and_stays_a_table_to_those_who_listen(chromium: Browser, address: str) -> None:
    with window(chromium, **MODES["phone"]) as phone:
        phone.goto(f"{address}/examples/files")
        table = phone.get_by_role("table", name="Documents in Flood plan")
        expect(table.get_by_role("rowheader")).to_have_count(7)
        expect(table.get_by_role("columnheader")).to_have_count(6)
        first, second = (table.get_by_role("cell").nth(place).bounding_box() for place in (1, 6))
        assert first
        assert second
        assert second["y"] > first["y"], "the next row stands below, not beside"


def test_why_can_i_see_this_opens_without_script(chromium: Browser, address: str) -> None:
    with window(chromium, **MODES["without-script"]) as phone:
        phone.goto(f"{address}/examples/document-unreadable")
        rule = phone.get_by_text("leeds.csv line 14")
        expect(rule).not_to_be_visible()
        phone.get_by_text("Why can I see this?").click()
        expect(rule).to_be_visible()


def test_a_refused_form_takes_the_reader_to_its_fault(chromium: Browser, address: str) -> None:
    with window(chromium, quiet_about=(422,), **MODES["light"]) as page:
        page.goto(f"{address}/examples/upload-refused")
        expect(page.locator(".govuk-error-summary")).to_be_focused()
        page.get_by_role("link", name="Choose a file of at most 256 MB").click()
        expect(page.get_by_label("File, or several", exact=True)).to_be_focused()


@pytest.mark.parametrize("mode", ["light", "without-script"])
def test_sam_is_taken_to_the_issuer_although_forms_may_only_go_to_us(chromium: Browser, mode: str) -> None:
    """Browsers hold the redirects of a sent form against form-action 'self'; the page between begins anew."""
    issuer, hub = Flask("issuer"), make_site()
    issuer.add_url_rule("/authorize", "authorize", lambda: "<title>issuer</title>you are at the issuer")
    issuer.add_url_rule("/favicon.ico", "icon", lambda: ("", 204))
    with serving(issuer) as there, serving(hub) as here:

        def leave() -> Response:
            return render(LeavingPage(destination="Leeds City Council", href=f"{there}/authorize?state=a&nonce=b"))

        hub.add_url_rule("/sign-in/<string:slug>", view_func=lambda slug: leave(), methods=["POST"], endpoint="leave")
        with window(chromium, **MODES[mode]) as page:
            page.goto(f"{here}/examples/sign-in")
            page.get_by_role("button", name="Leeds City Council").click()
            page.wait_for_url(f"{there}/authorize?state=a&nonce=b")
            expect(page.get_by_text("you are at the issuer")).to_be_visible()


def test_dark_follows_the_system_and_print_stays_light(chromium: Browser, address: str) -> None:
    ground = "() => getComputedStyle(document.body).backgroundColor"
    with window(chromium, **MODES["dark"]) as page:
        page.goto(f"{address}/examples/document")
        assert page.evaluate(ground) == "rgb(19, 28, 29)"
        page.emulate_media(media="print")
        assert page.evaluate(ground) == "rgb(255, 255, 255)"
        expect(page.get_by_role("navigation", name="Main")).not_to_be_visible()
        expect(page.get_by_text("revision 3, OFFICIAL, published")).to_be_visible()


def test_targets_are_large_enough_for_a_thumb(chromium: Browser, address: str) -> None:
    """WCAG 2.5.8 for buttons and fields, which axe judges by spacing alone."""
    with window(chromium, **MODES["phone"]) as page:
        for name in ("search", "sign-in", "upload", "home"):
            page.goto(f"{address}/examples/{name}")
            small = page.evaluate(
                "() => [...document.querySelectorAll('button, input:not([type=hidden]), select, textarea, summary')]"
                ".filter((e) => e.checkVisibility() && !e.closest('label') && e.type !== 'radio')"
                ".map((e) => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])"
                ".filter(([, box]) => box.width < 24 || box.height < 24).map(([html]) => html)"
            )
            assert small == [], name
