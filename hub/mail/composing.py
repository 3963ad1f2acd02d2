"""A letter as a message (RFC 5322): plain text, in the hub's name, to one person."""

from collections.abc import Iterator
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import urlsplit

from config.mail import Mailing
from hub.mail.models import SentLetter
from hub.mail.service import one_line
from hub.web.filters import moment

LONGEST_NAME = 40
"""Characters of the hub's name that a letter comes from: where a longer one is folded, `email` loses its quotes."""


def composed(letter: SentLetter, name: str, secret: str, mailing: Mailing, public_url: str) -> EmailMessage:
    """The message of a letter to somebody called `name`; `secret` is the path of its one-use link, in the clear.

    The same letter has the same Message-ID however often it is composed. Raises ValueError when an address or a
    subject would break a header.
    """
    # an address in other letters is written as it is (RFC 6532): encoded, it may break its header
    message = EmailMessage(policy=SMTP if letter.address.isascii() else SMTP.clone(utf8=True))
    message["Message-ID"] = message_id(letter, public_url)
    message["Date"] = letter.created_at
    message["From"] = Address(one_line(mailing.name)[:LONGEST_NAME], addr_spec=mailing.sender)
    message["To"] = letter.address
    message["Subject"] = letter.subject
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers
    text = text_of(letter, name, f"{public_url}{secret or letter.link}", mailing, public_url)
    message.set_content(text, cte=None if mailing.server else "8bit")  # files are read as they are: links stay whole
    return message


def message_id(letter: SentLetter, public_url: str) -> str:
    """The Message-ID of a letter: a mailbox that gets it twice can tell, and so can a person who looks."""
    return f"<{letter.id}@{host_of(public_url)}>"


def host_of(public_url: str) -> str:
    """The hub's own host, as its letters name it."""
    return urlsplit(public_url).hostname or "localhost"


def text_of(letter: SentLetter, name: str, address: str, mailing: Mailing, public_url: str) -> str:
    """The text of a letter to somebody called `name`, with the address that it leads to."""
    return "\n".join(_body(letter, name, address, mailing, public_url)) + "\n"


def _body(letter: SentLetter, name: str, address: str, mailing: Mailing, public_url: str) -> Iterator[str]:
    yield f"Hello {one_line(name)}," if name else "Hello,"
    for line in letter.lines.splitlines():
        yield ""
        yield line
    if letter.link or letter.secret_until or letter.secret:
        yield ""
        yield address
    if letter.secret_until or letter.secret:
        yield ""
        yield f"This link works once{_until(letter)}. It is yours alone: do not pass it on."
    yield ""
    yield "-- "
    yield one_line(mailing.name)
    yield public_url
    yield letter.why


def _until(letter: SentLetter) -> str:
    if letter.secret_until is None:
        return ""
    return f", until {moment(letter.secret_until).striptags()}"
