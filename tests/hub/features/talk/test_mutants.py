"""Bugs planted in talk, one at a time: what is to hold of it must notice each (conversation notes, 11)."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from hub.access import inside
from hub.access.models import Person
from hub.features.hearing import views as hearing
from hub.features.talk import listing, naming, opening
from hub.nouns.talk.models import Notice
from hub.nouns.threads.models import Thread
from tests.hub.features.talk.conftest import Desk
from tests.hub.features.writing.conftest import place_id
from tests.hub.world import World

Holds = Callable[[World], None]
Bug = Callable[[pytest.MonkeyPatch], None]


def links_are_told_to_each_reader(town: World) -> None:
    advice = town.add_document("leeds/legal", "KESTREL advice", "Words.").removeprefix("doc:")
    node = town.add_thread("leeds/forum", "Which?", "leeds/mo", f"See /documents/{advice}").removeprefix("thread:")
    assert "KESTREL" in Desk(town, "leeds/mo").see(f"/threads/{node}")
    assert "KESTREL" not in Desk(town, "york/bo").see(f"/threads/{node}")


def who_opens_manages_nothing(town: World) -> None:
    ann, forum = Desk(town, "leeds/ann"), f"/talk/{place_id(town, 'leeds/forum')}"
    ann.fill(f"{forum}/new?kind=question", name="Which?", body="Words.")
    with town.parts.database.reading() as session:
        node = session.scalars(select(Thread)).one().node
    town.post(node, "york/bo", "Mine.")
    ann.see(f"/threads/{node.removeprefix('thread:')}/posts/2/withdraw", 403)


def nothing_hidden_is_counted(town: World) -> None:
    town.add_thread("leeds/forum", "Which?", "leeds/mo")
    town.add_space("leeds/forum/closed", "confidential")
    town.add_thread("leeds/forum/closed", "KESTREL", "leeds/mo")
    page = Desk(town, "york/bo").see(f"/talk/{place_id(town, 'leeds/forum')}")
    assert "1 to 1 of 1 " in page


def news_is_judged_as_it_is_listed(town: World) -> None:
    node = town.add_thread("leeds/legal", "KESTREL", "leeds/mo")
    with town.work() as uow:
        bo = uow.session.scalars(select(Person).where(Person.handle == "york/bo")).one()
        uow.session.add(Notice(person_id=bo.id, node=node, number=1, because="told", at=uow.now))
    assert "KESTREL" not in Desk(town, "york/bo").see("/notices")


def who_may_not_read_it_is_not_offered(town: World) -> None:
    node = town.add_thread("leeds/legal", "Which?", "leeds/mo").removeprefix("thread:")
    assert Desk(town, "leeds/mo").browser.get(f"/threads/{node}/names?q=ann").json == {"people": []}


class SeesAll:
    """Somebody to whom no thing is refused."""

    def __init__(self, viewer: Any) -> None:
        self._viewer = viewer

    def __getattr__(self, name: str) -> Any:
        return getattr(self._viewer, name)

    def sees(self, *_: object) -> bool:
        """Yes."""
        return True


def a_resolved_link_is_kept_for_the_next_reader(patch: pytest.MonkeyPatch) -> None:
    real, kept = inside.leads, {}
    patch.setattr(inside, "leads", lambda viewer, paths: kept.setdefault(paths, real(viewer, paths)))


def an_owner_stays_on_what_is_published(patch: pytest.MonkeyPatch) -> None:
    real = opening.open_thread

    def open_thread(uow: Any, place: Any, author: Person, new: Any) -> Thread:
        thread = real(uow, place, author, new)
        thread.owner = author.subject_id
        return thread

    patch.setattr(opening, "open_thread", open_thread)


def it_is_counted_before_it_is_judged(patch: pytest.MonkeyPatch) -> None:
    every = select(func.count()).select_from(Thread)
    patch.setattr(listing, "count_in", lambda viewer, *_: viewer.session.scalar(every))


def the_third_judging_is_dropped(patch: pytest.MonkeyPatch) -> None:
    real = hearing.heard
    patch.setattr(hearing, "heard", lambda viewer, lately: real(SeesAll(viewer), lately))


def everybody_is_offered_whom_one_sees(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(naming, "readers_among", lambda people, _: list(people))


BUGS: dict[Bug, Holds] = {
    a_resolved_link_is_kept_for_the_next_reader: links_are_told_to_each_reader,
    an_owner_stays_on_what_is_published: who_opens_manages_nothing,
    it_is_counted_before_it_is_judged: nothing_hidden_is_counted,
    the_third_judging_is_dropped: news_is_judged_as_it_is_listed,
    everybody_is_offered_whom_one_sees: who_may_not_read_it_is_not_offered,
}


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.__name__)
def test_every_planted_bug_is_noticed(town: World, bug: Bug, monkeypatch: pytest.MonkeyPatch) -> None:
    bug(monkeypatch)
    with pytest.raises(AssertionError):
        BUGS[bug](town)


@pytest.mark.parametrize("holds", BUGS.values(), ids=lambda holds: holds.__name__)
def test_without_a_bug_it_holds(town: World, holds: Holds) -> None:
    holds(town)
