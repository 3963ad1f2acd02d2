"""How every page of talk looks to whoever leads a space: axe finds nothing, by night and on a small phone too."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from hub.nouns.threads.sorts import SORTS
from tests.hub.demo.test_command import Demo
from tests.journeys.hub import hub, signed_in
from tests.journeys.test_look import DESK, faults

__all__ = ["hub"]

pytestmark = pytest.mark.journey
OWN = ("/notices", "/notices/settings", "/me/following", "/me/feeds", "/reports", "/events", "/ask?q=flood", "/privacy")
"""What belongs to a person and no conversation."""
LEFT_OUT = re.compile(r"\.ics$|\?quote=|\?page=|#")


def links(page: Page) -> list[str]:
    """Where the links of the main part lead, within the hub."""
    found = page.eval_on_selector_all("main a[href]:not([download])", "all => all.map((one) => one.href)")
    parts = [urlsplit(each) for each in found]
    return [
        f"{part.path}{f'?{part.query}' if part.query else ''}{f'#{part.fragment}' * bool(part.fragment)}"
        for part in parts
    ]


def shape(path: str) -> str:
    """An address without the ids and numbers in it."""
    return re.sub(r"\d+", "1", re.sub(r"/[a-z][a-z0-9]{11}(?=/|\?|$)", "/*", path))


def of_talk(page: Page, demo: Demo, talk: str) -> Iterator[str]:
    """The list of each sort in a space, what begins there, one of each sort and all that is done with it."""
    known: set[str] = set()
    for sort in SORTS.values():
        there = f"{talk}?show={sort.word}"
        yield there
        page.goto(f"{demo.url}{there}")
        listed = links(page)
        begins = [link for link in listed if link.startswith(f"{talk}/") and shape(link) not in known]
        known |= {shape(link) for link in begins}
        yield from begins
        for one in [link for link in listed if re.fullmatch(r"/threads/[a-z0-9]+", link)][:1]:
            yield one
            page.goto(f"{demo.url}{one}")
            inner = {
                shape(link): link for link in links(page) if link.startswith(f"{one}/") and not LEFT_OUT.search(link)
            }
            yield from inner.values()


@pytest.mark.parametrize(("organisation", "person"), [("Leeds", "Daniel Whitaker")])
def test_every_page_of_talk_can_be_read_by_day_by_night_and_on_a_phone(
    chromium: Browser, hub: tuple[Demo, Path], organisation: str, person: str
) -> None:
    demo, _ = hub
    with signed_in(chromium, demo, organisation, person, "/spaces", quiet_about=(404, 409), viewport=DESK) as page:
        page.locator("main a[href^='/places/']", has_text="Digital and data").first.click()
        page.wait_for_url("**/places/**")
        (talk, *_) = [link for link in links(page) if link.startswith("/talk/") and link.count("/") == 2]
        wrong, seen = {}, []
        for path in (*OWN, *of_talk(page, demo, talk.partition("?")[0])):
            answer = page.goto(f"{demo.url}{path}")
            seen.append(path)
            if answer is None or answer.status != 200:
                wrong[path] = [f"answered by {answer and answer.status}"]
            elif found := faults(page):
                wrong[path] = found
    assert wrong == {}
    assert {shape(path).rpartition("/")[2] for path in seen} >= {
        "last-day",
        "rename",
        "merge",
        "report",
        "follow",
        "sorts",
    }
