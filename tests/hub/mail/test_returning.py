"""Letters that come back by mail: nothing more goes to an address that does not exist, and nothing else is one.

The notifications are put together as Postfix and Exchange do, to the envelope sender that the mail server was given.
"""

import io
import sys
from collections.abc import Callable
from dataclasses import replace
from email.message import EmailMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path

import pytest
from sqlalchemy import select

from config.mail import takes_returns
from hub.ground.keys import Keys
from hub.mail.models import RefusedAddress
from hub.mail.returning import addressed_to, letter_of, read_message, return_address, returned
from hub.mail.service import note_returned, try_address_again
from tests.hub.commandline import Ran, hub
from tests.hub.mail.conftest import MailWorld
from tests.hub.mail.test_sending import through
from tests.peers.mail_server import MailServer

BOUNCES = "bounces@example.gov.uk"


def notification(
    to: str, *, action: str = "failed", status: str = "5.1.1", code: str = "550 5.1.1 <x>: User unknown"
) -> bytes:
    """What a mail server returns (RFC 3464): why, in words and in fields, and the letter's headers."""
    return f"""Return-Path: <>
From: MAILER-DAEMON@mx.example (Mail Delivery System)
To: {to}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="x/mx.example"

--x/mx.example
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--x/mx.example
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example
Arrival-Date: Tue, 20 Oct 2026 10:00:00 +0100 (BST)

Final-Recipient: rfc822; ann@leeds.example
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {code}

--x/mx.example
Content-Type: text/rfc822-headers

Subject: Something happened

--x/mx.example--
""".encode()


def takes_back(town: MailWorld, server: MailServer) -> Callable[[bytes], str]:
    """Let letters come back by mail, and what the command does with one of them."""
    through(town, server)
    town.parts = replace(town.parts, mail=replace(town.parts.mail, returns=BOUNCES))

    def take(content: bytes) -> str:
        message = read_message(content)
        named = next(filter(None, (letter_of(town.parts.keys, to) for to in addressed_to(message))), "")
        told = returned(message) if named else None
        if told is None:
            return ""
        with town.work() as uow:
            return note_returned(uow, named, told)

    return take


def refused(town: MailWorld) -> dict[str, str]:
    with town.parts.database.reading() as session:
        return {row.address: row.said for row in session.scalars(select(RefusedAddress))}


def test_a_letter_that_comes_back_stops_all_that_would_follow_it(town: MailWorld, server: MailServer) -> None:
    """The server takes it, and returns it later to the address that names it: the next one does not leave."""
    take = takes_back(town, server)
    letter = town.post("leeds/ann")
    other = town.post("leeds/sam")
    town.send()
    back = server.senders[0]
    assert back.startswith(f"bounces+{letter}-")
    assert back.endswith("@example.gov.uk")
    assert server.senders[1] != back
    assert str(server.taken[0]["From"]) == "The Hub <hub@example.gov.uk>", "its reader sees no such address"
    assert take(notification(back)) == "Nothing more is sent to its address."
    assert refused(town) == {"ann@leeds.example": "It came back: 550 5.1.1 <x>: User unknown."}
    assert (town.letter(letter).state, town.letter(letter).error) == (
        "failed",
        "It came back: 550 5.1.1 <x>: User unknown.",
    )
    assert town.letter(other).state == "sent"
    later = town.post("leeds/ann")
    town.send()
    assert town.letter(later).state == "withheld"
    assert take(notification(back)).startswith("It was noted before"), "mail servers say so twice"


SAID = (
    ("", {"action": "delayed", "status": "4.4.1", "code": "451 later"}),
    ("", {"action": "relayed", "status": "2.0.0", "code": ""}),
    ("this time", {"action": "failed", "status": "4.4.7", "code": "451 expired"}),
    ("this time", {"action": "failed", "status": "5.2.2", "code": "552 5.2.2 Mailbox full"}),
    ("this time", {"action": "failed", "status": "5.7.1", "code": "550 5.7.1 Rejected by policy"}),
    ("for good", {"action": "failed", "status": "5.0.0", "code": ""}),
    ("for good", {"action": "Failed", "status": "5.4.4 (no such domain)", "code": ""}),
    ("this time", {"action": "failed", "status": "nonsense", "code": "\u202e550"}),
)
"""What servers say, and for how long that is."""


def test_only_what_is_final_and_about_the_address_stops_letters(town: MailWorld, server: MailServer) -> None:
    take = takes_back(town, server)
    for said, given in SAID:
        letter = town.post("leeds/ann")
        town.send()
        take(notification(server.senders[-1], **given))
        assert town.letter(letter).state == ("failed" if said else "sent"), given
        assert bool(refused(town)) == (said == "for good"), given
        assert "\u202e" not in town.letter(letter).error
        with town.work() as uow:
            try_address_again(uow, "Ann@leeds.example")


def test_nobody_stops_the_letters_of_others_and_nothing_else_is_taken_for_a_notification(
    town: MailWorld, server: MailServer
) -> None:
    take = takes_back(town, server)
    letter = town.post("leeds/ann")
    town.send()
    back = server.senders[0]
    forged = back[: back.index("@") - 1] + ("0" if back[back.index("@") - 1] != "0" else "1") + "@example.gov.uk"
    away = EmailMessage()
    away["To"], away["Auto-Submitted"], away["Subject"] = back, "auto-replied", "Out of office"
    away.set_content("I am away until Monday. Action: failed\nStatus: 5.1.1\n")
    quoted = MIMEMultipart()
    quoted["To"] = "somebody@example.gov.uk"
    quoted.attach(MIMEText(f"See {back}"))
    for content in (
        notification(forged),
        notification(BOUNCES),
        notification("bounces+-@example.gov.uk"),
        away.as_bytes(),
        quoted.as_bytes(),
        b"",
        b"\x00\xff" * 1000,
        b"To: "
        + back.encode()
        + b"\nContent-Type: multipart/report; boundary=x\n\n--x\nContent-Type: message/delivery-"
        b"status\n\nFinal-Recipient\nAction: failed\n\n",
    ):
        assert take(content) == "", content[:60]
    assert (town.letter(letter).state, refused(town)) == ("sent", {})
    assert take(notification(back.upper())) == "Nothing more is sent to its address.", "some servers change the case"


def test_a_letter_that_is_sent_again_is_not_stopped_by_the_first_one(town: MailWorld, server: MailServer) -> None:
    take = takes_back(town, server)
    letter = town.post("leeds/ann")
    assert take(notification(return_address(town.parts.keys, BOUNCES, letter))).startswith("It was noted before")
    assert refused(town) == {}
    assert town.letter(letter).state == "waiting"


def test_addresses_that_name_letters_outlive_a_change_of_keys_and_fit_where_mail_allows(town: MailWorld) -> None:
    new = town.parts.keys
    made = return_address(new, f"{'b' * 24}@example.gov.uk", "a1b2c3d4e5f6")
    assert len(made.partition("@")[0]) <= 64
    turned = Keys(("c" * 64, *new.signing), new._encryption)
    assert letter_of(turned, made) == "a1b2c3d4e5f6"
    assert letter_of(Keys(("c" * 64,), new._encryption), made) == ""
    assert [takes_returns(text) for text in ("b@x.uk", "b+c@x.uk", f"{'b' * 25}@x.uk", "bé@x.uk", "b")] == [
        True,
        False,
        False,
        False,
        False,
    ]


def test_without_such_an_address_letters_come_from_the_hubs_own(town: MailWorld, server: MailServer) -> None:
    through(town, server)
    town.post("leeds/ann")
    town.send()
    assert server.senders == ["hub@example.gov.uk"]


def test_an_operators_mail_server_hands_one_to_the_command_and_a_folder_of_them_is_read_too(
    town: MailWorld, server: MailServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As Postfix pipes it, and as it lies in a Maildir; what is of no concern is told so, and is no failure."""
    takes_back(town, server)
    first, second = town.post("leeds/ann"), town.post("leeds/sam")
    town.send()

    def piped(content: bytes, *arguments: str) -> Ran:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
        return hub(town.parts, "mail", "bounced", *arguments)

    ran = piped(notification("undisclosed-recipients:;"), "--to", server.senders[0])
    said = "It came back: 550 5.1.1 <x>: User unknown. Nothing more is sent to its address."
    assert (ran.code, ran.out.splitlines()[-1]) == (0, f"Letter {first}: {said}")
    ran = piped(b"To: somebody@example.gov.uk\n\nHello")
    assert ran.code == 0
    assert "Nothing was noted" in ran.out
    files = [tmp_path / "1", tmp_path / "2"]
    for path, to in zip(files, ("nobody@example.gov.uk", server.senders[1]), strict=True):
        path.write_bytes(notification(to))
    ran = hub(town.parts, "mail", "bounced", *map(str, files))
    told = [line.partition(":")[0] for line in ran.out.splitlines() if "CAME BACK" not in line]
    assert told == ["Nothing was noted", f"Letter {second}"]
    assert set(refused(town)) == {"ann@leeds.example", "sam@leeds.example"}
