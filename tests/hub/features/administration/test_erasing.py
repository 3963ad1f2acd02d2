"""Taking personal data out of a post for good: by whom, with which reason, and that nothing is left of it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from hub.access.models import Person
from hub.ground.db import Database
from hub.ground.unit_of_work import AuditEntry
from hub.keeping.drafts import Typed, keep
from hub.keeping.models import TypedDraft
from hub.nouns.talk.models import Post, PostReport, PostText
from hub.nouns.talk.service import edit_post, post_for_writing, withdraw_post
from hub.nouns.threads.events import When, announce
from hub.nouns.threads.merging import merge_threads
from hub.nouns.threads.models import Thread
from tests.hub.features.administration.test_records import taken, the_town
from tests.hub.features.writing.conftest import Desk, words_of
from tests.hub.once import Begin
from tests.hub.world import World

HERE = "/admin/york/records/post"
REASON = "It named a resident"


@pytest.fixture
def town(begin: Begin, database: Database) -> World:
    world = begin(the_town, database)
    world.app.config["WTF_CSRF_ENABLED"] = False
    return world


@pytest.fixture
def named(town: World) -> tuple[str, int]:
    """A post of Bo's in Leeds' forum that names a resident, now and before; and somebody quotes him."""
    forum, _ = town.told
    number = town.post(forum, "york/bo", "Mrs Jane\nGraves of Elm Row has the key.")
    with town.work() as uow:
        edit_post(uow, post_for_writing(uow.session, forum, number), 1, "Ask Mrs JANE GRAVES for the key.")
    town.post(forum, "leeds/ann", "> Jane Graves\n\nWho is that?")
    town.index_all()
    return forum, number


def ask(desk: Desk, post: tuple[str, int], status: int = 200, **fields: Any) -> str:
    """Ask that something be taken out of a post; the words of the page that asks once more."""
    desk.see(address(post))
    return desk.fill(address(post), status, **{"way": "span", "reason": REASON} | fields)


def address(post: tuple[str, int], slug: str = "york") -> str:
    return f"/admin/{slug}/records/post?node={post[0]}&number={post[1]}"


def test_an_officer_takes_a_name_out_of_every_text_of_a_post(town: World, named: tuple[str, int]) -> None:
    """She sees how each will read first; afterwards no page, export, text or index holds it, and a line says why."""
    rita, (node, number) = Desk(town, "york/rita"), named
    page = ask(rita, named, span="jane graves")
    assert "Ask Mrs [removed] for the key." in page
    assert "Mrs [removed] of Elm Row has the key." in page
    assert f"stand in post {number + 1} of this conversation too" in page
    assert "Backups made before today" in page
    assert texts(town, named)[0] == "Ask Mrs JANE GRAVES for the key.", "nothing is done before she agrees"
    rita.press("Remove it for good")
    assert texts(town, named) == ["Ask Mrs [removed] for the key.", "Mrs [removed] of Elm Row has the key."]
    bo, here = Desk(town, "york/bo"), f"/threads/{node.partition(':')[2]}"
    page = bo.see(here)
    assert "Ask Mrs [removed] for the key." in page
    assert f"Personal data removed by York City Council on 20 October 2026: {REASON}" in page
    assert "JANE GRAVES" not in page
    assert "Graves" not in bo.see(f"{here}/posts/{number}/earlier")
    files = taken(town, "/admin/york/records/zip?why=FOI-118&earlier=yes&who=bo")
    assert "graves" not in str(files).lower()
    assert REASON in files["posts.csv"]
    town.index_all()
    assert not town.ask("york/bo", "elm row jane graves key").hits or "JANE" not in str(town.ask("york/bo", "key").hits)


def test_all_that_a_post_says_can_go(town: World, named: tuple[str, int]) -> None:
    rita, (node, number) = Desk(town, "york/rita"), named
    assert "Nothing." in ask(rita, named, way="whole")
    rita.press("Remove it for good")
    assert texts(town, named) == [""]
    here = f"/threads/{node.partition(':')[2]}"
    page = Desk(town, "leeds/ann").see(here)
    assert f"Personal data removed by York City Council on 20 October 2026: {REASON}" in page
    assert "for the key" not in page
    Desk(town, "leeds/ann").see(f"{here}/posts/{number}/earlier", 404)
    assert "This post has no text any more" in ask(rita, named, 422, way="whole")


def test_who_did_it_when_and_why_is_in_the_audit(town: World, named: tuple[str, int]) -> None:
    rita = Desk(town, "york/rita")
    ask(rita, named, span="Jane Graves")
    rita.press("Remove it for good")
    with town.parts.database.reading() as session:
        found = session.scalars(select(AuditEntry).where(AuditEntry.act == "post:erase")).all()
    assert [(each.actor, each.object, each.detail) for each in found] == [
        ("york/rita", f"{named[0]}#{named[1]}", REASON)
    ]


def test_wrong_fields_say_what_to_mend_and_change_nothing(town: World, named: tuple[str, int]) -> None:
    rita = Desk(town, "york/rita")
    assert "Enter the words that are to go" in ask(rita, named, 422, span="")
    assert "is in no text of this post" in ask(rita, named, 422, span="John")
    assert "Say in a few words why" in ask(rita, named, 422, span="Jane Graves", reason="")
    assert "300 characters or fewer" in ask(rita, named, 422, span="Jane Graves", reason="x" * 301)
    assert "very long" in ask(rita, named, 422, span="Jane " * 3_000)
    assert "JANE GRAVES" in texts(town, named)[0]


def test_what_was_withdrawn_is_still_there_to_be_taken_out(town: World, named: tuple[str, int]) -> None:
    """Its text is kept as a record, and so may be its reason."""
    with town.work() as uow:
        withdraw_post(uow, post_for_writing(uow.session, *named), "person:leeds/mo", "It named Jane Graves")
    rita = Desk(town, "york/rita")
    ask(rita, named, span="Jane Graves")
    rita.press("Remove it for good")
    with town.parts.database.reading() as session:
        post = session.get_one(Post, named)
        assert (post.body, post.reason) == ("Ask Mrs [removed] for the key.", "It named [removed]")


def test_a_draft_of_its_edit_goes_with_it(town: World, named: tuple[str, int]) -> None:
    """What Bo was typing over it began with the words that are to go; his other drafts stay."""
    edit = f"/threads/{named[0].partition(':')[2]}/posts/{named[1]}/edit"
    with town.work() as uow:
        bo = uow.session.scalars(select(Person).where(Person.handle == "york/bo")).one()
        for where in (edit, f"{edit}x"):
            keep(uow, bo.id, Typed(where, where, "comment", named[0]), {"body": "Ask Mrs JANE GRAVES"})
    rita = Desk(town, "york/rita")
    ask(rita, named, span="Jane Graves")
    rita.press("Remove it for good")
    with town.parts.database.reading() as session:
        assert session.scalars(select(TypedDraft.address)).all() == [f"{edit}x"]


def test_what_was_edited_meanwhile_is_shown_again(town: World, named: tuple[str, int]) -> None:
    rita = Desk(town, "york/rita")
    ask(rita, named, span="Jane Graves")
    with town.work() as uow:
        edit_post(uow, post_for_writing(uow.session, *named), 2, "Ask Jane Graves or her son.")
    assert "look at how it will read now" in rita.press("Remove it for good", 200)
    assert "JANE GRAVES" in "".join(texts(town, named))
    assert "Ask [removed] or her son." in " ".join(rita.page.itertext())


def test_it_is_done_in_a_place_that_the_officer_may_not_see(town: World) -> None:
    """Bo's own words in Leeds' legal space: nothing of the place is told, and nothing of what others say there."""
    _, legal = town.told
    town.post(legal, "leeds/mo", "A heron, you say?")
    rita = Desk(town, "york/rita")
    page = ask(rita, (legal, 2), span="heron")
    assert "KESTREL" not in page
    assert "of this conversation too" not in page
    rita.press("Remove it for good")
    assert texts(town, (legal, 2)) == ["York saw the [removed] too."]


@pytest.mark.parametrize("who", ["york/bo", "york/ada", "leeds/mo", "acme/gus"])
def test_neither_author_nor_manager_nor_administrator_does_it(town: World, named: tuple[str, int], who: str) -> None:
    desk = Desk(town, who)
    for slug in ("york", "leeds"):
        desk.see(address(named, slug), 404)
        fields = {"node": named[0], "number": str(named[1]), "way": "whole", "reason": "x"}
        desk.send(f"/admin/{slug}/records/post", 404, **fields)
    assert "JANE GRAVES" in texts(town, named)[0]


def test_what_another_council_said_elsewhere_is_not_ones_own_to_take(town: World) -> None:
    """Rita reads what Mo said in Leeds' forum, where York keeps the talk too: it is for Leeds, and like none."""
    forum, legal = town.told
    rita = Desk(town, "york/rita")
    nothing = rita.see(address((forum, 99)), 404)
    for post in ((forum, 1), (forum, 3), (legal, 1), ("thread:zzzzzzzzzzzz", 1), ("nothing", 1)):
        assert rita.see(address(post), 404) == nothing
        rita.send(HERE, 404, node=post[0], number=str(post[1]), way="whole", reason="x")
    rows = rita.see("/admin/york/records?why=FOI-118&words=thank")
    assert "1 post" in rows
    assert "Remove personal data" not in rows


def test_whose_place_it_is_may_take_it_out_where_its_officer_reads_it(town: World, named: tuple[str, int]) -> None:
    """Lee of Leeds, in the forum; not in the legal space, which Lee may not see. Both councils' audits have it."""
    lee, (_, legal) = Desk(town, "leeds/lee"), town.told
    lee.see(address((legal, 2), "leeds"), 404)
    lee.fill(address(named, "leeds"), 200, way="span", span="Jane Graves", reason=REASON)
    lee.press("Remove it for good")
    assert "GRAVES" not in texts(town, named)[0]
    assert "Personal data removed by Leeds City Council" in Desk(town, "york/bo").see(
        f"/threads/{named[0].partition(':')[2]}"
    )
    with town.parts.database.reading() as session:
        assert len(session.scalars(select(AuditEntry).where(AuditEntry.act == "post:erase")).all()) == 2


def texts(town: World, post: tuple[str, int]) -> list[str]:
    """What a post says, and what it said before."""
    with town.parts.database.reading() as session:
        before = select(PostText.body).where(PostText.node == post[0], PostText.number == post[1])
        return [session.get_one(Post, post).body, *session.scalars(before)]


def titled(town: World, title: str = "Who is Jane Graves?", body: str = "She has the key.") -> tuple[str, int]:
    """A conversation that Bo opened in Leeds' forum."""
    node = town.add_thread("leeds/forum", title, "york/bo", body)
    town.index_all()
    return node, 1


def line(town: World, post: tuple[str, int]) -> str:
    with town.parts.database.reading() as session:
        return session.get_one(Thread, post[0].partition(":")[2]).title


def test_a_name_in_the_title_goes_with_what_opened_the_conversation(town: World) -> None:
    """No page, list or index calls it so any more; the name of the officer's council stands with the first post."""
    rita, bo, post = Desk(town, "york/rita"), Desk(town, "york/bo"), titled(town)
    page = ask(rita, post, span="jane graves")
    assert "The title, afterwards" in page
    assert "Who is [removed]?" in page
    assert line(town, post) == "Who is Jane Graves?", "nothing is done before she agrees"
    rita.press("Remove it for good")
    assert line(town, post) == "Who is [removed]?"
    assert "Jane Graves" not in bo.see(f"/threads/{post[0].partition(':')[2]}")
    assert "Personal data removed by York City Council" in bo.see(f"/threads/{post[0].partition(':')[2]}")
    town.index_all()
    assert "Jane Graves" not in str(town.ask("york/bo", "jane graves key").hits)
    assert "is in no text of this post" in ask(rita, post, 422, span="Jane Graves")


def test_all_that_opened_a_conversation_goes_with_its_title_which_can_be_given_anew(town: World) -> None:
    rita, post = Desk(town, "york/rita"), titled(town)
    ask(rita, post, way="whole")
    rita.press("Remove it for good")
    assert (line(town, post), texts(town, post)) == ("[removed]", [""])
    assert "This post has no text any more" in ask(rita, post, 422, way="whole")
    Desk(town, "leeds/mo").fill(f"/threads/{post[0].partition(':')[2]}/rename", name="Who has the key?")
    assert line(town, post) == "Who has the key?"


def test_the_title_that_a_conversation_had_before_it_was_merged_goes_too(town: World) -> None:
    """It stands where its posts begin, in another conversation."""
    (node, _), (forum, _) = titled(town), town.told
    with town.work() as uow:
        thread, into = (uow.session.get_one(Thread, each.partition(":")[2]) for each in (node, forum))
        after = merge_threads(uow, thread, into, town._place(uow, "leeds/forum"), into.marking)
    rita = Desk(town, "york/rita")
    assert "The title before it was merged, afterwards" in ask(rita, (forum, after + 1), span="Jane Graves")
    rita.press("Remove it for good")
    page = Desk(town, "york/bo").see(f"/threads/{forum.partition(':')[2]}")
    assert "From here on: “Who is [removed]?”" in page
    assert "Jane Graves" not in page


def test_where_an_event_is_may_name_somebody_too(town: World) -> None:
    with town.work() as uow:
        at = uow.now + timedelta(days=9)
        bo = uow.session.scalars(select(Person).where(Person.handle == "york/bo")).one()
        when = When(at, at + timedelta(hours=2), "Jane Graves' house")
        node = announce(uow, town._place(uow, "leeds/forum"), bo, "We meet", "Bring tea.", when).node
    rita = Desk(town, "york/rita")
    assert "[removed]' house" in ask(rita, (node, 1), span="Jane Graves")
    rita.press("Remove it for good")
    assert "Jane Graves" not in Desk(town, "york/bo").see(f"/threads/{node.partition(':')[2]}")


def test_what_was_written_in_a_report_of_the_post_goes_with_it(town: World, named: tuple[str, int]) -> None:
    here = f"/threads/{named[0].partition(':')[2]}/posts/{named[1]}/report"
    Desk(town, "leeds/ann").fill(here, why="personal", words="It says where Jane Graves lives")
    rita = Desk(town, "york/rita")
    ask(rita, named, span="Jane Graves")
    rita.press("Remove it for good")
    with town.parts.database.reading() as session:
        assert session.scalars(select(PostReport.words)).all() == ["It says where [removed] lives"]


def test_of_a_conversation_that_the_officer_may_not_read_no_word_of_the_title_is_told(town: World) -> None:
    """Bo opened it in Leeds' legal space, from where Rita sees nothing: it loses the words of hers that it had."""
    node = town.add_thread("leeds/legal", "KESTREL and the heron", "york/bo", "A heron.")
    rita = Desk(town, "york/rita")
    assert "is in no text of this post" in ask(rita, (node, 1), 422, span="KESTREL")
    page = ask(rita, (node, 1), span="heron")
    assert "KESTREL" not in page
    assert "The title" not in words_of(rita.page.xpath("//main")[0])
    rita.press("Remove it for good")
    assert line(town, (node, 1)) == "KESTREL and the [removed]"
