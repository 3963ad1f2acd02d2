"""A letter as a message (RFC 5322): plain text, in the hub's name, to one person."""

from collections.abc import Iterator
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import urlsplit

from config.mail import Mailing
from hub.mail.models import CODE, SentLetter
from hub.mail.service import LONGEST_SUBJECT, one_line
from hub.mail.writing import Written
from hub.web.filters import moment

LONGEST_NAME = 40
"""Characters of the hub's name that a letter comes from: where a longer one is folded, `email` loses its quotes."""

LINK_ALONE = ("link", "It is yours alone: do not pass it on.")
CODE_ALONE = ("code", "Nobody who works for the hub ever asks you for it.")


def composed(
    letter: SentLetter, name: str, secret: str, mailing: Mailing, public_url: str, written: Written | None = None
) -> EmailMessage:
    """The message of a letter to somebody called `name`.

    `secret` is the path of its one-use link, or its code, in the clear. `written` is what one tells that is written as
    it leaves.

    The same letter has the same Message-ID however often it is composed. Raises ValueError when an address or a
    subject would break a header.
    """
    # an address in other letters is written as it is (RFC 6532): encoded, it may break its header
    message = EmailMessage(policy=SMTP if letter.address.isascii() else SMTP.clone(utf8=True))
    message["Message-ID"] = message_id(letter, public_url)
    message["Date"] = written.at if written else letter.created_at
    message["From"] = Address(one_line(mailing.name)[:LONGEST_NAME], addr_spec=mailing.sender)
    message["To"] = letter.address
    message["Subject"] = one_line(written.subject)[:LONGEST_SUBJECT] if written else letter.subject
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers
    if written and written.stop and public_url.startswith("https://"):  # RFC 8058 knows no other
        message["List-Unsubscribe"] = f"<{public_url}{written.stop}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    address = secret if letter.link == CODE else f"{public_url}{secret or letter.link}"
    text = text_of(letter, name, address, mailing, public_url, written)
    message.set_content(text, cte=None if mailing.server else "8bit")  # files are read as they are: links stay whole
    return message


def message_id(letter: SentLetter, public_url: str) -> str:
    """The Message-ID of a letter: a mailbox that gets it twice can tell, and so can a person who looks."""
    return f"<{letter.id}@{host_of(public_url)}>"


def host_of(public_url: str) -> str:
    """The hub's own host, as its letters name it."""
    return urlsplit(public_url).hostname or "localhost"


def text_of(
    letter: SentLetter, name: str, address: str, mailing: Mailing, public_url: str, written: Written | None = None
) -> str:
    """The text of a letter to somebody called `name`, with the address that it leads to, or the code that it brings."""
    return "\n".join(_body(letter, name, address, mailing, public_url, written)) + "\n"


def _body(
    letter: SentLetter, name: str, address: str, mailing: Mailing, public_url: str, written: Written | None
) -> Iterator[str]:
    yield f"Hello {one_line(name)}," if name else "Hello,"
    for paragraph in written.paragraphs if written else ((line,) for line in letter.lines.splitlines()):
        yield ""
        yield from map(one_line, paragraph)
    if letter.link or letter.secret_until or letter.secret:
        yield ""
        yield address
    if letter.secret_until or letter.secret:
        yield ""
        what, alone = CODE_ALONE if letter.link == CODE else LINK_ALONE
        yield f"This {what} works once{_until(letter)}. {alone}"
    yield ""
    yield "-- "
    yield one_line(mailing.name)
    yield public_url
    yield letter.why
    if written and written.stop:
        yield f"To get no more of these letters: {public_url}{written.stop}"


def _until(letter: SentLetter) -> str:
    if letter.secret_until is None:
        return ""
    return f", until {moment(letter.secret_until).striptags()}"
