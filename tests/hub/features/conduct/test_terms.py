"""Terms: written by those who look after an organisation, accepted by its people before anything else."""

import pytest
from sqlalchemy import select

from hub.features.conduct.models import TermsAccepted
from tests.hub.features.conduct.conftest import LATER, Desk
from tests.hub.features.writing.conftest import words_of
from tests.hub.world import World

EDIT = "/admin/leeds/terms/edit"
FIRST = "We are **polite** here."


def publish(town: World, body: str = FIRST, **fields: str) -> None:
    Desk(town, "leeds/ada").fill(EDIT, body=body, **fields)


def accept(desk: Desk, address: str = "/") -> str:
    """Go somewhere, and accept what is in the way."""
    answer = desk.browser.get(address)
    assert answer.headers["Location"].startswith("/accept-terms"), answer.headers.get("Location")
    desk.see(answer.headers["Location"])
    return desk.press("I accept")


def test_nobody_is_asked_while_no_organisation_has_published_terms(town: World) -> None:
    for who in ("leeds/ann", "york/bo", "acme/gus"):
        desk = Desk(town, who)
        desk.see("/")
        page = desk.see("/terms")
        assert "has not published terms of its own" in page
        assert "I accept" not in page


def test_ada_publishes_terms_and_everybody_of_leeds_accepts_them_before_they_go_on(town: World) -> None:
    ann, ada = Desk(town, "leeds/ann"), Desk(town, "leeds/ada")
    ann.see("/spaces")
    assert "We are polite here." in ada.send(EDIT, 200, body=FIRST, do="preview")
    assert "Version 1 is published. Everybody is asked" in ada.fill(EDIT, body=FIRST)
    assert ann.browser.get("/search?q=flood").headers["Location"] == "/accept-terms?next=%2Fsearch%3Fq%3Dflood"
    page = ann.see("/accept-terms?next=/search?q=flood")
    assert "We are polite here." in page
    assert [words_of(button) for button in ann.page.iter("button")] == ["I accept", "Sign out"]
    assert not ann.page.xpath("//nav")
    page = ann.press("I accept")
    assert "Thank you." in page
    assert ann.page.xpath("//title")[0].text.startswith("Search") or "flood" in page
    ann.see("/spaces")
    assert "You accepted version 1 on 20 October 2026." in ann.see("/terms")
    with town.parts.database.reading() as session:
        (row,) = [row for row in session.scalars(select(TermsAccepted)) if row.person_id == person(town, "leeds/ann")]
        assert (row.number, row.at) == (1, town.parts.clock.now())
    assert "2 of 5 people have accepted it." in ada.see("/admin/leeds/terms")


def test_people_of_another_organisation_go_on_as_before(town: World) -> None:
    publish(town)
    Desk(town, "york/bo").see("/spaces")


def test_nothing_else_opens_and_absent_is_like_hidden_until_one_accepts(town: World) -> None:
    ann = Desk(town, "leeds/ann")
    publish(town)
    for address in ("/", "/spaces", "/notices", "/nothing/at/all", "/places/leeds/legal", "/admin/leeds/terms"):
        assert ann.browser.get(address).status_code == 303
        assert "/accept-terms" in ann.browser.get(address).headers["Location"]
    for address in ("/help/cookies", "/terms", "/terms/leeds/1"):
        ann.see(address)
    assert ann.browser.post("/sign-out").status_code == 303


def test_a_form_that_ann_sends_meanwhile_is_refused_and_comes_back_to_her(town: World) -> None:
    node = town.add_thread("leeds/forum", "How?", "york/bo")
    here = f"/threads/{node.removeprefix('thread:')}"
    ann = Desk(town, "leeds/ann")
    ann.see(here)
    form = next(form for form in ann.page.iter("form") if form.get("action") == here)
    fields = {field.get("name"): field.get("value") for field in form.iter("input")}
    publish(town)
    page = ann.send(here, 403, **(fields | {"body": "A long answer"}))
    assert "You have terms to accept before you go on." in page
    assert "A long answer" in ann.page.xpath("string(//textarea)")
    window = Desk(town, "leeds/ann")
    window.browser = ann.browser
    accept(window)
    assert "Send it again" in [words_of(button) for button in ann.page.iter("button")]
    assert "A long answer" in ann.send(here, **(fields | {"body": "A long answer"}))


def test_a_guest_accepts_the_terms_of_the_organisation_whose_guest_they_are(town: World) -> None:
    gus = Desk(town, "acme/gus")
    gus.see("/")
    publish(town)
    assert "Thank you." in accept(gus)
    gus.see("/")
    Desk(town, "york/bo").see("/terms/leeds/1", 404)


def test_a_guest_whom_a_second_organisation_admits_accepts_its_terms_too(town: World) -> None:
    publish(town)
    gus = Desk(town, "acme/gus")
    accept(gus)
    town.set_policy("york", "allow,person:york/bo,administer,york,any,any,-,Bo looks after York")
    Desk(town, "york/bo").fill("/admin/york/terms/edit", body="York has **rules**.")
    gus.see("/")
    town.add_space("york/floods", "open")
    town.give("guest:acme/gus", "read", "york/floods", source="guest", until=LATER)
    gus.see("/accept-terms")
    assert "York has rules ." in words_of(gus.page) or "York has rules" in words_of(gus.page)
    accept(gus)
    assert "Leeds City Council" in gus.see("/terms")
    assert "York City Council" in gus.see("/terms")


def test_a_new_version_asks_again_only_if_ada_says_so(town: World) -> None:
    publish(town)
    ann = Desk(town, "leeds/ann")
    accept(ann)
    ada = Desk(town, "leeds/ada")
    assert "Say in a sentence what changed" in ada.fill(EDIT, 422, body="Second.", note="", asks="no")
    ada.fill(EDIT, body="We are *very* polite.", note="Very", asks="no")
    ann.see("/spaces")
    assert "We are very polite." in ann.see("/terms")
    ada.fill(EDIT, body="Third.", note="Reports are answered", asks="yes")
    page = accept_page(ann)
    assert "They have changed" in page
    assert "What changed: Reports are answered" in page
    ann.press("I accept")
    ann.see("/spaces")
    assert "We are polite here." in ann.see("/terms/leeds/1")
    assert "A later version holds now." in ann.see("/terms/leeds/1")


def test_somebody_new_is_asked_for_the_newest_version_though_it_asked_nobody_again(town: World) -> None:
    publish(town)
    ada = Desk(town, "leeds/ada")
    ada.fill(EDIT, body="Second.", note="Shorter", asks="no")
    town.add_person("leeds/new")
    new = Desk(town, "leeds/new")
    assert "Second." in accept_page(new)
    new.press("I accept")
    assert "You accepted version 2" in new.see("/terms")


def test_terms_that_change_while_ann_reads_are_shown_anew_and_not_accepted(town: World) -> None:
    publish(town)
    ann, ada = Desk(town, "leeds/ann"), Desk(town, "leeds/ada")
    accept_page(ann)
    ada.fill(EDIT, body="Second.", note="All of it", asks="yes")
    page = ann.press("I accept", 409)
    assert "These terms were changed while you read them." in page
    assert "Second." in page
    ann.press("I accept")
    ann.see("/spaces")


def test_only_who_looks_after_leeds_writes_its_terms(town: World) -> None:
    for who in ("leeds/ann", "leeds/hana", "york/bo", "acme/gus"):
        desk = Desk(town, who)
        for address in ("/admin/leeds/terms", EDIT):
            desk.see(address, 404)
        desk.send(EDIT, 404, body="Mine")
        desk.send("/admin/leeds/terms/reports", 404, answer_within="9")


def test_nobody_publishes_over_what_another_published_meanwhile(town: World) -> None:
    ada = Desk(town, "leeds/ada")
    ada.see(EDIT)
    publish(town)
    town.add_person("leeds/eve", "leeds/administrators")
    eve = Desk(town, "leeds/eve")
    accept(eve)
    page = eve.send(EDIT, 409, body="Mine", note="Mine", asks="no", seen="terms=0")
    assert "Somebody published version 1 meanwhile." in page
    assert "Mine" in eve.page.xpath("string(//textarea)")


@pytest.mark.parametrize("days", ["0", "31", "-1", "two", "", "99999999999"])
def test_a_time_to_answer_that_is_none_is_refused_in_words(town: World, days: str) -> None:
    ada = Desk(town, "leeds/ada")
    assert "Enter a number of days from 1 to 30" in ada.fill("/admin/leeds/terms", 422, answer_within=days)


def test_who_goes_where_after_accepting_is_never_outside_the_hub(town: World) -> None:
    publish(town)
    ann = Desk(town, "leeds/ann")
    ann.see("/accept-terms?next=https://evil.example/")
    assert ann.page.xpath("//input[@name='next']/@value") == ["/"]
    ann.see("/accept-terms?next=/accept-terms")
    assert ann.page.xpath("//input[@name='next']/@value") == ["/"]


def test_a_request_of_whoever_has_accepted_asks_the_database_nothing_more(town: World, queries: list[str]) -> None:
    ann = Desk(town, "leeds/ann")
    ann.see("/terms")
    ann.see("/help/cookies")
    queries.clear()
    ann.see("/search")
    before = len(queries)
    publish(town)
    accept(ann)
    ann.see("/search")
    queries.clear()
    ann.see("/search")
    assert len(queries) <= before


def accept_page(desk: Desk) -> str:
    return desk.see(desk.browser.get("/").headers["Location"])


def person(town: World, handle: str) -> str:
    with town.viewer(handle) as viewer:
        return viewer.person.id
