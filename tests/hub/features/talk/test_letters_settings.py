"""Ending letters, hours, refused addresses: what people say of the letters that they get (conversation notes, 5)."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from hub.features.hearing.hours import next_time
from hub.features.hearing.wishes import usual
from hub.ground.unit_of_work import AuditEntry
from hub.keeping.trail import KEY as TRAIL
from hub.mail.models import SentLetter
from hub.mail.stopping import PATH, stop_path
from hub.nouns.people.profile_keeping import Said, keep_profile
from hub.nouns.talk.models import NewsLetter
from tests.hub.features.talk.conftest import Desk
from tests.hub.features.talk.test_letters import BO, known_by_mail, later, letters, mailed, morning, wishes
from tests.hub.features.writing.conftest import place_id
from tests.hub.world import World
from tests.peers.mail_server import MailServer, free_port

__all__ = ["mailed"]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[MailServer]:
    found = MailServer(free_port(), tmp_path)
    yield found
    found.stop()


def row_of(town: World, handle: str = "york/bo") -> NewsLetter | None:
    with town.work() as uow:
        return uow.session.get(NewsLetter, town._person(uow, handle).id)


def stop_address(server: MailServer, number: int = 0) -> str:
    found = re.fullmatch(r"<https://hub\.example(/letters/stop/[^>]+)>", str(server.taken[number]["List-Unsubscribe"]))
    assert found is not None
    return found[1]


def test_bo_ends_letters_at_once_by_one_press_of_his_mailbox_and_it_sticks(
    town: World, asked: str, mailed: MailServer
) -> None:
    later(town, minutes=6)
    assert mailed.taken[0]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f"To get no more of these letters: https://hub.example{stop_address(mailed)}" in mailed.texts()[0]
    town.app.config["WTF_CSRF_ENABLED"] = True
    mailbox = town.client()
    answer = mailbox.post(stop_address(mailed), data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert "You get no more of these letters" in answer.text
    assert "Bo Reed" not in answer.text
    town.post(f"thread:{asked.rpartition('/')[2]}", "leeds/mo", "More.")
    later(town, minutes=6)
    assert len(mailed.taken) == 1
    morning(town)
    assert len(mailed.taken) == 2
    assert town.client().post(stop_address(mailed, 1)).status_code == 200
    town.post(f"thread:{asked.rpartition('/')[2]}", "leeds/mo", "And more.")
    later(town, minutes=6)
    morning(town, datetime(2026, 10, 22, 8, tzinfo=UTC))
    assert len(mailed.taken) == 2


def test_a_program_that_looks_at_the_link_ends_nothing(town: World, mailed: MailServer) -> None:
    later(town, minutes=6)
    page = town.client().get(stop_address(mailed))
    assert page.status_code == 200
    assert "Yes, no more of these" in page.text
    assert row_of(town) is None


def test_a_link_that_the_hub_never_gave_out_is_answered_like_one_that_it_did(town: World, mailed: MailServer) -> None:
    later(town, minutes=6)
    true, false = stop_address(mailed), f"{PATH}WyJkYWlseSIsIngiXQ.c2lnbmVk"
    stranger = town.client()
    assert stranger.get(true).text.replace(true, "") == stranger.get(false).text.replace(false, "")
    assert stranger.post(false).text == stranger.post(true).text
    with town.work() as uow:
        bo = town._person(uow, "york/bo")
        forged = stop_path(town.parts.keys, SentLetter(kind="never", person_id=bo.id))
        nobody = stop_path(town.parts.keys, SentLetter(kind="daily", person_id="nobody"))
    assert stranger.post(forged).text == stranger.post(nobody).text == stranger.post(true).text


def test_other_letters_cannot_be_ended(town: World) -> None:
    assert stop_path(town.parts.keys, SentLetter(kind="", person_id="x")) == ""


def test_bo_says_which_letters_he_wants_and_when(town: World, asked: str) -> None:
    known_by_mail(town)
    bo = Desk(town, "york/bo")
    bo.see("/notices")
    assert f"They go to {BO}." in bo.see("/notices/settings")
    good: dict[str, object] = {"daily": "no", "at_once": "yes", "from": "9:00", "to": "17", "day": ["0", "3"]}
    assert "It is saved" in bo.fill("/notices/settings", **good)
    row = row_of(town)
    assert row is not None
    assert (row.off, row.at_once_off, row.from_hour, row.until_hour, row.days) == (True, False, 9, 17, "03")
    for wrong, said in (
        ({"from": "half past nine"}, "Enter a whole hour from 0:00 to 23:00"),
        ({"from": "17"}, "Enter a whole hour from the one after"),
        ({"to": "25"}, "Enter a whole hour from the one after"),
        ({"day": []}, "Choose at least one day"),
        ({"daily": ""}, "Choose yes or no"),
    ):
        assert said in bo.fill("/notices/settings", 422, **(good | wrong))
    assert row_of(town) is not None
    assert asked


def test_whoever_gets_no_letters_is_told_why(town: World) -> None:
    assert "to staff alone" in Desk(town, "acme/gus").see("/notices/settings")
    assert "has given the hub no mail address" in Desk(town, "york/bo").see("/notices/settings")
    known_by_mail(town, address="bo@elsewhere.example")
    assert "has not proved that the domain is its own" in Desk(town, "york/bo").see("/notices/settings")


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2026-10-21 07:10", "2026-10-21 07:10"),
        ("2026-10-21 06:10", "2026-10-21 07:00"),
        ("2026-10-21 17:00", "2026-10-22 07:00"),
        ("2026-10-23 18:00", "2026-10-26 08:00"),
        ("2026-10-25 12:00", "2026-10-26 08:00"),
    ],
)
def test_usual_hours_are_those_of_london_in_summer_and_in_winter(now: str, then: str) -> None:
    at = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert next_time(usual("x"), at) == datetime.fromisoformat(then).replace(tzinfo=UTC)


def test_an_address_that_does_not_exist_gets_no_more_until_bo_tries_it_again(
    town: World, asked: str, mailed: MailServer
) -> None:
    mailed.refuses[BO] = "550 5.1.1 No such mailbox"
    later(town, minutes=6)
    assert letters(town)[0].state == "failed"
    town.post(f"thread:{asked.rpartition('/')[2]}", "leeds/mo", "More.")
    later(town, minutes=6)
    morning(town)
    assert len(letters(town)) == 1
    bo = Desk(town, "york/bo")
    assert "Letters to you come back, so none is sent to you any more" in bo.see("/")
    assert "Letters to you" not in Desk(town, "leeds/ann").see("/")
    assert f"We could not reach {BO}" in bo.see("/notices/settings")
    mailed.refuses.clear()
    assert "We could not reach" not in bo.press("Try again")
    morning(town, datetime(2026, 10, 22, 8, tzinfo=UTC))
    assert len(mailed.taken) == 1
    assert "wardens" in mailed.texts()[0]


@pytest.mark.parametrize("answer", ["450 4.2.1 Mailbox busy", "550 5.7.1 Relaying denied"])
def test_what_says_nothing_of_the_mailbox_leaves_the_address_as_it_is(
    town: World, mailed: MailServer, answer: str
) -> None:
    mailed.refuses[BO] = answer
    later(town, minutes=6)
    assert mailed.taken == []
    assert "We could not reach" not in Desk(town, "york/bo").see("/notices/settings")


def test_bo_hears_nothing_of_a_conversation_until_a_day_and_then_again(
    town: World, asked: str, mailed: MailServer
) -> None:
    wishes(town, at_once_off=True)
    bo, node = Desk(town, "york/bo"), f"thread:{asked.rpartition('/')[2]}"
    bo.see(asked)
    later(town)
    assert "How much do you want to hear?" in bo.see(f"{asked}/follow")
    assert "still to come" in bo.fill(f"{asked}/follow", 422, level="until", until="2026-01-01")
    assert "Enter a day such as" in bo.fill(f"{asked}/follow", 422, level="until", until="soon")
    assert "within a year" in bo.fill(f"{asked}/follow", 422, level="until", until="2031-01-01")
    today = town.parts.today.isoformat()
    assert "You hear nothing of it until" in bo.fill(f"{asked}/follow", level="until", until=today)
    assert "Hear of it again" in bo.see(asked)
    town.app.extensions[TRAIL].write()
    town.post(node, "leeds/mo", "Unheard.")
    later(town)
    bo.see("/notices")
    assert not bo.page.xpath("//li[@class='hub-notices__new']")
    town.parts.clock.move(days=1)
    town.post(node, "leeds/mo", "Heard.")
    later(town)
    bo = Desk(town, "york/bo")
    bo.see("/notices")
    assert bo.page.xpath("//li[@class='hub-notices__new']")


def test_members_of_a_space_hear_of_its_questions_unless_they_said_otherwise(town: World, mailed: MailServer) -> None:
    """Hana belongs to the forum by her group; Ann only may read and write there."""
    node = town.add_thread("leeds/forum/minutes", "Pumps?", "leeds/mo", "Words.")
    town.add_thread("leeds/forum", "Chat", "leeds/mo", "Words.", sort="discussion")
    later(town)
    hana, ann = Desk(town, "leeds/hana"), Desk(town, "leeds/ann")
    assert "Mo Khan of Leeds City Council asked this in a space of yours" in hana.see("/notices")
    assert "Chat" not in hana.see("/notices")
    assert "Pumps?" not in ann.see("/notices")
    for level in ("none", "mine"):
        hana.send(f"/follow/{place_id(town, 'leeds/forum')}", level=level)
        town.add_thread("leeds/forum", f"Hoses {level}?", "leeds/mo", "Words.")
        later(town)
        assert f"Hoses {level}?" not in hana.see("/notices")
    assert node


def test_members_hear_nothing_of_a_question_that_they_may_not_read(town: World, mailed: MailServer) -> None:
    town.set_policy(
        "leeds",
        "allow,group:leeds/housing,edit,leeds/forum,only PUBLIC,any,-,Housing leads the forum",
        "allow,person:leeds/mo,manage,leeds,any,any,-,Mo keeps everything",
    )
    town.set_audience("leeds/forum", "restricted")
    town.add_thread("leeds/forum", "KESTREL?", "leeds/mo", "Words.")
    later(town)
    assert "KESTREL" not in Desk(town, "leeds/hana").see("/notices")


@pytest.mark.parametrize(("shown", "told"), [("page", True), ("council", False), ("self", False)])
def test_hana_is_told_when_bo_hears_of_it_only_as_far_as_his_profile_shows_her_that_he_is_away(
    town: World, asked: str, shown: str, *, told: bool
) -> None:
    """Bo is away until Friday; his own hours, from Tuesday on, are told to nobody."""
    town.set_policy("york", "allow,all-staff,read,york,up to OFFICIAL,published,-,Staff read our work")
    wishes(town, days="12", from_hour=13)
    with town.work() as uow:
        bo = town._person(uow, "york/bo")
        keep_profile(uow, bo, Said(away_from=date(2026, 10, 19), away_until=date(2026, 10, 23), away_for=shown))
    page = Desk(town, "leeds/hana").fill(asked, body="Have a look.", tell="Bo Reed")
    assert ("Bo Reed is away, and hears of it on Monday 26 October." in page) is told
    assert ("is away" in page) is told


def test_yorks_administrator_is_told_how_many_are_not_reached_and_not_who(
    town: World, asked: str, mailed: MailServer
) -> None:
    town.set_policy("york", "allow,person:york/una,administer,york,any,any,-,Una administers")
    town.add_person("york/una")
    una, here = Desk(town, "york/una"), "/admin/york/organisation"
    assert "Letters do not reach" not in una.see(here)
    mailed.refuses[BO] = "550 5.1.1 No such mailbox"
    later(town, minutes=6)
    assert "Letters do not reach 1 person of yours" in una.see(here)
    assert BO not in una.see(here)


def test_una_says_what_leaves_and_who_said_so_is_kept(town: World, asked: str) -> None:
    town.set_policy("york", "allow,person:york/una,administer,york,any,any,-,Una administers")
    town.add_person("york/una")
    una, here = Desk(town, "york/una"), "/admin/york/organisation"
    assert "The organisation was saved." in una.fill(here, name="York", description="", contact="", leaves="nothing")
    assert "Choose what may leave" in una.fill(here, 422, name="York", description="", contact="", leaves="all")
    with town.parts.database.reading() as session:
        (entry,) = session.query(AuditEntry).filter_by(act="organisation:leaving")
    assert (entry.actor, entry.detail) == ("york/una", "titles to nothing")
    Desk(town, "york/bo").send(here, 404, name="York", description="", contact="", leaves="text")
