"""A calendar reads events at a secret address: judged each time, without where they are (RFC 5545)."""

from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar
from sqlalchemy import select

from hub.access.models import Person, Place
from hub.nouns.talk.votes import cast_vote
from hub.nouns.threads.events import When, announce, call_off, put_off
from hub.nouns.threads.models import Thread
from hub.web.calendars import writable
from tests.hub.features.feeds.conftest import Desk, Follow, Reader
from tests.hub.features.writing.conftest import place_id
from tests.hub.world import World

AT = datetime(2026, 12, 4, 10, 0, tzinfo=UTC)


def an_event(town: World, title: str, path: str = "leeds/forum", by: str = "leeds/hana", at: datetime = AT) -> str:
    """Somebody announces one, whatever policy says; its node."""
    with town.work() as uow:
        place = uow.session.scalars(select(Place).where(Place.path == path)).one()
        when = When(at, at + timedelta(hours=2), "Civic Hall, LANTERN")
        return announce(uow, place, person(uow, by), title, "LANTERN", when).node


def person(uow: object, handle: str) -> Person:
    return uow.session.scalars(select(Person).where(Person.handle == handle)).one()  # type: ignore[attr-defined]


def say(town: World, node: str, who: str, word: str) -> None:
    with town.work() as uow:
        cast_vote(uow, node, person(uow, who), word)


def in_it(reader: Reader) -> list[tuple[str, int, str]]:
    """The title, the sequence and the status of each event of a calendar."""
    answer = reader.get()
    assert answer.status_code == 200, answer.text
    assert answer.content_type == "text/calendar; charset=utf-8"
    events = Calendar.from_ical(answer.data).walk("VEVENT")
    return [(str(each["summary"]), each["sequence"], str(each["status"])) for each in events]


def test_bos_calendar_has_the_events_of_the_forum_and_says_what_changed(town: World, follow: Follow) -> None:
    node = an_event(town, "Silt; sensors, all of them")
    reader = follow("york/bo", place_id(town, "leeds/forum"), "events")
    assert in_it(reader) == [("Silt; sensors, all of them", 0, "CONFIRMED")]
    (event,) = Calendar.from_ical(reader.get().data).walk("VEVENT")
    assert event["dtstart"].params["TZID"] == "Europe/London"
    assert event["dtstart"].dt == AT
    assert str(event["description"]) == "Hana Iqbal of Leeds City Council"
    assert event["dtstamp"].dt == town.parts.clock.now()
    town.parts.clock.move(minutes=5)
    with town.work() as uow:
        thread = uow.session.get_one(Thread, node.partition(":")[2])
        put_off(uow, thread, person(uow, "leeds/hana"), 1, When(AT, AT + timedelta(hours=1), "Elsewhere"))
    assert in_it(reader)[0][1:] == (1, "CONFIRMED")
    with town.work() as uow:
        thread = uow.session.get_one(Thread, node.partition(":")[2])
        call_off(uow, thread, person(uow, "leeds/hana"), 2, "LANTERN")
    assert in_it(reader)[0][1:] == (2, "CANCELLED")
    assert b"LANTERN" not in reader.get().data, "a text, a place or a reason leaves the hub"


def test_every_line_is_folded_and_ends_as_the_standard_says(town: World, follow: Follow) -> None:
    an_event(town, "é" * 200 + "\x07\u2028 BEGIN:VEVENT")
    data = follow("york/bo", place_id(town, "leeds/forum"), "events").get().data
    assert data.endswith(b"END:VCALENDAR\r\n")
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    assert data.count(b"\r\nBEGIN:VEVENT") == 1
    assert writable("a\x00b\r\nBEGIN:VEVENT\x1b") == "a\ufffdb BEGIN:VEVENT\ufffd"


def test_what_she_said_yes_or_maybe_to_is_in_her_calendar(town: World, follow: Follow) -> None:
    for title, word in (("Yes", "yes"), ("Maybe", "maybe"), ("No", "no"), ("Nothing", "")):
        node = an_event(town, title)
        if word:
            say(town, node, "york/bo", word)
        say(town, node, "york/yara", "yes")
    reader = follow("york/bo", "", "mine")
    assert {title for title, *_ in in_it(reader)} == {"Yes", "Maybe"}


@pytest.mark.parametrize("sort", ["events", "mine"])
def test_what_is_hidden_from_her_now_is_not_in_it(town: World, follow: Follow, sort: str) -> None:
    """She said yes once; then it was moved where she may not read, marked higher, or never was hers to see (canary)."""
    about = place_id(town, "leeds/forum") if sort == "events" else ""
    say(town, an_event(town, "Open"), "york/bo", "yes")
    reader = follow("york/bo", about, sort)
    before = reader.get()
    say(town, an_event(town, "CANARY", "leeds/office"), "york/bo", "yes")
    marked = an_event(town, "CANARY")
    say(town, marked, "york/bo", "yes")
    with town.work() as uow:
        thread = uow.session.get_one(Thread, marked.partition(":")[2])
        thread.marking, thread.ms = "OFFICIAL-SENSITIVE", "OFFICIAL-SENSITIVE.published"
    after = reader.get()
    assert (after.data, after.headers["ETag"]) == (before.data, before.headers["ETag"])


@pytest.mark.parametrize("why", ["suspended", "left"])
def test_a_leavers_calendar_is_not_there(town: World, follow: Follow, why: str) -> None:
    reader = follow("york/bo", "", "mine")
    assert reader.get().status_code == 200
    town.set_status("york/bo", why)
    assert reader.get().data == town.client().get("/feeds/wrong").data


def test_bo_has_them_in_his_calendar_from_the_pages(town: World) -> None:
    node = an_event(town, "Open")
    say(town, node, "york/bo", "maybe")
    bo = Desk(town, "york/bo")
    bo.see(f"/talk/{place_id(town, 'leeds/forum')}/events")
    (link,) = bo.page.xpath("//a[text()='Have them in your calendar']/@href")
    for each in (link, "/me/feeds/new?mine=yes"):
        bo.fill(each, 200, name="Calendar")
        (address,) = bo.page.xpath("//textarea[@id='address']/text()")
        assert [title for title, *_ in in_it(Reader(town, address.strip().removeprefix("http://localhost:8000")))] == [
            "Open"
        ]
    assert "Events that you come to, in all spaces" in bo.see("/me/feeds")
    assert "Events of a space: Flood forum" in bo.see("/me/feeds")


def test_a_private_space_has_no_calendar_even_for_those_in_it(town: World, follow: Follow) -> None:
    an_event(town, "CANARY", "leeds/office")
    office = place_id(town, "leeds/office")
    assert follow("leeds/mo", office, "events").get().status_code == 404
    Desk(town, "leeds/mo").see(f"/me/feeds/new?events={office}", 404)
