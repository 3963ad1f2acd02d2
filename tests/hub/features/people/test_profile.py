"""Somebody says who they are on one screen, and each who looks is shown what they said for them, and no more."""

from datetime import date

import pytest
from lxml import html
from sqlalchemy import func, select

from hub.access.models import Fence, Person
from hub.ground.unit_of_work import AuditEntry
from hub.nouns.people.models import Profile, ProfileSkill
from tests.hub.features.people.conftest import Desk, card, found, person_id, says
from tests.hub.world import World

ME = "/me/profile"
ALL = {
    "called": "PREE-ya",
    "job": "Flood modeller",
    "team": "Resilience",
    "service_1": "housing",
    "place": "West Offices",
    "work_for": "page",
    "skills": "Silt modelling, Excel\nchairing",
    "languages": "Hindi",
    "ask_about": "gully sensors",
    "learning": "budgets",
    "knows_for": "page",
    "working_days": "Monday to Thursday",
    "contact": "01904 555 123",
    "reach_for": "page",
    "away_for": "page",
}
SAID = ("PREE-ya", "Flood modeller", "Resilience", "West Offices", "Silt modelling", "Hindi", "gully sensors",
        "budgets", "Monday to Thursday", "01904 555 123")  # fmt: skip
GROUPS = {
    "work_for": ("Flood modeller", "Resilience", "West Offices", "Housing"),
    "knows_for": ("Silt modelling", "Hindi", "gully sensors", "budgets"),
    "reach_for": ("Monday to Thursday", "01904 555 123", "priya@york.example"),
    "away_for": ("Away until",),
}


def in_search(world: World, who: str, words: str) -> bool:
    return any(hit.href == "/people/york/priya" for hit in world.ask(who, words).hits)


def test_somebody_fills_it_in_and_others_read_it_on_their_page(town: World) -> None:
    priya = Desk(town, "york/priya")
    first = priya.see(ME)
    assert "Nothing of it has to be filled in" in first
    assert priya.page.get_element_by_id("job").get("value") == "Analyst"  # as their organisation knows it
    page = priya.send(ME, **ALL)
    assert "Your profile is saved." in page
    other = Desk(town, "leeds/ann").see("/people/york/priya")
    assert [text for text in SAID if text not in other] == []
    assert "Housing" in other
    assert "Ask Priya Nair" in other
    assert "Confirmed by them 20 October 2026" in other
    assert "You confirmed it on 20 October 2026" in priya.see(ME)
    with town.parts.database.reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "profile:save")).one()
    assert entry.actor == "york/priya"
    assert entry.object == "person:york/priya"
    assert "modelling" not in entry.detail


def test_everything_is_optional_and_saying_nothing_takes_it_back(town: World) -> None:
    priya = Desk(town, "york/priya")
    priya.send(ME, **ALL)
    priya.send(ME, work_for="page", knows_for="page", reach_for="page", away_for="page")
    other = Desk(town, "leeds/ann").see("/people/york/priya")
    assert [text for text in SAID if text in other] == []
    with town.parts.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(ProfileSkill)) == 0


def suggestions(desk: Desk, address: str) -> set[str]:
    """What the browser offers while somebody types a skill on a page."""
    desk.see(address)
    return set(desk.page.xpath("//input[@name='skill']/following::datalist[@id='skill-list'][1]/option/@value"))


def test_one_more_skill_is_chosen_from_what_is_suggested_or_typed(town: World) -> None:
    ann = Desk(town, "leeds/ann")
    assert {"Homelessness prevention", "Planning enforcement"} <= suggestions(ann, ME)
    ann.send(ME, **ALL | {"skills": "Excel", "skill": "Homelessness prevention"})
    ann.send(ME, **ALL | {"skills": "Excel, Homelessness prevention", "skill": "excel"})
    ann.see(ME)
    assert ann.page.get_element_by_id("skills").get("value") == "Excel, Homelessness prevention"
    assert ann.page.get_element_by_id("skill").get("value") == ""


@pytest.mark.parametrize("address", [ME, "/people"])
def test_only_skills_of_people_whom_one_sees_are_suggested_beside_those_of_the_hub(town: World, address: str) -> None:
    """A skill's name can be a secret: neither whoever is hidden nor what is kept to colleagues is suggested."""
    before = suggestions(Desk(town, "leeds/ann"), address)
    says(town, "hull/hal", skills=("Merger of Hull",))
    says(town, "york/bo", skills=("Closing libraries",), knows_for="council")
    says(town, "york/priya", skills=("Silt modelling",))
    assert suggestions(Desk(town, "leeds/ann"), address) == before | {"Silt modelling"}
    assert "Closing libraries" in suggestions(Desk(town, "york/priya"), address)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("called", "x" * 121),
        ("job", "x" * 201),
        ("ask_about", "x" * 501),
        ("skills", "x" * 61),
        ("skills", ",".join(f"skill {n}" for n in range(21))),
        ("skills", "x, " * 1_000),
        ("work_for", "everyone"),
        ("away_for", ""),
        ("service_1", "no-such-service"),
        ("away_until", "soon"),
        ("away_until", "2030-01-01"),
        ("stand_in", "Nobody Here"),
        ("stand_in", "Hal Finch"),
        ("stand_in", "Priya"),
    ],
)
def test_what_cannot_be_so_comes_back_with_what_to_mend_and_changes_nothing(
    town: World, field: str, wrong: str
) -> None:
    """Too long, too many, no such choice; a stand-in whom she may not see, and herself."""
    priya = Desk(town, "york/priya")
    page = priya.send(ME, 422, **{**ALL, field: wrong})
    assert "There is a problem" in page
    assert priya.page.get_element_by_id("team").get("value") == "Resilience"
    with town.parts.database.reading() as session:
        assert session.get(Profile, person_id(town, "york/priya")) is None


def test_only_its_own_person_writes_a_profile(town: World) -> None:
    """The form has no field that names whose it is: whatever is sent along, it is the sender's."""
    Desk(town, "leeds/ann").send(ME, **ALL, person_id=person_id(town, "york/priya"))
    assert "Silt modelling" not in Desk(town, "leeds/ann").see("/people/york/priya")
    stranger = town.client()
    assert stranger.get(ME).headers["Location"].startswith("/sign-in")


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize(("word", "sees"), [("page", "abc"), ("council", "bc"), ("self", "c")])
def test_each_group_is_shown_to_whom_it_says(town: World, group: str, word: str, sees: str) -> None:
    """On the page, on the card: Ann of another council, Bo of the same, Priya herself."""
    with town.work() as uow:
        uow.session.get_one(Person, person_id(town, "york/priya")).email = "priya@york.example"
    Desk(town, "york/priya").send(ME, **{**ALL, "away_until": "2026-10-30", group: word})
    for key, who in (("a", "leeds/ann"), ("b", "york/bo"), ("c", "york/priya")):
        page = Desk(town, who).see("/people/york/priya")
        missing = [text for text in GROUPS[group] if text not in page]
        assert (missing == []) == (key in sees), (who, missing)
        assert bool(len(missing) == len(GROUPS[group])) == (key not in sees), (who, "a part of it is shown")


def test_what_is_for_me_only_is_in_no_finder_no_search_no_suggestion_and_no_count(town: World) -> None:
    Desk(town, "york/priya").send(ME, **{**ALL, **dict.fromkeys(GROUPS, "self")})
    town.index_all()
    asked = ("?q=silt", "?skill=silt+modelling", "?q=resilience", "?q=modeller", "?service=housing", "?place=West",
             "?q=gully", "?q=hindi")  # fmt: skip
    for who in ("leeds/ann", "york/bo"):
        assert [each for each in asked if found(town, who, each)] == []
        assert not in_search(town, who, "silt")
        assert "Silt modelling" not in Desk(town, who).see("/people")
        assert "Silt modelling" not in Desk(town, who).see(ME)
    assert [each for each in asked if found(town, "york/priya", each) != ["Priya Nair"]] == []


def test_a_councils_own_are_found_by_their_council_only_and_not_by_search(town: World) -> None:
    Desk(town, "york/priya").send(ME, **{**ALL, "knows_for": "council"})
    town.index_all()
    assert found(town, "york/bo", "?q=silt") == ["Priya Nair"]
    assert found(town, "leeds/ann", "?q=silt") == []
    assert not in_search(town, "york/bo", "silt")
    assert in_search(town, "leeds/ann", "resilience")


def test_what_is_taken_out_of_sight_is_out_of_search_before_it_is_indexed_again(town: World) -> None:
    Desk(town, "york/priya").send(ME, **ALL)
    town.index_all()
    assert in_search(town, "leeds/ann", "silt")
    Desk(town, "york/priya").send(ME, **{**ALL, "knows_for": "self"})
    assert not in_search(town, "leeds/ann", "silt")
    town.index_all()
    assert not in_search(town, "leeds/ann", "silt")
    assert in_search(town, "leeds/ann", "modeller")
    with town.parts.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Fence)) == 0


def test_an_absence_names_a_stand_in_whom_the_reader_may_see(town: World) -> None:
    """Hope is of Hull, whose pages only its own staff see; Bo is of York, and leaves."""
    town.add_person("hull/hope", name="Hope Lund")
    says(town, "york/priya", away_from=date(2026, 10, 19), away_until=date(2026, 10, 24),
         stand_in_id=person_id(town, "hull/hope"))  # fmt: skip
    page = Desk(town, "leeds/ann").see("/people/york/priya")
    assert "Away until 24 October" in page
    assert "Hope Lund" not in page
    Desk(town, "york/priya").send(ME, **{**ALL, "away_until": "24/10/2026", "stand_in": "bo r"})
    page = Desk(town, "leeds/ann").see("/people/york/priya")
    assert "Away until 24 October Ask Bo Reed" in page
    assert "Away until 24 October Ask Bo Reed" in card(town, "leeds/ann", "Priya Nair", "?q=silt")
    town.set_status("york/bo", "left")
    assert "Bo Reed" not in Desk(town, "leeds/ann").see("/people/york/priya")


@pytest.mark.parametrize(
    ("days", "said"), [(-2, ""), (0, "Away from 2 November until 6 November"), (13, "Away until 6 November"), (18, "")]
)
def test_an_absence_is_told_a_fortnight_before_and_not_after_its_last_day(town: World, days: int, said: str) -> None:
    says(town, "york/priya", away_from=date(2026, 11, 2), away_until=date(2026, 11, 6))
    town.parts.clock.move(days=days)  # type: ignore[attr-defined]  # a test's clock
    page = Desk(town, "leeds/ann").see("/people/york/priya")
    assert said in page
    assert ("Away" in page) == bool(said)


def test_of_several_with_a_name_one_is_chosen(town: World) -> None:
    town.add_person("york/bea", name="Bo Beck")
    priya = Desk(town, "york/priya")
    page = priya.send(ME, 422, **{**ALL, "away_until": "2026-10-30", "stand_in": "Bo"})
    assert "Choose one of them" in page
    assert "Bo Beck of York City Council" in page
    chosen = person_id(town, "york/bea")
    priya.send(ME, **{**ALL, "away_until": "2026-10-30", "stand_in": "Bo", "stand_in_is": chosen})
    assert "Ask Bo Beck" in Desk(town, "leeds/ann").see("/people/york/priya")


def test_without_a_profile_a_page_says_what_the_organisation_knows(town: World) -> None:
    assert "Analyst" in Desk(town, "leeds/ann").see("/people/york/priya")
    assert found(town, "leeds/ann", "?q=analyst") == ["Priya Nair"]


def test_a_guest_has_a_profile_and_the_councils_own_is_not_for_guests(town: World) -> None:
    says(town, "leeds/ann", ask_about="gullies", knows_for="council")
    town.give("guest:acme/gus", "read", "leeds", source="guest", until=date(2027, 1, 1))
    gus = Desk(town, "acme/gus")
    assert "gullies" not in gus.see("/people?q=gullies").split("Nobody")[-1]
    assert "Your profile" in gus.see(ME)


def test_what_is_typed_and_not_sent_is_offered_again(town: World) -> None:
    priya = Desk(town, "york/priya")
    priya.see(ME)
    token = html.fromstring(priya.browser.get(ME).text).xpath("//main//input[@name='form_token']/@value")[0]
    kept = priya.browser.post(f"/drafts?for={ME}", data={"skills": "lock keeping", "form_token": token})
    assert kept.status_code == 200, kept.text
    assert "your profile" in priya.see("/")
    priya.see(f"{ME}?draft=use")
    assert priya.page.get_element_by_id("skills").get("value") == "lock keeping"
    assert Desk(town, "leeds/ann").browser.get(f"{ME}?draft=use").text.count("lock keeping") == 0
