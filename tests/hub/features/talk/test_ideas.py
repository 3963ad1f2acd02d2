"""Ideas: supported once each, brought from new to done with a reason and a value, gathered in campaigns (notes, 1)."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from hub.access.models import Person, Place
from hub.features.hearing.telling import tell_round
from hub.ground.clock import LONDON
from hub.ground.errors import Invalid
from hub.nouns.talk.models import Vote
from hub.nouns.threads.deciding import read_pounds
from hub.nouns.threads.models import Thread
from hub.nouns.threads.service import NewThread, open_thread
from hub.nouns.threads.sorts import SORTS
from tests.hub.features.talk.conftest import Desk
from tests.hub.features.writing.conftest import words_of
from tests.hub.world import World


@pytest.fixture
def ideas(town: World, forum: str) -> str:
    """Where the forum takes ideas, and nothing else."""
    mo = Desk(town, "leeds/mo")
    mo.send(f"{forum}/sorts", sort=["idea"], seen=seen_of(mo, f"{forum}/sorts"))
    return forum


@pytest.fixture
def idea(town: World, ideas: str) -> str:
    """Where Bo's idea is."""
    node = town.add_thread("leeds/forum", "One gritting contract for both", "york/bo", "We pay twice.", sort="idea")
    return f"/threads/{node.removeprefix('thread:')}"


def seen_of(desk: Desk, address: str) -> str:
    desk.see(address)
    return str(desk.page.xpath("//input[@name='seen']/@value")[0])


def row(town: World, idea: str) -> Thread:
    with town.parts.database.reading() as session:
        return session.get_one(Thread, idea.rpartition("/")[2])


def votes(town: World) -> int:
    with town.parts.database.reading() as session:
        return session.scalar(select(func.count()).select_from(Vote)) or 0


def titles(desk: Desk, address: str) -> list[str]:
    desk.see(address)
    return [words_of(link) for link in desk.page.xpath("//ul[@class='hub-rows']//a[starts-with(@href, '/threads/')]")]


def test_an_idea_goes_from_new_to_pounds_realised(town: World, ideas: str) -> None:
    """Bo has it, Ann supports it, Hana who edits says what comes of it, and the space says what it was worth."""
    bo, ann, hana = Desk(town, "york/bo"), Desk(town, "leeds/ann"), Desk(town, "leeds/hana")
    bo.fill(f"{ideas}/new?kind=idea", name="One gritting contract for both", body="We pay twice.")
    assert titles(ann, ideas) == ["One gritting contract for both"]
    (here,) = ann.page.xpath("//ul[@class='hub-rows']//a[starts-with(@href, '/threads/')]/@href")
    assert "New" in ann.see(here)
    assert "1 person supports this" in ann.press("Support this")
    assert "Consider it" not in ann.see(here)
    for step, fields, said in (
        ("considered", {}, "This is being looked into."),
        ("accepted", {"body": "Both winters are tendered together."}, "Both winters are tendered together."),
        ("done", {"done_on": town.parts.today.isoformat(), "worth": "£12,400"}, "was worth £12,400"),
    ):
        assert said in hana.fill(f"{here}/stage/{step}", **fields)
    assert "Done" in bo.see(here)
    assert "£12,400 realised by 1 idea that is done." in bo.see(f"{ideas}?show=ideas")
    assert "Support this" not in ann.see(here)
    tell_round(town.parts)
    assert "commented on your idea" in bo.see("/notices")


def test_support_is_one_each_and_can_be_taken_back(town: World, idea: str) -> None:
    """A second press of the same button is no fault, in either direction."""
    ann = Desk(town, "leeds/ann")
    for _ in range(2):
        ann.send(f"{idea}/vote", word="support", on="yes", seen=seen_of(ann, idea))
    assert votes(town) == 1
    for _ in range(2):
        ann.send(f"{idea}/vote", word="support", on="no", seen=seen_of(ann, idea))
    assert votes(town) == 0
    ann.send(f"{idea}/vote", 400, word="applause", on="yes", seen=seen_of(ann, idea))


def test_who_may_only_read_supports_nothing_and_who_sees_nothing_gets_what_is_not_there(town: World) -> None:
    town.add_space("leeds/housing", "restricted", name="Housing")
    town.give("org:york", "read", "leeds/housing")
    node = town.add_thread("leeds/housing", "Solar roofs", "leeds/mo", "On all.", sort="idea")
    here, bo, gus = f"/threads/{node.removeprefix('thread:')}", Desk(town, "york/bo"), Desk(town, "acme/gus")
    assert "Support this" not in bo.see(here)
    bo.send(f"{here}/vote", 403, word="support", on="yes")
    gus.send(f"{here}/vote", 404, word="support", on="yes")
    gus.see(f"{here}/stage/accepted", 404)
    assert votes(town) == 0


def test_a_no_has_a_reason_that_all_read(town: World, idea: str) -> None:
    hana = Desk(town, "leeds/hana")
    assert "Say why" in hana.fill(f"{idea}/stage/declined", 422, body=" ")
    assert row(town, idea).stage == "new"
    ann = Desk(town, "leeds/ann")
    ann.send(f"{idea}/vote", word="support", on="yes", seen=seen_of(ann, idea))
    hana.fill(f"{idea}/stage/declined", body="The depots are too far apart.")
    tell_round(town.parts)
    assert "decided on what you supported" in ann.see("/notices")
    page = Desk(town, "york/bo").see(idea)
    assert "Declined" in page
    assert "The depots are too far apart." in page


@pytest.mark.parametrize("who", ["leeds/ann", "york/bo"])
def test_only_who_edits_in_the_space_says_what_comes_of_it(town: World, idea: str, who: str) -> None:
    """Not even whoever had the idea."""
    desk = Desk(town, who)
    desk.see(f"{idea}/stage/accepted", 403)
    desk.send(f"{idea}/stage/accepted", 403, body="Mine!")
    assert row(town, idea).stage == "new"


def test_of_two_who_decide_at_once_the_second_sees_what_the_first_said(town: World, idea: str) -> None:
    """What the second wrote is still in the form."""
    hana, mo = Desk(town, "leeds/hana"), Desk(town, "leeds/mo")
    seen = seen_of(mo, f"{idea}/stage/accepted")
    hana.fill(f"{idea}/stage/declined", body="Too far.")
    page = mo.send(f"{idea}/stage/accepted", 409, body="Good thinking.", seen=seen)
    assert "it is “Declined” now" in page
    assert mo.page.get_element_by_id("body").text.strip() == "Good thinking."
    assert row(town, idea).stage == "declined"


@pytest.mark.parametrize(
    ("worth", "said"),
    [("12.50", "without pence"), ("lots", "in whole pounds"), ("", "in whole pounds"), ("-5", "in whole pounds"),
     ("1,2,3", "in whole pounds"), ("999999999999", "check the number")],
)  # fmt: skip
def test_pounds_are_whole_and_the_page_says_how(town: World, idea: str, worth: str, said: str) -> None:
    hana = Desk(town, "leeds/hana")
    hana.fill(f"{idea}/stage/accepted", body="Yes.")
    assert said in hana.fill(f"{idea}/stage/done", 422, done_on=town.parts.today.isoformat(), worth=worth)
    assert hana.page.get_element_by_id("worth").get("value") == worth
    assert row(town, idea).stage == "accepted"


@pytest.mark.parametrize(("typed", "pounds"), [("12400", 12400), ("12,400", 12400), ("£1,000,000", 1000000), ("0", 0)])
def test_pounds_may_have_commas_and_a_sign(typed: str, pounds: int) -> None:
    assert read_pounds(typed) == pounds
    with pytest.raises(Invalid):
        read_pounds(f"{typed}p")


def test_nothing_is_done_tomorrow(town: World, idea: str) -> None:
    hana = Desk(town, "leeds/hana")
    hana.fill(f"{idea}/stage/accepted", body="Yes.")
    tomorrow = (town.parts.today + timedelta(days=1)).isoformat()
    assert "today or earlier" in hana.fill(f"{idea}/stage/done", 422, done_on=tomorrow, worth="5")


def test_what_is_not_done_after_all_is_worth_nothing_any_more(town: World, ideas: str, idea: str) -> None:
    hana = Desk(town, "leeds/hana")
    hana.fill(f"{idea}/stage/accepted", body="Yes.")
    hana.fill(f"{idea}/stage/done", done_on=town.parts.today.isoformat(), worth="500")
    hana.fill(f"{idea}/stage/accepted", body="The contract fell through.")
    assert (row(town, idea).worth, row(town, idea).done_on) == (None, None)
    assert "realised" not in hana.see(f"{ideas}?show=ideas")


def test_ideas_are_listed_by_support_within_their_stage(town: World, ideas: str, idea: str) -> None:
    other = town.add_thread("leeds/forum", "Solar roofs", "leeds/ann", "On all.", sort="idea")
    third = town.add_thread("leeds/forum", "Fewer printers", "leeds/ann", "Really.", sort="idea")
    where = f"/threads/{other.removeprefix('thread:')}"
    for who in ("leeds/ann", "york/bo"):
        desk = Desk(town, who)
        desk.send(f"{where}/vote", word="support", on="yes", seen=seen_of(desk, where))
    hana = Desk(town, "leeds/hana")
    hana.send(f"{idea}/vote", word="support", on="yes", seen=seen_of(hana, idea))
    hana.fill(f"/threads/{third.removeprefix('thread:')}/stage/considered", body="Counting them.")
    assert titles(hana, f"{ideas}?show=ideas") == ["Solar roofs", "One gritting contract for both", "Fewer printers"]


def test_a_sum_counts_only_what_its_reader_may_see(town: World, ideas: str, idea: str) -> None:
    """Bo of York sees no pound of an idea in a folder that is closed to him."""
    town.add_space("leeds/forum/inner", "private", name="Inner")
    town.give("person:leeds/mo", "manage", "leeds/forum/inner")
    hidden = town.add_thread("leeds/forum/inner", "KESTREL", "leeds/mo", "KESTREL", sort="idea")
    mo = Desk(town, "leeds/mo")
    for here, worth in ((idea, "100"), (f"/threads/{hidden.removeprefix('thread:')}", "1000")):
        mo.fill(f"{here}/stage/accepted", body="Yes.")
        mo.fill(f"{here}/stage/done", done_on=town.parts.today.isoformat(), worth=worth)
    assert "£1,100 realised by 2 ideas" in mo.see(f"{ideas}?show=ideas")
    assert "£100 realised by 1 idea" in Desk(town, "york/bo").see(f"{ideas}?show=ideas")


def campaign(town: World, ideas: str) -> str:
    """Hana asks for ideas up to in a week; where that is."""
    hana = Desk(town, "leeds/hana")
    last = (town.parts.clock.now() + timedelta(days=7)).astimezone(LONDON).date().isoformat()
    hana.fill(f"{ideas}/new?kind=campaign", name="How do we heat for less?", body="Tell us.", closes=last)
    return str(next(href for href in hana_links(hana, ideas)))


def hana_links(desk: Desk, address: str) -> list[str]:
    desk.see(f"{address}?show=campaigns")
    return list(desk.page.xpath("//ul[@class='hub-rows']//a[starts-with(@href, '/threads/')]/@href"))


def test_a_campaign_takes_ideas_up_to_its_last_day_and_shows_them(town: World, ideas: str) -> None:
    here, bo = campaign(town, ideas), Desk(town, "york/bo")
    assert "It takes ideas up to the end of" in bo.see(here)
    (begin,) = [link.get("href") for link in bo.page.iter("a") if words_of(link) == "Put forward an idea"]
    page = bo.fill(begin, name="Turn it down", body="By one degree.", campaign=here.rpartition("/")[2])
    assert "It answers How do we heat for less?" in page
    assert "Turn it down" in bo.see(here)
    (where,) = [link.get("href") for link in bo.page.iter("a") if words_of(link) == "Turn it down"]
    ann = Desk(town, "leeds/ann")
    seen = seen_of(ann, where)
    town.parts.clock.move(days=9)
    ann, bo = Desk(town, "leeds/ann"), Desk(town, "york/bo")
    assert "The last day was" in bo.see(here)
    assert "Put forward an idea" not in [words_of(link) for link in bo.page.iter("a")]
    assert "Support this" not in ann.see(where)
    assert "It is closed" in ann.send(f"{where}/vote", 409, word="support", on="yes", seen=seen)
    new = f"{ideas}/new?kind=idea&campaign={here.rpartition('/')[2]}"
    page = bo.fill(new, 422, name="Later", body="A long text.", campaign=here.rpartition("/")[2])
    assert "The campaign is closed" in page
    assert bo.page.get_element_by_id("body").text.strip() == "A long text."


def test_a_campaign_without_a_last_day_or_with_one_that_is_past_is_refused(town: World, ideas: str) -> None:
    hana = Desk(town, "leeds/hana")
    for closes, said in (("", "day"), ("1 January 2020", "today or later"), ("soon", "day")):
        page = hana.fill(f"{ideas}/new?kind=campaign", 422, name="How?", body="Tell us.", closes=closes)
        assert said in page
        assert hana.page.get_element_by_id("body").text.strip() == "Tell us."


def test_an_idea_is_put_forward_in_no_campaign_that_its_author_cannot_see(town: World, ideas: str) -> None:
    """A hidden one is like none."""
    with town.work() as uow:
        place = uow.session.scalars(select(Place).where(Place.path == "leeds/legal")).one()
        mo = uow.session.scalars(select(Person).where(Person.handle == "leeds/mo")).one()
        closes = uow.now + timedelta(days=5)
        hidden = open_thread(uow, place, mo, NewThread("campaign", "KESTREL", "KESTREL", closes_at=closes)).id
    bo = Desk(town, "york/bo")
    for there in (hidden, "zzzzzzzzzzzz"):
        assert "KESTREL" not in bo.see(f"{ideas}/new?kind=idea&campaign={there}", 404)
        bo.send(f"{ideas}/new?kind=idea", 404, name="How?", body="So.", campaign=there)


def test_every_step_leads_from_a_stage_to_a_stage_of_its_sort() -> None:
    for sort in SORTS.values():
        words = set(sort.stages)
        assert all(step.stage in words and step.sources <= words for step in sort.steps)
        assert all(ballot.stages <= words for ballot in sort.ballots.values())
        assert sort.switch in SORTS


def test_ideas_that_are_switched_off_are_put_forward_in_no_campaign(town: World, ideas: str) -> None:
    """The button would lead to nothing but a refusal."""
    here, mo, bo = campaign(town, ideas), Desk(town, "leeds/mo"), Desk(town, "york/bo")
    mo.send(f"{ideas}/sorts", sort=["question"], seen=seen_of(mo, f"{ideas}/sorts"))
    assert "It takes ideas up to the end of" in bo.see(here)
    assert "Put forward an idea" not in [words_of(link) for link in bo.page.iter("a")]
    mo.see(ideas)
    assert "Start an ideas campaign" not in [words_of(link) for link in mo.page.iter("a")]


def test_a_campaign_gets_another_last_day_which_a_post_says(town: World, ideas: str) -> None:
    """Hana, who edits there, gives it another week; Bo, who follows it, hears of that, and may put forward one more."""
    here, hana, bo = campaign(town, ideas), Desk(town, "leeds/hana"), Desk(town, "york/bo")
    before, after = (f"{town.parts.today + timedelta(days=days):%-d %B %Y}" for days in (7, 14))
    bo.send(f"{here}/follow", level="all")
    assert "Change the last day" in hana.see(here)
    page = hana.fill(f"{here}/last-day", closes=after, body="Two depots asked for more time.")
    assert f"The last day is now {after}. It was {before}." in page
    assert "Two depots asked for more time." in page
    assert f"It takes ideas up to the end of {after}" in bo.see(here)
    tell_round(town.parts)
    assert "How do we heat for less?" in bo.see("/notices")
    town.parts.clock.move(days=10)
    bo = Desk(town, "york/bo")
    bo.see(here)
    assert "Put forward an idea" in [words_of(link) for link in bo.page.iter("a")]


def test_a_campaign_that_is_over_takes_ideas_again_once_it_has_another_last_day(town: World, ideas: str) -> None:
    here = campaign(town, ideas)
    town.parts.clock.move(days=30)
    hana = Desk(town, "leeds/hana")
    assert "The last day was" in hana.see(here)
    hana.fill(f"{here}/last-day", closes=town.parts.today.isoformat())
    assert "It takes ideas up to the end of" in hana.see(here)
    hana.press("Close it")
    assert "Change the last day" not in hana.see(here)
    assert "Open it again before" in hana.fill(f"{here}/last-day", 409, closes="1 May 2099", body="Mine.")
    assert hana.page.get_element_by_id("body").text.strip() == "Mine."


@pytest.mark.parametrize(
    ("closes", "said"),
    [("", "Enter a day"), ("soon", "Enter a day"), ("1 January 2020", "today or later"), ("30/02/2027", "no such day")],
)
def test_a_last_day_that_is_none_comes_back_with_what_was_written(
    town: World, ideas: str, closes: str, said: str
) -> None:
    here, hana = campaign(town, ideas), Desk(town, "leeds/hana")
    assert said in hana.fill(f"{here}/last-day", 422, closes=closes, body="Because.")
    assert hana.page.get_element_by_id("closes").get("value") == closes
    assert hana.page.get_element_by_id("body").text.strip() == "Because."
    assert row(town, here).last_number == 1


def test_the_last_day_that_there_is_can_be_chosen_and_the_same_one_again_says_nothing(town: World, ideas: str) -> None:
    here, hana = campaign(town, ideas), Desk(town, "leeds/hana")
    assert "31 December 9999" in hana.fill(f"{here}/last-day", closes="31/12/9999")
    assert "That was the last day already." in hana.fill(f"{here}/last-day", closes="31/12/9999")
    assert row(town, here).last_number == 2


def test_of_two_who_change_the_last_day_the_second_sees_what_the_first_said(town: World, ideas: str) -> None:
    here, hana, mo = campaign(town, ideas), Desk(town, "leeds/hana"), Desk(town, "leeds/mo")
    seen = seen_of(mo, f"{here}/last-day")
    hana.fill(f"{here}/last-day", closes="1 May 2099")
    page = mo.send(f"{here}/last-day", 409, closes="1 June 2099", body="Summer.", seen=seen)
    assert "The last day is 1 May 2099 now." in page
    assert mo.page.get_element_by_id("closes").get("value") == "1 June 2099"


def test_only_who_edits_there_changes_the_last_day_and_only_of_what_has_one(town: World, ideas: str, idea: str) -> None:
    here = campaign(town, ideas)
    for who in ("leeds/ann", "york/bo"):
        desk = Desk(town, who)
        assert "Change the last day" not in desk.see(here)
        desk.see(f"{here}/last-day", 403)
        desk.send(f"{here}/last-day", 403, closes="1 May 2099")
    Desk(town, "leeds/hana").see(f"{idea}/last-day", 404)


@pytest.mark.parametrize(
    ("stage", "looks"),
    [("new", "official"), ("considered", "draft"), ("accepted", "public"), ("declined", "archived")],
)
def test_an_idea_that_was_declined_looks_like_no_success(
    town: World, ideas: str, idea: str, stage: str, looks: str
) -> None:
    """In lists and on its page: green is for what was accepted or done."""
    hana = Desk(town, "leeds/hana")
    if stage != "new":
        hana.fill(f"{idea}/stage/{stage}", body="Because.")
    for address in (idea, ideas):
        hana.see(address)
        tags = [
            (words_of(tag), tag.get("class")) for tag in hana.page.xpath("//main//span[contains(@class, 'hub-tag')]")
        ]
        said = [look for words, look in tags if words == SORTS["idea"].stages[stage]]
        assert set(said) == {f"hub-tag hub-tag--{looks}"}


def test_a_campaign_says_what_it_asks_for_before_the_ideas_and_comments_come_below(town: World, ideas: str) -> None:
    here = campaign(town, ideas)
    for number in range(3):
        town.add_thread("leeds/forum", f"Other {number}", "leeds/ann", "So.", sort="idea")
    bo = Desk(town, "york/bo")
    bo.fill(f"{ideas}/new?kind=idea", name="Turn it down", body="By a degree.", campaign=here.rpartition("/")[2])
    Desk(town, "leeds/ann").fill(here, body="May schools take part?")
    page = bo.see(here)
    places = [page.index(words) for words in ("Tell us.", "Ideas so far", "Turn it down", "May schools take part?")]
    assert places == sorted(places)
    assert page.count("Tell us.") == 1
    assert "Post 1 , " in page
