"""Hand edits that lose much are held until somebody agrees; those that are not in force are kept."""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from acl.directory import ROOT
from acl.rules import Fault, Rule, read_rules
from acl.store import PLATFORM_FILE
from hub.access.models import PolicyVersion
from hub.features.policies.models import HandEdit
from hub.features.policies.naming import Judge
from hub.ground.unit_of_work import UnitOfWork

MOST_KEPT = 10
"""Hand edits of one file."""
LONGEST_BY = 120
RECENT = timedelta(hours=1)
"""For so long an editor may well hold the text that was in force before."""
HELD = (
    " It is held, and what was accepted stays in force, until somebody agrees: look under Policy in the administration "
    "at who would gain, or run: hub policy accept {}"
)


class Held(Exception):
    """A hand edit that waits until somebody agrees; its text says what it would lose."""


def check_losses(in_force: Iterable[Rule], new: Iterable[Rule], last: Iterable[Rule] | None = None) -> None:
    """Raise Held where a hand edit loses all denies, more than a third of the lines, or just what was denied last.

    `last` are the rules before those in force, where that change is so young that an editor may still hold them.
    """
    before, after = _lines(in_force), _lines(new)
    denies, lost = _denies(before), before - after
    if denies and not _denies(after):
        raise Held(f"It loses {'the only deny' if len(denies) == 1 else f'all {len(denies):,} denies'} of this file.")
    if len(lost) * 3 > len(before):
        raise Held(f"It loses {len(lost):,} of {len(before):,} lines: perhaps only half of it was saved.")
    if last is None:
        return
    older = _lines(last)
    added = before - older
    if _denies(added) and added.isdisjoint(after) and older - before <= after:
        count = "a deny that was" if len(_denies(added)) == 1 else f"{len(_denies(added)):,} denies that were"
        raise Held(f"It takes back {count} accepted shortly before: perhaps it was begun from an older copy.")


def _denies(lines: set[tuple[str, ...]]) -> set[tuple[str, ...]]:
    return {line for line in lines if line[0] == "deny"}


def watchful(judge: Judge, name: str, now: datetime) -> Judge:
    """A judge of a hand edit: of its names, and of what it loses; the latter raises Held."""

    def judged(session: Session, new: tuple[Rule, ...], in_force: tuple[Rule, ...]) -> tuple[Fault, ...]:
        if faults := judge(session, new, in_force):
            return faults
        check_losses(in_force, new, _rules_before(session, name, now))
        return ()

    return judged


def keep_edit(uow: UnitOfWork, name: str, content: bytes, by: str, why: str, state: str) -> HandEdit:
    """Keep what stood in a file; the oldest of many are forgotten. What was held before is so no more."""
    digest = hashlib.sha256(content).hexdigest()
    rows = list(uow.session.scalars(_of(name)))
    for row in rows:
        row.state = "kept" if row.state == "held" else row.state
    found = next((row for row in rows if row.digest == digest), None)
    if found is None:
        found = HandEdit(name=name, digest=digest, text=readable(content))
        uow.session.add(found)
    found.by, found.why, found.state, found.seen_at = by[:LONGEST_BY], why, state, uow.now
    uow.session.flush()
    old = [row.id for row in [*uow.session.scalars(_of(name))][MOST_KEPT:]]
    uow.session.execute(delete(HandEdit).where(HandEdit.id.in_(old)))
    return found


def settle_edits(uow: UnitOfWork, name: str, state: str = "kept") -> None:
    """Note that what was held or to be put back is dealt with; with the state `put back`, that it is to be."""
    wanted = ("held",) if state == "put back" else ("held", "put back")
    for row in uow.session.scalars(_of(name).where(HandEdit.state.in_(wanted))):
        row.state = state


def edits_of(session: Session, name: str) -> list[HandEdit]:
    """What stood in a file and is not in force, the newest first."""
    return list(session.scalars(_of(name)))


def held_edit(session: Session, name: str) -> HandEdit | None:
    """The hand edit that waits for somebody's yes."""
    return session.scalar(_of(name).where(HandEdit.state == "held").limit(1))


def edit_by_id(session: Session, name: str, number: int) -> HandEdit | None:
    """One of a file's hand edits."""
    return session.scalar(_of(name).where(HandEdit.id == number))


def readable(content: bytes) -> str:
    """What a file says, as far as it can be shown."""
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")


def _rules_before(session: Session, name: str, now: datetime) -> tuple[Rule, ...] | None:
    """The rules that those in force replaced a short while ago; None where that is longer ago."""
    wanted = select(PolicyVersion).where(PolicyVersion.name == name).order_by(PolicyVersion.id.desc()).limit(2)
    match session.scalars(wanted).all():
        case [last, before] if now - last.accepted_at < RECENT:
            return read_rules(before.text, file=name, scope=ROOT if name == PLATFORM_FILE else name)
        case _:
            return None


def _of(name: str) -> Select[HandEdit]:
    return select(HandEdit).where(HandEdit.name == name).order_by(HandEdit.seen_at.desc(), HandEdit.id.desc())


def _lines(rules: Iterable[Rule]) -> set[tuple[str, ...]]:
    """What the lines come to; another marking, state, end or reason loses no line."""
    return {(rule.effect, rule.who, rule.can, rule.where) for rule in rules}
