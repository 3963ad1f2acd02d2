"""The main job: sign in through your own organisation, search once, open exactly what policy lets you see.

Each story ends with a crawl of all that somebody can reach who must not learn a word of it.
"""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser import axe_findings
from tests.hub.demo.test_command import Demo
from tests.journeys.crawl import finds, finds_nothing
from tests.journeys.hub import eventually, hub, signed_in
from tests.journeys.visit import KEYBOARD, Visit

__all__ = ["hub"]

pytestmark = pytest.mark.journey
LEEDS, YORK, ACME = "Leeds City Council", "City of York Council", "Acme Civil Engineering"
PLAN = "Joint flood plan for the Aire, Wharfe and Ouse"
CODE_WORD = "KESTREL"
"""Of a case of Leeds' lawyers."""


def test_ben_of_york_reads_the_joint_plan_and_is_told_why(chromium: Browser, hub: tuple[Demo, Path]) -> None:
    """He asked for a search, signs in, gets it, opens the plan; the reason names file and line."""
    demo, _ = hub
    with signed_in(chromium, demo, YORK, "Ben Atkinson", "/search?q=joint+flood+plan") as ben:
        eventually(ben, f"{demo.url}/search?q=joint+flood+plan", lambda p: p.get_by_role("link", name=PLAN).count() > 0)
        ben.get_by_role("link", name=PLAN).first.click()
        ben.get_by_text("Why can I see this?").click()
        why = ben.locator("details", has_text="Why can I see this?").inner_text()
        assert "Leeds shares its flood plan with York" in why
        assert ".csv" not in why
        assert axe_findings(ben) == []
        assert finds(ben, demo.url, PLAN)
        finds_nothing(ben, demo.url, [CODE_WORD, "opening note"], least=20)


def test_ben_does_the_same_with_the_keyboard_alone(chromium: Browser, hub: tuple[Demo, Path]) -> None:
    """Home, the search box, the plan, its reason; where he is can be seen at each step."""
    demo, _ = hub
    with signed_in(chromium, demo, YORK, "Ben Atkinson") as page:
        eventually(page, f"{demo.url}/search?q=joint+flood+plan", lambda p: PLAN in p.locator("main").inner_text())
        ben = Visit(page, demo.url, mode=KEYBOARD)
        ben.go("/")
        ben.fill(page.locator("input[name=q]:visible").first, "joint flood plan")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        ben.follow(PLAN)
        ben.reach(page.locator("summary", has_text="Why can I see this?"))
        page.keyboard.press("Enter")
        why = page.locator("details", has_text="Why can I see this?").inner_text()
        assert "Leeds shares its flood plan with York" in why
        ben.finds_nothing(CODE_WORD, least=20)


def test_a_line_of_policy_is_taken_out_and_york_finds_nothing_on_the_next_search(
    chromium: Browser, hub: tuple[Demo, Path]
) -> None:
    """The accepted edit binds every web process; put back, it is all there again; nothing is indexed anew."""
    demo, folder = hub
    policy = folder / "policies" / "organisations" / "leeds.csv"
    before = policy.read_text("utf-8")
    without = "".join(line for line in before.splitlines(keepends=True) if not line.startswith("allow,org:york,"))
    search = f"{demo.url}/search?q=joint+flood+plan"
    with signed_in(chromium, demo, YORK, "Ben Atkinson") as ben:
        eventually(ben, search, lambda p: p.get_by_role("link", name=PLAN).count() > 0)
        plan = ben.get_by_role("link", name=PLAN).first.get_attribute("href")
        _save(policy, without)
        eventually(ben, search, lambda p: p.get_by_role("link", name=PLAN).count() == 0)
        for _ in range(9):  # whichever of the three web processes answers
            ben.goto(search)
            assert ben.get_by_role("link", name=PLAN).count() == 0
            assert ben.goto(f"{demo.url}{plan}").status == 404
        finds_nothing(ben, demo.url, [PLAN, CODE_WORD], told=[str(plan), "/places/leeds/joint-flood-plan"])
        _save(policy, before)
        eventually(ben, search, lambda p: p.get_by_role("link", name=PLAN).count() > 0)


def _save(policy: Path, text: str) -> None:
    """As most editors do: written beside, renamed into place."""
    beside = policy.with_suffix(".new")
    beside.write_text(text, "utf-8")
    beside.replace(policy)


def test_sam_uploads_a_file_and_colleagues_find_what_it_says(
    chromium: Browser, hub: tuple[Demo, Path], tmp_path: Path
) -> None:
    """By a plain file input; its text is read and found a moment later, and Maria, a guest elsewhere, finds nothing."""
    demo, _ = hub
    sheet = tmp_path / "Void homes – March.csv"
    sheet.write_text("street,weeks empty\nZephyrwick Lane,14\n", "utf-8")
    with signed_in(chromium, demo, LEEDS, "Sam Okafor", "/places/leeds/housing") as sam:
        sam.get_by_role("link", name="Upload files").click()
        assert axe_findings(sam) == []
        sam.get_by_label("File", exact=False).first.set_input_files(str(sheet))
        sam.locator("main").get_by_role("button", name="Upload").click()
        assert "who cannot read it now" in sam.locator("main").inner_text()  # it waits until that is agreed to
        sam.locator("main").get_by_role("button", name="Publish").click()
        assert sam.get_by_role("heading", level=1).inner_text() == "Void homes – March"
        found = f"{demo.url}/search?q=zephyrwick"
        path = sam.url.removeprefix(demo.url)
        eventually(sam, found, lambda p: "Void homes" in p.locator("main").inner_text())
    with signed_in(chromium, demo, ACME, "Maria Lopez", "/search?q=zephyrwick") as maria:
        assert "Void homes" not in maria.locator("main").inner_text()
        finds_nothing(maria, demo.url, ["zephyrwick", CODE_WORD], told=[path, f"{path}/file", f"{path}/revisions/1"])


@pytest.mark.parametrize(
    ("organisation", "person", "may"),
    [
        (LEEDS, "Helen Braithwaite", True),
        (LEEDS, "Daniel Whitaker", False),
        (YORK, "Ben Atkinson", False),
        (ACME, "Maria Lopez", False),
    ],
)
def test_the_code_word_is_found_by_legal_alone(
    chromium: Browser, hub: tuple[Demo, Path], organisation: str, person: str, may: bool
) -> None:
    """Not even the administrator of Leeds sees a count, a facet or a title."""
    demo, _ = hub
    with signed_in(chromium, demo, organisation, person) as someone:
        if may:
            eventually(
                someone, f"{demo.url}/search?q=KESTREL", lambda p: p.locator("main a[href^='/documents/']").count() > 0
            )
        someone.goto(f"{demo.url}/search?q=KESTREL")
        assert (someone.locator("main a[href^='/documents/']").count() > 0) is may
        if may:
            assert finds(someone, demo.url, CODE_WORD)
        else:
            finds_nothing(someone, demo.url, [CODE_WORD, "opening note"], least=10)


def test_maria_on_a_small_phone_without_script_can_do_her_job(chromium: Browser, hub: tuple[Demo, Path]) -> None:
    """320 px, no JavaScript: home, her space, a document, search, and no sideways scroll anywhere."""
    demo, _ = hub
    phone = {"viewport": {"width": 320, "height": 640}, "java_script_enabled": False}
    with signed_in(chromium, demo, ACME, "Maria Lopez", **phone) as maria:
        maria.get_by_role("link", name="Joint flood plan").first.click()
        assert "Joint flood plan" in maria.get_by_role("heading", level=1).inner_text()
        maria.get_by_role("link", name=PLAN).first.click()
        assert maria.get_by_role("heading", level=1).inner_text() == PLAN
        maria.goto(f"{demo.url}/places/leeds/housing")
        assert "Page not found" in maria.get_by_role("heading", level=1).inner_text()
        finds_nothing(maria, demo.url, [CODE_WORD, "zephyrwick"])


def test_what_is_hidden_and_what_is_not_there_are_one_page_in_the_running_hub(
    chromium: Browser, hub: tuple[Demo, Path]
) -> None:
    """Ben asks for a confidential space of Leeds and for one that never was."""
    demo, _ = hub
    with signed_in(chromium, demo, YORK, "Ben Atkinson") as ben:
        texts = []
        for path in ("/places/leeds/reorganisation", "/places/leeds/never-was", "/places/leeds/legal/advice"):
            answer = ben.goto(f"{demo.url}{path}")
            assert answer is not None
            texts.append((answer.status, answer.text()))
        assert texts[0] == texts[1] == texts[2]
        assert texts[0][0] == 404
        finds_nothing(ben, demo.url, [CODE_WORD], told=["/places/leeds/reorganisation", "/places/leeds/legal/advice"])
