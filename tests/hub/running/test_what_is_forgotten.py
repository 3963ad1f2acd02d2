"""What is of no further use goes by itself, some at a time; what somebody still uses stays."""

from datetime import timedelta
from unittest import mock

import pytest
from sqlalchemy import event, func, select, update

from hub.access.login import start_session
from hub.access.models import Person, SignedInSession
from hub.features.signin.models import IssuerKeySet
from hub.features.signin.stores import KEPT_OVER, tidy_long_over
from hub.ground import forgetting
from hub.ground.db import Base, Database
from hub.ground.forgetting import forget
from hub.keeping.models import Visit
from hub.keeping.trail import KEPT, tidy
from hub.mail.jobs import KEPT as LETTERS_KEPT
from hub.mail.jobs import forget_letters
from hub.mail.models import FAILED, SENT, WAITING, SentLetter
from hub.mail.service import Letter, post
from hub.nouns.people.feeds import KEPT as FEEDS_KEPT
from hub.nouns.people.feeds import LASTS, MINE, NewFeed, end_feed, feeds_of, make_feed, tidy_feeds
from tests.hub.once import Begin
from tests.hub.world import TestClock, World

LEEDS = ("allow,org:leeds,read,leeds/housing,up to OFFICIAL,published,-,Staff read what the council works on",)


def the_town(world: World) -> None:
    """Ann and Ivo read Housing."""
    world.add_organisation("leeds", *LEEDS)
    for handle in ("leeds/ann", "leeds/ivo"):
        world.add_person(handle)
    world.add_space("leeds/housing", "restricted", name="Housing")


@pytest.fixture
def town(begin: Begin, database: Database) -> World:
    return begin(the_town, database)


def later(town: World, **by: float) -> None:
    assert isinstance(town.parts.clock, TestClock)
    town.parts.clock.move(**by)


def person(town: World, uow, handle: str) -> Person:
    return uow.session.scalars(select(Person).where(Person.handle == handle)).one()


def sign_in(town: World, handle: str) -> None:
    with town.work() as uow:
        start_session(uow, town.parts, person(town, uow, handle), issuer_id=None)


def count(town: World, table: type[Base]) -> int:
    with town.work() as uow:
        return uow.session.scalar(select(func.count()).select_from(table)) or 0


def test_sessions_go_ninety_days_after_their_end_but_ann_still_hears_when_she_was_here_last(town: World) -> None:
    """130 million of them are 50 GB (docs/operate/scale.md)."""
    for _ in range(3):
        sign_in(town, "leeds/ann")
        later(town, days=1)
    sign_in(town, "leeds/ivo")
    last = KEPT_OVER + timedelta(hours=town.parts.session_hours)
    later(town, seconds=last.total_seconds() - 3 * 86_400 + 60)
    assert tidy_long_over(town.parts) == 1  # her first; the second ended a day later
    later(town, days=5)
    assert tidy_long_over(town.parts) == 1
    assert tidy_long_over(town.parts) == 0
    with town.work() as uow:
        left = uow.session.scalars(select(Person.handle).join(SignedInSession)).all()
    assert sorted(left) == ["leeds/ann", "leeds/ivo"]


def test_whoever_is_signed_in_stays_so_while_old_sessions_go(town: World) -> None:
    sign_in(town, "leeds/ann")
    later(town, days=KEPT_OVER.days + 2)
    ann = town.client("leeds/ann")
    assert tidy_long_over(town.parts) == 1
    assert ann.get("/").status_code == 200
    assert count(town, SignedInSession) == 1


def test_keys_of_an_issuer_that_nobody_fetches_any_more_go(town: World) -> None:
    with town.work() as uow:
        for name, days in (("old", 0), ("used", 60)):
            address, at = f"https://{name}.example/", uow.now + timedelta(days=days)
            uow.session.add(IssuerKeySet(jwks_uri=address, document="{}", fetched_at=at, expires_at=at))
    later(town, days=KEPT_OVER.days + 1)
    assert tidy_long_over(town.parts) == 1
    with town.work() as uow:
        assert uow.session.scalars(select(IssuerKeySet.jwks_uri)).all() == ["https://used.example/"]


def test_letters_go_half_a_year_after_they_left_and_one_that_waits_stays(town: World) -> None:
    with town.work() as uow:
        ann = person(town, uow, "leeds/ann")
        ann.email = "ann@leeds.example"
        ids = [post(uow, Letter(to=ann, subject=subject, lines=("Words.",))) for subject in ("Left", "Failed", "Waits")]
        states = dict(zip(ids, (SENT, FAILED, WAITING), strict=True))
        for own, state in states.items():
            uow.session.execute(update(SentLetter).where(SentLetter.id == own).values(state=state))
        left = uow.now + timedelta(days=10)  # it was tried for long
        uow.session.execute(update(SentLetter).where(SentLetter.id == ids[0]).values(sent_at=left))
    later(town, days=LETTERS_KEPT.days + 1)
    assert forget_letters(town.parts) == 1
    later(town, days=10)
    assert forget_letters(town.parts) == 1
    with town.work() as uow:
        assert uow.session.scalars(select(SentLetter.id)).all() == [ids[2]]


def test_a_feed_that_is_over_goes_when_her_list_no_longer_shows_it(town: World) -> None:
    with town.work() as uow:
        ann = person(town, uow, "leeds/ann")
        gone, _ = make_feed(uow, ann, NewFeed(MINE, "", "On my old phone"))
        make_feed(uow, ann, NewFeed(MINE, "", "At my desk"))
        end_feed(uow, ann, gone.id)
    later(town, days=FEEDS_KEPT.days - 1)
    assert tidy_feeds(town.parts) == 0
    later(town, days=2)
    assert tidy_feeds(town.parts) == 1
    with town.work() as uow:
        assert [feed.name for feed in feeds_of(uow.session, person(town, uow, "leeds/ann"), uow.now)] == ["At my desk"]
    later(town, days=LASTS.days + 1)
    assert tidy_feeds(town.parts) == 1


def note_visits(town: World, number: int) -> None:
    with town.work() as uow:
        ann = person(town, uow, "leeds/ann")
        uow.session.add_all(Visit(person_id=ann.id, thing=f"doc:{n:012}", opened_at=uow.now) for n in range(number))


def test_much_that_is_old_goes_in_short_transactions(town: World) -> None:
    note_visits(town, 25)
    later(town, days=KEPT.days + 1)
    told: list[int] = []
    event.listen(town.parts.database.engine, "commit", lambda _: told.append(1))
    with mock.patch.multiple(forgetting, MOST=20, AT_ONCE=10):
        assert tidy(town.parts) == 20
        assert sum(told) == 2
        assert tidy(town.parts) == 5
        assert tidy(town.parts) == 0
    assert count(town, Visit) == 0


def test_what_is_opened_again_while_it_goes_stays(town: World) -> None:
    """Of what was found to be old, each is asked once more as it is deleted."""
    note_visits(town, 3)
    later(town, days=KEPT.days + 1)
    opening, again = forgetting.unit_of_work, f"doc:{1:012}"

    def opened_meanwhile(*given):  # between the look and the deletion
        with town.work() as uow:
            uow.session.execute(update(Visit).where(Visit.thing == again).values(opened_at=uow.now))
        return opening(*given)

    old = Visit.opened_at < town.parts.clock.now() - KEPT
    with mock.patch.object(forgetting, "unit_of_work", opened_meanwhile):
        assert forget(town.parts.database, town.parts.clock, Visit, old) == 2
    with town.work() as uow:
        assert uow.session.scalars(select(Visit.thing)).all() == [again]
