"""What the worker does about letters: send those that are due, and erase one-use links that no longer work.

Which side it fails on: a letter is marked sent after the server has taken it. Should the worker die between the two, it
is sent again, with the same Message-ID: twice is a nuisance, never is an invitation lost. While the server is down all
letters wait, ever longer; what one letter meets concerns that letter alone.
"""

import os
import secrets
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from email.errors import MessageError
from pathlib import Path

import structlog
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from hub.access.models import Person
from hub.access.parts import Parts
from hub.ground.errors import Unavailable
from hub.ground.forgetting import forget
from hub.ground.unit_of_work import unit_of_work
from hub.mail.composing import composed, host_of
from hub.mail.due import AT_ONCE, Ready, due_letters, room_for
from hub.mail.models import FAILED, FOLDER, HAS_LINK, SENT, WAITING, WITHHELD, SentLetter
from hub.mail.returning import return_address
from hub.mail.service import note_refused
from hub.mail.smtp import Line, Refused, RefusedForGood, Trouble, TryLater, connected
from hub.mail.stopping import stop_path
from hub.mail.writing import NotNow, Written, kind_of

log = structlog.get_logger(__name__)

PAUSES = (5, 15, 60, 120, 300, 600)
"""Seconds before a letter is tried again; the last one for all further tries."""
MOST_ATTEMPTS = 720
"""Five days of trying (RFC 5321, section 4.5.4.1), then it is given up."""
KEPT = timedelta(days=180)
"""How long a letter stays after it left or was given up."""
OVER = "Nothing that it was to tell was left: it was read, or told in another letter."
REFUSED_BEFORE = "Nothing is sent to an address that was refused, until its owner tries it again."
UNWELCOME = "The person has left or is suspended, or their organisation is blocked."
LINK_OVER = "Its one-use link stopped working before it could be sent. Make a new one on the person's page."


def letters_round(parts: Parts) -> int:
    """Send the letters that are due, or write them into the folder; returns how many were dealt with."""
    with parts.database.reading() as session:
        due = due_letters(session, parts.clock.now(), room_for(parts, session))
    if not due:
        return 0
    server = parts.mail.server
    try:
        if server is None:
            return sum(_deal(parts, ready, None) for ready in due)
        with connected(server, host_of(parts.public_url)) as line:
            return _send_all(parts, due, line)
    except Trouble as trouble:
        _all_wait(parts, [ready.letter.id for ready in due], str(trouble))
        return 0


def erase_links(parts: Parts) -> int:
    """Erase one-use links whose time is over; returns how many."""
    with parts.database.reading() as session:
        ids = links_over(session, parts.clock.now())
    if ids:
        with unit_of_work(parts.database, parts.clock) as uow:
            uow.session.execute(update(SentLetter).where(SentLetter.id.in_(ids)).values(secret=""))
    return len(ids)


def forget_letters(parts: Parts) -> int:
    """Forget letters that left, or were given up, long ago; returns how many."""
    settled = func.coalesce(SentLetter.sent_at, SentLetter.created_at)
    old = SentLetter.state != WAITING, settled < parts.clock.now() - KEPT
    return forget(parts.database, parts.clock, SentLetter, *old)


def links_over(session: Session, now: datetime) -> list[str]:
    """The next letters whose one-use links no longer work, by id."""
    over = HAS_LINK, SentLetter.secret_until <= now
    return list(session.scalars(select(SentLetter.id).where(*over).limit(AT_ONCE)))


def _send_all(parts: Parts, due: list[Ready], line: Line) -> int:
    done = 0
    for ready in due:
        if not line.is_open:  # what waits behind the letter that ended the connection goes over the next one
            break
        done += _deal(parts, ready, line)
    return done


def _deal(parts: Parts, ready: Ready, line: Line | None) -> int:
    """Send one letter, or write it into the folder where there is no server. Raises Trouble."""
    letter = ready.letter
    if not ready.welcome:
        return _settle(parts, letter, WITHHELD, UNWELCOME, secret="")
    if ready.refused:
        return _settle(parts, letter, WITHHELD, f"{REFUSED_BEFORE} {ready.refused}")
    if letter.secret_until is not None and (not letter.secret or letter.secret_until <= parts.clock.now()):
        return _give_up(parts, letter, LINK_OVER)
    return _send(parts, ready, line) if _still_waits(parts, letter) else 1


def _send(parts: Parts, ready: Ready, line: Line | None) -> int:
    letter = ready.letter
    try:
        written = _written(parts, letter) if letter.kind else None
        if letter.kind and written is None:
            return _settle(parts, letter, WITHHELD, OVER)
        secret = parts.keys.decrypt(letter.secret) if letter.secret else ""
        message = composed(letter, ready.name, secret, parts.mail, parts.public_url, written)
        if line is None:
            write_letter(parts.mail.folder, letter, message.as_bytes())
            return _settle(parts, letter, FOLDER, written=written, sent_at=parts.clock.now())
        line.send(message, _envelope_sender(parts, letter), letter.address)
    except NotNow as wait:
        return _settle(parts, letter, WAITING, due_at=wait.until, attempts=letter.attempts)
    except TryLater as reason:
        return _later(parts, letter, str(reason))
    except RefusedForGood as reason:
        return _refuse(parts, letter, str(reason))
    except (Refused, Unavailable, ValueError, MessageError) as reason:
        return _give_up(parts, letter, str(reason))
    return _settle(parts, letter, SENT, written=written, sent_at=parts.clock.now(), secret="")


def _envelope_sender(parts: Parts, letter: SentLetter) -> str:
    """To whom a server returns the letter: an address that names it where the operator has one for that."""
    returns = parts.mail.returns
    return return_address(parts.keys, returns, letter.id) if returns else parts.mail.sender


def _written(parts: Parts, letter: SentLetter) -> Written | None:
    """What a letter tells that is written as it leaves; None where that is nothing. Raises NotNow."""
    kind = kind_of(letter.kind)
    if kind is None or letter.person_id is None:
        return None
    with parts.database.reading() as session:
        person = session.get(Person, letter.person_id)
        found = kind.write(parts, session, letter, person) if person is not None else None
    return replace(found, stop=stop_path(parts.keys, letter)) if found else None


def _still_waits(parts: Parts, letter: SentLetter) -> bool:
    """Whether it is still to be sent. Raises Unavailable where another worker has taken over, and sends it."""
    with parts.database.writing() as session:
        return session.scalar(select(SentLetter.state).where(SentLetter.id == letter.id)) == WAITING


def write_letter(folder: Path, letter: SentLetter, content: bytes) -> None:
    """Write a letter as a file that only its owner may read, whole or not at all. Raises Trouble."""
    path = folder / f"{letter.created_at:%Y-%m-%d}-{letter.id}.eml"
    whole = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(whole, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        whole.replace(path)
    except OSError as error:
        with suppress(OSError):  # where nothing could be written there is nothing to take away
            whole.unlink()
        raise Trouble(f"The letter cannot be written into {folder}: {error.strerror}.") from error


def _settle(
    parts: Parts, letter: SentLetter, state: str, error: str = "", *, written: Written | None = None, **values: object
) -> int:
    """Note what became of a letter, unless somebody has changed its state meanwhile."""
    changes = {"state": state, "error": error, "attempts": SentLetter.attempts + 1} | values
    with unit_of_work(parts.database, parts.clock) as uow:
        if written is not None:
            written.left(uow)
        uow.session.execute(
            update(SentLetter).where(SentLetter.id == letter.id, SentLetter.state == WAITING).values(**changes)
        )
    return 1


def _give_up(parts: Parts, letter: SentLetter, reason: str) -> int:
    log.error("A LETTER CANNOT BE SENT: see “Sent mail” in the administration", letter=letter.id)
    return _settle(parts, letter, FAILED, reason)


def _refuse(parts: Parts, letter: SentLetter, reason: str) -> int:
    """Give a letter up, and send nothing more to its address."""
    with unit_of_work(parts.database, parts.clock) as uow:
        note_refused(uow, letter.address, reason)
    return _give_up(parts, letter, reason)


def _later(parts: Parts, letter: SentLetter, reason: str) -> int:
    if letter.attempts + 1 >= MOST_ATTEMPTS:
        return _give_up(parts, letter, reason)
    log.warning("a letter waits", letter=letter.id, attempts=letter.attempts + 1)
    return _settle(parts, letter, WAITING, reason, due_at=parts.clock.now() + _pause(letter.attempts))


def _all_wait(parts: Parts, ids: list[str], reason: str) -> None:
    """Let everything that is due wait, each letter according to how often it was tried; give up the oldest."""
    log.error("MAIL WAITS: the mail server cannot be used", reason=reason)
    now = parts.clock.now()
    with unit_of_work(parts.database, parts.clock) as uow:
        for letter in uow.session.scalars(
            select(SentLetter).where(SentLetter.id.in_(ids), SentLetter.state == WAITING)
        ):
            letter.due_at = now + _pause(letter.attempts)
            letter.attempts += 1
            letter.error = reason
            letter.state = FAILED if letter.attempts >= MOST_ATTEMPTS else WAITING


def _pause(attempts: int) -> timedelta:
    return timedelta(seconds=PAUSES[min(attempts, len(PAUSES) - 1)])
