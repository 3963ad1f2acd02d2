"""Choosing one's organisation: by name, from the list, or by work address."""

from dataclasses import replace
from html import unescape
from re import findall

import pytest
from lxml import html
from werkzeug.test import TestResponse

from hub.features.signin.models import DISABLED, Issuer
from hub.features.signin.service import set_issuer_status
from hub.ground.db import Database
from hub.nouns.organisations.service import add_domain, edit_organisation
from tests.hub.features.signin.browser import SignInWorld, now, refused
from tests.hub.once import Begin
from tests.hub.world import TestClock


def the_many(world: SignInWorld) -> None:
    """Twenty-five councils with issuers that nobody has reached yet, and one firm without."""
    for number in range(24):
        world.add_organisation(f"town-{number:02}", name=f"Town {number:02} Council")
        world.add_issuer(f"town-{number:02}", f"https://town-{number:02}.example")
    world.add_organisation("leeds")
    world.add_issuer("leeds", "https://leeds.example")
    world.add_organisation("acme", name="Acme Engineering", kind="supplier")
    with world.work() as uow:
        add_domain(uow, world.place(uow, "leeds"), "leeds.gov.example")
        add_domain(uow, world.place(uow, "town-00"), "xn--bcher-kva.example")


@pytest.fixture
def many(begin: Begin, sqlite_database: Database) -> SignInWorld:
    return begin(the_many, sqlite_database, SignInWorld, clock=TestClock(now()))


def offered(world: SignInWorld, query: str) -> list[str]:
    """The slugs that the page offers."""
    answer = world.browser().get(f"/sign-in?q={query}")
    assert answer.status_code == 200
    return findall(r'formaction="/sign-in/([^"]+)"', answer.text)


def test_the_list_shows_some_and_says_how_many_there_are(many) -> None:
    """P-07: those without an issuer are not there."""
    page = many.browser().get("/sign-in").text
    assert len(offered(many, "")) == 20
    assert "Showing 20 of 25" in page
    assert "Acme" not in page


@pytest.mark.parametrize("query", ["leeds", "LEEDS", "city+leeds", "leeds.gov", "+leeds++council+", "eed"])
def test_leeds_is_found_by_part_of_its_name(many, query) -> None:
    """P-07."""
    assert offered(many, query) == ["leeds"]


@pytest.mark.parametrize("query", ["ann@leeds.gov.example", "nobody@LEEDS.gov.example", "%40"])
def test_a_work_address_finds_its_organisation_by_the_domain_alone(many, query) -> None:
    """P-07: the answer for somebody who exists and for nobody is the same."""
    assert offered(many, query) == (["leeds"] if "example" in query else [])


def test_an_address_in_another_script_is_the_same_domain(many) -> None:
    """P-07."""
    assert offered(many, "a@b%C3%BCcher.example") == ["town-00"]


@pytest.mark.parametrize(
    "query", ["a@b;c", "a@b.", "a@b+c", "a@@leeds.gov.example", "%25", "_", "%00", "x" * 5000, "<b>"]
)
def test_a_malformed_query_finds_nothing_and_breaks_nothing(many, query) -> None:
    """N-38."""
    answer = many.browser().get(f"/sign-in?q={query}")
    assert answer.status_code == 200
    assert offered(many, query) == []
    assert "<b>" not in answer.text


def test_an_organisation_that_nobody_knows_has_a_page_that_says_so(many) -> None:
    browser = many.browser()
    assert refused(browser.send("/sign-in", "/sign-in/atlantis"), "We do not know that organisation", 404)
    unknown = [browser.get(f"/sign-in/callback/{name}?code=x") for name in ("aaaaaaaaaaaa", "bbbbbbbbbbbb")]
    assert [answer.status_code for answer in unknown] == [404, 404]
    assert unknown[0].data == unknown[1].data


def test_an_organisation_whose_issuer_is_off_is_not_offered(many) -> None:
    with many.work() as uow:
        issuer = uow.session.query(Issuer).filter_by(issuer="https://leeds.example").one()
        set_issuer_status(uow, issuer, DISABLED)
    assert offered(many, "leeds") == []
    answer = many.browser().send("/sign-in", "/sign-in/leeds")
    assert refused(answer, "is switched off at the moment", 403)


def test_a_form_from_elsewhere_is_refused(many) -> None:
    """D-WEB 52."""
    browser = many.browser()
    assert browser.hub.post("/sign-in/leeds", base_url="http://localhost:8000").status_code == 403
    asked = browser.hub.get("/sign-in/leeds", base_url="http://localhost:8000")
    assert (asked.status_code, asked.location) == (303, "/sign-in?next=%2Fsign-in%2Fleeds"), "nothing begins by a link"
    assert browser.hub.post("/sign-out", base_url="http://localhost:8000").status_code == 403


def test_the_page_asked_for_is_kept_while_searching(many) -> None:
    page = many.browser().get("/sign-in?next=/places/leeds%3Fpage%3D2&q=leeds").text
    assert {unescape(value) for value in findall(r'name="next" value="([^"]*)"', page)} == {"/places/leeds?page=2"}


def test_whoever_is_signed_in_is_not_asked_again(leeds) -> None:
    ann = leeds.browser()
    ann.sign_in("leeds")
    assert ann.get("/sign-in?next=/organisations").location == "/organisations"
    assert ann.get("/sign-in?next=//evil.example").location == "/"
    assert leeds.browser().get("/signed-out").status_code == 200


def test_someone_whose_session_has_ended_is_told_why_they_are_asked(leeds) -> None:
    ann = leeds.browser()
    ann.sign_in("leeds")
    leeds.parts.clock.move(hours=13)
    answer = ann.get("/organisations")
    assert answer.status_code == 303
    assert "You are not signed in any more" in ann.get(answer.location).text
    assert "You are not signed in any more" not in leeds.browser().get("/sign-in").text


def told(world: SignInWorld, slug: str, contact: str) -> None:
    with world.work() as uow:
        place = world.place(uow, slug)
        edit_organisation(uow, place, place.name, "", contact)


def said(answer: TestResponse) -> str:
    return " ".join(html.fromstring(answer.text).xpath("string(//main)").split())


def test_who_is_not_in_the_list_is_told_whom_to_ask(many) -> None:
    """They find the way from the list and from a search that finds nothing; the page asks nobody to sign in."""
    browser = many.browser()
    assert "/help/taking-part" in browser.get("/sign-in").text
    assert "Is it not here yet? Write to the people who look after this hub" in said(browser.get("/sign-in?q=hull"))
    page = browser.get("/help/taking-part")
    assert page.status_code == 200
    assert "We want this" in said(page)
    many.app.jinja_env.globals["site"] = replace(many.app.jinja_env.globals["site"], contact="hub@sector.example")
    assert "Write to hub@sector.example" in said(browser.get("/sign-in?q=hull"))


def test_whose_organisation_is_known_is_told_its_own_contact(many) -> None:
    """By the search that finds just theirs, by the browser that remembers it, and by a link that no longer works."""
    told(many, "leeds", "hub@leeds.gov.example")
    asks = "Does signing in at Leeds City Council not work? Write to hub@leeds.gov.example."
    browser = many.browser()
    assert asks in said(browser.get("/sign-in?q=ann@leeds.gov.example"))
    assert "hub@leeds" not in said(browser.get("/sign-in"))
    many.add_person("leeds/ann")
    link = many.link("leeds/ann")
    many.link("leeds/ann")  # the first one ends with it
    assert "write to hub@leeds.gov.example" in said(opened(many, link.removeprefix(many.parts.public_url)))
    assert "write to the people who look after this hub" in said(opened(many, "/sign-in?link=nonsense"))


def opened(world: SignInWorld, link: str) -> TestResponse:
    browser = world.browser()
    return browser.get(browser.get(link).location)


def test_a_refusal_names_the_administrators_of_ones_own_organisation_and_then_those_of_the_hub(leeds) -> None:
    leeds.set_status("leeds/ann", "suspended")
    assert "write to the hub’s administrators at Leeds City Council" in said(leeds.browser().sign_in("leeds"))
    told(leeds, "leeds", "hub@leeds.gov.example")
    assert "write to hub@leeds.gov.example" in said(leeds.browser().sign_in("leeds"))
