"""Whom to ask: people whom somebody may see, by what they say and by what they did that one may read."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert, select, update

from hub.access.models import Person, Place
from hub.ground.db import Database
from hub.ground.ids import new_id
from hub.nouns.documents.models import Document
from hub.nouns.people.models import Profile, ProfileSkill
from hub.nouns.people.profiles import AWAY, KNOWS, REACH, SHOWN, WORK, shown, shows
from hub.nouns.talk.models import Post
from hub.nouns.talk.service import accept, withdraw_post
from search.engine import EngineDown
from tests.hub.features.people.conftest import Desk, card, found, says
from tests.hub.world import World

TOKENS = re.compile(r'(name="(?:csrf|form)[-_]token"[^>]*value="|nonce[-=]"?)[^"\' ]*')
ASKED = ("", "?q=silt", "?q=silt+sensors", "?q=sam", "?q=lantern", "?skill=lantern", "?q=silt&organisation=leeds",
         "?place=leeds", "?service=housing", "?q=who+knows+about+silt")  # fmt: skip


@pytest.fixture
def silt(town: World) -> World:
    """Sam answers a question about silt, and it is accepted; Ann wrote of it; Bo posted; Priya says she knows."""
    node = town.add_thread("leeds/forum", "Silt sensors?", "york/bo", "Who has silt sensors?")
    town.post(node, "leeds/sam", "We do.")
    town.post(node, "york/bo", "Thanks.")
    with town.work() as uow:
        accept(uow, uow.session.get_one(Post, (node, 2)), "person:york/bo")
    town.add_document("leeds/forum", "Silt plan", "Of silt.", owner="person:leeds/ann")
    says(town, "york/priya", job="Analyst", skills=("silt modelling",))
    town.index_all()
    return town


def pages(world: World, who: str) -> dict[str, str]:
    """Everything that the finder and the pages beside it say to somebody."""
    desk = Desk(world, who)
    addresses = (*(f"/people{each}" for each in ASKED), "/me/profile", "/people/leeds/sam", "/ask/leeds/sam")
    return {each: TOKENS.sub(r"\1", desk.browser.get(each).text) for each in addresses}


def test_people_are_found_by_what_they_say_and_did_with_the_reasons_and_in_that_order(silt: World) -> None:
    """Says so 4, accepted answer 3, wrote it 2, posted 1."""
    assert found(silt, "leeds/ann", "?q=silt") == ["Priya Nair", "Sam Okafor", "Ann Shaw", "Bo Reed"]
    assert "Says: silt modelling" in card(silt, "leeds/ann", "Priya Nair", "?q=silt")
    sam = card(silt, "leeds/ann", "Sam Okafor", "?q=silt")
    assert "1 accepted answer in Flood Forum: Silt sensors?" in sam
    assert "Drainage engineer" in sam
    assert "Wrote 1 document that you can read: Silt plan" in card(silt, "leeds/ann", "Ann Shaw", "?q=silt")
    assert "Posted in 1 conversation" in card(silt, "leeds/ann", "Bo Reed", "?q=silt")
    assert "Ask Priya Nair" in card(silt, "leeds/ann", "Priya Nair", "?q=silt")
    assert "Ask Ann Shaw" not in card(silt, "leeds/ann", "Ann Shaw", "?q=silt")


def test_a_question_in_a_sentence_finds_them_too_and_a_name_finds_its_bearer_first(silt: World) -> None:
    assert found(silt, "leeds/ann", "?q=Who+knows+about+silt+modelling")[0] == "Priya Nair"
    assert found(silt, "leeds/ann", "?q=bo") == ["Bo Reed"]
    says(silt, "leeds/ann", skills=("bo staff",))
    assert found(silt, "leeds/sam", "?q=bo") == ["Bo Reed", "Ann Shaw"]


def test_a_word_is_looked_for_where_words_begin_and_without_its_plural(silt: World) -> None:
    says(silt, "york/bo", skills=("sensor repair", "digital", "100% cotton"))
    assert found(silt, "leeds/ann", "?q=sensors+repair") == ["Bo Reed"]
    assert found(silt, "leeds/ann", "?q=ital") == []
    assert found(silt, "leeds/ann", "?q=%25") != ["Bo Reed"]


def test_asking_is_no_evidence_and_neither_is_what_was_withdrawn(town: World) -> None:
    node = town.add_thread("leeds/forum", "Weirs?", "york/bo", "Who has weirs?")
    town.post(node, "york/priya", "Not us.")
    town.index_all()
    assert found(town, "leeds/ann", "?q=weirs") == ["Priya Nair"]
    with town.work() as uow:
        withdraw_post(uow, uow.session.get_one(Post, (node, 2)), "person:york/priya", "Wrong")
    town.index_all()
    assert found(town, "leeds/ann", "?q=weirs") == []


def test_a_post_counts_where_it_or_the_title_above_it_speaks_of_that(town: World) -> None:
    """Of a long conversation about many things, whoever spoke of this one; or whose answer was accepted there."""
    node = town.add_thread("leeds/forum", "First week?", "leeds/sam", "What was odd?")
    town.post(node, "york/bo", "The WEIRS, which nobody knew.")
    town.post(node, "york/priya", "The canteen.")
    town.index_all()
    assert found(town, "leeds/ann", "?q=weirs") == ["Bo Reed"]
    assert found(town, "leeds/ann", "?q=first+week") == ["Bo Reed", "Priya Nair"]
    with town.work() as uow:
        accept(uow, uow.session.get_one(Post, (node, 3)), "person:leeds/sam")
    assert found(town, "leeds/ann", "?q=weirs") == ["Priya Nair", "Bo Reed"]


def test_one_thing_counts_once_however_often_somebody_spoke_there(town: World) -> None:
    node = town.add_thread("leeds/forum", "Weirs?", "york/bo", "Who has weirs?")
    for _ in range(9):
        town.post(node, "york/priya", "Not us.")
    town.add_document("leeds/forum", "Weirs", "Of weirs.", owner="person:leeds/ann")
    town.index_all()
    assert found(town, "leeds/sam", "?q=weirs") == ["Ann Shaw", "Priya Nair"]


def test_after_two_years_it_counts_half(town: World) -> None:
    for who in ("leeds/ann", "york/bo"):
        node = town.add_thread("leeds/forum", f"Weirs of {who}?", "leeds/sam", "Who has weirs?")
        town.post(node, who, "We do.")
    with town.work() as uow:
        own = (Post.author == "person:leeds/ann",)
        uow.session.execute(update(Post).where(*own).values(at=uow.now - timedelta(days=730)))
    town.index_all()
    assert found(town, "leeds/sam", "?q=weirs") == ["Bo Reed", "Ann Shaw"]


def test_what_is_hidden_neither_shows_nor_counts_nor_changes_a_byte(silt: World) -> None:
    """A hidden document, answer, comment and skill, and a person whom Ann does not see; Priya, who may, sees it."""
    says(silt, "leeds/sam", **ONLY_ME)
    silt.index_all()
    before, may = pages(silt, "leeds/ann"), pages(silt, "york/priya")
    node = silt.add_thread("leeds/legal", "Silt lantern?", "york/priya", "Lantern silt?")
    silt.post(node, "leeds/sam", "Lantern silt, yes.")
    with silt.work() as uow:
        accept(uow, uow.session.get_one(Post, (node, 2)), "person:york/priya")
    hidden = silt.add_document("leeds/legal", "Lantern silt", "Silt lantern.", owner="person:leeds/sam")
    silt.post(hidden, "york/bo", "Silt lantern, too.")
    says(silt, "leeds/sam", job="Drainage engineer", team="lantern", skills=("lantern silt",), **ONLY_ME)
    says(silt, "hull/hal", skills=("lantern silt",), services=("housing",))
    silt.index_all()
    after, other = pages(silt, "leeds/ann"), pages(silt, "york/priya")
    assert [each for each in before if before[each] != after[each]] == []
    assert "Lantern silt" in other["/people?q=silt"]
    assert other["/people?q=silt"] != may["/people?q=silt"]


ONLY_ME = {"work_for": "self", "knows_for": "self", "reach_for": "self", "away_for": "self"}


def test_the_same_is_hidden_at_once_from_whoever_loses_it(silt: World) -> None:
    """Before the index knows: each thing found is judged as it is now."""
    assert found(silt, "leeds/ann", "?q=silt+plan") == ["Ann Shaw"]
    silt.add_document("leeds/legal", "Silt in law", "Of silt.", owner="person:leeds/sam")
    silt.index_all()
    grant = silt.give("person:leeds/ann", "read", "leeds/legal")
    assert "Silt in law" in card(silt, "leeds/ann", "Sam Okafor", "?q=silt")
    silt.take_back(grant)
    assert "Silt in law" not in card(silt, "leeds/ann", "Sam Okafor", "?q=silt")


def test_what_the_index_still_holds_is_judged_again(silt: World) -> None:
    """Tightened behind the index's back."""
    assert found(silt, "york/bo", "?q=silt+plan") == ["Ann Shaw"]
    with silt.work() as uow:
        uow.session.execute(update(Document).values(marking="OFFICIAL-SENSITIVE", ms="OFFICIAL-SENSITIVE.published"))
    assert found(silt, "york/bo", "?q=silt+plan") == []


def test_people_whose_page_is_hidden_are_in_no_list_whatever_they_wrote(silt: World) -> None:
    node = silt.add_thread("leeds/forum", "Silt again?", "york/bo", "Silt?")
    silt.post(node, "hull/hal", "Silt in Hull.")
    silt.add_person("leeds/ex", name="Ex Silt")
    silt.set_status("leeds/ex", "left")
    silt.index_all()
    assert {"Hal Finch", "Ex Silt", "Gus Ray"} & {
        *found(silt, "leeds/ann"),
        *found(silt, "leeds/ann", "?q=silt"),
    } == set()
    assert "Hal Finch" in found(silt, "hull/hal", "?q=drainage")
    assert found(silt, "acme/gus") == found(silt, "acme/gus", "?q=silt") == []


def test_filters_go_by_what_people_show(silt: World) -> None:
    says(silt, "york/bo", place="Selby depot", services=("housing",), skills=("Silt modelling", "Welsh"))
    assert found(silt, "leeds/ann", "?skill=SILT+modelling") == ["Bo Reed", "Priya Nair"]
    assert found(silt, "leeds/ann", "?service=housing") == ["Bo Reed"]
    assert found(silt, "leeds/ann", "?place=depot") == ["Bo Reed"]
    assert found(silt, "leeds/ann", "?organisation=york") == ["Bo Reed", "Priya Nair"]
    assert found(silt, "leeds/ann", "?q=silt&organisation=leeds") == ["Sam Okafor", "Ann Shaw"]
    everybody = found(silt, "leeds/ann")
    assert found(silt, "leeds/ann", "?organisation=hull") == everybody  # as one that there is not
    assert found(silt, "leeds/ann", "?organisation=nowhere&service=nothing") == everybody


def test_skills_are_suggested_from_profiles_that_one_sees(silt: World) -> None:
    says(silt, "hull/hal", skills=("secret keeping",))
    says(silt, "leeds/ann", skills=("Welsh",), knows_for="council")
    assert "silt modelling" in Desk(silt, "leeds/sam").see("/people")
    assert "Welsh" in Desk(silt, "leeds/sam").see("/people")
    bo = Desk(silt, "york/bo").see("/people")
    assert "Welsh" not in bo
    assert "secret keeping" not in bo
    assert "secret keeping" in Desk(silt, "hull/hal").see("/people")


def test_a_skill_that_others_have_too_is_written_as_one_sees_it_written(silt: World) -> None:
    """How somebody whom one does not see writes it must not show."""
    says(silt, "hull/hal", skills=("AAA SILT MODELLING",))
    says(silt, "hull/hal", skills=("SILT MODELLING",))
    assert "SILT MODELLING" not in Desk(silt, "leeds/ann").see("/people")


def test_without_the_engine_people_are_found_by_what_they_say(silt: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*_: Any) -> None:
        raise EngineDown("The engine is away.")

    monkeypatch.setattr(type(silt.parts.engine), "search", down)
    assert found(silt, "leeds/ann", "?q=silt") == ["Priya Nair"]
    assert "Search is not answering" in Desk(silt, "leeds/ann").see("/people?q=silt")


def test_an_index_that_is_gone_is_said_to_be_so(silt: World, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Search is not answering" not in Desk(silt, "leeds/ann").see("/people?q=xylophone")
    monkeypatch.setattr(silt.app.extensions["hub"].engine, "count", lambda: 0)
    assert "Search is not answering" in Desk(silt, "leeds/ann").see("/people?q=xylophone")


def test_what_cannot_be_asked_is_said_so(silt: World) -> None:
    assert "Use at most 1,000" in Desk(silt, "leeds/ann").see(f"/people?q={'x' * 1_001}", 422)
    assert "counted from 1" in Desk(silt, "leeds/ann").see("/people?page=none", 400)
    assert found(silt, "leeds/ann", "?page=99") == found(silt, "leeds/ann")


def test_a_service_that_became_part_of_another_finds_by_both_names(silt: World) -> None:
    from hub.nouns.spaces.models import Service
    from hub.nouns.spaces.services import merge_service

    says(silt, "york/bo", services=("licensing",))
    with silt.work() as uow:
        merge_service(uow, uow.session.get_one(Service, "licensing"), uow.session.get_one(Service, "housing"))
    assert found(silt, "leeds/ann", "?service=housing") == ["Bo Reed"]
    assert found(silt, "leeds/ann", "?q=licensing") == ["Bo Reed"]
    assert "Bo Reed" in found(silt, "leeds/ann", "?q=housing")
    assert "Housing" in Desk(silt, "leeds/ann").see("/people/york/bo")


def test_the_condition_on_rows_and_what_pages_show_are_one(town: World) -> None:
    """Each group with each word, of each person, for each who looks."""
    for number, handle in enumerate(("leeds/ann", "york/bo", "york/priya")):
        words = dict(zip((WORK, KNOWS, REACH, AWAY), (SHOWN * 2)[number:], strict=False))
        says(town, handle, ask_about="x", **words)
    for who in ("leeds/ann", "leeds/sam", "york/bo", "york/priya", "hull/hal", "acme/gus"):
        with town.viewer(who) as viewer:
            people = list(viewer.session.scalars(select(Person).join(Profile, Profile.person_id == Person.id)))
            told = shown(viewer, people)
            for group in (WORK, KNOWS, REACH, AWAY):
                rows = select(Person.id).join(Profile, Profile.person_id == Person.id).where(shows(viewer, group))
                by_page = {own for own, each in told.items() if group in each.groups}
                assert set(viewer.session.scalars(rows)) == by_page, (who, group)


@pytest.fixture
def queries(database: Database) -> Iterator[list[str]]:
    """The statements that the database is given."""
    found: list[str] = []

    def note(*given: Any) -> None:
        found.append(given[2])

    event.listen(database.engine, "before_cursor_execute", note)
    yield found
    event.remove(database.engine, "before_cursor_execute", note)


@pytest.mark.long
def test_among_two_thousand_people_it_asks_as_often_as_among_five(silt: World, queries: list[str]) -> None:
    asked = ("/people", "/people?q=silt", "/people?q=silt&skill=silt+modelling&place=depot", "/people?service=housing")
    says(silt, "york/bo", services=("housing",), skills=("silt modelling",), place="Depot")
    client = silt.client("leeds/ann")
    few = [_count(client, each, queries) for each in asked]
    with silt.work() as uow:
        york = uow.session.scalars(select(Place.id).where(Place.path == "york")).one()
        ids = [new_id() for _ in range(2_000)]
        person = {"organisation_id": york, "kind": "staff", "email": "", "status": "active", "access_epoch": 1}
        rows = [person | {"id": own, "handle": f"york/p{n}", "name": f"Person {n:04}", "job_title": "Silt clerk",
                          "created_at": uow.now} for n, own in enumerate(ids)]  # fmt: skip
        uow.session.execute(insert(Person), rows)
        said = dict.fromkeys(
            ("called", "job", "team", "languages", "ask_about", "learning", "working_days", "contact"), ""
        )
        groups = dict.fromkeys((WORK, KNOWS, REACH, AWAY), "page")
        profile = said | groups | {"place": "Depot", "confirmed_on": uow.now.date()}
        uow.session.execute(insert(Profile), [profile | {"person_id": own} for own in ids])
        skill = {"key": "silt modelling", "name": "Silt modelling"}
        uow.session.execute(insert(ProfileSkill), [skill | {"person_id": own} for own in ids])
    many = [_count(client, each, queries) for each in asked]
    assert max(many) <= 15
    assert [b for a, b in zip(few, many, strict=True) if b > a] == []
    assert "More than 1,000 people" in Desk(silt, "leeds/ann").see("/people?q=silt")
    assert found(silt, "leeds/ann", "?q=silt+person+0001")[0] == "Person 0001"


def _count(client: Any, address: str, queries: list[str]) -> int:
    client.get(address)
    queries.clear()
    assert client.get(address).status_code == 200
    return len(queries)
