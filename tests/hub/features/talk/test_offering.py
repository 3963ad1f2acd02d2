"""What a space takes: its managers switch sorts on and off, what is there stays, and no text is lost by it."""

import pytest

from hub.nouns.documents.words import type_in_words
from hub.nouns.threads.sorts import SORTS
from hub.web.icons import icon
from tests.hub.features.talk.conftest import Desk
from tests.hub.features.writing.conftest import place_id, words_of
from tests.hub.world import World

ALL = ("question", "discussion", "news", "idea", "note", "event")


def choose(desk: Desk, forum: str, *sorts: str, status: int = 303) -> str:
    """Somebody chooses what can be begun, on the page that says what can be now."""
    desk.see(f"{forum}/sorts")
    seen = desk.page.xpath("//input[@name='seen']/@value")[0]
    return desk.send(f"{forum}/sorts", status, sort=list(sorts), seen=seen)


def begun(desk: Desk, forum: str) -> list[str]:
    """What a page of talk offers somebody to begin."""
    desk.see(forum)
    return [words_of(link) for link in desk.page.xpath("//a[contains(@href, '/new?kind=')]")]


def test_a_new_space_takes_questions_and_discussions_until_its_manager_says_otherwise(town: World, forum: str) -> None:
    mo, ann = Desk(town, "leeds/mo"), Desk(town, "leeds/ann")
    assert begun(ann, forum) == ["Ask a question", "Start a discussion"]
    assert "Choose what people can start here" in mo.see(forum)
    assert "From now on" in choose(mo, forum, "idea", "note")
    assert begun(ann, forum) == ["Put forward an idea", "Write a note"]
    assert begun(mo, forum) == ["Put forward an idea", "Start an ideas campaign", "Write a note"]
    choose(mo, forum, "question", "discussion")
    assert begun(ann, forum) == ["Ask a question", "Start a discussion"]


def test_what_was_asked_stays_and_is_answered_though_no_more_can_be_asked(town: World, forum: str, asked: str) -> None:
    choose(Desk(town, "leeds/mo"), forum, "news")
    ann = Desk(town, "leeds/ann")
    assert begun(ann, forum) == []
    assert "How do you register flood wardens?" in ann.see(forum)
    assert "By phone." in ann.fill(asked, body="By phone.")
    assert "its managers have switched that off" in ann.see(f"{forum}/new?kind=question", 403)


def test_what_bo_wrote_comes_back_where_questions_were_switched_off_meanwhile(town: World, forum: str) -> None:
    """With what else he may begin, and to a manager alone the way to switch it on."""
    bo, mo = Desk(town, "york/bo"), Desk(town, "leeds/mo")
    bo.see(f"{forum}/new?kind=question")
    seen = bo.page.xpath("//input[@name='seen']/@value")[0]
    choose(mo, forum, "discussion")
    page = bo.send(f"{forum}/new?kind=question", 422, name="How?", body="A long story.", seen=seen)
    assert "takes no new questions now" in page
    assert bo.page.get_element_by_id("body").text.strip() == "A long story."
    assert not bo.page.xpath("//nav[@aria-label='What to start']//a[contains(@href, 'kind=question')]")


@pytest.mark.parametrize("who", ["leeds/ann", "leeds/hana", "york/bo"])
def test_only_who_manages_the_space_chooses(town: World, forum: str, who: str) -> None:
    desk = Desk(town, who)
    assert "Choose what people can start" not in desk.see(forum)
    desk.see(f"{forum}/sorts", 403)
    desk.send(f"{forum}/sorts", 403, sort=list(ALL))


def test_a_hidden_space_is_like_none(town: World) -> None:
    hidden = f"/talk/{place_id(town, 'leeds/legal')}/sorts"
    assert Desk(town, "york/bo").see(hidden, 404) == Desk(town, "york/bo").see("/talk/zzzzzzzzzzzz/sorts", 404)


def test_two_managers_at_once_see_what_the_other_chose(town: World, forum: str) -> None:
    mo = Desk(town, "leeds/mo")
    mo.see(f"{forum}/sorts")
    seen = mo.page.xpath("//input[@name='seen']/@value")[0]
    choose(mo, forum, "news")
    page = mo.send(f"{forum}/sorts", 409, sort=["idea"], seen=seen)
    assert "People can start news here now." in page
    assert begun(mo, forum) == ["Write news"]


def test_folders_take_what_their_space_takes(town: World, forum: str) -> None:
    choose(Desk(town, "leeds/mo"), forum, "note")
    minutes = f"/talk/{place_id(town, 'leeds/forum/minutes')}/new?kind=note"
    ann = Desk(town, "leeds/ann")
    assert "Write a note" in ann.see(minutes)
    assert "takes no new ideas now" in ann.see(minutes.replace("note", "idea"), 422)


def test_only_who_edits_is_offered_news(town: World, forum: str) -> None:
    choose(Desk(town, "leeds/mo"), forum, "news", "question")
    assert begun(Desk(town, "leeds/ann"), forum) == ["Ask a question"]
    assert begun(Desk(town, "leeds/hana"), forum) == ["Ask a question", "Write news"]
    ann = Desk(town, "leeds/ann")
    assert "Only those who edit in this space" in ann.see(f"{forum}/new?kind=news", 422)


def test_a_note_is_short_has_no_title_and_stands_whole_in_the_list(town: World, forum: str) -> None:
    choose(Desk(town, "leeds/mo"), forum, "note")
    ann, bo = Desk(town, "leeds/ann"), Desk(town, "york/bo")
    long = "At the **pumping station** all day. " * 15
    assert "take 39 out" in ann.fill(f"{forum}/new?kind=note", 422, body=long)
    assert ann.page.get_element_by_id("body").text.strip() == long.strip()
    page = ann.fill(f"{forum}/new?kind=note", body="At the **pumping station**: the new pump runs.\n\nAsk me!")
    assert "At the pumping station: the new pump runs." in page
    assert "Ask me!" in bo.see(f"{forum}?show=notes")
    (here,) = bo.page.xpath("//ul[@class='hub-rows']//a[starts-with(@href, '/threads/')]/@href")
    ann.fill(f"{here}/posts/1/edit", body="At the depot.")
    bo.see(here)
    assert [words_of(title) for title in bo.page.iter("h1")] == ["At the depot."]
    listed = bo.see(f"{forum}?show=notes")
    assert "At the depot." in listed
    assert "Ask me!" not in listed


def test_where_no_questions_are_taken_nobody_is_sent_to_ask(town: World, forum: str) -> None:
    """Neither by the ask box nor by somebody's page."""
    place = forum.removeprefix("/talk/")
    ann = Desk(town, "leeds/ann")
    asks = (f"/ask?q=How+do+you+register+wardens&at={place}", "/ask/leeds/hana")
    assert [f"/talk/{place}/new" in ann.browser.get(ask).text for ask in asks] == [True, True]
    choose(Desk(town, "leeds/mo"), forum, "news")
    assert [f"/talk/{place}/new" in ann.browser.get(ask).text for ask in asks] == [False, False]


def test_a_note_that_is_withdrawn_says_none_of_its_words_any_more(town: World, forum: str) -> None:
    choose(Desk(town, "leeds/mo"), forum, "note")
    ann, bo = Desk(town, "leeds/ann"), Desk(town, "york/bo")
    ann.fill(f"{forum}/new?kind=note", body="The key of the depot is under the kingfisher.")
    ann.see(f"{forum}?show=notes")
    (here,) = ann.page.xpath("//ul[@class='hub-rows']//a[starts-with(@href, '/threads/')]/@href")
    ann.fill(f"{here}/posts/1/withdraw", reason="Not for everybody")
    town.index_all()
    for address in (f"{forum}?show=notes", here, "/", "/search?q=depot"):
        assert "kingfisher" not in bo.see(address), address
    assert town.ask("york/bo", "kingfisher").hits == ()


def test_every_sort_is_called_and_drawn_as_what_it_is() -> None:
    for sort in SORTS.values():
        assert type_in_words(sort.key) == sort.one
        assert icon(sort.one) != icon("File"), sort.key
