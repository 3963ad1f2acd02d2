"""Something that takes place: announced, listed by date, answered, put off, called off."""

from datetime import UTC, datetime

import pytest
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.event import listen

from hub.access.models import Place
from hub.features.hearing.telling import tell_round
from hub.ground.db import Database
from hub.nouns.talk.models import Vote
from hub.nouns.talk.votes import cast_vote
from hub.nouns.threads.models import Event
from hub.nouns.threads.offering import set_offered
from tests.hub.features.talk.conftest import Desk
from tests.hub.features.writing.conftest import place_id
from tests.hub.world import World

FIELDS = {
    "name": "Silt sensors: what we learned",
    "body": "Bring **yours**.",
    "starts_on": "4/12/2026",
    "starts": "10am",
    "ends": "12:30",
    "ends_on": "",
    "venue": "Civic Hall, Leeds",
}


@pytest.fixture
def forum(town: World, forum: str) -> str:
    """Where the talk of the forum is, which takes events too, as Legal does."""
    with town.work() as uow:
        for space in (forum.removeprefix("/talk/"), place_id(town, "leeds/legal")):
            set_offered(uow, uow.session.get_one(Place, space), ["question", "discussion", "event"])
    return forum


@pytest.fixture
def event(town: World, forum: str) -> str:
    """Where Hana's event is."""
    hana = Desk(town, "leeds/hana")
    hana.fill(f"{forum}/new-event", **FIELDS)
    with town.parts.database.reading() as session:
        return f"/threads/{session.scalars(select(Event.thread_id)).one()}"


def when(**other: str) -> dict[str, str]:
    """What the form of a change sends."""
    return {name: text for name, text in FIELDS.items() if name not in {"name", "body"}} | other


def tell(town: World) -> None:
    while tell_round(town.parts):
        pass


def test_hana_announces_an_event_in_london_time_and_bo_reads_when_and_where(town: World, forum: str) -> None:
    hana = Desk(town, "leeds/hana")
    hana.see(forum)
    assert hana.page.xpath("//a[text()='Announce an event']/@href") == [f"{forum}/new-event"]
    page = hana.fill(f"{forum}/new-event", **FIELDS | {"starts_on": "4/6/2027"})
    assert "When 4 June 2027, 10:00 to 12:30 Where Civic Hall, Leeds" in page
    with town.parts.database.reading() as session:
        found = session.scalars(select(Event)).one()
    assert found.starts_at == datetime(2027, 6, 4, 9, 0, tzinfo=UTC)
    bo = Desk(town, "york/bo")
    assert "Silt sensors: what we learned 4 June 2027, 10:00 to 12:30 , Civic Hall, Leeds" in bo.see(f"{forum}/events")
    assert "Coming events" in bo.see(forum)
    assert "in Flood forum" in bo.see("/events")


def test_only_those_who_edit_there_announce_events(town: World, forum: str) -> None:
    for who in ("york/bo", "leeds/ann"):
        desk = Desk(town, who)
        assert "Announce an event" not in desk.see(forum)
        desk.see(f"{forum}/new-event", 403)
        desk.send(f"{forum}/new-event", 403, **FIELDS)
    Desk(town, "acme/gus").see(f"{forum}/new-event", 404)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"ends": "9:59"}, "It must end after it starts"),
        ({"ends": "10:00"}, "It must end after it starts"),
        ({"ends_on": "3/12/2026"}, "It must end after it starts"),
        ({"ends_on": "5/12/2027"}, "It can last 31 days at the most"),
        ({"starts_on": "1/1/2026"}, "It must start in the future"),
        ({"starts_on": "31/2/2027"}, "There is no such day as 31/2/2027"),
        ({"starts_on": ""}, "Enter a day such as 31/03/2027"),
        ({"starts": "soon"}, "Enter a time such as 09:30 or 2pm"),
        ({"starts": "25:00"}, "Enter a time such as 09:30 or 2pm"),
        ({"starts": "13pm"}, "Enter a time such as 09:30 or 2pm"),
        ({"ends": ""}, "Enter a time such as 09:30 or 2pm"),
        ({"starts_on": "28/3/2027", "starts": "1:30", "ends": "3:00"}, "the clocks go forward"),
        ({"venue": " "}, "Say where it is"),
        ({"venue": "x" * 301}, "Where it is must be 300 characters or fewer"),
        ({"name": ""}, "Enter a title"),
        ({"body": ""}, "Write something"),
    ],
)
def test_what_cannot_take_place_comes_back_with_what_to_mend(
    town: World, forum: str, wrong: dict[str, str], said: str
) -> None:
    hana = Desk(town, "leeds/hana")
    page = hana.fill(f"{forum}/new-event", 422, **FIELDS | wrong)
    assert said in page
    if wrong.get("body", "yes"):
        assert "Bring **yours**." in page, "what was typed is lost"
    with town.parts.database.reading() as session:
        assert not session.scalars(select(Event)).all()


def test_bo_says_that_he_comes_changes_his_mind_and_takes_it_back(town: World, event: str) -> None:
    bo = Desk(town, "york/bo")
    bo.see(event)
    page = bo.press("I come")
    assert "You said that you come." in page
    assert "Who comes 1 comes" in page
    bo.press("Maybe")
    bo.press("I cannot come")
    with town.parts.database.reading() as session:
        assert [vote.word for vote in session.scalars(select(Vote))] == ["no"]
    bo.press("Take my answer back")
    with town.parts.database.reading() as session:
        assert not session.scalars(select(Vote)).all()


def test_names_are_shown_to_those_who_may_see_them_and_numbers_to_all(town: World, event: str) -> None:
    """York's pages are York's own: Ann of Leeds does not see Bo."""
    for who in ("york/bo", "leeds/hana"):
        desk = Desk(town, who)
        desk.see(event)
        desk.press("I come")
    ann = Desk(town, "leeds/ann")
    assert "Who comes 2 come" in ann.see(event)
    page = ann.see(f"{event}/who-comes")
    assert "They come Hana Iqbal of Leeds City Council" in page
    assert "Bo Reed" not in page
    assert "Bo Reed" in Desk(town, "york/bo").see(f"{event}/who-comes")
    Desk(town, "acme/gus").see(f"{event}/who-comes", 404)


def test_whoever_said_yes_or_maybe_hears_of_another_time_and_nobody_else(town: World, event: str, forum: str) -> None:
    town.add_person("leeds/ivo", name="Ivo Brown")
    for who, word in (("york/bo", "Maybe"), ("leeds/ann", "I come"), ("leeds/ivo", "I cannot come")):
        desk = Desk(town, who)
        desk.see(event)
        desk.press(word)
    tell(town)
    town.parts.clock.move(minutes=5)
    hana = Desk(town, "leeds/hana")
    page = hana.fill(f"{event}/event", **when(starts="2pm", ends="4pm"))
    assert "This has changed: it is now on 4 December 2026, 14:00 to 16:00, Civic Hall, Leeds." in page
    tell(town)
    for who in ("york/bo", "leeds/ann"):
        assert "changed an event that you said you may come to" in Desk(town, who).see("/notices"), who
    assert "Nothing new for you" in Desk(town, "leeds/ivo").see("/notices")
    assert "Nothing new for you" in hana.see("/notices")


def test_calling_off_takes_a_reason_is_told_and_cannot_be_answered(town: World, event: str) -> None:
    bo = Desk(town, "york/bo")
    bo.see(event)
    bo.press("I come")
    hana = Desk(town, "leeds/hana")
    assert "Say why it is called off" in hana.fill(f"{event}/call-off", 422, reason=" ")
    page = hana.fill(f"{event}/call-off", reason="The speaker is ill")
    assert "This is called off Why The speaker is ill" in page
    assert "Called off" in page
    tell(town)
    assert "changed an event" in bo.see("/notices")
    assert "Maybe" not in bo.see(event)
    bo.send(f"{event}/come", word="no")
    with town.parts.database.reading() as session:
        assert [vote.word for vote in session.scalars(select(Vote))] == ["yes"]
    for what in ("event", "call-off"):
        assert "This event is called off" in _sent(hana, f"{event}/{what}", **FIELDS, reason="Again")


def _sent(desk: Desk, address: str, **fields: str) -> str:
    """The words of a refusal, where the form at an address is sent as it stands."""
    desk.see(address)
    form = next(form for form in desk.page.iter("form") if form.get("action") == address)
    hidden = {f.get("name"): f.get("value") for f in form.xpath(".//input[@type='hidden']")}
    return desk.send(address, 409, **hidden | fields)


def test_what_is_over_has_its_own_list_and_is_answered_no_more(town: World, event: str, forum: str) -> None:
    bo = Desk(town, "york/bo")
    town.parts.clock.move(days=60)
    bo = Desk(town, "york/bo")
    assert "This is over" in bo.see(event)
    assert "Maybe" not in bo.see(event)
    assert "Nothing is coming here" in bo.see(f"{forum}/events")
    assert "Silt sensors" in bo.see(f"{forum}/events?past=yes")
    assert "Silt sensors" not in bo.see("/events")
    hana = Desk(town, "leeds/hana")
    assert "Call it off" not in hana.see(event)


def test_two_who_change_it_at_once_do_not_undo_one_another(town: World, event: str) -> None:
    hana, mo = Desk(town, "leeds/hana"), Desk(town, "leeds/mo")
    hana.see(f"{event}/event")
    hidden = {f.get("name"): f.get("value") for f in hana.page.xpath("//main//form//input[@type='hidden']")}
    mo.fill(f"{event}/event", **when(venue="Town Hall, Leeds"))
    page = hana.send(f"{event}/event", 409, **hidden | FIELDS | {"starts": "9:00"})
    assert "It is now on 4 December 2026, 10:00 to 12:30, Town Hall, Leeds." in page
    assert 'value="9:00"' in hana.browser.post(f"{event}/event", data=hidden | FIELDS | {"starts": "9:00"}).text


def test_who_saw_another_time_answers_nothing(town: World, event: str) -> None:
    bo = Desk(town, "york/bo")
    bo.see(event)
    Desk(town, "leeds/hana").fill(f"{event}/event", **when(venue="Town Hall, Leeds"))
    assert "It is now on 4 December 2026, 10:00 to 12:30, Town Hall, Leeds." in bo.press("I come")
    with town.parts.database.reading() as session:
        assert not session.scalars(select(Vote)).all()


def test_those_who_only_comment_change_nothing_and_a_question_is_no_event(town: World, event: str, asked: str) -> None:
    bo, hana = Desk(town, "york/bo"), Desk(town, "leeds/hana")
    for what in ("event", "call-off"):
        bo.see(f"{event}/{what}", 403)
        bo.send(f"{event}/{what}", 403, reason="Mine")
        hana.see(f"{asked}/{what}", 404)
    bo.send(f"{asked}/come", 404, word="yes")
    bo.see(f"{asked}/event.ics", 404)
    bo.send(f"{event}/come", 400, word="perhaps", seen=_seal(bo, event))


def _seal(desk: Desk, event: str) -> str:
    desk.see(event)
    return str(desk.page.xpath("//form[contains(@action, '/come')]//input[@name='seen']/@value")[0])


def test_an_event_that_is_hidden_is_in_no_list_and_has_no_file(town: World, event: str, forum: str) -> None:
    """And what others do in it changes not one byte of what Bo sees (canary of the notes)."""
    bo = Desk(town, "york/bo")
    lists = ("/events", f"{forum}/events", forum)
    before = [bo.browser.get(path).data for path in lists]
    hana, mo = Desk(town, "leeds/hana"), Desk(town, "leeds/mo")
    legal = f"/talk/{place_id(town, 'leeds/legal')}"
    mo.fill(f"{legal}/new-event", **FIELDS | {"name": "CANARY"})
    with town.parts.database.reading() as session:
        hidden = next(x for x in session.scalars(select(Event.thread_id)) if x not in event)
    for path in ("", "/event", "/event.ics", "/call-off"):
        absent = bo.browser.get(f"/threads/zzzzzzzzzzzz{path}")
        answer = bo.browser.get(f"/threads/{hidden}{path}")
        assert (answer.status_code, answer.data) == (404, absent.data), path
    hana.see(f"/threads/{hidden}", 404)
    bo.see(f"{legal}/events", 404)

    def plain(data: bytes) -> bytes:
        import re

        return re.sub(rb'(csrf_token|form_token)" value="[^"]*"', b"", data)

    assert [plain(bo.browser.get(path).data) for path in lists] == [plain(page) for page in before]


def test_the_page_of_an_event_asks_no_more_where_many_come(town: World, event: str, database: Database) -> None:
    found: list[str] = []
    listen(database.engine, "before_cursor_execute", lambda *a: a[2] != "BEGIN" and found.append(a[2]))
    counts = []
    for times in (1, 20):
        for n in range(times):
            town.add_person(f"leeds/p{times}-{n}")
            with town.work() as uow:
                cast_vote(uow, f"thread:{event.rpartition('/')[2]}", town._person(uow, f"leeds/p{times}-{n}"), "yes")
        ann = Desk(town, "leeds/ann")
        ann.see(event)
        found.clear()
        ann.see(event)
        counts.append(len(found))
    assert counts[0] == counts[1] <= 15


def test_the_file_of_an_event_is_a_calendars(town: World, event: str) -> None:
    bo = Desk(town, "york/bo")
    answer = bo.browser.get(f"{event}/event.ics")
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert "Silt sensors- what we learned.ics" in answer.headers["Content-Disposition"]
    (found,) = Calendar.from_ical(answer.data).walk("VEVENT")
    assert found["summary"] == FIELDS["name"]
    assert found["dtstart"].dt == datetime(2026, 12, 4, 10, 0, tzinfo=UTC)
    assert found["dtstart"].params["TZID"] == "Europe/London"
    assert (found["sequence"], found["status"]) == (0, "CONFIRMED")
    assert found["location"] == FIELDS["venue"]
    assert b"Bring" not in answer.data
    Desk(town, "leeds/hana").fill(f"{event}/call-off", reason="The speaker is ill")
    (found,) = Calendar.from_ical(bo.browser.get(f"{event}/event.ics").data).walk("VEVENT")
    assert (found["sequence"], found["status"]) == (1, "CANCELLED")


def test_an_address_of_a_meeting_is_a_link_and_nothing_that_runs_is(town: World, forum: str) -> None:
    hana = Desk(town, "leeds/hana")
    for venue, linked in (("https://meet.example/x", True), ("javascript:alert(1)", False), ("https://a b", False)):
        hana.fill(f"{forum}/new-event", **FIELDS | {"venue": venue})
        links = hana.page.xpath("//section[@aria-labelledby='event']//dl//a/@href")
        assert bool(links) is linked, venue
