"""An answer opened instead of asking is a question saved: counted by space, and nobody can tell whose it was."""

from collections.abc import Iterable

import pytest
from sqlalchemy import select

from hub.features.people.models import AnswerOpened, QuestionsSaved
from hub.features.people.saved import count_round
from hub.ground.db import Database
from tests.hub.features.talk.conftest import Desk, place_id
from tests.hub.features.talk.conftest import the_town as the_forum
from tests.hub.once import Begin
from tests.hub.world import TestClock, World

ASK = "/ask?q=How+do+you+register+wardens%3F"


@pytest.fixture
def forum(begin: Begin, database: Database) -> World:
    """A question about wardens in the Flood forum of Leeds, with an answer; six more of York may read there."""
    world = begin(the_forum, database)
    world.app.config["WTF_CSRF_ENABLED"] = False
    node = world.add_thread("leeds/forum", "How do you register wardens?", "leeds/hana", "On paper so far.")
    world.post(node, "leeds/ann", "We use a form.")
    for number in range(6):
        world.add_person(f"york/reader-{number}")
    world.index_all()
    return world


def answers(desk: Desk) -> list[str]:
    desk.see(ASK)
    return [str(href) for href in desk.page.xpath("//section[@aria-labelledby='answers']//a/@href")]


def open_answer(world: World, who: str, times: int = 1) -> None:
    """Somebody asks the box, and opens the first answer."""
    for _ in range(times):
        desk = Desk(world, who)
        answer = desk.browser.get(answers(desk)[0])
        assert answer.status_code == 303
        assert answer.location.startswith("/threads/")
        assert desk.browser.get(answer.location).status_code == 200


def next_day(world: World) -> None:
    clock = world.parts.clock
    assert isinstance(clock, TestClock)
    clock.move(days=1)
    count_round(world.parts)


def saved(world: World) -> list[int]:
    with world.parts.database.reading() as session:
        return list(session.scalars(select(QuestionsSaved.count)))


def texts(rows: Iterable[object]) -> str:
    return " ".join(str(value) for row in rows for value in vars(row).values())


def test_each_answer_counts_once_for_each_person_and_day_on_the_day_after(forum: World) -> None:
    open_answer(forum, "york/bo", times=3)
    open_answer(forum, "york/reader-1")
    count_round(forum.parts)
    assert saved(forum) == [], "the day is not over"
    next_day(forum)
    assert saved(forum) == [2]
    open_answer(forum, "york/bo")
    next_day(forum)
    assert sorted(saved(forum)) == [1, 2]


def test_no_name_is_kept_and_nothing_but_numbers_after_the_day(forum: World) -> None:
    open_answer(forum, "york/bo")
    with forum.parts.database.reading() as session:
        (mark,) = session.scalars(select(AnswerOpened)).all()
        assert "york/bo" not in texts([mark])
    first = mark.mark
    next_day(forum)
    with forum.parts.database.reading() as session:
        assert session.scalars(select(AnswerOpened)).all() == []
    open_answer(forum, "york/bo")
    with forum.parts.database.reading() as session:
        assert session.scalars(select(AnswerOpened.mark)).one() != first


def test_whoever_asks_all_the_same_saved_nothing(forum: World) -> None:
    open_answer(forum, "york/bo")
    forum.add_thread("leeds/forum", "And who pays for the wardens?", "york/bo", "I found nothing.")
    next_day(forum)
    assert saved(forum) == []


def test_what_one_may_not_read_is_not_there_to_be_opened_or_counted(forum: World) -> None:
    hidden = forum.add_document("leeds/legal", "KESTREL", "Wardens.", owner="person:leeds/mo").removeprefix("doc:")
    bo = Desk(forum, "york/bo")
    pages = [bo.see(f"/ask/open/{path}", 404) for path in (f"doc/{hidden}", "doc/zzzzzzzzzzzz", "toy/zzzzzzzzzzzz")]
    assert pages[0] == pages[1] == pages[2]
    with forum.parts.database.reading() as session:
        assert session.scalars(select(AnswerOpened)).all() == []


def test_the_manager_reads_the_figures_and_small_ones_are_not_told(forum: World) -> None:
    here = f"/figures/{place_id(forum, 'leeds/forum')}"
    forum.give("person:leeds/mo", "manage", "leeds/forum")
    for number in range(4):
        open_answer(forum, f"york/reader-{number}")
    next_day(forum)
    assert "How questions fare here" in Desk(forum, "leeds/mo").see(here.replace("figures", "settings"))
    page = Desk(forum, "leeds/mo").see(here)
    assert "Questions saved fewer than 5" in page
    assert "Too few to tell" in page
    for number in range(5):
        node = forum.add_thread("leeds/forum", f"Question {number}", "leeds/hana", "Who knows?")
        forum.parts.clock.move(hours=number + 1)  # type: ignore[attr-defined]
        forum.post(node, "leeds/ann", "I do.")
        open_answer(forum, f"york/reader-{number}")
    next_day(forum)
    page = Desk(forum, "leeds/mo").see(here)
    assert "Questions saved 9" in page
    assert "Questions asked 6" in page
    assert "2 hours or less, for half of those that have one" in page


def test_the_figures_are_for_whoever_manages_the_space_alone(forum: World) -> None:
    here = f"/figures/{place_id(forum, 'leeds/forum')}"
    assert "How questions fare here" not in Desk(forum, "york/bo").see(here, 403)
    legal = f"/figures/{place_id(forum, 'leeds/legal')}"
    assert Desk(forum, "york/bo").see(legal, 404) == Desk(forum, "york/bo").see("/figures/zzzzzzzzzzzz", 404)
