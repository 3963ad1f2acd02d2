"""What the demo's people say to one another, as it stands in its files: real work, in real order, by its own people."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

import pytest

from hub.demo.loading import load_world
from hub.demo.sector import JOINED
from hub.demo.talk_files import TalkError, parse_talks
from hub.demo.talks import COMMENTS, Ago, Almanac, DemoPost, DemoTalk, working_day
from hub.demo.world import World
from hub.features.talk.blueprint import ON_A_PAGE

TUESDAY = datetime(2026, 10, 20, 9, 0, tzinfo=UTC)


@cache
def world() -> World:
    return load_world()


def posts() -> Iterator[tuple[DemoTalk, DemoPost]]:
    return ((talk, post) for talk in world().talks for post in talk.posts)


def texts(post: DemoPost) -> tuple[str, ...]:
    return (post.body, *(body for _, body in post.edits))


def test_all_five_councils_talk_in_many_spaces_and_about_many_documents() -> None:
    talks = world().talks
    sorts = Counter(talk.sort for talk in talks)
    assert sorts["question"] + sorts["discussion"] >= 110
    assert sorts[COMMENTS] >= 40
    assert min(sorts.values()) >= 30
    councils = Counter(talk.place.partition("/")[0] for talk in talks)
    assert councils.keys() == {"leeds", "york", "bradford", "wakefield", "kirklees", "sector"}
    assert sorted(councils.values())[:2] >= [len(JOINED), 20], "and where they all meet"
    assert len({talk.place for talk in talks}) >= 25


def test_one_of_them_is_longer_than_a_page_and_most_are_short() -> None:
    lengths = sorted(len(talk.posts) for talk in world().talks)
    assert ON_A_PAGE + 10 <= lengths[-1] <= 2 * ON_A_PAGE
    assert lengths[-2] <= 8
    assert Counter(lengths)[1] >= 5, "asked and not answered yet"
    assert sum(lengths) >= 600


def test_places_documents_and_people_are_those_of_the_demo_and_no_suppliers_guest_says_anything() -> None:
    places = {place.path for place in world().places} | {f"sector/{word}" for word in JOINED}
    documents = {f"{document.place}/{document.key}" for document in world().documents}
    staff = {person.handle for person in world().people if person.kind == "staff"}
    for talk in world().talks:
        assert talk.place in places, talk.title
        assert talk.sort != COMMENTS or f"{talk.place}/{talk.title}" in documents, talk.title
        said_by = {post.by for post in talk.posts} | {thanks for post in talk.posts for thanks in post.thanks}
        assert said_by <= staff, talk.title
    assert len({post.by for _, post in posts()}) >= 38, "nearly everybody says something"


def test_nobody_says_what_somebody_else_said_or_fills_in_a_form() -> None:
    said = [post.body for _, post in posts()]
    assert len(set(said)) == len(said)
    assert len({talk.title for talk in world().talks}) == len(world().talks)
    openings = Counter(body[:30] for body in said if len(body) > 60)
    assert openings.most_common(1)[0][1] == 1, openings.most_common(2)


def test_whoever_is_thanked_is_somebody_else_and_what_is_answered_was_said_before() -> None:
    for talk in world().talks:
        for number, post in enumerate(talk.posts, start=1):
            assert post.by not in post.thanks, talk.title
            assert post.answers is None or 0 < post.answers < number, talk.title
            assert not post.accepted or (talk.sort == "question" and number > 1), talk.title


def test_everything_is_said_in_order_on_working_days_within_working_hours() -> None:
    for talk in world().talks:
        almanac = Almanac.of(talk, TUESDAY)
        said = [almanac.moment(post.ago) for post in talk.posts]
        assert said == sorted(set(said)), talk.title
        for post in talk.posts:
            assert time(8) <= post.ago.at <= time(18), talk.title
            later = [ago for ago, _ in post.edits] + ([post.withdrawn.ago] if post.withdrawn else [])
            assert all(almanac.moment(ago) > almanac.moment(post.ago) for ago in later), talk.title
        assert not talk.closed or almanac.moment(talk.closed.ago) > said[-1], talk.title


def test_some_of_it_is_of_yesterday_most_of_the_last_weeks_and_some_of_a_year_ago() -> None:
    last = [min(ago.days for ago in talk.moments) for talk in world().talks]
    assert sum(days <= 1 for days in last) >= 15
    assert sum(days <= 30 for days in last) >= 100
    assert sum(days >= 250 for days in last) >= 4


def test_there_is_one_of_everything_that_can_be_done_to_a_post() -> None:
    talks = world().talks
    assert sum(post.accepted for _, post in posts()) >= 50
    assert sum(bool(post.edits) for _, post in posts()) >= 4
    gone = [(talk, post) for talk, post in posts() if post.withdrawn]
    assert {post.by == post.withdrawn.by for _, post in gone if post.withdrawn} == {True, False}
    assert all(post.withdrawn.reason for _, post in gone if post.withdrawn)
    assert sum(bool(talk.closed) for talk in talks) >= 5
    assert sum(bool(talk.pinned) for talk in talks) >= 2
    assert sum(not any(post.accepted for post in talk.posts) for talk in talks if talk.sort == "question") >= 15


@pytest.mark.parametrize(("word", "where"), [("kestrel", "leeds/legal"), ("lantern", "leeds/reorganisation")])
def test_code_words_are_said_where_they_are_known_and_nowhere_else(word: str, where: str) -> None:
    places = {talk.place for talk, post in posts() if word in f"{talk.title} {texts(post)}".lower()}
    assert places
    assert all(place == where or place.startswith(f"{where}/") for place in places)


def test_nobody_says_the_title_of_a_paper_that_they_who_read_there_may_not_know() -> None:
    """A title of a confidential or private space would tell that there is such a paper."""
    open_places = {place.path for place in world().places if place.audience == "open"}
    closed = {place.path for place in world().places if place.audience in {"private", "confidential"}}
    secret = [
        document.title.lower()
        for document in world().documents
        if any(f"{document.place}/".startswith(f"{path}/") for path in closed)
    ]
    for talk, post in posts():
        if talk.place in open_places:
            assert not any(title in " ".join(texts(post)).lower() for title in secret), talk.title


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("=== question: x\n--- york/a 1 10:00\nHello", "must name the place"),
        ("place: york\nHello\n=== question: x\n--- york/a 1 10:00\nHello", "before the first conversation"),
        ("place: york\n=== poem: x\n--- york/a 1 10:00\nHello", "question, discussion or comments"),
        ("place: york\n=== question: x\n--- york/a yesterday\nHello", "no moment: 'yesterday'"),
        ("place: york\n=== question: x\n--- york/a 1 25:00\nHello", "hour"),
        ("place: york\n=== question: x\n--- york/a 1 10:00\n", "nothing is said"),
        ("place: york\n=== question: x", "nothing is said"),
        ("place: york\n=== question: x\n--- york/a 1 10:00 | loud\nHello", "cannot use 'loud'"),
        ("place: york\n=== question: x\n--- york/a 1 10:00 | thanks\nHello", "cannot use 'thanks'"),
        ("place: york\n=== question: x\n+++ 1 10:00\nHello", "nothing is said before"),
        ("place: york\n=== question: x\n--- york/a 1 10:00\nHello\n!!! burnt 1 10:00 york/a", "cannot use 'burnt'"),
    ],
)
def test_a_file_of_talk_that_does_not_read_is_named(text: str, says: str) -> None:
    with pytest.raises(TalkError, match=re.escape(says)) as refused:
        tuple(parse_talks("housing.txt", text))
    assert str(refused.value).startswith("housing.txt: ")


def test_a_post_is_read_with_all_that_was_done_to_it() -> None:
    (talk,) = parse_talks(
        "x.txt",
        "place: york/housing\n=== question in repairs: Who?\n--- york/a 3 10:00\nI ask.\n\nTwice.\n"
        "--- york/b 2 09:30 | answers 1 | accepted | thanks york/a york/c\nMe.\n+++ 2 09:40\nMe!\n"
        "~~~ 1 08:05 york/c Too loud\n!!! closed 1 08:10 york/a\n",
    )
    asked, answered = talk.posts
    assert (talk.sort, talk.place, talk.title) == ("question", "york/housing/repairs", "Who?")
    assert (asked.body, asked.answers, asked.accepted) == ("I ask.\n\nTwice.", None, False)
    assert (answered.answers, answered.accepted, answered.thanks) == (1, True, ("york/a", "york/c"))
    assert answered.edits == ((Ago(2, time(9, 40)), "Me!"),)
    assert answered.withdrawn is not None
    assert (answered.withdrawn.by, answered.withdrawn.reason) == ("york/c", "Too loud")
    assert talk.closed is not None
    assert talk.closed.by == "york/a"


@pytest.mark.parametrize(
    ("today", "before", "then"),
    [
        (date(2026, 10, 20), 0, date(2026, 10, 20)),
        (date(2026, 10, 20), 2, date(2026, 10, 16)),
        (date(2026, 10, 18), 0, date(2026, 10, 16)),
        (date(2026, 10, 17), 1, date(2026, 10, 15)),
        (date(2026, 10, 19), 5, date(2026, 10, 12)),
        (date(2026, 10, 21), 14, date(2026, 10, 1)),
    ],
)
def test_working_days_are_weekdays(today: date, before: int, then: date) -> None:
    assert working_day(today, before) == then


def test_what_would_be_said_later_today_was_said_a_working_day_earlier_all_of_it() -> None:
    asked = DemoPost("york/a", Ago(1, time(10)), "Hello")
    early, late = (DemoPost("york/b", Ago(0, time(hour)), "Yes") for hour in (8, 16))
    in_time = Almanac.of(DemoTalk("question", "york", "x", (asked, early)), TUESDAY)
    moved = Almanac.of(DemoTalk("question", "york", "x", (asked, late)), TUESDAY)
    assert in_time.moment(early.ago) == TUESDAY.replace(hour=7), "eight o'clock in summer time"
    assert moved.moment(asked.ago) == TUESDAY.replace(day=16, hour=9)
    assert moved.moment(late.ago) == TUESDAY.replace(day=19, hour=15)
    assert in_time.after(early.ago, 150) == TUESDAY, "nothing is done after now"
    assert moved.after(asked.ago, 90) - moved.moment(asked.ago) == timedelta(minutes=90)
