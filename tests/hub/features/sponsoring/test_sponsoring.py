"""Ann answers for Maria, a guest of Leeds: she is reminded, renews by one press, wakes her, and leaves."""

from collections.abc import Iterator
from datetime import date, timedelta
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from hub.access.models import Grant
from hub.features.sponsoring.models import EndReminder
from hub.features.sponsoring.service import remind_round
from hub.ground.dates import year_after
from hub.ground.db import Database
from hub.ground.unit_of_work import AuditEntry
from hub.nouns.people.service import NewGrant, give
from tests.hub.features.signin.browser import HUB, now
from tests.hub.features.signin.guests import MARIA, GuestWorld, post, the_firm
from tests.hub.once import Begin
from tests.hub.world import TestClock
from tests.peers.mail_server import MailServer, free_port

ANN = "ann@leeds.example"


@pytest.fixture
def firm(begin: Begin, database: Database, tmp_path: Path) -> Iterator[GuestWorld]:
    world = begin(the_firm, database, GuestWorld, clock=TestClock(now()))
    server = MailServer(free_port(), tmp_path).start()
    world.use(server)
    with world.work() as uow:
        world.person(uow, "leeds/ann").email = ANN
    yield world
    server.stop()


def in_days(world: GuestWorld, days: int) -> date:
    return world.parts.today + timedelta(days=days)


def press(browser: FlaskClient, words: str) -> TestResponse:
    """Press the button of the page that begins with some words."""
    page = html.fromstring(browser.get("/me/guests", base_url=HUB).text)
    forms = [form for form in page.iter("form") if form.xpath("string(.//button)").strip().startswith(words)]
    assert forms, f"there is no button “{words}”"
    return browser.post(forms[0].get("action"), data=dict(forms[0].form_values()), base_url=HUB)


def the_grant(world: GuestWorld) -> Grant:
    with world.parts.database.reading() as session:
        return session.scalars(select(Grant)).one()


def test_ann_is_reminded_14_and_3_days_before_and_once_each(firm: GuestWorld) -> None:
    """G-62: one letter for all of hers; with whom, until when, and where one press renews it."""
    firm.admit(until=in_days(firm, 20))
    firm.admit(name="Max Weld", email="max@acme.example", until=in_days(firm, 20))
    assert remind_round(firm.parts) == 0
    firm.parts.clock.move(days=6)
    assert [remind_round(firm.parts), remind_round(firm.parts)] == [1, 0]
    (letter,) = firm.letters_to(ANN)
    assert "Maria Lopez of Acme Drainage: until" in letter
    assert "Max Weld of Acme Drainage: until" in letter
    assert f"{HUB}/me/guests" in letter
    assert "Contract" not in letter
    assert "Tenders" not in letter
    home = unescape(firm.client("leeds/ann").get("/", base_url=HUB).text)
    assert "2 admissions of guests for whom you answer end within two weeks" in home
    assert "for whom you answer" not in firm.client("leeds/sam").get("/", base_url=HUB).text
    firm.parts.clock.move(days=11)
    assert [remind_round(firm.parts), remind_round(firm.parts)] == [1, 0]
    assert len(firm.letters_to(ANN)) == 2


def test_ann_renews_by_one_press_and_it_is_written_down_from_when_to_when(firm: GuestWorld) -> None:
    """D-GU 83: as long again, a year from today at most; a press that comes twice renews once."""
    before = in_days(firm, 10)
    firm.admit(until=before)
    ann = firm.client("leeds/ann")
    page = html.fromstring(ann.get("/me/guests", base_url=HUB).text)
    (form,) = [each for each in page.iter("form") if (each.get("action") or "").endswith("/renew")]
    for _ in range(2):
        ann.post("/me/guests/renew", data=dict(form.form_values()), base_url=HUB)
    assert the_grant(firm).until == in_days(firm, 20)
    with firm.parts.database.reading() as session:
        (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.act == "grant:renew")).all()
    assert entry.actor == "leeds/ann"
    assert f"{before.isoformat()} to {in_days(firm, 20).isoformat()}" in entry.detail
    with firm.work() as uow:
        uow.session.execute(update(Grant).values(until=in_days(firm, 360), created_at=uow.now - timedelta(days=300)))
    press(ann, "Renew until")
    assert the_grant(firm).until == year_after(firm.parts.today)
    assert "Renew until" not in ann.get("/me/guests", base_url=HUB).text
    remind_round(firm.parts)
    with firm.parts.database.reading() as session:
        assert session.scalars(select(EndReminder)).all() == []


def test_what_ended_lately_is_renewed_too_and_maria_is_in_from_her_next_click(firm: GuestWorld) -> None:
    """D-GU 77: out at midnight in London, to the second; in again; after a fortnight it is gone from the list."""
    firm.known(until=in_days(firm, 1))
    maria = firm.client(firm.guest().handle)
    end = firm.parts.clock.now() + timedelta(days=2)
    midnight = end.replace(hour=0, minute=0, second=0, microsecond=0)
    firm.parts.clock.at = midnight - timedelta(seconds=1)
    maria = firm.client(firm.guest().handle)
    assert maria.get("/places/leeds/tenders", base_url=HUB).status_code == 200
    firm.parts.clock.move(seconds=1)
    assert maria.get("/places/leeds/tenders", base_url=HUB).status_code == 404
    ann = firm.client("leeds/ann")
    assert "Ended" in ann.get("/me/guests", base_url=HUB).text
    press(ann, "Renew until")
    assert maria.get("/places/leeds/tenders", base_url=HUB).status_code == 200
    with firm.work() as uow:
        uow.session.execute(update(Grant).values(until=firm.parts.today - timedelta(days=15)))
    assert "You answer for no guest" in ann.get("/me/guests", base_url=HUB).text


def test_nobody_renews_for_others_nor_what_they_may_not_see(firm: GuestWorld) -> None:
    """N-30: Sam, York's Yara, and Maria herself find nothing; Ann may no more once the space is hidden from her."""
    firm.known(until=in_days(firm, 10))
    grant = the_grant(firm)
    firm.app.config["WTF_CSRF_ENABLED"] = False
    for who in ("leeds/sam", "york/yara", firm.guest().handle):
        browser = firm.client(who)
        assert "Maria Lopez" not in html.fromstring(browser.get("/me/guests", base_url=HUB).text).xpath(
            "string(//main)"
        )
        for act in ("renew", "wake", "end"):
            asked = browser.post(f"/me/guests/{act}", data={"grant": grant.id}, base_url=HUB)
            absent = browser.post(f"/me/guests/{act}", data={"grant": "x"}, base_url=HUB)
            assert (asked.status_code, len(asked.text)) == (absent.status_code, len(absent.text))
            assert asked.status_code == 404
    firm.set_audience("leeds/tenders", "confidential")
    ann = firm.client("leeds/ann")
    page = ann.get("/me/guests", base_url=HUB).text
    assert "Something that you may not see any more" in page
    assert "Tenders" not in html.fromstring(page).xpath("string(//main)")
    refused = ann.post("/me/guests/renew", data={"grant": grant.id}, base_url=HUB)
    assert refused.status_code == 403
    assert the_grant(firm).until == grant.until


def test_who_was_away_for_60_days_sleeps_until_ann_wakes_them(firm: GuestWorld) -> None:
    """The code is right, and a sentence says what to do; after one press of Ann's it lets in."""
    firm.known(until=in_days(firm, 200))
    firm.parts.clock.move(days=60, seconds=1)
    browser = firm.app.test_client()
    post(browser, "/sign-in/guest/code", email=MARIA)
    refused = post(browser, "/sign-in/guest/enter", code=firm.code_to(MARIA))
    assert refused.status_code == 422
    assert "your access sleeps. Your sponsor wakes it by one press" in refused.text
    ann = firm.client("leeds/ann")
    assert "Asleep" in ann.get("/me/guests", base_url=HUB).text
    press(ann, "Wake")
    assert "Asleep" not in ann.get("/me/guests", base_url=HUB).text
    post(browser, "/sign-in/guest/code", email=MARIA)
    assert post(browser, "/sign-in/guest/enter", code=firm.code_to(MARIA)).status_code == 303


def test_ann_ends_it_and_maria_is_out_from_her_next_click(firm: GuestWorld) -> None:
    firm.known()
    maria = firm.client(firm.guest().handle)
    assert maria.get("/places/leeds/tenders", base_url=HUB).status_code == 200
    press(firm.client("leeds/ann"), "End now")
    assert maria.get("/places/leeds/tenders", base_url=HUB).status_code == 404


def test_when_ann_leaves_her_guests_are_out_from_their_next_click(firm: GuestWorld) -> None:
    """D-GU 80: what others answer for stays; letting Ann in again lets no guest in."""
    firm.known()
    firm.add_person("acme/max", kind="guest")
    with firm.work() as uow:
        space = firm.place(uow, "leeds/tenders")
        new = NewGrant(
            "guest:acme/max", "read", space.id, space.organisation_id or "", "leeds/sam", source="guest",
            reason="Contract 2", until=in_days(firm, 9),
        )  # fmt: skip
        give(uow, new)
    maria, other = firm.client(firm.guest().handle), firm.client("acme/max")
    firm.set_status("leeds/ann", "left")
    assert maria.get("/places/leeds/tenders", base_url=HUB).status_code == 404
    assert other.get("/places/leeds/tenders", base_url=HUB).status_code == 200
    firm.set_status("leeds/ann", "active")
    assert maria.get("/places/leeds/tenders", base_url=HUB).status_code == 404
