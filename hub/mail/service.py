"""Use cases of letters: write one, forget the one-use links that have been used.

    post(uow, Letter(to=person, subject="Sam asks for access", lines=("…",), link="/requests"))

A letter says what happened, names nothing that its receiver may not see, and links into the hub. It carries no title
and no text: mail leaves the hub, and what policy hides tomorrow cannot be called back. Letters that may carry some are
written as they leave (`hub/mail/writing.py`).
"""

from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import delete, update

from config.mail import is_address
from hub.access.models import Person
from hub.ground.errors import Conflict, Invalid
from hub.ground.ids import new_id
from hub.ground.keys import Keys
from hub.ground.unit_of_work import UnitOfWork
from hub.mail.models import CODE, FAILED, FOLDER, SENT, WAITING, WITHHELD, RefusedAddress, SentLetter
from hub.mail.returning import Returned

log = structlog.get_logger(__name__)

WHY = "You get this because you have an account in this hub."
LONGEST_SUBJECT = 200


@dataclass(frozen=True)
class Letter:
    """What is to be said to somebody, at their own `address` or another one of theirs, or to one that may be anybody's.

    `link` and `secret` are paths in the hub.
    `secret` is that of a one-use link that works until `until`: it stands in the letter instead of `link`, lies
    encrypted in the database, and is erased once the letter is sent or the link is used. A `code` to be typed is kept
    likewise, and shown by no page. `why` says in a sentence why this person gets the letter.
    """

    to: Person | None
    subject: str
    lines: tuple[str, ...]
    link: str = ""
    secret: str = ""
    code: str = ""
    until: datetime | None = None
    why: str = WHY
    address: str = ""
    kind: str = ""
    """Of one that is written as it leaves (`hub/mail/writing.py`)."""
    due: datetime | None = None
    """Not to leave before; None: at once."""


def post(uow: UnitOfWork, letter: Letter, keys: Keys | None = None) -> str:
    """Write a letter in the writer's transaction; the worker sends it. Returns its id.

    Empty when there is nobody to write to: the person has no address, has left or is suspended. A letter with a
    secret needs the hub's `keys`; ValueError when they are missing, or when a link is no path.
    """
    to = letter.to
    address = letter.address or (to.email if to else "")
    if not address or (to is not None and to.status != "active"):
        return ""
    kept_secret = letter.secret or letter.code
    if kept_secret and (keys is None or to is None):
        raise ValueError("a letter with a one-use link needs its person, and the keys that it is encrypted with")
    for path in filter(None, (letter.link, letter.secret)):
        if not path.startswith("/") or path.startswith("//") or " " in path or not path.isprintable():
            raise ValueError("a letter links to a path of the hub")
    usable = is_address(address)
    row = SentLetter(
        id=new_id(),
        person_id=to.id if to else None,
        address=address,
        subject=one_line(letter.subject)[:LONGEST_SUBJECT],
        lines="\n".join(one_line(line) for line in letter.lines),
        link=CODE if letter.code else letter.link,
        why=one_line(letter.why),
        kind=letter.kind,
        secret=keys.encrypt(kept_secret) if keys and kept_secret and usable else "",
        secret_until=letter.until,
        state=WAITING if usable else FAILED,
        error="" if usable else "This is not a mail address. Correct it on the person's page.",
        created_at=uow.now,
        due_at=letter.due or uow.now,
    )
    uow.session.add(row)
    uow.session.flush()
    if not usable:
        log.error("A LETTER CANNOT BE SENT: its address is none", letter=row.id)
    return row.id


def forget_links(uow: UnitOfWork, person_id: str) -> None:
    """Erase every one-use link in letters to a person: one was used or replaced, so that none of them works now."""
    letters = update(SentLetter).where(SentLetter.person_id == person_id, SentLetter.secret != "")
    over = "Its one-use link was used or replaced before the letter was sent."
    uow.session.execute(letters.where(SentLetter.state == WAITING).values(state=WITHHELD, error=over))
    uow.session.execute(letters.values(secret="", secret_until=uow.now))


def withhold_letters(uow: UnitOfWork, reason: str) -> None:
    """Send none of the letters that wait, and erase all one-use links: a restored hub may have sent the ones before.

    Those that are still needed can be sent again one by one.
    """
    waiting = update(SentLetter).where(SentLetter.state == WAITING)
    uow.session.execute(waiting.values(state=WITHHELD, error=reason))
    uow.session.execute(update(SentLetter).where(SentLetter.secret != "").values(secret="", secret_until=uow.now))


def can_be_sent_again(letter: SentLetter, *, to_server: bool) -> bool:
    """Whether a letter may be tried once more: it did not leave, and its link, if it has one, still works."""
    stayed = {FAILED, WITHHELD, FOLDER} if to_server else {FAILED, WITHHELD}
    return letter.link != CODE and letter.state in stayed and (letter.secret_until is None or letter.secret != "")


def send_again(uow: UnitOfWork, letter: SentLetter, to: Person | None, *, to_server: bool) -> None:
    """Try a letter once more, at the address that the person has now. Raises Conflict or Invalid."""
    if not can_be_sent_again(letter, to_server=to_server):
        raise Conflict("This letter was sent meanwhile, or its link does not work any more.")
    if to is not None and (to.status != "active" or not is_address(to.email)):
        raise Invalid(f"{to.name} is suspended, has left, or has no mail address: see to that first.")
    letter.state, letter.address, letter.error = WAITING, to.email if to else letter.address, ""
    letter.attempts, letter.due_at = 0, uow.now
    try_address_again(uow, letter.address)
    uow.record("letter:again", letter.id, to.organisation_id if to else None)


def note_refused(uow: UnitOfWork, address: str, said: str) -> None:
    """Note that a mail server refuses an address for good: nothing is sent there until it is tried again."""
    row = uow.session.get(RefusedAddress, address.lower())
    if row is None:
        uow.session.add(RefusedAddress(address=address.lower(), at=uow.now, said=said))
    else:
        row.at, row.said = uow.now, said
    uow.session.flush()


def note_returned(uow: UnitOfWork, letter_id: str, told: Returned) -> str:
    """Note that a letter came back and, where that is for good, send nothing more there; returns a sentence about that.

    Only of a letter that a server had taken: one that was sent again since is on its way.
    """
    letter = uow.session.get(SentLetter, letter_id, with_for_update=True)
    if letter is None or letter.state != SENT:
        return "It was noted before, or is sent again, so nothing changes."
    letter.state, letter.error = FAILED, told.said
    log.error("A LETTER CAME BACK: see “Sent mail” in the administration", letter=letter.id)
    uow.record("letter:returned", letter.id, None, "for good" if told.for_good else "this time")
    if not told.for_good:
        return "Other letters still go to its address."
    note_refused(uow, letter.address, told.said)
    return "Nothing more is sent to its address."


def try_address_again(uow: UnitOfWork, address: str) -> None:
    """Let letters go to an address again: it may work now."""
    uow.session.execute(delete(RefusedAddress).where(RefusedAddress.address == address.lower()))


def one_line(text: str) -> str:
    """The text without line breaks and other control characters: nothing in it can become a header or a line."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
