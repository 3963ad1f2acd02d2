"""The hub's mail as the operator sees it: doctor, figures, a backup put in place."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from hub.access.models import Person
from hub.mail.jobs import letters_round
from hub.mail.models import SentLetter
from hub.mail.service import Letter, post
from tests.hub.upkeep.test_doctor import Said, look, only
from tests.hub.upkeep.test_metrics import asked
from tests.hub.upkeep.test_restore import backup_of
from tests.hub.upkeep.town import Town
from tests.peers.mail_server import MailServer, free_port


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MailServer:
    """A server that the hub is told of; not started."""
    found = MailServer(free_port(), tmp_path)
    monkeypatch.setenv("HUB_SMTP_URL", f"smtp://localhost:{found.port}")
    monkeypatch.setenv("HUB_MAIL_FROM", "hub@example.gov.uk")
    return found


def write(town: Town, subject: str = "Croeso", **given: object) -> str:
    """A letter to Ann, with columns as given."""
    with town.world() as world, world.work() as uow:
        ann = uow.session.scalars(select(Person).where(Person.handle == "leeds/ann")).one()
        ann.email = "ann@leeds.example"
        letter = post(
            uow, Letter(to=ann, subject=subject, lines=("KESTREL",), secret="/sign-in?link=x"), world.parts.keys
        )
        if given:
            uow.session.execute(update(SentLetter).where(SentLetter.id == letter).values(**given))
    return letter


def letters(town: Town) -> dict[str, SentLetter]:
    """All of them, by id."""
    with town.world() as world, world.parts.database.reading() as session:
        return {letter.id: letter for letter in session.scalars(select(SentLetter))}


def send(town: Town) -> int:
    """What the worker does."""
    with town.open_parts() as parts:
        return letters_round(parts)


def test_the_doctor_says_where_mail_goes_without_a_server(small_town: Town) -> None:
    assert "goes into the folder" in only(small_town, "mail", "ok").says


def test_the_doctor_tries_the_mail_server(small_town: Town, server: MailServer) -> None:
    """D-FA 108."""
    found = only(small_town, "mail", "fault")
    assert "does not answer" in found.says
    assert "Letters are kept" in found.cure
    server.start()
    try:
        assert "lets the hub in" in only(small_town, "mail", "ok").says
    finally:
        server.stop()


def test_the_doctor_tells_of_letters_that_wait_or_failed(small_town: Town) -> None:
    with small_town.world() as world:
        now = world.parts.clock.now()
    write(small_town)
    assert only(small_town, "mail", "ok")
    write(small_town, created_at=now - timedelta(hours=1), error="The server is full.")
    write(small_town, created_at=now - timedelta(days=8), state="failed")
    write(small_town, created_at=now - timedelta(days=1), state="failed")
    said: list[Said] = look(small_town, "mail", code=0)
    assert [line.level for line in said] == ["ok", "warning", "warning"]
    assert said[1].says.startswith("2 letters wait")
    assert said[1].says.endswith("The server is full.")
    assert said[2].says.startswith("1 letters of the last seven days")
    assert said[2].cure.endswith("/admin/platform/mail?state=failed")
    assert "KESTREL" not in str(said)


def test_a_letter_that_waits_for_the_hours_of_its_reader_is_no_trouble(small_town: Town) -> None:
    with small_town.world() as world:
        now = world.parts.clock.now()
    letter = write(small_town, created_at=now - timedelta(hours=9), due_at=now + timedelta(hours=3), kind="at-once")
    assert only(small_town, "mail", "ok")
    with small_town.world() as world, world.work() as uow:
        uow.session.execute(update(SentLetter).where(SentLetter.id == letter).values(attempts=1))
    assert look(small_town, "mail", code=0)[1].says.startswith("1 letters wait")


def test_metrics_count_letters(small_town: Town) -> None:
    write(small_town)
    write(small_town, state="failed")
    write(small_town, state="sent")
    with small_town.world() as world:
        found = asked(world.app)
    assert (found["hub_letters_waiting"], found["hub_letters_failed"]) == (1, 1)


def test_a_restored_hub_sends_no_letter_again(town: Town, server: MailServer) -> None:
    """D-BK 94: what waited when the backup was made was sent since; its link has ended with all links."""
    waited, gone = write(town, "Waited"), write(town, "Gone", state="sent", secret="")
    file = backup_of(town)
    server.start()
    try:
        assert send(town) == 1
        assert server.subjects == ["Waited"]
        assert town.hub("restore", str(file), "--replace").code == 0
        found = letters(town)
        assert (found[waited].state, found[waited].secret, found[gone].state) == ("withheld", "", "sent")
        assert "may have been sent" in found[waited].error
        assert send(town) == 0
        write(town, "New")
        assert send(town) == 1
        assert server.subjects == ["Waited", "New"]
    finally:
        server.stop()
