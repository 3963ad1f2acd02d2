"""Letters on their way, through real mail servers on good days and on bad ones."""

import re
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from urllib.parse import quote

import pytest
import structlog.testing
from sqlalchemy import update

from hub.access.models import Person, Place
from hub.ground.errors import Invalid
from hub.ground.unit_of_work import UnitOfWork
from hub.mail.due import next_due
from hub.mail.jobs import MOST_ATTEMPTS, PAUSES, erase_links, letters_round
from hub.mail.models import SentLetter
from hub.mail.service import Letter, forget_links, post
from tests.hub.mail.conftest import MailWorld
from tests.peers.mail_server import PASSWORD, USER, MailServer

SIGNED_IN = f"{USER}:{quote(PASSWORD, safe='')}@localhost"


def through(town: MailWorld, server: MailServer, **options: object) -> MailServer:
    """Start the server, plain and on this machine unless told otherwise, and let the hub use it."""
    for name, value in options.items():
        setattr(server, name, value)
    town.use(f"smtp://localhost:{server.port}")
    return server.start()


def test_a_letter_reaches_ann_in_the_hubs_name(town: MailWorld, server: MailServer) -> None:
    through(town, server)
    town.post("leeds/ann", "Sam asks for access", "Sam asks for access to something that you manage.", link="/requests")
    assert town.send() == 1
    (message,) = server.taken
    assert str(message["From"]) == "The Hub <hub@example.gov.uk>"
    assert (message["To"], message["Subject"]) == ("ann@leeds.example", "Sam asks for access")
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content_type() == "text/plain"
    (text,) = server.texts()
    assert "Hello Ann," in text
    assert "\nhttp://localhost:8000/requests\n" in text
    assert "You get this because you have an account in this hub." in text
    (letter,) = town.letters()
    assert (letter.state, letter.attempts, letter.error) == ("sent", 1, "")
    assert letter.sent_at == town.parts.clock.now()
    assert town.send() == 0


def test_letters_go_over_starttls_with_a_password(
    town: MailWorld, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.security, server.signing_in = "starttls", True
    server.start()
    monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
    town.use(f"smtp://{SIGNED_IN}:{server.port}?tls=starttls")
    town.post("leeds/ann")
    assert town.send() == 1
    assert server.secured == [True]


def test_a_wrong_password_outside_ascii_is_refused_too(
    town: MailWorld, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.security, server.signing_in = "starttls", True
    server.start()
    monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
    town.use(f"smtp://hub:{quote('ä')}@localhost:{server.port}?tls=starttls")
    town.post("leeds/ann")
    assert town.send() == 0
    assert "does not let the hub sign in" in town.letters()[0].error


def test_letters_go_over_starttls_with_a_plain_password(
    town: MailWorld, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.security, server.signing_in, server.password = "starttls", True, "plain"
    server.start()
    monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
    town.use(f"smtp://hub:plain@localhost:{server.port}?tls=starttls")
    town.post("leeds/ann")
    assert town.send() == 1


def test_letters_go_over_tls_from_the_first_byte(
    town: MailWorld, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.security = "tls"
    server.start()
    monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
    town.use(f"smtps://localhost:{server.port}")
    town.post("leeds/ann")
    assert town.send() == 1
    assert server.secured == [True]


@pytest.mark.parametrize(("security", "scheme"), [("starttls", "smtp"), ("tls", "smtps")])
def test_a_server_whose_certificate_nobody_vouches_for_gets_nothing(
    town: MailWorld, server: MailServer, security: str, scheme: str
) -> None:
    server.security, server.signing_in = security, False
    server.start()
    town.use(f"{scheme}://{SIGNED_IN}:{server.port}{'?tls=starttls' if scheme == 'smtp' else ''}")
    town.post("leeds/ann")
    assert town.send() == 0
    (letter,) = town.letters()
    assert letter.state == "waiting"
    assert "cannot be trusted" in letter.error
    assert server.taken == []


def test_a_server_without_starttls_gets_neither_password_nor_letter(town: MailWorld, server: MailServer) -> None:
    server.start()
    town.use(f"smtp://{SIGNED_IN}:{server.port}?tls=starttls")
    town.post("leeds/ann")
    assert town.send() == 0
    assert "does not offer STARTTLS" in town.letters()[0].error
    assert server.taken == []


def test_a_wrong_password_keeps_all_letters_and_says_so(
    town: MailWorld, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.security, server.signing_in = "starttls", True
    server.start()
    monkeypatch.setenv("SSL_CERT_FILE", str(server.certificate))
    town.use(f"smtp://hub:wrong@localhost:{server.port}?tls=starttls")
    town.post("leeds/ann")
    town.post("leeds/sam")
    with structlog.testing.capture_logs() as logs:
        town.send()
    assert town.states() == ["waiting", "waiting"]
    assert "does not let the hub sign in" in town.letters()[0].error
    assert all("wrong" not in str(entry) for entry in logs)
    assert logs[0]["log_level"] == "error"


def test_while_the_server_is_down_letters_are_kept_and_then_sent_once(town: MailWorld, server: MailServer) -> None:
    """D-FA 108. Pauses grow; a letter that is written meanwhile waits with the others."""
    town.use(f"smtp://localhost:{server.port}")
    town.post("leeds/ann", "First")
    for pause in PAUSES[:3]:
        assert town.send() == 0
        assert "does not answer" in town.letters()[0].error
        town.parts.clock.move(seconds=pause - 1)
        assert town.letters()[0].due_at > town.parts.clock.now()
        town.parts.clock.move(seconds=1)
    town.post("leeds/sam", "Second")
    assert town.send() == 0
    server.start()
    town.parts.clock.move(seconds=PAUSES[3])
    assert town.send() == 2
    assert town.send() == 0
    assert sorted(server.subjects) == ["First", "Second"]
    assert town.states() == ["sent", "sent"]


def test_one_refused_address_is_set_aside_with_an_alarm_and_the_others_get_theirs(
    town: MailWorld, server: MailServer
) -> None:
    through(town, server, refuses={"ann@leeds.example": "550 5.1.1 No such mailbox"})
    refused = town.post("leeds/ann")
    town.post("leeds/sam", "For Sam")
    with structlog.testing.capture_logs() as logs:
        assert town.send() == 2
    letter = town.letter(refused)
    assert letter.state == "failed"
    assert "550 5.1.1 No such mailbox" in letter.error
    assert server.subjects == ["For Sam"]
    assert [(entry["log_level"], entry["letter"]) for entry in logs] == [("error", refused)]
    assert town.send() == 0


def test_a_full_mailbox_is_tried_again_and_given_up_in_the_end(town: MailWorld, server: MailServer) -> None:
    through(town, server, refuses={"ann@leeds.example": "452 4.2.2 Mailbox full"})
    found = town.post("leeds/ann")
    assert town.send() == 1
    assert (town.letter(found).state, town.letter(found).attempts) == ("waiting", 1)
    with town.work() as uow:
        uow.session.execute(update(SentLetter).values(attempts=MOST_ATTEMPTS - 1, due_at=uow.now))
    town.send()
    assert town.letter(found).state == "failed"


def test_a_text_that_the_server_refuses_for_good_is_set_aside(town: MailWorld, server: MailServer) -> None:
    through(town, server, refused_text="554 5.7.1 Looks like spam")
    found = town.post("leeds/ann")
    town.send()
    assert town.letter(found).state == "failed"
    assert "Looks like spam" in town.letter(found).error


def test_a_refused_sender_is_the_operators_trouble_and_no_letters(town: MailWorld, server: MailServer) -> None:
    through(town, server, refused_sender="553 5.7.1 Not your domain")
    town.post("leeds/ann")
    town.post("leeds/sam")
    assert town.send() == 0
    assert town.states() == ["waiting", "waiting"]
    assert "refuses the sender hub@example.gov.uk" in town.letters()[0].error


def test_a_connection_that_drops_after_the_text_sends_the_letter_again_under_the_same_id(
    town: MailWorld, server: MailServer
) -> None:
    """Twice rather than never; the other letter does not wait behind it."""
    through(town, server, drops=1)
    town.post("leeds/ann", "To Ann")
    assert town.send() == 1
    assert town.states() == ["waiting"]
    town.post("leeds/sam", "To Sam")
    assert town.send() == 1
    town.parts.clock.move(seconds=PAUSES[0])
    assert town.send() == 1
    assert server.subjects == ["To Ann", "To Sam", "To Ann"]
    first, other, again = (message["Message-ID"] for message in server.taken)
    assert first == again != other
    assert town.states() == ["sent", "sent"]


def test_a_letter_that_breaks_every_connection_does_not_keep_the_others(town: MailWorld, server: MailServer) -> None:
    through(town, server, drops=1)
    for name in ("ann", "sam", "helen"):
        town.post(f"leeds/{name}", name)
        town.parts.clock.move(seconds=1)
    assert town.send() == 1
    server.drops = 0
    assert town.send() == 2
    assert server.subjects == ["ann", "sam", "helen"]


def test_nobody_of_a_blocked_organisation_gets_anything(town: MailWorld, server: MailServer) -> None:
    through(town, server)
    town.post("leeds/ann")
    with town.work() as uow:
        uow.session.execute(update(Place).where(Place.path == "leeds").values(blocked_at=uow.now))
    town.send()
    assert (town.states(), server.taken) == (["withheld"], [])


@pytest.mark.parametrize("status", ["suspended", "left"])
def test_whoever_has_left_or_is_suspended_gets_nothing(town: MailWorld, server: MailServer, status: str) -> None:
    through(town, server)
    town.post("leeds/ann")
    town.set_status("leeds/ann", status)
    town.send()
    assert town.states() == ["withheld"]
    assert town.post("leeds/ann") == ""
    assert server.taken == []


def test_nobody_writes_to_a_person_without_an_address(town: MailWorld) -> None:
    with town.work() as uow:
        uow.session.execute(update(Person).values(email=""))
    assert town.post("leeds/ann") == ""
    assert town.letters() == []


@pytest.mark.parametrize(
    "address",
    [
        "ann",
        "ann@leeds.example, eve@evil.example",
        "ann@leeds.example\r\nBcc: eve@evil.example",
        "a b@c.d",
        "<a@b.c>",
        "a..b@c.d",
        "a@c..d",
        "a@",
    ],
)
def test_an_address_that_is_none_sends_nothing(town: MailWorld, server: MailServer, address: str) -> None:
    through(town, server)
    with town.work() as uow:
        uow.session.execute(update(Person).where(Person.handle == "leeds/ann").values(email=address))
    town.post("leeds/ann")
    town.send()
    assert town.states() == ["failed"]
    assert server.taken == []


def test_no_word_of_a_person_becomes_a_header_or_a_line(town: MailWorld, server: MailServer) -> None:
    through(town, server)
    bad = "Ann\r\nBcc: eve@evil.example\r\n\r\nhttps://evil.example"
    with town.work() as uow:
        uow.session.execute(update(Person).where(Person.handle == "leeds/ann").values(name=bad))
    town.post("leeds/ann", bad, bad, why=bad)
    town.send()
    (message,) = server.taken
    assert message["Bcc"] is None
    assert set(message.keys()) >= {"Subject", "From", "To", "Message-ID", "Date"}
    assert not re.search(r"(?m)^(Bcc|https://evil)", message.get_content())


def test_letters_carry_every_language(town: MailWorld, server: MailServer) -> None:
    through(town, server)
    with town.work() as uow:
        uow.session.execute(update(Person).where(Person.handle == "leeds/ann").values(name="Angharad Tŷ-gwyn 🗺"))
    town.post("leeds/ann", "Croeso i’r hwb", "Mae Siân wedi rhoi mynediad i chi.")
    town.send()
    assert server.subjects == ["Croeso i’r hwb"]
    assert "Angharad Tŷ-gwyn 🗺" in server.texts()[0]


def test_an_address_outside_ascii_is_refused_where_the_server_cannot(town: MailWorld, server: MailServer) -> None:
    through(town, server)
    with town.work() as uow:
        uow.session.execute(update(Person).where(Person.handle == "leeds/ann").values(email="siân@leeds.example"))
    town.post("leeds/ann")
    town.send()
    assert town.states() == ["failed"]
    assert "outside ASCII" in town.letters()[0].error


def test_a_one_use_link_is_encrypted_and_gone_once_it_was_sent(town: MailWorld, server: MailServer) -> None:
    through(town, server)
    end = town.parts.clock.now().replace(hour=14)
    found = town.post("leeds/ann", secret="/sign-in?link=KESTREL", until=end)
    assert "KESTREL" not in town.letter(found).secret != ""
    town.send()
    assert town.letter(found).secret == ""
    (text,) = server.texts()
    assert "http://localhost:8000/sign-in?link=KESTREL\n" in text
    assert "until 20 October 2026, 15:00" in text  # in London


def test_a_one_use_link_that_has_run_out_is_not_sent(town: MailWorld, server: MailServer) -> None:
    town.use(f"smtp://localhost:{server.port}")
    end = town.parts.clock.now().replace(minute=15)
    found = town.post("leeds/ann", secret="/sign-in?link=KESTREL", until=end)
    town.send()
    server.start()
    town.parts.clock.move(minutes=16)
    assert erase_links(town.parts) == 1
    assert erase_links(town.parts) == 0
    assert town.send() == 1
    letter = town.letter(found)
    assert (letter.state, letter.secret) == ("failed", "")
    assert "stopped working" in letter.error
    assert server.taken == []


def test_a_link_that_was_used_is_forgotten(town: MailWorld) -> None:
    found = town.post("leeds/ann", secret="/sign-in?link=KESTREL")
    other = town.post("leeds/sam", secret="/sign-in?link=MERLIN")
    with town.work() as uow:
        forget_links(uow, town.letter(found).person_id)
    assert (town.letter(found).secret, bool(town.letter(other).secret)) == ("", True)


def test_without_a_server_letters_are_files_that_only_the_hub_reads(town: MailWorld) -> None:
    found = town.post("leeds/ann", "Croeso", secret="/sign-in?link=KESTREL")
    assert letters_round(town.parts) == 1
    assert letters_round(town.parts) == 0
    folder = town.parts.mail.folder
    (path,) = folder.iterdir()
    assert path.name == f"2026-10-20-{found}.eml"
    assert (folder.stat().st_mode & 0o777, path.stat().st_mode & 0o777) == (0o700, 0o600)
    message = message_from_bytes(path.read_bytes(), policy=default)
    assert "sign-in?link=KESTREL" in message.get_content()
    assert town.states() == ["folder"]
    assert town.letter(found).secret != ""


def test_a_folder_that_cannot_be_written_keeps_the_letters(town: MailWorld) -> None:
    town.parts.mail.folder.write_text("in the way")
    town.post("leeds/ann")
    town.post("leeds/sam")
    assert town.send() == 0
    assert town.states() == ["waiting", "waiting"]
    town.parts.mail.folder.unlink()
    town.parts.clock.move(seconds=PAUSES[0])
    assert town.send() == 2


@pytest.mark.parametrize("link", ["https://evil.example", "//evil.example", "requests", "/a\nb", "/a b"])
def test_a_letter_links_into_the_hub_only(town: MailWorld, link: str) -> None:
    with pytest.raises(ValueError, match="path"):
        town.post("leeds/ann", link=link)


def test_a_letter_is_written_with_the_act_or_not_at_all(town: MailWorld) -> None:
    with pytest.raises(Invalid), town.work() as uow:
        _changes_her_mind(uow, town.person(uow, "leeds/ann"))
    assert town.letters() == []


def _changes_her_mind(uow: UnitOfWork, ann: Person) -> None:
    post(uow, Letter(to=ann, subject="Never", lines=()))
    raise Invalid("Ann has changed her mind.")


def test_no_more_letters_leave_within_a_minute_than_the_operator_has_said(town: MailWorld, server: MailServer) -> None:
    through(town, server)
    town.parts = replace(town.parts, mail=replace(town.parts.mail, a_minute=2))
    for number in range(5):
        town.post("leeds/ann", f"Letter {number}")
    assert [town.send(), town.send()] == [2, 0]
    due = next_due(town.parts)
    assert due is not None
    assert due > town.parts.clock.now()
    town.parts.clock.at = due
    assert town.send() == 2
    town.parts.clock.move(seconds=61)
    assert town.send() == 1
    assert len(server.subjects) == len(set(server.subjects)) == 5
