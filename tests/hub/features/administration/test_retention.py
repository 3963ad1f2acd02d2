"""How long a council keeps what its people said: due before it goes, kept for a reason, gone with the last."""

from datetime import datetime

import pytest
from sqlalchemy import select

from hub.features.administration.records.jobs import retention_round
from hub.ground.clock import LONDON
from hub.ground.db import Database
from hub.ground.unit_of_work import AuditEntry
from hub.nouns.documents.models import Document
from hub.nouns.talk.models import Holder, Post, PostText, Talk
from hub.nouns.talk.service import edit_post, post_for_writing
from hub.nouns.threads.models import Thread
from hub.nouns.threads.retention import months_before
from hub.nouns.threads.service import close_thread, pin_thread
from tests.hub.features.administration.test_records import taken, the_town
from tests.hub.features.writing.conftest import Desk
from tests.hub.once import Begin
from tests.hub.world import World

HERE = "/admin/york/retention"


@pytest.fixture
def town(begin: Begin, database: Database) -> World:
    world = begin(the_town, database)
    world.app.config["WTF_CSRF_ENABLED"] = False
    return world


@pytest.fixture
def alone(town: World) -> str:
    """A conversation that York alone keeps, closed, with an earlier text."""
    town.add_space("york/roads", "open", name="Roads")
    node = town.add_thread("york/roads", "Gritting", "york/bo", "We grit OLDWORD at four.")
    town.post(node, "york/ada", "The HERON agrees.")
    with town.work() as uow:
        edit_post(uow, post_for_writing(uow.session, node, 1), 1, "We grit at five.")
        close_thread(uow, uow.session.get_one(Thread, node.partition(":")[2]), on=True)
    town.index_all()
    return node


def schedule(town: World, who: str = "york/rita", months: str = "24", which: str = "closed", **more: str) -> str:
    """Somebody says how long, and agrees to what that makes due."""
    desk = Desk(town, who)
    page = desk.fill(HERE, 200, months=months, which=which, **more)
    desk.press("Keep them so long")
    return page


def later(town: World, **by: float) -> None:
    """Time goes by, and the worker does its round."""
    town.parts.clock.move(**by)  # type: ignore[attr-defined]
    retention_round(town.parts)


def test_it_is_kept_for_good_until_somebody_says_otherwise(town: World, alone: str) -> None:
    assert "keeps everything that its people say, for good" in Desk(town, "york/rita").see(HERE)
    later(town, days=10_000)
    assert body(town, alone) == "We grit at five."


def test_what_is_due_is_told_and_goes_after_a_month(town: World, alone: str) -> None:
    """Rita is asked with a number first; then it is listed and on her home page, and only then it goes, with a line."""
    town.parts.clock.move(days=800)  # type: ignore[attr-defined]
    assert "As old as that already: 1 conversation." in schedule(town)
    retention_round(town.parts)
    rita = Desk(town, "york/rita")
    assert "1 conversation will soon be kept no longer" in rita.see("/")
    page = rita.see(HERE)
    assert "Gritting" in page
    assert "Goes for good" in page
    later(town, days=29)
    assert body(town, alone) == "We grit at five."
    later(town, days=2)
    here = f"/threads/{alone.partition(':')[2]}"
    page = Desk(town, "york/bo").see(here)
    assert "after 24 months" in page
    assert "We grit" not in page
    assert "Gritting" in page
    assert [post.get("id") for post in Desk(town, "york/bo").page.xpath("//article")] == []
    Desk(town, "york/bo").see(f"{here}/posts/1/earlier", 404)
    with town.parts.database.reading() as session:
        assert session.scalars(select(Post.body).where(Post.node == alone)).all() == ["", ""]
        assert session.scalars(select(PostText).where(PostText.node == alone)).all() == []
        assert session.get_one(Talk, alone).last_number == 2
        acts = set(session.scalars(select(AuditEntry.act).where(AuditEntry.object == alone)))
    assert {"records:end", "thread:remove"} <= acts
    town.index_all()
    assert not town.ask("york/bo", "heron agrees").hits


def test_the_text_stays_while_another_council_keeps_it(town: World) -> None:
    """York lets go of the forum's conversation: Leeds' record is whole, and York's export has it no more."""
    forum, _ = town.told
    close(town, forum)
    town.parts.clock.move(days=800)  # type: ignore[attr-defined]
    schedule(town)
    retention_round(town.parts)
    assert "Stays, as another organisation keeps it" in Desk(town, "york/rita").see(HERE)
    later(town, days=31)
    assert "York uses a FORM." in Desk(town, "leeds/ann").see(f"/threads/{forum.partition(':')[2]}")
    assert "York uses a FORM." not in str(taken(town, "/admin/york/records/zip?why=FOI-118"))
    lee = town.client("leeds/lee").get("/admin/leeds/records?why=FOI-119").text
    assert "York uses a FORM." in lee


def test_what_is_said_later_is_kept_anew_and_nothing_of_before(town: World) -> None:
    forum, _ = town.told
    close(town, forum)
    town.parts.clock.move(days=800)  # type: ignore[attr-defined]
    schedule(town)
    retention_round(town.parts)
    later(town, days=31)
    with town.work() as uow:
        close_thread(uow, uow.session.get_one(Thread, forum.partition(":")[2]), on=False)
    town.post(forum, "york/bo", "Back again.")
    files = taken(town, "/admin/york/records/zip?why=FOI-118")
    assert "Back again." in files["posts.csv"]
    assert "York uses a FORM." not in files["posts.csv"]


@pytest.mark.parametrize("change", ["hold", "pin", "post", "reopen", "schedule"])
def test_what_is_in_use_again_does_not_go(town: World, alone: str, change: str) -> None:
    """A hold wins; so does a pin, a new post, opening it again, and another schedule."""
    town.parts.clock.move(days=800)  # type: ignore[attr-defined]
    schedule(town)
    retention_round(town.parts)
    own = alone.partition(":")[2]
    if change == "hold":
        assert "kept until you let it go" in Desk(town, "york/rita").fill(f"{HERE}/{own}", reason="Claim 7")
    elif change == "schedule":
        schedule(town, months="")
    else:
        with town.work() as uow:
            thread = uow.session.get_one(Thread, own)
            if change == "pin":
                pin_thread(uow, thread, on=True)
            if change in {"reopen", "post"}:
                close_thread(uow, thread, on=False)
        if change == "post":
            town.post(alone, "york/bo", "Still so.")
            close(town, alone)
    later(town, days=31)
    assert body(town, alone) == "We grit at five."
    assert "Nothing is due." in Desk(town, "york/rita").see(HERE)


def test_a_hold_is_let_go_and_needs_a_reason(town: World, alone: str) -> None:
    rita, own = Desk(town, "york/rita"), alone.partition(":")[2]
    assert "Say why it is kept" in rita.fill(f"{HERE}/{own}", 422, reason="")
    rita.fill(f"{HERE}/{own}", reason="Claim 7")
    assert "Claim 7" in rita.see(HERE)
    assert "goes by the schedule again" in rita.press("Let it go by the schedule")
    with town.parts.database.reading() as session:
        assert session.scalars(select(Holder.held_for).where(Holder.node == alone)).all() == [""]


def test_open_ones_go_only_where_that_was_said(town: World, alone: str) -> None:
    with town.work() as uow:
        close_thread(uow, uow.session.get_one(Thread, alone.partition(":")[2]), on=False)
    town.parts.clock.move(days=800)  # type: ignore[attr-defined]
    assert "None is as old as that yet." in schedule(town)
    assert "As old as that already: 3 conversations." in schedule(town, which="all")


def test_a_months_field_says_what_to_mend(town: World) -> None:
    rita = Desk(town, "york/rita")
    for wrong in ("two years", "-3", "0", "99999"):
        assert "Enter a number of months" in rita.fill(HERE, 422, months=wrong)


def test_titles_of_hidden_places_are_not_told(town: World) -> None:
    _, legal = town.told
    close(town, legal)
    town.parts.clock.move(days=800)  # type: ignore[attr-defined]
    schedule(town)
    retention_round(town.parts)
    page = Desk(town, "york/rita").see(HERE)
    assert "A conversation that you may not read" in page
    assert "KESTREL" not in page
    assert "KESTREL" not in Desk(town, "york/rita").see(f"{HERE}/{legal.partition(':')[2]}")


@pytest.mark.parametrize("who", ["york/bo", "york/ada", "leeds/lee", "leeds/mo", "acme/gus"])
def test_nobody_else_sets_it(town: World, alone: str, who: str) -> None:
    """Neither York's staff and administrator, whom a list would tell of closed places, nor the officers of others."""
    desk, own = Desk(town, who), alone.partition(":")[2]
    for address in (HERE, f"{HERE}/{own}"):
        desk.see(address, 404)
        desk.send(address, 404, months="1", reason="x")
    assert "Retention" not in Desk(town, "york/ada").see("/admin/york")


def test_months_are_those_of_the_calendar() -> None:
    now = datetime(2026, 3, 31, 12, 0, tzinfo=LONDON)
    assert months_before(now, 1) == datetime(2026, 2, 28, 12, 0, tzinfo=LONDON)
    assert months_before(now, 24) == datetime(2024, 3, 31, 12, 0, tzinfo=LONDON)
    assert months_before(now, 1_200) == datetime(1926, 3, 31, 12, 0, tzinfo=LONDON)


def body(town: World, node: str) -> str:
    with town.parts.database.reading() as session:
        return session.get_one(Post, (node, 1)).body


def close(town: World, node: str) -> None:
    with town.work() as uow:
        close_thread(uow, uow.session.get_one(Thread, node.partition(":")[2]), on=True)


@pytest.fixture
def commented(town: World) -> str:
    """A document of York's on which York alone has commented."""
    town.add_space("york/roads", "open", name="Roads")
    node = town.add_document("york/roads", "Gritting plan", "We grit.")
    town.post(node, "york/bo", "The HERON grits at four.")
    with town.work() as uow:
        edit_post(uow, post_for_writing(uow.session, node, 1), 1, "The heron grits at five.")
    return node


def test_comments_stay_with_their_document_unless_the_schedule_has_them(town: World, commented: str) -> None:
    """Whoever set a schedule without saying so loses no comment by it."""
    town.mark(commented, state="archived")
    town.parts.clock.move(days=800)  # type: ignore[attr-defined]
    assert "None is as old as that yet." in schedule(town)
    later(town, days=31)
    assert body(town, commented) == "The heron grits at five."


def test_comments_go_by_the_schedule_that_has_them_and_the_document_stays(town: World, commented: str) -> None:
    """Once it is archived: then they are listed, and gone a month later with what they said before they were edited."""
    town.parts.clock.move(days=800)  # type: ignore[attr-defined]
    assert "None is as old as that yet." in schedule(town, comments="yes")
    town.mark(commented, state="archived")
    retention_round(town.parts)
    rita = Desk(town, "york/rita")
    assert "1 conversation will soon be kept no longer" in rita.see("/")
    page = rita.see(HERE)
    assert "A conversation that you may not read" in page, "whoever only reads sees nothing that is archived"
    assert "and comments on documents, for 24 months" in page
    later(town, days=31)
    with town.parts.database.reading() as session:
        assert session.scalars(select(Post.body).where(Post.node == commented)).all() == [""]
        assert session.scalars(select(PostText).where(PostText.node == commented)).all() == []
        own = session.get_one(Document, commented.partition(":")[2])
        assert (own.title, own.state) == ("Gritting plan", "archived")
    town.mark(commented)
    assert "after 24 months" in Desk(town, "york/bo").see(f"/documents/{commented.partition(':')[2]}/comments")


def test_comments_are_held_for_a_reason_like_any_talk(town: World, commented: str) -> None:
    town.parts.clock.move(days=800)  # type: ignore[attr-defined]
    assert "As old as that already: 3" in schedule(town, which="all", comments="yes")
    retention_round(town.parts)
    rita, own = Desk(town, "york/rita"), commented.partition(":")[2]
    assert "Comments on “Gritting plan”" in rita.see(HERE)
    assert "Comments on “Gritting plan”" in rita.see(f"{HERE}/{own}")
    rita.fill(f"{HERE}/{own}", reason="Claim 7")
    later(town, days=31)
    assert body(town, commented) == "The heron grits at five."
    assert "Claim 7" in Desk(town, "york/rita").see(HERE)
