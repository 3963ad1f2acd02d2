"""Whoever asks learns nothing by it until somebody answers: not by words, redirects, lists, letters or notices."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from lxml import html

from hub.access.models import Place
from hub.access.places import mark_place, move_place, place_at, rename_place
from hub.features.asking.reaching import reach_round
from tests.hub.features.asking.conftest import Town, agree, link_to, told, words

ABSENT = "http://localhost:8000/documents/zzzzzzzzzzzz"
PAGES = ("/ask-for-access", "/my-requests", "/requests", "/", "/documents/zzzzzzzzzzzz")


def seen_by(town: Town, handle: str, address: str, *, worked: bool) -> list[object]:
    """Everything that somebody is told around asking for an address; the address itself is taken out."""
    client = town.client(handle)
    found: list[object] = []
    sent = {"address": address, "reason": "Work"}
    for _ in range(2):  # the second time they are told that they have asked
        found.append(told(client.post("/ask-for-access", data=sent)))
        if worked:
            reach_round(town.world.parts)
        found += [told(client.get(page)) for page in PAGES]
    return [_without(each, address) for each in found]


def _without(each: object, address: str) -> object:
    status, text, headers = each  # type: ignore[misc]
    return status, text.replace(address, "ADDRESS"), [h for h in headers if h[0] != "Content-Length"]


@pytest.mark.parametrize("worked", [False, True], ids=["before the worker", "after it"])
@pytest.mark.parametrize("who", ["york/cy", "leeds/ann", "acme/gus"])
def test_what_is_there_answers_byte_for_byte_like_what_is_not(town: Town, who: str, worked: bool) -> None:
    """Private, confidential, another organisation's, absent: one page, one list, no notice (D-AZ 16, L25)."""
    rivers = town.world.add_document("york/rivers", "Levels")
    legal = "http://localhost:8000/places/leeds/legal"
    addresses = [ABSENT, link_to(town.plan), link_to(town.merger), link_to(rivers), legal, "leeds/nothing"]
    seen_by(town, who, "leeds/never", worked=worked)  # so that nobody's is a first visit
    seen: dict[str, list[object]] = {}
    for address in addresses:
        with town.world.work() as uow:  # as if they had asked for that one only
            for request in town.requests():
                uow.session.delete(uow.session.merge(request))
        seen[address] = seen_by(town, who, address, worked=worked)
        assert seen[address] == seen[ABSENT], address
    assert not [letter for letter in town.letters() if letter[0] == who]


def test_asking_takes_the_same_queries_whatever_is_there(town: Town, queries: list[str]) -> None:
    """So does its time: nothing is resolved, written to or judged beyond one look-up and one row."""
    client = town.client("york/cy")
    client.post("/ask-for-access", data={"address": "leeds/never", "reason": "Work"})
    counts = []
    for address in (ABSENT, link_to(town.plan), link_to(town.merger)):
        town.clock.move(seconds=40)
        del queries[:]
        assert client.post("/ask-for-access", data={"address": address, "reason": "Work"}).status_code == 303
        counts.append([query.split(" FROM ")[0][:40] for query in queries])
    assert counts[0] == counts[1] == counts[2]
    assert len(counts[0]) <= 15


def test_it_stays_alike_after_thirty_days_and_after_a_silent_no(town: Town) -> None:
    """What ran out, what was declined without a word and what never was: the same list for Cy for ever."""
    cy = town.client("york/cy")
    for address in (ABSENT, link_to(town.plan)):
        town.asked("york/cy", address)
    confidential = town.asked("york/cy", link_to(town.merger))
    town.client("leeds/dee").post(f"/requests/{confidential}/decline", data={"note": "No", "tell": "yes"})
    assert sorted(request.answer for request in town.requests()) == ["", "", "unsaid"]
    assert words(cy.get("/my-requests")).count("No answer yet") == 3
    assert town.ask("york/cy", link_to(town.merger)).status_code == 303
    assert len(town.requests()) == 3  # as far as Cy knows, it is still open
    town.clock.move(days=31)
    said = words(town.client("york/cy").get("/my-requests"))
    assert said.count("No answer within 30 days. You may ask again.") == 3
    assert "Nobody waits" in words(town.client("leeds/mo").get("/requests"))
    town.clock.move(days=340)
    town.watch()
    assert "You have asked for nothing yet." in words(town.client("york/cy").get("/my-requests"))


def test_asking_again_by_another_address_does_not_bother_who_said_no_without_a_word(town: Town) -> None:
    """Dee declined in silence; the space's other address brings nothing back."""
    first = town.asked("york/cy", "leeds/legal")
    town.client("leeds/dee").post(f"/requests/{first}/decline", data={})
    with town.world.work() as uow:
        place, parent = place_at(uow.session, "leeds/legal"), place_at(uow.session, "leeds")
        assert place is not None
        assert parent is not None
        move_place(uow, place, parent, "legal-affairs")
    town.clock.move(minutes=2)
    second = town.asked("york/cy", "leeds/legal-affairs")
    assert {request.id: request.answer for request in town.requests()} == {first: "unsaid", second: "unsaid"}
    town.asked("york/cy", link_to(town.merger))  # another thing: that is asked
    assert "Cy Moss" in town.client("leeds/dee").get("/requests").text


def test_who_sees_it_already_is_told_where(town: Town) -> None:
    """Ann reads what Works holds; Mo his own document; nothing is kept, no limit is used up."""
    works = town.world.add_document("leeds/works", "Bridges")
    for who, address, link in (
        ("leeds/ann", link_to(works), f"/documents/{works.removeprefix('doc:')}"),
        ("leeds/ann", "leeds/works", "/places/leeds/works"),
        ("leeds/mo", town.plan, f"/documents/{town.plan.removeprefix('doc:')}"),
    ):
        answer = town.client(who).post("/ask-for-access", data={"address": address, "reason": "Work"})
        assert answer.status_code == 200
        assert "You can open this already" in answer.text
        assert f'href="{link}"' in answer.text
    assert town.requests() == []


def test_a_restricted_space_offers_to_ask(town: Town) -> None:
    """Cy sees its home page: one button with its name; Lee, who manages it, is asked, once; Ann reads it already."""
    cy, page = town.client("york/cy"), "/places/leeds/works"
    form = html.fromstring(cy.get(page).text).xpath("//main//form[contains(@action, 'ask-to-join')]")[0]
    assert form.xpath(".//button/text()") == ["Ask to join Works"]
    assert form.action == f"/ask-to-join/{town.place_id('leeds/works')}"
    with town.world.work() as uow:
        rename_place(uow, town.world._place(uow, "leeds/works"), "Roads", "")
    assert cy.post(form.action, data=dict(form.form_values())).location == page
    assert "Nothing was done yet. It is called “Roads” now." in cy.get(page).text
    assert town.requests() == []
    form = html.fromstring(cy.get(page).text).xpath("//main//form[contains(@action, 'ask-to-join')]")[0]
    assert form.xpath(".//button/text()") == ["Ask to join Roads"]
    assert cy.post(form.action, data=dict(form.form_values())).location == page
    assert "You have asked to join. Those who manage it see your name" in cy.get(page).text
    town.clock.move(minutes=5)
    said = words(cy.get(page))
    assert "You asked to join on 20 October 2026." in said
    assert "Ask to join" not in said
    cy.post(form.action)
    reach_round(town.world.parts)
    assert [(one.sought, one.address) for one in town.requests()] == [("leeds/works", page)]
    listed = words(town.client("leeds/lee").get("/requests"))
    assert "Roads" in listed
    assert "Cy Moss" in listed
    ann = town.client("leeds/ann")
    assert "Ask to join" not in ann.get(page).text
    ann.post(form.action)
    assert "You can read this space already" in ann.get(page).text
    assert len(town.requests()) == 1


def test_what_was_asked_for_by_its_address_need_not_be_asked_for_by_the_button(town: Town) -> None:
    """The blind form and the button make the same request."""
    town.asked("york/cy", "leeds/works")
    assert "You asked to join on 20 October 2026." in words(town.client("york/cy").get("/places/leeds/works"))


def test_nobody_asks_to_join_what_they_do_not_see(town: Town) -> None:
    """Confidential, another's private one, a folder, nothing at all: one answer, and nothing is kept."""
    folder = town.world.add_folder("leeds/works/plans")
    for place in (town.place_id("leeds/legal"), town.place_id("leeds/housing"), folder, "zzzzzzzzzzzz"):
        assert town.client("york/cy").post(f"/ask-to-join/{place}").status_code == 404, place
    assert town.requests() == []


def test_a_guest_is_told_to_ask_their_sponsor(town: Town) -> None:
    """Gus sees the page of an archived space, and nothing that is published in it."""
    place = town.place_id("leeds/works")
    with town.world.work() as uow:
        mark_place(uow, uow.session.get_one(Place, place), "OFFICIAL", "archived")
    leeds = ("allow,guest:acme/gus,read,leeds,any,archived,-,Audit", "allow,org:leeds,read,leeds,any,any,-,Staff")
    town.world.set_policy("leeds", *leeds)
    town.world.give("guest:acme/gus", "read", town.plan, source="guest", until=date(2027, 1, 31))
    gus = town.client("acme/gus")
    page = gus.get("/places/leeds/works")
    assert "You are a guest here: ask your sponsor" in words(page)
    assert not html.fromstring(page.text).xpath("//main//form[starts-with(@action, '/ask-to-join')]")
    assert gus.post(f"/ask-to-join/{place}").status_code == 303
    assert town.requests() == []


def test_the_button_asks_no_more_often_than_the_form(town: Town) -> None:
    for number in range(3):
        town.ask("york/cy", f"leeds/s{number}")
    cy = town.client("york/cy")
    cy.post(f"/ask-to-join/{town.place_id('leeds/works')}")
    assert "You have asked three times within a minute" in words(cy.get("/places/leeds/works"))
    assert len(town.requests()) == 3


def test_the_one_not_found_page_leads_to_asking(town: Town) -> None:
    """Without a form, a nonce or an echo."""
    page = town.client("york/cy").get(f"/documents/{town.plan.removeprefix('doc:')}").text
    assert 'href="/ask-for-access"' in page
    assert "<form" not in page
    assert town.plan.removeprefix("doc:") not in page


def test_three_a_minute_and_ten_a_day(town: Town) -> None:
    """Counted in the database, so by all processes together; asking for the same again is not counted."""
    for number in range(3):
        assert town.ask("york/cy", f"leeds/s{number}").status_code == 303
    assert town.ask("york/cy", "leeds/s0").status_code == 303
    refused = town.ask("york/cy", "leeds/s3")
    assert refused.status_code == 429
    assert "wait a minute" in words(refused)
    assert town.ask("york/bo", "leeds/s3").status_code == 303
    for number in range(3, 10):
        town.clock.move(minutes=1)
        assert town.ask("york/cy", f"leeds/s{number}").status_code == 303, number
    town.clock.move(minutes=1)
    refused = town.ask("york/cy", "leeds/s10")
    assert refused.status_code == 429
    assert "ask again tomorrow" in words(refused)
    town.clock.move(days=1)
    assert town.ask("york/cy", "leeds/s10").status_code == 303


def test_eight_at_once_are_still_three_a_minute(town: Town) -> None:
    """Cy's script sends eight at the same moment, to whichever process answers: three are kept."""
    clients = [town.client("york/cy") for _ in range(8)]

    def send(number: int) -> int:
        sent = {"address": f"leeds/s{number}", "reason": "Work"}
        return clients[number].post("/ask-for-access", data=sent).status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = sorted(pool.map(send, range(8)))
    assert statuses == [303] * 3 + [429] * 5
    assert len(town.requests()) == 3


def test_a_wrong_form_says_what_to_mend_and_keeps_what_was_typed(town: Town) -> None:
    """No reason, or an address of another kind; nothing is kept."""
    for sent, said in (
        ({"address": "/search", "reason": "Work"}, "Paste the address of a space, a folder or a document"),
        ({"address": "leeds/housing", "reason": ""}, "Enter a reason"),
        ({"address": "leeds/housing", "reason": "x" * 501}, "500 characters or fewer"),
        ({}, "Paste the address"),
    ):
        refused = town.client("york/cy").post("/ask-for-access", data=sent)
        assert refused.status_code == 422
        assert said in words(refused)
        assert sent.get("address", "") in refused.text
    assert town.requests() == []


def test_nobody_reads_what_others_asked(town: Town) -> None:
    """Bo's list is Bo's; Cy's notice is not for Bo to put away."""
    request = town.asked("york/cy", link_to(town.plan), "Only Cy knows why")
    assert "Only Cy knows why" not in town.client("york/bo").get("/my-requests").text
    for who in ("york/bo", "york/cy"):  # and Cy's is not answered yet
        absent = town.client(who).post("/my-requests/zzzzzzzzzzzz/put-away")
        assert told(town.client(who).post(f"/my-requests/{request}/put-away")) == told(absent)
        assert absent.status_code == 404


def test_the_answer_is_told_on_the_home_page_until_it_is_put_away(town: Town) -> None:
    """“You may now open …”, only while Cy may; the title is nowhere before."""
    request = town.asked("york/cy", link_to(town.plan))
    mo, cy = town.client("leeds/mo"), town.client("york/cy")
    assert "1 person asks for access" in mo.get("/").text
    assert "asks for access" not in town.client("leeds/ann").get("/").text
    sent = {"role": "reader", "until": "2027-03-31", "reason": "Joint flood plan"}
    agree(mo, mo.post(f"/requests/{request}", data=sent))
    assert "asks for access" not in mo.get("/").text
    assert "You may now open “Flood plan”" in cy.get("/").text
    assert "Granted" in words(cy.get("/my-requests"))
    assert "Flood plan" in words(cy.get("/my-requests"))
    town.world.take_back(town.grants("york/cy")[0].id)
    assert "Flood plan" not in town.client("york/cy").get("/").text
    assert "Flood plan" not in town.client("york/cy").get("/my-requests").text
    town.world.give("person:york/cy", "read", town.plan)
    assert cy.post(f"/my-requests/{request}/put-away").status_code == 303
    assert "You may now open" not in cy.get("/").text


def test_home_leads_to_my_requests_and_counts_what_is_absent_like_what_is_there(town: Town, queries: list[str]) -> None:
    """Nothing for whoever asked nothing; a silent no, no thing at all and a thing that waits count alike (L25)."""
    cy = town.client("york/cy")
    cy.get("/")
    queries.clear()
    assert not html.fromstring(cy.get("/").text).xpath("//main//a[@href='/my-requests']")
    none = len(queries)
    town.asked("york/cy", ABSENT)
    assert "You wait for 1 answer" in words(cy.get("/"))
    town.clock.move(minutes=2)
    silent, plan = town.asked("york/cy", link_to(town.merger)), town.asked("york/cy", link_to(town.plan))
    before = words(cy.get("/"))
    assert "You wait for 3 answers" in before
    town.client("leeds/dee").post(f"/requests/{silent}/decline", data={"note": "No", "tell": "no"})
    queries.clear()
    home = cy.get("/")
    assert len(queries) == none
    assert words(home) == before
    assert 'href="/my-requests">You wait for 3 answers<' in home.text
    assert "You wait" not in town.client("york/bo").get("/").text
    town.client("leeds/mo").post(f"/requests/{plan}/decline", data={"note": "Ask Ann", "tell": "yes"})
    assert "You wait for 2 answers" in words(cy.get("/"))
    town.clock.move(days=31)
    assert "You wait" not in town.client("york/cy").get("/").text


def test_home_leads_to_my_requests_while_an_answer_is_news(town: Town) -> None:
    plan = town.asked("york/cy", link_to(town.plan))
    cy, mo = town.client("york/cy"), town.client("leeds/mo")
    given = {"role": "reader", "until": "2027-01-01", "reason": "Joint flood plan"}
    agree(mo, mo.post(f"/requests/{plan}", data=given))
    assert "What you asked for, and what was answered" in words(cy.get("/"))
    assert "You wait" not in words(cy.get("/"))
    cy.post(f"/my-requests/{plan}/put-away")
    assert not html.fromstring(cy.get("/").text).xpath("//main//a[@href='/my-requests']")
