"""From an empty hub to its first administrator, the people whom she adds, and the first document that she shares."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from acl.directory import ROOT
from hub.access.models import Place
from hub.features.administration.service import administrators_of
from hub.features.policies.service import adopt_default
from hub.ground.db import Database
from hub.nouns.people.service import add_member
from search.embedded import EmbeddedEngine
from tests.browser import axe_findings, serving, window
from tests.hub.commandline import hub
from tests.hub.features.signin.browser import SignInWorld, now
from tests.hub.world import TestClock, make_parts
from tests.journeys.visit import DESK, Visit, visit
from tests.peers.providers import Provider

pytestmark = [pytest.mark.journey, pytest.mark.peers]
CANARY = "kingfisher"
PAGES = (
    "",
    "/people",
    "/people/add",
    "/groups",
    "/guests",
    "/guests/add",
    "/organisation",
    "/issuer",
    "/policy",
    "/policy/edit",
    "/policy/versions",
    "/policy/versions/1",
)
WHOLE = ("", "/organisations/add", "/organisations/leeds", "/administrators?q=a", "/policy", "/policy/edit")
FAR = re.compile(r"^https://")
"""The provider's fonts are far away."""


@pytest.fixture
def empty(sqlite_database: Database, tmp_path: Path) -> Iterator[tuple[SignInWorld, str]]:
    """A hub with nobody in it, and its address."""
    worlds: list[SignInWorld] = []

    def late(*call: Any) -> Any:
        """The application: it is made when its address is known."""
        return worlds[0].app(*call)

    with EmbeddedEngine(tmp_path / "index") as engine, serving(late) as listening:
        url = listening.replace("127.0.0.1", "localhost")
        parts = make_parts(sqlite_database, engine, tmp_path, clock=TestClock(now()), public_url=url)
        worlds.append(SignInWorld(parts))
        yield worlds[0], url


def prove(page: Page, login: str) -> None:
    """Fill in the provider's own pages."""
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", "any")
    page.click("button[type=submit]")
    page.click("button[type=submit]")


def prove_again(page: Page, login: str) -> None:
    """Sign in again, since the provider did not say when that was, and send what was held meanwhile."""
    page.get_by_role("button", name="Sign in again at").click()
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", "any")
    page.click("button[type=submit]")
    page.get_by_role("heading", name="Go on where you were").or_(page.get_by_text("Authorize")).first.wait_for()
    if page.get_by_role("heading", name="Go on where you were").count() == 0:
        page.click("button[type=submit]")
    page.get_by_role("button", name="Go on", exact=True).click()


@pytest.mark.parametrize("mode", [DESK, "without-script"])
def test_sam_sets_up_leeds_and_brings_in_ann(
    empty: tuple[SignInWorld, str], chromium: Browser, providers: tuple[Provider, ...], mode: str
) -> None:
    """She opens the operator's link, says who she is, lands on the checklist, adds Ann, who comes by her own link.

    The first document is shared with Ann's group; a crawl as Cy, who works in Leeds too, finds nothing of it.
    """
    (world, url), script = empty, mode == DESK
    with window(chromium, java_script_enabled=script, quiet_about=(403, 404, 422)) as page:
        page.goto(url)
        assert "hub organisation add" in page.inner_text("main")

        world.join_provider("leeds", providers[0], base=url)
        with world.work() as uow:
            adopt_default(uow, world.place(uow, "leeds"), "test")
        ran = hub(world.parts, "admin", "invite", "leeds", "--role", "platform", "--name", "Sam Okafor", "--json")
        page.route(FAR, lambda route: route.fulfill(body=""))
        page.goto(ran.value["link"])
        assert "You are about to become Sam Okafor of Leeds City Council." in page.inner_text("main")
        assert ran.value["link"].partition("=")[2] not in page.url, "the secret left the address bar"
        page.get_by_role("button", name="Yes, sign in as Sam Okafor").click()
        page.wait_for_selector("input[name=login]")
        prove(page, "sam")
        page.wait_for_url(f"{url}/admin/leeds")
        assert "To begin with" in page.inner_text("main")

        page.locator("main").get_by_role("link", name="People", exact=True).first.click()
        page.get_by_role("link", name="Add a person").click()
        page.get_by_label("Name", exact=True).fill("Ann Archer")
        page.get_by_role("button", name="Add and make a sign-in link").click()
        prove_again(page, "sam")
        link = page.get_by_label("Link", exact=True).input_value()
        page.goto(f"{url}/admin/leeds/groups")
        page.get_by_label("Name", exact=True).fill("Housing officers")
        page.get_by_role("button", name="Add the group").click()
        page.get_by_label("Name, short name or e-mail address").fill("ann")
        page.get_by_role("button", name="Find").click()
        page.get_by_role("button", name="Add Ann Archer").click()
        assert "Ann Archer belongs to Housing officers now." in page.inner_text("main")

        with window(chromium, java_script_enabled=script, quiet_about=(404,)) as her:
            her.route(FAR, lambda route: route.fulfill(body=""))
            her.goto(link)
            her.get_by_role("button", name="Yes, sign in as Ann Archer").click()
            her.wait_for_selector("input[name=login]")
            prove(her, "ann")
            her.wait_for_url(f"{url}/")
            her.locator(".hub-headmenu--person > summary").click()
            assert her.get_by_role("link", name="My requests").count() == 1
            assert her.get_by_role("link", name="Administration").count() == 0
            space = shares_the_first_document(world, Visit(page, url, mode=mode), Visit(her, url, mode=mode))
        world.add_person("leeds/cy", name="Cy Moss")
        with visit(chromium, world, url, "leeds/cy", DESK) as cy:
            cy.finds_nothing(CANARY, "flood plan", "merger of the depots", told=[space])
        page.goto(f"{url}/admin/leeds/people/ann-archer")
        assert "Housing officers" in page.inner_text("main")
        page.get_by_role("button", name="Suspend").click()
        assert "Ann Archer is suspended" in page.inner_text("main")
        page.get_by_role("button", name="Let them in again").first.click()
        assert "Ann Archer can sign in again." in page.inner_text("main")


def shares_the_first_document(world: SignInWorld, sam: Visit, ann: Visit) -> str:
    """A confidential space, a document in it, published, and shared with Ann's group for a reason; she reads it.

    Returns the address of the space.
    """
    sam.go("/places/leeds")
    sam.follow("New space")
    sam.write(Name="Merger of the depots")
    sam.choose("Confidential")
    sam.press("Continue")
    assert "The space is made" in sam.press("Make the space")
    space = sam.page.url.removeprefix(sam.url)
    sam.follow("Write a document")
    sam.write(Title="Flood plan", Text=f"The word is {CANARY}.")
    sam.press("Save as a draft")
    path = sam.page.url.removeprefix(sam.url)
    sam.follow("Publish")
    assert "is published" in sam.press("Publish")
    assert "Page not found" in ann.go(path)
    sam.go(space)
    sam.follow("People")
    sam.fill(sam.page.get_by_label("Name of a person, a group or an organisation"), "Housing")
    sam.press("Find")
    sam.follow("Add Housing officers")
    sam.fill(sam.page.get_by_label("Reason"), "She writes the flood plan with us")
    assert "This shows 1 document to 1 person in 1 organisation." in sam.press("Continue")
    sam.press("Share it")
    world.index_all()
    assert CANARY in ann.go(path)
    assert path in ann.finds(CANARY)
    return space


def test_from_an_empty_hub_to_a_document_that_york_reads_through_its_own_issuer(
    empty: tuple[SignInWorld, str], chromium: Browser, providers: tuple[Provider, ...]
) -> None:
    """The operator types three commands; all else is done in the browser, York's first administrator included."""
    world, url = empty
    added = hub(world.parts, "organisation", "add", "leeds", "--name", "Leeds City Council", "--json").value
    client = providers[0].register(added["redirect_uri"], f"{url}/signed-out")
    secret = world.parts.policy_dir.parent / "secret.txt"
    secret.write_text(client.client_secret)
    given = ("--client-id", client.client_id, "--client-secret-file", str(secret))
    joined = hub(world.parts, "organisation", "issuer", "leeds", "--issuer", providers[0].issuer, *given, "--json")
    assert joined.value["redirect_uri"] == added["redirect_uri"], joined.err
    ran = hub(world.parts, "admin", "invite", "leeds", "--role", "platform", "--name", "Sam Okafor", "--json")
    with window(chromium, quiet_about=(403, 404, 422)) as page:
        page.route(FAR, lambda route: route.fulfill(body=""))
        page.goto(ran.value["link"])
        page.get_by_role("button", name="Yes, sign in as Sam Okafor").click()
        page.wait_for_selector("input[name=login]")
        prove(page, "sam")
        page.wait_for_url(f"{url}/admin/leeds")

        # her home page says what comes next, until it is done
        page.goto(url)
        waits = page.get_by_label("Waiting for you")
        assert "2 of 7 steps done. Next: organisation." in waits.inner_text()
        waits.get_by_role("link").first.click()
        page.locator("main").get_by_role("link", name="Spaces", exact=True).click()
        page.get_by_label("Name", exact=True).fill("Flood plan")
        page.get_by_label("Open", exact=True).check()
        page.get_by_role("button", name="Continue").click()
        page.get_by_role("button", name="Make the space").click()
        page.get_by_role("link", name="Write a document").first.click()
        page.get_by_label("Title", exact=True).fill("Sandbags")
        page.get_by_label("Text", exact=True).fill("The store is in **Armley**.")
        page.get_by_role("button", name="Save as a draft").click()
        page.get_by_role("link", name="Publish").first.click()
        page.get_by_role("button", name="Publish").click()
        document = page.url
        page.goto(url)
        assert "3 of 7 steps done." in page.get_by_label("Waiting for you").inner_text()

        # York is added, its issuer tested before, its first administrator invited
        page.goto(f"{url}/admin/platform")
        page.get_by_role("link", name="Add an organisation").click()
        york = providers[1].register(page.get_by_label("Redirect address").input_value(), f"{url}/signed-out")
        page.get_by_label("Full name").fill("City of York Council")
        page.get_by_label("Short name").fill("york")
        page.get_by_label("Mail domains").fill("york.example")
        page.get_by_label("Address of the issuer").fill(providers[1].issuer)
        page.get_by_label("Client id").fill(york.client_id)
        page.get_by_role("button", name="Test the issuer").click()
        prove_again(page, "sam")
        assert "The issuer answers" in page.inner_text("main")
        page.get_by_label("Client secret").fill(york.client_secret)
        page.get_by_role("button", name="Add the organisation").click()
        assert "City of York Council takes part." in page.inner_text("main")
        page.get_by_label("Their name").fill("Bob Brook")
        page.get_by_role("button", name="Make an invitation").click()
        link = page.get_by_label("Link", exact=True).input_value()

        with window(chromium, quiet_about=(404,)) as his:
            his.route(FAR, lambda route: route.fulfill(body=""))
            his.goto(link)
            his.get_by_role("button", name="Yes, sign in as Bob Brook").click()
            his.wait_for_selector("input[name=login]")
            prove(his, "bob")
            his.wait_for_url(f"{url}/admin/york")
            his.goto(document)
            assert "The store is in Armley." in his.inner_text("main")
            his.goto(f"{url}/admin/leeds")
            assert "Page not found" in his.inner_text("main")
            his.goto(f"{url}/admin/platform")
            assert "Page not found" in his.inner_text("main")

            # and is out again with the next click, as long as Sam says so
            page.goto(f"{url}/admin/platform/organisations/york")
            page.get_by_role("link", name="Block City of York Council").click()
            assert "1 member of staff" in page.inner_text("main")
            page.get_by_role("button", name="Block City of York Council").click()
            assert "City of York Council is blocked. 1 session has ended." in page.inner_text("main")
            his.goto(document)
            assert his.url.startswith(f"{url}/sign-in")
            page.get_by_role("button", name="Undo").click()
            assert "is let in again" in page.inner_text("main")


def test_the_pages_of_administration_have_no_axe_findings_and_fit_a_phone(
    empty: tuple[SignInWorld, str], chromium: Browser
) -> None:
    """WCAG 2.2 AA by axe, light and dark; nothing is wider than 320 px."""
    world, url = empty
    world.add_organisation("leeds")
    with world.work() as uow:
        adopt_default(uow, world.place(uow, "leeds"), "test")
    world.add_person("leeds/sam", "leeds/administrators", name="Sam Okafor")
    with world.work() as uow:
        group = administrators_of(uow, uow.session.get_one(Place, ROOT))
        add_member(uow, group, world.person(uow, "leeds/sam"))
    world.add_person("leeds/bartholomew-featherstonehaugh", "leeds/housing", name="Bartholomew Featherstonehaugh")
    signed_in = world.client("leeds/sam")._cookies.values()
    kept: list[Any] = [{"name": cookie.key, "value": cookie.value, "url": url} for cookie in signed_in]
    desk, phone = {"width": 1280, "height": 900}, {"width": 320, "height": 700}
    for options in ({"viewport": desk}, {"viewport": phone, "color_scheme": "dark"}):
        with window(chromium, **options) as page:
            page.context.add_cookies(kept)
            one = ("/people/bartholomew-featherstonehaugh", "/groups/housing?q=sam")
            for path in (*(f"leeds{each}" for each in (*PAGES, *one)), *(f"platform{each}" for each in WHOLE)):
                page.goto(f"{url}/admin/{path}")
                assert page.url == f"{url}/admin/{path}"
                assert axe_findings(page) == [], path
                wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
                assert not wide, (path, options)
