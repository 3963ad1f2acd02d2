"""The page of a document in a real browser: its menu, and its contents."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import window
from tests.hub.web.test_browser import MODES


@pytest.mark.parametrize("mode", ["light", "without-script"])
def test_hana_opens_the_menu_with_or_without_script(chromium: Browser, address: str, mode: str) -> None:
    """It opens over the text, inside the window; printing is offered only where it can be done."""
    with window(chromium, **MODES[mode]) as page:
        page.goto(f"{address}/examples/document")
        move = page.get_by_role("link", name="Move")
        expect(move).not_to_be_visible()
        page.locator(".hub-menu > summary").click()
        expect(move).to_be_visible()
        box, width = page.locator(".hub-menu__list").bounding_box(), page.viewport_size["width"]  # type: ignore[index]
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width
        expect(page.get_by_role("button", name="Print")).to_be_visible(visible=mode == "light")
        page.locator(".hub-menu > summary").click()
        expect(move).not_to_be_visible()


def test_the_menu_closes_as_menus_do(visitor: Page, address: str) -> None:
    """Escape leads back to its button; a click elsewhere or leaving it by Tab closes it."""
    visitor.goto(f"{address}/examples/document")
    button, move = visitor.locator(".hub-menu > summary"), visitor.get_by_role("link", name="Move")
    button.focus()
    visitor.keyboard.press("Enter")
    visitor.keyboard.press("Tab")
    expect(visitor.get_by_role("link", name="Share this document")).to_be_focused()
    visitor.keyboard.press("Escape")
    expect(move).not_to_be_visible()
    expect(button).to_be_focused()
    visitor.keyboard.press("Enter")
    expect(move).to_be_visible()
    visitor.locator("h1").click()
    expect(move).not_to_be_visible()
    button.click()
    for _ in range(10):
        visitor.keyboard.press("Tab")
    expect(move).not_to_be_visible()


def test_contents_stand_beside_a_long_text_on_a_desk_and_above_it_on_a_phone(chromium: Browser, address: str) -> None:
    """And there they stay in sight while one reads on."""
    for mode, beside in (("light", True), ("phone", False)):
        with window(chromium, **MODES[mode]) as page:
            page.goto(f"{address}/examples/document-long")
            contents = page.get_by_role("navigation", name="Contents").bounding_box()
            text, panel = page.locator("article").bounding_box(), page.locator(".hub-document__about").bounding_box()
            assert contents
            assert text
            assert panel
            assert (contents["x"] + contents["width"] <= text["x"]) is beside
            assert (contents["y"] + contents["height"] <= text["y"]) is not beside
            assert (panel["y"] >= text["y"] + text["height"]) is not beside, "the text leads"
