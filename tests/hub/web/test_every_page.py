"""Every example of every page: reached by keyboard alone, the same without script, told apart by its name."""

from collections import defaultdict

from flask.testing import FlaskClient
from lxml import html
from playwright.sync_api import Browser, Page

from tests import some
from tests.browser import window
from tests.factories.pages import examples
from tests.hub.web.test_browser import MODES, STILL

CONTROLS = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']"
TOUR = "See it work"
"""The one heading of all the tour's examples; its real ones are looked at where it is walked."""
WATCH = """() => {
  window.walked = new Map();
  document.addEventListener("focusin", (event) => {
    const style = getComputedStyle(event.target);
    const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
    const filled = style.backgroundColor === "rgb(255, 221, 0)" || style.boxShadow.includes("rgb(255, 221, 0)");
    window.walked.set(event.target, ring || filled);
  });
}"""
SAID = """(controls) => {
  const name = (element) => element.outerHTML.replace(/\\s+/g, " ").slice(0, 120);
  const chosen = (element) => element.type !== "radio" || element.checked
    || !document.querySelector(`input[type=radio][name="${element.name}"]:checked`);
  const there = [...document.querySelectorAll(controls)].filter((one) => one.checkVisibility() && !one.disabled);
  const groups = new Set();
  const first = (one) => chosen(one) && !groups.has(one.name) && groups.add(one.name);
  const wanted = there.filter((one) => one.type !== "radio" || first(one));
  return {
    missed: wanted.filter((one) => !window.walked.has(one)).map(name),
    unseen: [...window.walked].filter(([, seen]) => !seen).map(([one]) => name(one)),
  };
}"""
"""Of radio buttons that belong together Tab reaches one, the arrow keys the others."""


def walked(page: Page) -> dict[str, list[str]]:
    """What Tab alone did not reach, and what did not show that it had the focus. Empty lists are well."""
    page.evaluate(WATCH)
    # a date is several stops: its parts and its calendar
    for _ in range(page.locator(CONTROLS).count() + 4 * page.locator("input[type=date]").count() + 2):
        page.keyboard.press("Tab")
    found: dict[str, list[str]] = page.evaluate(SAID, CONTROLS)
    return {about: names for about, names in found.items() if names}


def test_ann_s_keyboard_reaches_every_control_and_shows_her_where_she_is(chromium: Browser, address: str) -> None:
    """WCAG 2.1.1, 2.4.7. On a person's machine: every fourth page."""
    found = {}
    with window(chromium, quiet_about=(422,), **MODES["light"]) as page:
        for name in some(STILL):
            page.goto(f"{address}/examples/{name}")
            if faults := walked(page):
                found[name] = faults
    assert found == {}


def test_the_walk_notices_what_no_keyboard_reaches_and_what_hides_its_focus(chromium: Browser, address: str) -> None:
    with window(chromium, **MODES["light"]) as page:
        page.goto(f"{address}/examples/search")
        page.evaluate(
            "() => { document.querySelector('.hub-chip').tabIndex = -1;"
            " document.querySelector('#q').style.cssText = 'outline: none; box-shadow: none' }"
        )
        faults = walked(page)
    assert "hub-chip" in faults["missed"][0]
    assert 'id="q"' in faults["unseen"][0]


BY_SCRIPT = {"guest-sign-in", "guest-sign-in-mute", "passkeys"}
"""Browsers make and show passkeys by script alone: without it these pages offer a code."""


def test_no_page_scrolls_sideways_on_a_phone_nor_says_less_there_without_script(
    chromium: Browser, address: str
) -> None:
    """WCAG 1.4.10: 320 pixels, with script and without. On a person's machine: every fourth page."""
    looked_at = some(STILL)
    look = "() => [document.documentElement.scrollWidth, document.body.innerText.replace(/\\s+/g, ' ')]"
    wide: dict[str, int] = {}
    texts: dict[str, list[str]] = defaultdict(list)
    for mode in ("phone", "without-script"):
        with window(chromium, quiet_about=(422,), **MODES[mode]) as page:
            for name in looked_at:
                page.goto(f"{address}/examples/{name}")
                width, text = page.evaluate(look)
                texts[name].append(text)
                if width > MODES[mode]["viewport"]["width"]:
                    wide[f"{name}, {mode}"] = width
    assert wide == {}
    less = [name for name, (with_script, without) in texts.items() if with_script != without]
    assert set(less) == BY_SCRIPT & set(looked_at)


def test_a_page_s_name_tells_it_from_every_other_page(client: FlaskClient) -> None:
    """Two tabs, two names: pages of different kinds never share title and heading."""
    kinds: dict[tuple[str, str], set[str]] = defaultdict(set)
    for name, page in examples().items():
        tree = html.fromstring(client.get(f"/examples/{name}").text)
        heading = " ".join(tree.xpath("//main//h1")[0].text_content().split())
        title = tree.findtext(".//title") or ""
        assert title.removeprefix("Error: ").endswith(" – Knowledge Hub"), title
        assert title.removeprefix("Error: ") != " – Knowledge Hub", "a page without a name"
        if heading != TOUR:
            kinds[title, heading].add(type(page).__name__)
    assert {about: names for about, names in kinds.items() if len(names) > 1} == {}
