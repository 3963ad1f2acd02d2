"""What the demo's people say, once it is in a hub: who may, who finds it, and that it stands there as if typed."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from lxml import html
from sqlalchemy import func, select

from hub.access.models import Person, Place
from hub.access.viewer import Viewer
from hub.demo.events import EVENTS
from hub.demo.issuers import IssuerPlan
from hub.demo.loading import load_world
from hub.demo.seed import is_seeded, seed
from hub.demo.talking import NotTheirs
from hub.demo.talks import COMMENTS, DemoTalk
from hub.demo.told import CAMPAIGNS, IDEAS, NEWS, NOTES
from hub.ground.clock import LONDON
from hub.ground.db import Database
from hub.ground.outbox import INDEX, OutboxMessage
from hub.nouns.documents.models import Document
from hub.nouns.talk.models import AcceptedAnswer, Post, PostText, Thanks
from hub.nouns.talk.service import TELL
from hub.nouns.threads.models import Thread
from search.engine import Engine
from tests.databases import astray_in
from tests.hub.demo.stories import the_seeded_demo
from tests.hub.once import Begin
from tests.hub.world import World, make_parts

LONG = "What seemed odd to you in your first week here?"
GUESTS = ("acme/tom-hargreaves", "acme/victor-lane", "beckwater/ana-costa")


def topic(viewer: Viewer, talk: DemoTalk) -> Any:
    """What it is about, as the hub has it."""
    if talk.sort == COMMENTS:
        title = next(d.title for d in load_world().documents if f"{d.place}/{d.key}" == f"{talk.place}/{talk.title}")
        return viewer.session.scalars(select(Document).where(Document.title == title)).one()
    return viewer.session.scalars(select(Thread).where(Thread.title == talk.title)).one()


@contextmanager
def all_viewers(demo: World) -> Iterator[dict[str, Viewer]]:
    with demo.parts.database.reading() as session:
        yield {person.handle: demo.parts.viewer(session, person) for person in session.scalars(select(Person))}


def test_everybody_may_say_what_they_say_and_whoever_accepts_thanks_or_withdraws_may(demo: World) -> None:
    """Each of them as they are judged on a page."""
    with all_viewers(demo) as viewers:
        for talk in load_world().talks:
            about = topic(next(iter(viewers.values())), talk)
            writers = {post.by for post in talk.posts} | {handle for post in talk.posts for handle in post.thanks}
            acts = {(handle, "comment") for handle in writers}
            acts |= {(p.withdrawn.by, "manage") for p in talk.posts if p.withdrawn and p.withdrawn.by != p.by}
            acts |= {(talk.pinned.by, "edit")} if talk.pinned else set()
            for handle, action in sorted(acts):
                assert viewers[handle].sees(about, action), (handle, action, talk.title)


def test_every_conversation_is_found_by_each_of_its_writers_by_what_they_said_in_it(demo: World) -> None:
    with all_viewers(demo) as viewers:
        ids = {talk: topic(next(iter(viewers.values())), talk).node for talk in load_world().talks}
    for talk, node in ids.items():
        standing = [post for post in talk.posts if not post.withdrawn]
        said = max((post.edits[-1][1] if post.edits else post.body for post in standing), key=len)
        words = " ".join(re.findall(r"[A-Za-z]{4,}", re.sub(r"[*>`_]", "", said))[:6])
        for writer in {post.by for post in standing}:
            assert node in {hit.id for hit in demo.ask(writer, words).hits}, (talk.title, writer, words)


def test_what_was_withdrawn_or_edited_away_is_not_found(demo: World) -> None:
    assert demo.ask("leeds/priya-sharma", "the name with the parrot corner street").total == 0
    for post in (post for talk in load_world().talks for post in talk.posts if post.withdrawn):
        words = " ".join(re.findall(r"[A-Za-z]{5,}", post.body))
        found = demo.ask(post.by, words)
        assert not any(post.body[:40] in "".join(text for text, _ in hit.snippet) for hit in found.hits)


def test_suppliers_guests_find_no_conversation_but_those_of_the_space_that_one_was_let_into(demo: World) -> None:
    for handle in GUESTS:
        assert demo.ask(handle, kind="conversation").total == 0, handle
    found = demo.ask("acme/maria-lopez", kind="conversation")
    assert {hit.space.name for hit in found.hits if hit.space} == {"Joint flood plan"}
    assert found.total == sum(
        talk.place == "leeds/joint-flood-plan" and talk.sort != COMMENTS for talk in load_world().talks
    )


def test_nobody_but_the_lawyers_finds_what_is_said_about_kestrel(demo: World) -> None:
    for handle in ("leeds/helen-braithwaite", "leeds/arthur-pell"):
        assert demo.ask(handle, "KESTREL", kind="conversation").total == 1
    for handle in ("leeds/daniel-whitaker", "leeds/priya-sharma", "york/nadia-rahman", "acme/maria-lopez"):
        assert demo.ask(handle, "sealing register", kind="conversation").total == 0


def test_the_long_one_goes_over_two_pages_and_its_last_post_stands_on_the_second(demo: World) -> None:
    browser = demo.client("leeds/priya-sharma")
    with demo.viewer("leeds/priya-sharma") as viewer:
        thread = viewer.session.scalars(select(Thread).where(Thread.title == LONG)).one()
        total = len(next(talk.posts for talk in load_world().talks if talk.title == LONG))
        address = f"/threads/{thread.id}"
    first, second = (html.fromstring(browser.get(f"{address}?page={n}").data) for n in (1, 2))
    assert first.xpath(f"//a[contains(@href, '{address}?page=2')]")
    assert len(first.xpath("//*[starts-with(@id, 'post-')]")) == 50
    assert [node.get("id") for node in second.xpath("//*[starts-with(@id, 'post-')]")][-1] == f"post-{total}"
    assert browser.get(f"{address}?page=3").status_code == 404


@pytest.fixture
def seeded(begin: Begin, sqlite_database: Database) -> World:
    return begin(the_seeded_demo, sqlite_database)


def test_it_stands_in_the_hub_as_if_it_had_been_typed(seeded: World, sqlite_database: Database) -> None:
    """Numbered without gaps, at its own moments, with every earlier text, and history knows of it."""
    now, talks = seeded.parts.clock.now(), load_world().talks
    with sqlite_database.reading() as session:
        posts = session.scalars(select(Post).order_by(Post.node, Post.number)).all()
        threads = {thread.node: thread for thread in session.scalars(select(Thread))}
        texts, thanks = (session.scalar(select(func.count()).select_from(table)) for table in (PostText, Thanks))
        accepted = session.scalars(select(AcceptedAnswer)).all()
    by_node: dict[str, list[Post]] = {}
    for post in posts:
        by_node.setdefault(post.node, []).append(post)
    assert len(by_node) == len(talks) + len((*NEWS, *CAMPAIGNS, *IDEAS, *NOTES, *EVENTS))
    for said in by_node.values():
        assert [post.number for post in said] == list(range(1, len(said) + 1))
        assert [post.at for post in said] == sorted({post.at for post in said})
        assert all(post.at <= now and time(8) <= post.at.astimezone(LONDON).time() <= time(18) for post in said)
        assert all(post.at.weekday() < 5 for post in said)
    for node, thread in threads.items():
        assert by_node[node][0].at == thread.created_at
        assert by_node[node][-1].at <= thread.changed_at <= now
    assert texts == sum(len(post.edits) for talk in talks for post in talk.posts)
    assert thanks == sum(len(post.thanks) for talk in talks for post in talk.posts)
    answered = {found.node for found in accepted}
    assert {node for node, thread in threads.items() if thread.stage == "answered"} == answered
    assert all(found.at <= now for found in accepted)
    assert now - max(post.at for post in posts) < timedelta(days=2), "somebody spoke only just now"
    assert astray_in(sqlite_database) == {}


def test_search_is_told_once_of_each_conversation_and_people_of_what_is_new_alone(
    seeded: World, sqlite_database: Database
) -> None:
    with sqlite_database.reading() as session:
        rows = session.execute(select(OutboxMessage.topic, OutboxMessage.about)).all()
        threads = {f"thread:{own}" for own in session.scalars(select(Thread.id))}
        said = {f"{post.node}#{post.number}": post.at for post in session.scalars(select(Post))}
    index = [about for topic, about in rows if topic == INDEX and about.startswith("thread:")]
    tell = {about for topic, about in rows if topic == TELL}
    assert len(index) == len(threads)
    assert set(index) == threads
    assert 10 < len(tell) < 200
    assert tell == {about for about, at in said.items() if seeded.parts.clock.now() - at <= timedelta(days=5)}


@pytest.mark.parametrize(
    ("place", "by"),
    [("york/democracy", "leeds/priya-sharma"), ("leeds/joint-flood-plan", "acme/maria-lopez")],
    ids=["who does not read it", "who reads it and may not write"],
)
def test_a_demo_in_which_somebody_says_what_they_may_not_is_not_written(
    sqlite_database: Database, tmp_path: Path, place: str, by: str
) -> None:
    world = load_world()
    first = next(talk for talk in world.talks if talk.place == place and talk.sort != COMMENTS)
    wrong = replace(first, posts=(first.posts[0], replace(first.posts[1], by=by)))
    parts = make_parts(sqlite_database, cast("Engine", None), tmp_path)
    with pytest.raises(NotTheirs, match=by):
        seed(parts, replace(world, talks=(wrong,)), IssuerPlan(tmp_path / "demo", 8001, "http://localhost:8000", {}))
    assert not is_seeded(parts)
    with sqlite_database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Post)) == 0
        assert session.scalar(select(func.count()).select_from(Place).where(Place.kind == "space")) == 0
