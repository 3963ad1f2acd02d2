"""Two conversations become one: nobody reads more by it, nothing is lost, and old addresses lead on."""

import pytest
from sqlalchemy import select

from hub.ground.db import Base
from hub.keeping.drafts import Typed, keep
from hub.nouns.talk.joining import OF_POSTS
from hub.nouns.talk.models import AcceptedAnswer, Follow, Holder, Notice, Post, PostText, PostTold, Thanks
from hub.nouns.threads.models import MergedThread, StageMove, Thread
from hub.nouns.threads.service import set_marking_and_state
from tests.hub.features.talk.conftest import Desk
from tests.hub.features.writing.conftest import place_id
from tests.hub.world import World


@pytest.fixture
def twice(town: World) -> str:
    """The same question, which Ann asked a second time, and which Bo answered with thanks."""
    node = town.add_thread("leeds/forum", "Registering wardens?", "leeds/ann", "Who knows?")
    town.post(node, "york/bo", "On paper.")
    return f"/threads/{node.removeprefix('thread:')}"


def own(address: str) -> str:
    return address.rpartition("/")[2]


def node_of(address: str) -> str:
    return f"thread:{own(address)}"


def merge(desk: Desk, address: str, into: str) -> str:
    """Mo reads what it means, and agrees."""
    page = desk.fill(f"{address}/merge", 200, into=own(into))
    assert "into" in page
    return desk.press("Merge them")


def test_mo_merges_a_question_that_was_asked_twice(town: World, asked: str, twice: str) -> None:
    """Numbers go on without a gap, and old addresses lead to where the posts stand now."""
    mo, bo = Desk(town, "leeds/mo"), Desk(town, "york/bo")
    mo.see(twice)
    assert "Merge into another" in " ".join(mo.page.itertext())
    assert "begins at post 3" in merge(mo, twice, asked)
    page = bo.see(asked)
    assert page.index("We use a") < page.index("From here on: “Registering wardens?”") < page.index("On paper.")
    assert bo.page.xpath("//section[@aria-labelledby='said']//article/@id") == [f"post-{n}" for n in (1, 2, 3, 4)]
    assert bo.browser.get(twice).location.endswith(f"{asked}#post-3")
    assert bo.browser.get(f"{twice}/posts/2").location.endswith(f"{asked}#post-4")
    assert town.post(node_of(asked), "leeds/ann", "Thanks.") == 5
    with town.parts.database.reading() as session:
        assert session.get(Thread, own(twice)) is None
        assert session.get_one(Thread, own(asked)).last_number == 5
    town.index_all()
    assert [hit.href.partition("?")[0] for hit in town.ask("york/bo", "paper").hits] == [asked]


def test_everything_that_hangs_on_a_post_goes_with_it(town: World, asked: str, twice: str) -> None:
    """Thanks, accepted answers, earlier texts, whom it was for, who keeps it, who follows it and whose news it is."""
    ann, bo, mo = Desk(town, "leeds/ann"), Desk(town, "york/bo"), Desk(town, "leeds/mo")
    ann.send(f"{twice}/posts/2/thank", on="yes")
    ann.send(f"{twice}/posts/2/accept", on="yes")
    bo.send(f"{twice}/posts/2/edit", body="On a form.", based_on="1")
    bo.send(f"{twice}/follow", level="all")
    mo.send(f"{asked}/follow", level="none")
    mo.send(f"{twice}/follow", level="all")
    ann.fill(f"{twice}?quote=2", body="For Mo.", tell="Mo Khan")
    with town.work() as uow:
        now = uow.now
        for who, node, number in (("leeds/mo", twice, 3), ("york/bo", twice, 3), ("york/bo", asked, 2)):
            person = town._person(uow, who).id
            uow.session.add(Notice(person_id=person, node=node_of(node), number=number, because="told", at=now))
    merge(mo, twice, asked)
    with town.parts.database.reading() as session:
        for table, numbers in ((Thanks, [4]), (AcceptedAnswer, [4]), (PostText, [4]), (PostTold, [5])):
            rows = session.execute(select(table.node, table.number)).all()
            assert rows == [(node_of(asked), number) for number in numbers], table
        assert session.get_one(Post, (node_of(asked), 5)).answers_to == 4
        assert session.get_one(Thread, own(asked)).stage == "answered"
        assert {row.node for row in session.scalars(select(Holder))} == {node_of(asked)}
        assert sorted(row.level for row in session.scalars(select(Follow))) == ["all", "none"]
        assert sorted(row.number for row in session.scalars(select(Notice))) == [2, 5]
        assert {row.node for row in session.scalars(select(Notice))} == {node_of(asked)}
    assert "The answer" in bo.see(asked)


@pytest.mark.parametrize("there", [True, False])
def test_it_stands_where_fewer_read_it_whichever_goes_into_which(town: World, asked: str, there: bool) -> None:
    """Legal is read by Mo alone; Mo is told first who loses what they read."""
    closed = f"/threads/{town.add_thread('leeds/legal', 'Advice?', 'leeds/mo', 'KESTREL').removeprefix('thread:')}"
    first, second = (closed, asked) if there else (asked, closed)
    mo, bo = Desk(town, "leeds/mo"), Desk(town, "york/bo")
    page = mo.fill(f"{first}/merge", 200, into=own(second))
    assert "which will be in “Legal”" in page
    assert "lose" in page or "no longer" in page
    assert "flood wardens" in bo.see(asked)
    mo.press("Merge them")
    for address in (first, second, f"{first}/posts/1"):
        assert bo.see(address, 404) == bo.see("/threads/zzzzzzzzzzzz", 404)
    assert "KESTREL" in mo.see(second)
    with town.parts.database.reading() as session:
        assert session.get_one(Thread, own(second)).place_id == place_id(town, "leeds/legal")


def test_where_neither_is_the_stricter_place_it_is_refused_in_words(town: World, asked: str) -> None:
    """Hana was given one of the two closed spaces, Ann the other."""
    town.add_space("leeds/rents", "private", name="Rents")
    town.give("person:leeds/ann", "read", "leeds/rents")
    town.give("person:leeds/mo", "manage", "leeds/rents")
    town.give("person:leeds/hana", "read", "leeds/legal")
    one, other = (
        town.add_thread(path, "Advice?", "leeds/mo").removeprefix("thread:") for path in ("leeds/rents", "leeds/legal")
    )
    assert "neither place is the stricter one" in Desk(town, "leeds/mo").fill(f"/threads/{one}/merge", 422, into=other)


def test_a_share_of_one_conversation_shows_nobody_the_other(town: World, asked: str) -> None:
    """Ann was given the one in Legal itself: she would read the other, so it is not put there."""
    one = town.add_thread("leeds/legal", "Advice?", "leeds/mo")
    other = town.add_thread("leeds/legal", "More advice?", "leeds/mo")
    town.give("person:leeds/ann", "read", one)
    mo = Desk(town, "leeds/mo")
    first, second = (f"/threads/{each.removeprefix('thread:')}" for each in (one, other))
    assert "neither place" in mo.fill(f"{second}/merge", 422, into=own(first))
    page = mo.fill(f"{first}/merge", 200, into=own(second))
    assert "Ann Shaw" in page or "1 person" in page
    mo.press("Merge them")
    Desk(town, "leeds/ann").see(second, 404)
    Desk(town, "leeds/ann").see(first, 404)


def test_both_must_be_theirs_to_manage_and_another_is_like_none(town: World, asked: str, twice: str) -> None:
    hana, mo = Desk(town, "leeds/hana"), Desk(town, "leeds/mo")
    hana.see(f"{twice}/merge", 403)
    hana.send(f"{twice}/merge", 403, into=own(asked))
    town.add_space("leeds/sealed", "confidential", name="Sealed")
    hidden = town.add_thread("leeds/sealed", "KESTREL", "leeds/hana").removeprefix("thread:")
    pages = [mo.fill(f"{twice}/merge", 422, into=each) for each in (hidden, "zzzzzzzzzzzz", own(twice), "")]
    assert len(set(pages)) == 1
    assert "Choose a conversation from the list" in pages[0]
    assert "KESTREL" not in mo.see(f"{twice}/merge?find=KESTREL")


def test_what_changed_since_it_was_shown_is_shown_again(town: World, asked: str, twice: str) -> None:
    """The other one was marked higher meanwhile: Mo is told, and asked once more."""
    mo = Desk(town, "leeds/mo")
    mo.fill(f"{twice}/merge", 200, into=own(asked))
    with town.work() as uow:
        set_marking_and_state(uow, uow.session.get_one(Thread, own(asked)), "OFFICIAL-SENSITIVE", "published")
    assert "Merge them" in mo.press("Merge them", 200)
    with town.parts.database.reading() as session:
        assert session.get(Thread, own(twice)) is not None
    mo.press("Merge them")
    with town.parts.database.reading() as session:
        assert session.get_one(Thread, own(asked)).marking == "OFFICIAL-SENSITIVE"


def test_an_answered_question_goes_into_a_question_only(town: World, asked: str) -> None:
    talk = town.add_thread("leeds/forum", "Wardens", "leeds/mo", sort="discussion").removeprefix("thread:")
    Desk(town, "york/bo").send(f"{asked}/posts/2/accept", on="yes")
    mo = Desk(town, "leeds/mo")
    assert "goes into another question only" in mo.fill(f"{asked}/merge", 422, into=talk)


def test_only_what_is_no_more_than_its_posts_is_merged(town: World, asked: str) -> None:
    idea = town.add_thread("leeds/forum", "Share one pump", "leeds/mo", sort="idea").removeprefix("thread:")
    mo = Desk(town, "leeds/mo")
    assert "Only questions and discussions become one" in mo.fill(f"{asked}/merge", 422, into=idea)


def test_what_is_held_or_was_let_go_by_a_schedule_stays_apart(town: World, asked: str, twice: str) -> None:
    with town.work() as uow:
        holder = uow.session.scalars(select(Holder).where(Holder.node == node_of(twice))).first()
        assert holder is not None
        holder.held_for = "A claim"
    mo = Desk(town, "leeds/mo")
    assert "stays apart" in mo.fill(f"{twice}/merge", 422, into=own(asked))


def test_whatever_hangs_on_a_post_is_known_to_those_who_merge() -> None:
    hanging = {
        table.name
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name == "posts"
    }
    carried = {table.__tablename__ for table in OF_POSTS} | {StageMove.__tablename__}  # of ideas, which none merges
    assert hanging == carried


def test_addresses_lead_on_through_two_merges_and_links_are_told_by_the_new_title(
    town: World, asked: str, twice: str
) -> None:
    third = f"/threads/{town.add_thread('leeds/forum', 'All of it', 'leeds/mo').removeprefix('thread:')}"
    town.post(node_of(third), "leeds/mo", f"See {twice}/posts/2.")
    mo, bo = Desk(town, "leeds/mo"), Desk(town, "york/bo")
    merge(mo, twice, asked)
    merge(mo, asked, third)
    assert bo.browser.get(f"{twice}/posts/2").location.endswith(f"{third}#post-6")
    bo.see(third)
    assert bo.page.xpath("//article[@id='post-2']//*[@class='hub-prose']//a/text()") == ["All of it"]
    with town.parts.database.reading() as session:
        assert sorted(row.after for row in session.scalars(select(MergedThread))) == [2, 4]


def test_what_somebody_was_writing_in_the_other_one_comes_back(town: World, asked: str, twice: str) -> None:
    town.app.config["WTF_CSRF_ENABLED"] = True
    bo = Desk(town, "york/bo")
    bo.see(twice)
    form = next(form for form in bo.page.iter("form") if form.get("action") == twice)
    fields = {f.get("name"): f.get("value") for f in form.iter("input")} | {"body": "A long thought."}
    town.app.config["WTF_CSRF_ENABLED"] = False
    merge(Desk(town, "leeds/mo"), twice, asked)
    town.app.config["WTF_CSRF_ENABLED"] = True
    answer = bo.browser.post(twice, data=fields)
    assert answer.status_code == 404
    assert "A long thought." in answer.text


def test_what_was_kept_of_typing_there_goes_along(town: World, asked: str, twice: str) -> None:
    """Bo was typing in both, Ann was editing what she said in the one that goes."""
    bo, ann = Desk(town, "york/bo"), Desk(town, "leeds/ann")
    kept = ((bo, twice, "There."), (bo, asked, "Here."), (ann, f"{twice}/posts/1/edit", "Who knows this?"))
    with town.work() as uow:
        for desk, address, body in kept:
            about = node_of(twice if twice in address else asked)
            person = town._person(uow, desk.handle).id
            keep(uow, person, Typed(address, address, "read", about), {"body": body, "based_on": "1"})
    merge(Desk(town, "leeds/mo"), twice, asked)
    bo.see(f"{asked}?draft=use")
    assert bo.page.get_element_by_id("body").text.split() == ["Here.", "There."]
    ann.see(f"{asked}/posts/3/edit?draft=use")
    assert ann.page.get_element_by_id("body").text.strip() == "Who knows this?"
