"""Making spaces and sharing them in the browser: stories, and everything that must be refused."""

import re
from datetime import date

import pytest
from lxml import html
from sqlalchemy import select

from hub.access.models import Fence, Place, PolicyText
from tests.hub.features.sharing.conftest import agree, grants, lede, place_id, settled
from tests.hub.world import World


def test_mo_shares_housing_with_york_and_is_first_told_what_that_shows(town: World) -> None:
    """The count is exact, nothing is saved before Mo agrees, and then York reads it; taken back, it is gone (L35)."""
    for number in range(3):
        town.add_document("leeds/housing", f"Plan {number}")
    town.add_document("leeds/housing", "Not yet", state="draft")
    mo, there = town.client("leeds/mo"), place_id(town, "leeds/housing")
    for hidden in ("gus", "bo"):  # Mo may not see their pages
        assert "Nobody is found" in mo.get(f"/members/{there}?find={hidden}").text
    sent = {"who": "org:york", "role": "reader", "until": "2027-03-31", "reason": "Joint flood plan"}
    town.set_policy("york", "allow,all-staff,read,york,any,published,-,York shows itself")
    assert "Everyone at York City Council" in mo.get(f"/members/{there}?find=york").text
    asked = mo.post(f"/members/{there}/add", data=sent)
    assert lede(asked) == "This shows 3 documents to 2 people in 1 organisation."
    assert "Plan 1" in asked.text
    assert "Not yet" not in asked.text
    assert "Bo" in asked.text
    assert len(grants(town, "leeds/housing")) == 1
    assert agree(mo, asked).status_code == 303
    page = mo.get(f"/members/{there}").text
    assert "Everyone at York City Council" in page
    assert "Joint flood plan" in page
    assert "31 Mar 2027" in page
    assert "Plan 1" in town.client("york/bo").get("/places/leeds/housing").text
    given = next(g for g in grants(town, "leeds/housing") if g.principal == "org:york")
    settled(mo, mo.post(f"/members/{there}/remove", data={"grant": given.id}))
    assert town.client("york/bo").get("/places/leeds/housing").status_code == 404


def test_what_was_agreed_to_is_not_what_is_saved_when_more_would_be_shown(town: World) -> None:
    """A document published between the question and the answer: Mo is asked again, with the new count."""
    town.set_policy("york", "allow,all-staff,read,york,any,published,-,York shows itself")
    town.add_document("leeds/housing", "Plan")
    mo, there = town.client("leeds/mo"), place_id(town, "leeds/housing")
    sent = {"who": "org:york", "role": "reader", "reason": "Joint"}
    asked = mo.post(f"/members/{there}/add", data=sent)
    town.add_document("leeds/housing", "Another")
    again = agree(mo, asked)
    assert lede(again) == "This shows 2 documents to 2 people in 1 organisation."
    assert "Something changed" in again.text
    assert len(grants(town, "leeds/housing")) == 1


def test_the_count_says_nothing_of_documents_that_the_manager_may_not_see(town: World) -> None:
    """A code word in a space that only Legal reads changes no byte of the question that Mo is asked."""
    legal = "deny,everyone-but:group:leeds/legal,read,leeds/housing/advice,any,any,-,Privileged"
    town.add_space("leeds/housing/advice", "restricted")
    town.set_policy("leeds", "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Staff", legal)
    town.add_document("leeds/housing", "Plan")
    mo, there = town.client("leeds/mo"), place_id(town, "leeds/housing")
    sent = {"who": "person:leeds/dee", "role": "reader"}
    before = mo.post(f"/members/{there}/add", data=sent)
    assert lede(before) == "This shows 1 document to 1 person in 1 organisation."
    town.add_document("leeds/housing/advice", "CANARY")
    after = mo.post(f"/members/{there}/add", data=sent)
    tokens = re.compile(r'name="(?:csrf|form)_token" value="[^"]*"')
    assert tokens.sub("", after.text) == tokens.sub("", before.text)


def test_lee_makes_a_confidential_space_and_is_its_manager(town: World) -> None:
    """It is said who will see what is published; the maker manages it, others do not learn of it."""
    lee, there = town.client("leeds/lee"), place_id(town, "leeds")
    assert lee.get(f"/make/{there}").status_code == 200
    sent = {"name": "Réorganisation 2027", "audience": "confidential", "marking": "OFFICIAL"}
    asked = lee.post(f"/make/{there}", data=sent)
    assert lede(asked) == "What is published in it will be shown to 1 person in 1 organisation."
    made = agree(lee, asked)
    path = made.location.removeprefix("/places/")
    assert re.fullmatch(r"leeds/reorganisation-2027-[a-z0-9]{4}", path), "nobody learns of it by wanting the same"
    assert [(g.principal, g.can) for g in grants(town, path)] == [("person:leeds/lee", "manage")]
    assert lee.get(made.location).status_code == 200
    assert town.client("leeds/ann").get(made.location).status_code == 404
    news = {"name": "News", "audience": "restricted", "marking": "OFFICIAL"}
    assert agree(lee, lee.post(f"/make/{there}", data=news)).location == "/places/leeds/news"
    again = lee.post(f"/make/{there}", data=news)
    assert again.status_code == 422
    assert "already a place" in again.text


def test_a_place_that_is_hidden_keeps_no_address_from_others(town: World) -> None:
    """It gives way without a word, in making and in moving; a deny for it holds, and its old address leads on."""
    for slug in ("lantern", "beacon"):
        town.add_space(f"leeds/housing/{slug}", "confidential", name=slug.title())
        town.give("person:leeds/dee", "manage", f"leeds/housing/{slug}")
    town.add_folder("leeds/housing/old")
    town.add_folder("leeds/housing/beacon/within")
    town.set_policy("platform", "deny,org:york,read,leeds/housing/lantern,any,any,-,Not for York")
    hidden = place_id(town, "leeds/housing/lantern")
    mo, there = town.client("leeds/mo"), place_id(town, "leeds/housing")
    asked = mo.post(f"/make/{there}?kind=folder", data={"name": "Lantern", "marking": "OFFICIAL"})
    assert asked.status_code == 200
    made = agree(mo, asked).location
    assert made == "/places/leeds/housing/lantern"
    assert "The folder is made" in mo.get(made).text
    old = place_id(town, "leeds/housing/old")
    moved = mo.post(f"/move/{old}", data={"to": there, "slug": "beacon"})
    assert (agree(mo, moved) if moved.status_code == 200 else moved).location == "/places/leeds/housing/beacon"
    with town.parts.database.reading() as session:
        now = session.get_one(Place, hidden).path
        text = session.scalars(select(PolicyText).where(PolicyText.name == "platform.csv")).one().text
    assert now.startswith("leeds/housing/lantern-")
    assert f"deny,org:york,read,{now},any" in text
    assert "deny,org:york,read,leeds/housing/lantern," not in text
    dee = town.client("leeds/dee")
    assert "Lantern" in dee.get(f"/places/{now}").text
    assert dee.get("/places/leeds/housing/beacon/within").location.startswith("/places/leeds/housing/beacon-")
    again = mo.post(f"/make/{there}?kind=folder", data={"name": "Lantern", "marking": "OFFICIAL"})
    assert "There is already a place with this address" in again.text, "what he sees he is told of"
    town.index_all()


def test_an_open_space_says_that_all_staff_will_see_it(town: World) -> None:
    """All four of Leeds, and whoever works elsewhere, whose people are not Lee's to count; no guest."""
    lee, there = town.client("leeds/lee"), place_id(town, "leeds")
    sent = {"name": "News", "slug": "news", "audience": "open", "marking": "OFFICIAL", "about": "All of it"}
    asked = lee.post(f"/make/{there}", data=sent)
    assert lede(asked) == (
        "What is published in it will be shown to 4 people in 1 organisation, "
        "staff of Acme City Council and staff of York City Council."
    )
    agree(lee, asked)
    town.add_document("leeds/news", "First")
    assert "First" in town.client("york/cy").get("/places/leeds/news").text


def test_mo_makes_a_folder_and_writes_its_settings(town: World) -> None:
    """A folder in the space; another name and description; a wrong form comes back with what to mend."""
    mo, there = town.client("leeds/mo"), place_id(town, "leeds/housing")
    agree(mo, mo.post(f"/make/{there}?kind=folder", data={"name": "Repairs", "marking": "OFFICIAL"}))
    folder = place_id(town, "leeds/housing/repairs")
    assert mo.post(f"/settings/{folder}", data={"name": "", "about": ""}).status_code == 422
    saved = mo.post(f"/settings/{folder}", data={"name": "Repairs and damp", "about": "What tenants report"})
    assert saved.status_code == 303
    page = mo.get("/places/leeds/housing/repairs").text
    assert "Repairs and damp" in page
    assert "What tenants report" in page


def test_opening_and_closing_a_space_ask_first(town: World) -> None:
    """Widening and narrowing show their counts; tightening is fenced."""
    town.add_document("leeds/housing", "Plan")
    mo, there = town.client("leeds/mo"), place_id(town, "leeds/housing")
    sent = {"name": "Housing", "about": "", "audience": "open"}
    asked = mo.post(f"/settings/{there}", data=sent)
    assert lede(asked) == (
        "This shows 1 document to 3 people in 1 organisation, "
        "staff of Acme City Council and staff of York City Council."
    )
    assert town.client("york/bo").get("/places/leeds/housing").status_code == 404
    assert agree(mo, asked).status_code == 303
    assert town.client("york/bo").get("/places/leeds/housing").status_code == 200
    asked = mo.post(f"/settings/{there}", data=sent | {"audience": "confidential"})
    assert lede(asked) == (
        "This takes 1 document from 3 people in 1 organisation, "
        "staff of Acme City Council and staff of York City Council."
    )
    assert town.client("york/bo").get("/places/leeds/housing").status_code == 200
    assert agree(mo, asked).status_code == 303
    assert town.client("york/bo").get("/places/leeds/housing").status_code == 404
    with town.parts.database.reading() as session:
        assert session.scalars(select(Fence.node)).all() == [f"within:{there}"]


def test_lee_moves_a_space_and_search_waits_for_the_index(town: World) -> None:
    """Path, closure and readers follow, and so do lines of policy that name the address."""
    town.add_space("leeds/works", "open")
    town.add_folder("leeds/works/damp")
    document = town.add_document("leeds/works/damp", "Damp", "mould")
    town.add_space("leeds/estates", "private")
    town.give("person:leeds/lee", "manage", "leeds/estates")
    town.index_all()
    lee, works = town.client("leeds/lee"), place_id(town, "leeds/works")
    assert [hit.id for hit in town.ask("york/bo", "mould").hits] == [document]
    sent = {"to": place_id(town, "leeds/estates"), "slug": "works"}
    moved = lee.post(f"/move/{works}", data=sent)
    moved = settled(lee, moved)
    assert moved.location == "/places/leeds/estates/works"
    assert lee.get("/places/leeds/works").location == "/places/leeds/estates/works"
    assert town.client("acme/gus").get("/places/leeds/works").status_code == 404
    assert "Damp" in lee.get("/places/leeds/estates/works/damp").text
    assert town.ask("leeds/lee", "mould").hits == ()
    town.index_all()
    assert [hit.id for hit in town.ask("leeds/lee", "mould").hits] == [document]
    own = "allow,person:leeds/lee,manage,leeds,any,any,-,Lee looks after it"
    town.set_policy("leeds", own, "deny,all-staff,read,leeds/estates/works/damp,any,any,-,Closed")
    town.set_policy("york", "deny,all-staff,read,leeds/estates,any,any,-,York's file reaches nothing of Leeds")
    back = {"to": place_id(town, "leeds"), "slug": "works"}
    moved = lee.post(f"/move/{works}", data=back)
    moved = agree(lee, moved) if moved.status_code == 200 else moved
    assert moved.location == "/places/leeds/works"
    with town.viewer("leeds/lee") as viewer:
        (_, deny) = viewer.snapshot.files["organisations/leeds.csv"].rules
        assert (deny.where, deny.reason) == ("leeds/works/damp", "Closed")
        assert "leeds/estates" in viewer.snapshot.files["organisations/york.csv"].text
    assert lee.get("/places/leeds/works/damp").status_code == 404, "the deny holds where the folder is now"
    town.add_folder("leeds/works/attic")
    attic = place_id(town, "leeds/works/attic")
    town.set_policy("leeds", own, "allow,org:york,read,leeds/works/attic,any,published,-,York stores there")
    assert lee.post(f"/delete/{attic}").status_code == 409, "another place there would be York's to read"
    town.set_policy("leeds", own)
    town.set_policy("york", "deny,all-staff,read,leeds/works/attic,any,any,-,York's file reaches nothing of Leeds")
    assert agree(lee, lee.get(f"/delete/{attic}")).status_code == 303


def test_who_can_see_it_names_the_rule_of_each_group_of_people(town: World) -> None:
    """Mo manages it, York was given it, Gus is admitted; those who only read it get no such page."""
    town.give("person:leeds/mo", "manage", "leeds/housing")
    document = town.add_document("leeds/housing", "Plan")
    town.give("org:york", "read", "leeds/housing")
    address = f"/audience/document/{document.removeprefix('doc:')}"
    page = town.client("leeds/mo").get(address).text
    assert "1 person in 1 organisation and staff of York City Council can see it." in page
    assert "York City Council" in page
    assert "A membership" in page  # its giver is nobody whom the hub knows
    assert "the grant" not in page  # an identifier says nothing to people
    assert town.client("york/bo").get(address).status_code == 403
    assert town.client("leeds/ann").get(address).status_code == 404
    assert "Who can see this?" in town.client("leeds/mo").get(f"/documents/{document.removeprefix('doc:')}").text
    assert town.client("leeds/mo").get(f"/audience/place/{place_id(town, 'leeds/housing')}").status_code == 200


def test_what_many_were_given_by_name_is_one_row_and_a_few_keep_rows_of_their_own(town: World) -> None:
    """2,000 members would be 2,000 rows of a page that a manager opens to see how far something reaches."""
    town.give("person:leeds/mo", "manage", "leeds/housing")
    for number in range(25):
        town.add_person(f"leeds/many-{number}", name=f"Many {number}")
        town.give(f"person:leeds/many-{number}", "read", "leeds/housing", until=date(2027, 1, 1 + number))
    town.give("person:york/bo", "read", "leeds/housing", until=date(2027, 3, 1))
    page = town.client("leeds/mo").get(f"/audience/place/{place_id(town, 'leeds/housing')}").text
    said = " ".join(html.fromstring(page).xpath("//main")[0].text_content().split())
    assert said.count("People, each by name") == 2, "of what is published in it, and of its own page"
    assert "27 memberships" in said
    assert re.search(r"Many 0 of .* and \d\d more", said), said
    assert "until 1 January 2027" not in said, "they end on different days"


PAGES = (
    "/make/{}",
    "/make/{}?kind=folder",
    "/settings/{}",
    "/members/{}",
    "/members/{}/add",
    "/move/{}",
    "/audience/place/{}",
)


@pytest.mark.parametrize("page", PAGES)
def test_a_reader_may_neither_look_nor_do_and_a_stranger_to_the_space_finds_nothing(town: World, page: str) -> None:
    """Bo reads and is refused (403), Gus sees nothing (404), on every page and with every method."""
    town.give("org:york", "read", "leeds/housing")
    address = page.format(place_id(town, "leeds/housing"))
    for who, status in (("york/bo", 403), ("acme/gus", 404)):
        client = town.client(who)
        assert client.get(address).status_code == status, who
        if "audience" not in page and page != "/members/{}":
            sent = {"who": "org:york", "role": "manager", "name": "Mine", "reason": "x", "audience": "open",
                    "marking": "PUBLIC", "to": place_id(town, "leeds"), "slug": "mine"}  # fmt: skip
            assert client.post(address, data=sent).status_code == status, who
    assert {g.principal for g in grants(town, "leeds/housing")} == {"person:leeds/mo", "org:york"}


@pytest.mark.parametrize(
    "who", ["person:york/bo", "person:york/nobody", "guest:acme/gus", "group:york/secret", "all-staff"]
)
def test_nobody_can_be_chosen_whom_the_manager_may_not_see(town: World, who: str) -> None:
    """Absent and hidden people answer alike: York shows Mo nothing of its people (L25)."""
    mo, there = town.client("leeds/mo"), place_id(town, "leeds/housing")
    assert mo.get(f"/members/{there}/add", query_string={"who": who}).status_code == 404
    assert mo.post(f"/members/{there}/add", data={"who": who, "role": "reader", "reason": "x"}).status_code == 404


def test_a_guest_needs_an_end_and_a_reason(town: World) -> None:
    """And so does whoever is of another organisation need a reason; days that have passed are refused."""
    town.set_policy("acme", "allow,all-staff,read,acme,any,published,-,Acme shows itself")
    mo, there = town.client("leeds/mo"), place_id(town, "leeds/housing")
    sent = {"who": "guest:acme/gus", "role": "reader", "reason": "Contract"}
    for wrong in ({}, {"until": "2020-01-01"}, {"until": "soon"}, {"until": "2027-01-01", "reason": ""}):
        assert mo.post(f"/members/{there}/add", data=sent | wrong).status_code == 422, wrong
    town.add_document("leeds/housing", "Plan")
    asked = mo.post(f"/members/{there}/add", data=sent | {"until": "2027-01-01"})
    assert lede(asked) == "This shows 1 document to 1 guest."
    agree(mo, asked)
    assert town.client("acme/gus").get("/places/leeds/housing").status_code == 200


def test_the_platforms_ceiling_holds_for_who_makes_and_who_shares(town: World) -> None:
    """Where the platform denies a marking, nobody makes a space of it, and what is given stops below it."""
    town.set_policy("platform", "deny,all-staff,read,*,OFFICIAL-SENSITIVE and above,any,-,Not here")
    lee, there = town.client("leeds/lee"), place_id(town, "leeds")
    sent = {"name": "Secret", "audience": "private", "marking": "OFFICIAL-SENSITIVE"}
    assert lee.post(f"/make/{there}", data=sent).status_code == 403
    made = agree(lee, lee.post(f"/make/{there}", data=sent | {"marking": "OFFICIAL"}))
    assert grants(town, made.location.removeprefix("/places/"))[0].marking == "up to OFFICIAL"


def test_mo_moves_a_document_and_is_told_what_that_shows(town: World) -> None:
    """Into an open space it shows to all staff; a place where Mo may not write is not offered and not taken."""
    document = town.add_document("leeds/housing", "Plan")
    town.add_space("leeds/news", "open")
    town.add_space("leeds/other", "open")
    town.give("person:leeds/mo", "edit", "leeds/news")
    mo, address = town.client("leeds/mo"), f"/move/document/{document.removeprefix('doc:')}"
    page = mo.get(address).text
    assert "leeds/news" in page
    assert "leeds/other" not in page
    for wrong in ("", place_id(town, "leeds/other"), place_id(town, "leeds"), "zzzzzzzzzzzz"):
        assert mo.post(address, data={"to": wrong}).status_code == 422
    asked = mo.post(address, data={"to": place_id(town, "leeds/news")})
    assert lede(asked) == (
        "This shows 1 document to 3 people in 1 organisation, "
        "staff of Acme City Council and staff of York City Council."
    )
    assert agree(mo, asked).status_code == 303
    assert "Plan" in town.client("york/bo").get("/places/leeds/news").text
    with town.parts.database.reading() as session:
        assert session.scalars(select(Fence.node)).all() == [document]
    assert town.client("york/bo").get(address).status_code == 403
    assert town.client("acme/gus").get(address).status_code == 404
