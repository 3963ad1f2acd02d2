"""The ask box: answers before a question is posted (conversation notes, 9: the ask box)."""

import pytest

from hub.ground.db import Database
from tests.hub.features.talk.conftest import Desk
from tests.hub.features.talk.conftest import the_town as the_forum
from tests.hub.once import Begin
from tests.hub.world import World


@pytest.fixture
def forum(begin: Begin, database: Database) -> World:
    world = begin(the_forum, database)
    world.app.config["WTF_CSRF_ENABLED"] = False
    return world


def test_hal_of_another_council_finds_the_answer_and_posts_nothing(forum: World) -> None:
    """Typed as a sentence: the answered question, and who answered it, before any form."""
    node = forum.add_thread("leeds/forum", "How do you register volunteer wardens?", "leeds/hana", "On paper so far.")
    forum.post(node, "leeds/ann", "We use a form for wardens.")
    forum.index_all()
    bo = Desk(forum, "york/bo")
    page = bo.see("/ask?q=How+do+you+register+your+volunteer+wardens%3F")
    assert "How do you register volunteer wardens?" in page
    assert "Needs an answer" in page
    (found, *_) = bo.page.xpath("//section[@aria-labelledby='answers']//a/@href")
    assert bo.browser.get(found).location.startswith(f"/threads/{node.removeprefix('thread:')}")


def test_home_to_a_posted_question_in_three_clicks(forum: World) -> None:
    """Ask on home, choose the space, post."""
    bo = Desk(forum, "york/bo")
    bo.see("/")
    assert bo.page.xpath("//form[@action='/ask']")
    forum.add_document("leeds/forum", "Sandbags", "Where the sandbags lie.")
    forum.index_all()
    bo.see("/ask?q=Who+lends+sandbags%3F")
    (where,) = bo.page.xpath("//section[@aria-labelledby='post']//a[contains(@href, '/talk/')]/@href")
    assert "name=Who+lends+sandbags" in where
    bo.see(where)
    assert bo.page.get_element_by_id("name").get("value") == "Who lends sandbags?"
    assert "Needs an answer" in bo.fill(where, name="Who lends sandbags?", body="We need 400 by Friday.")


def test_nothing_hidden_answers_and_no_space_is_offered_in_which_one_may_not_write(forum: World) -> None:
    forum.add_document("leeds/legal", "KESTREL", "Wardens are privileged.", owner="person:leeds/mo")
    forum.add_thread("leeds/legal", "Wardens KESTREL", "leeds/mo", "Wardens.")
    forum.add_space("leeds/housing", "restricted", name="Housing")
    forum.give("org:york", "read", "leeds/housing")
    forum.add_document("leeds/housing", "Wardens of houses", "Words.")
    forum.index_all()
    bo = Desk(forum, "york/bo")
    page = bo.see("/ask?q=wardens")
    assert "KESTREL" not in page
    assert "Wardens of houses" in page
    assert [a.text for a in bo.page.xpath("//section[@aria-labelledby='post']//a")] in ([], ["Flood forum"])
    assert "KESTREL" in Desk(forum, "leeds/mo").see("/ask?q=wardens")


def test_where_one_asks_from_comes_first(forum: World) -> None:
    from tests.hub.features.writing.conftest import place_id

    at = place_id(forum, "leeds/forum")
    mo = Desk(forum, "leeds/mo")
    forum.add_space("leeds/news", "open", name="News")
    forum.add_document("leeds/news", "Wardens", "Words on wardens.")
    forum.index_all()
    mo.see(f"/ask?q=wardens&at={at}")
    assert [a.text for a in mo.page.xpath("//section[@aria-labelledby='post']//a")][:2] == ["Flood forum", "News"]
    mo.see("/ask?q=wardens&at=nowhere")


def test_an_empty_box_asks_nothing(forum: World) -> None:
    page = Desk(forum, "york/bo").see("/ask")
    assert "Post your question" not in page
    assert "What do you want to know?" in page
