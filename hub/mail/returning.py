"""Letters that come back: the address that names a letter, and what a mail server says became of it.

Servers return a letter to its envelope sender (RFC 5321, section 3.6.3). That of each letter is another one (VERP),
with a code that only the hub can make: what is returned names its letter, and nobody says so of one that they did not
get. What is said there is a delivery status notification (RFC 3464). Nothing else is taken for one.
"""

import hashlib
import hmac
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.policy import default
from typing import Final

from hub.ground.keys import Keys
from hub.mail.smtp import one_line_of

CODE: Final = 16
"""Hexadecimal digits: 64 bits, which nobody finds by trying through a mail server."""
NAMED_IN: Final = ("Delivered-To", "X-Original-To", "Envelope-To", "To")
"""Headers in which servers say to whom they delivered."""
OF_THE_LETTER: Final = ("5.2.2", "5.2.3", "5.3.4", "5.6.", "5.7.")
"""Statuses (RFC 3463) that are final and say nothing of the address: it is full, too large, its content, or rules."""
MOST_RECIPIENTS: Final = 20
_SALT: Final = b"letters that come back"
_TAG: Final = re.compile(rf"\+([a-z0-9]{{4,20}})-([0-9a-f]{{{CODE}}})@", re.IGNORECASE)
_STATUS: Final = re.compile(r"([245])\.\d{1,3}\.\d{1,3}")


@dataclass(frozen=True)
class Returned:
    """What is said of a letter that was not delivered."""

    said: str
    """In a sentence, in the server's words."""
    for_good: bool
    """Whether no letter to that address will be delivered."""


def return_address(keys: Keys, address: str, letter_id: str) -> str:
    """Where servers return a letter: at `address`, with the letter behind a plus."""
    local, _, domain = address.partition("@")
    return f"{local}+{letter_id}-{_code(keys.signing[0], letter_id)}@{domain}"


def letter_of(keys: Keys, address: str) -> str:
    """The id of the letter that such an address names; empty for one that this hub did not make."""
    found = _TAG.search(address)
    if found is None:
        return ""
    letter_id, code = found[1].lower(), found[2].lower()
    return letter_id if any(hmac.compare_digest(_code(key, letter_id), code) for key in keys.signing) else ""


def read_message(content: bytes) -> EmailMessage:
    """A message as it came from a mail server, however it is made."""
    return BytesParser(policy=default).parsebytes(content)


def addressed_to(message: EmailMessage) -> Iterator[str]:
    """The addresses to which a message was delivered, as its headers have them."""
    for name in NAMED_IN:
        yield from (str(value) for value in _headers(message, name))


def returned(message: EmailMessage) -> Returned | None:
    """What a notification says, if it says that a letter was not delivered; None for anything else.

    A letter that is merely late, an answer of somebody who is away and a notice of reading are something else.
    """
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            failed = [each for each in _recipients(part) if _field(each, "Action").lower() == "failed"]
            return _told(failed[0]) if failed else None
    return None


def _recipients(report: Message) -> list[Message]:
    """The groups of fields of a report that speak of a recipient each (RFC 3464, section 2.3)."""
    groups = report.get_payload()
    found = [group for group in groups if isinstance(group, Message)] if isinstance(groups, list) else []
    return [group for group in found if "Final-Recipient" in group][:MOST_RECIPIENTS]


def _told(group: Message) -> Returned:
    status, diagnostic = _STATUS.search(_field(group, "Status")), _field(group, "Diagnostic-Code")
    code = status[0] if status else ""
    said = diagnostic.partition(";")[2].strip() or diagnostic or "It gave no reason"
    words = one_line_of(said).rstrip(".")
    sentence = f"It came back: {words if code in words else f'{code} {words}'.strip()}."
    return Returned(sentence, code.startswith("5") and not code.startswith(OF_THE_LETTER))


def _field(group: Message, name: str) -> str:
    return next((str(value).strip() for value in _headers(group, name)), "")


def _headers(message: Message, name: str) -> list[object]:
    """The values of a header, none where what stands there cannot be read."""
    try:
        return list(message.get_all(name, []))
    except (ValueError, IndexError, TypeError, AttributeError):  # email reads some broken headers not at all
        return []


def _code(key: str, letter_id: str) -> str:
    return hmac.new(key.encode(), _SALT + letter_id.encode(), hashlib.sha256).hexdigest()[:CODE]
