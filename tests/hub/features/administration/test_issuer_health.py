"""Sam sees how the sign-in of Leeds is before its people are kept out, and is written to before its secret ends."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from hub.features.administration.issuers.expiring import expiring_round
from hub.features.policies.service import adopt_default
from hub.features.signin.models import Issuer
from hub.features.signin.service import expect_subject, set_credentials, set_secret_until
from hub.ground.db import Database
from hub.mail.models import SentLetter
from tests.hub.features.signin.browser import SignInWorld, now
from tests.hub.once import Begin
from tests.hub.sheets import Sheet
from tests.hub.world import TestClock
from tests.peers.hostile import HostileIssuer

HERE = "/admin/leeds/issuer/health"


def the_council(world: SignInWorld) -> None:
    """Leeds with Sam who administers it, and Ann."""
    world.add_organisation("leeds")
    with world.work() as uow:
        adopt_default(uow, world.place(uow, "leeds"), "test")
    world.add_person("leeds/sam", "leeds/administrators")
    world.add_person("leeds/ann")
    with world.work() as uow:
        world.person(uow, "leeds/sam").email = "sam@leeds.example"


@pytest.fixture
def leeds(begin: Begin, database: Database) -> SignInWorld:
    world = begin(the_council, database, SignInWorld, clock=TestClock(now()))
    world.app.config["WTF_CSRF_ENABLED"] = False
    return world


def row(leeds: SignInWorld) -> Issuer:
    """Its issuer."""
    return leeds.issuer(leeds.issuer_of("leeds"))


def letters(leeds: SignInWorld) -> list[str]:
    """The subjects of the letters that were written."""
    with leeds.parts.database.reading() as session:
        return list(session.scalars(select(SentLetter.subject).order_by(SentLetter.created_at)))


def test_sam_sees_when_somebody_came_in_and_how_its_clock_goes(leeds, hostile: HostileIssuer) -> None:
    leeds.add_issuer("leeds", hostile.issuer)
    sam = leeds.client("leeds/sam")
    before = sam.get(HERE).text
    assert "Nobody has come in yet" in before
    assert "Nobody has said when it ends" in before
    with leeds.work() as uow:
        expect_subject(uow, leeds.person(uow, "leeds/ann"), "ann", by="platform")
    hostile.now = lambda: leeds.parts.clock.now().timestamp() + 45
    leeds.app.config["WTF_CSRF_ENABLED"] = True
    assert leeds.browser().sign_in("leeds").status_code == 303
    leeds.app.config["WTF_CSRF_ENABLED"] = False
    page = sam.get(HERE).text
    assert "seconds ahead of the hub’s" in page
    assert "Set both by a time server" in page
    assert "good until" in page
    assert "The same since" in page
    assert 'href="/admin/leeds/issuer/health"' in sam.get("/admin/leeds/issuer").text
    leeds.parts.clock.move(hours=27)
    assert "did not answer" in leeds.client("leeds/sam").get(HERE).text


def test_sam_says_when_the_secret_ends_and_is_written_to_before_once_each_time(leeds) -> None:
    leeds.add_issuer("leeds", "https://login.leeds.example")
    sam = leeds.client("leeds/sam")
    wrong = sam.post(HERE, data={"until": "soon"})
    assert wrong.status_code == 422
    assert "Enter a day such as" in wrong.text
    last = leeds.parts.today + timedelta(days=40)
    assert sam.post(HERE, data={"until": last.isoformat()}).status_code == 303
    assert row(leeds).secret_until == last
    assert (expiring_round(leeds.parts), letters(leeds)) == (0, [])
    for days, subject in ((10, "ends in 30 days"), (16, "ends in 14 days"), (11, "ends in 3 days")):
        leeds.parts.clock.move(days=days)
        assert expiring_round(leeds.parts) == 1
        assert expiring_round(leeds.parts) == 0, "once"
        assert letters(leeds)[-1] == f"The client secret {subject}"
    assert len(letters(leeds)) == 3
    with leeds.work() as uow:
        set_credentials(uow, leeds.parts, uow.session.scalars(select(Issuer)).one(), "hub", "new", by="platform")
    assert row(leeds).secret_until is None
    assert expiring_round(leeds.parts) == 0


def test_a_secret_that_ends_tomorrow_is_told_of_once_and_not_three_times(leeds) -> None:
    leeds.add_issuer("leeds", "https://login.leeds.example")
    with leeds.work() as uow:
        issuer = uow.session.scalars(select(Issuer)).one()
        set_secret_until(uow, issuer, leeds.parts.today + timedelta(days=1))
    assert expiring_round(leeds.parts) == 1
    assert letters(leeds) == ["The client secret ends in 1 day"]
    leeds.parts.clock.move(days=2)
    assert expiring_round(leeds.parts) == 0


def test_who_does_not_administer_leeds_finds_nothing_there(leeds) -> None:
    leeds.add_issuer("leeds", "https://login.leeds.example")
    ann = leeds.client("leeds/ann")
    assert ann.get(HERE).status_code == 404
    assert ann.post(HERE, data={"until": date(2027, 1, 1).isoformat()}).status_code == 404


def test_the_form_shows_the_day_that_was_saved(leeds) -> None:
    leeds.add_issuer("leeds", "https://login.leeds.example")
    sam = leeds.client("leeds/sam")
    sam.post(HERE, data={"until": "31/03/2027"})
    assert Sheet(sam.get(HERE), HERE).fields["until"] == "2027-03-31"
    assert "Ends on 31 March 2027" in sam.get(HERE).text
