"""Counting the words of what every member of staff may read, whoever they are.

In it is what is marked PUBLIC and may be read by staff without an organisation, a group or a grant: PUBLIC that lies in
a closed space is not. A thing is counted, or counted no more, in the transaction in which the index is said to have its
change, so that no word of what was tightened weighs longer than its fence stands. When policy changes, or a day ends,
what it shows is compared with what is counted.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from acl.directory import Subject
from acl.gate import Gate
from acl.store import Snapshot
from acl.visibility import Visibility, checker, joined
from acl.vocabulary import MARKINGS, STATES
from hub.access.parts import Parts
from hub.access.sight import Sight
from hub.ground.unit_of_work import unit_of_work
from hub.running.rarity.models import PublicText, PublicWords
from hub.running.rarity.table import read_counts, written_counts
from hub.things.kinds import Kinds
from search.entry import Deletion, Entry
from search.rarity import words_of

PUBLIC: Final = MARKINGS[0]
COUNTED_AS: Final = "1"
"""Raised with every change of `words_of`: what was counted otherwise is counted anew."""
AT_ONCE: Final = 500
_ANYBODY: Final = Subject(id="person:-/-", orgs=frozenset(), holds=frozenset({"all-staff"}))
"""A member of staff of whom nothing else is known; no person has this handle."""

Made = Mapping[str, Entry | Deletion]
Maker = Callable[[Kinds, Session, Snapshot, Sequence[str], int], Made]
"""What makes entries of things by id, at a version (`hub/running/indexing.py`)."""


def public_to_all(snapshot: Snapshot, today: date) -> Visibility:
    """What every member of staff may read on a day, of whatever marking."""
    return Gate(snapshot, today).visible(_ANYBODY, "read")


def note(session: Session, changes: Made, snapshot: Snapshot, today: date) -> None:
    """Count things as they are now, in the transaction of the caller. Two queries where none of them is public."""
    if not changes:
        return
    check = checker(public_to_all(snapshot, today))
    now = {
        change.id: " ".join(sorted(words_of(change.title, change.body)))
        for change in changes.values()
        if isinstance(change, Entry) and change.marking == PUBLIC and check(change.judged())
    }
    found = select(PublicText.entry, PublicText.words).where(PublicText.entry.in_(list(changes)))
    before = {row.entry: row.words for row in session.execute(found)}
    if now != before:
        _replace(session, before, now)


def _replace(session: Session, before: Mapping[str, str], now: Mapping[str, str]) -> None:
    row = _row(session)
    counts = Counter(read_counts(row.counts))
    for words in before.values():
        counts.subtract(words.split())
    for words in now.values():
        counts.update(words.split())
    session.execute(delete(PublicText).where(PublicText.entry.in_(list(before))))
    if now:
        session.execute(insert(PublicText), [{"entry": entry, "words": words} for entry, words in now.items()])
    row.texts += len(now) - len(before)
    row.counts = written_counts(counts)
    row.version += 1


def _row(session: Session) -> PublicWords:
    """The one row, locked until the transaction ends."""
    found = session.get(PublicWords, 1, with_for_update=True)
    if found is None:
        found = PublicWords(id=1, version=0, texts=0, counts="", seen_as="")
        session.add(found)
    return found


def bring_up_to_date(parts: Parts, made: Maker) -> int:
    """See that what is counted is what policy shows to all staff today; returns how many things came or went.

    What is shown no more goes first, and in one step.
    """
    with parts.database.reading() as session:
        snapshot = parts.snapshots.latest(session)
        visibility = public_to_all(snapshot, parts.today)
        seen_as = f"{COUNTED_AS}:{visibility.fingerprint}"
        known = session.scalar(select(PublicWords.seen_as)) or ""
        if known == seen_as:
            return 0
        counted = frozenset(session.scalars(select(PublicText.entry)))
        shown = frozenset(_shown(session, parts.kinds, Sight(snapshot, visibility)))
    gone = counted if known.partition(":")[0] != COUNTED_AS else counted - shown
    _forget(parts, gone)
    new = sorted(shown - (counted - gone))
    for some in _batches(new):
        _add(parts, some, made)
    with unit_of_work(parts.database, parts.clock) as uow:
        _row(uow.session).seen_as = seen_as
    return len(gone) + len(new)


def _shown(session: Session, kinds: Kinds, sight: Sight) -> Iterable[str]:
    """The entry ids of what is PUBLIC and seen by all."""
    public = [joined(PUBLIC, state) for state in STATES]
    for kind in kinds.indexed:
        condition = sight.where(kind.columns)
        ids = select(kind.columns.id).where(kind.only, kind.listed, condition, kind.columns.ms.in_(public))
        yield from (f"{kind.prefix}:{own}" for own in session.scalars(ids))


def _forget(parts: Parts, gone: Iterable[str]) -> None:
    ids = sorted(gone)
    if not ids:
        return
    with unit_of_work(parts.database, parts.clock) as uow:
        before: dict[str, str] = {}
        for some in _batches(ids):
            found = select(PublicText.entry, PublicText.words).where(PublicText.entry.in_(some))
            before |= {row.entry: row.words for row in uow.session.execute(found)}
        _replace(uow.session, before, {})


def _batches(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))


def _add(parts: Parts, ids: Sequence[str], made: Maker) -> None:
    with unit_of_work(parts.database, parts.clock) as uow:
        snapshot = parts.snapshots.latest(uow.session)
        note(uow.session, made(parts.kinds, uow.session, snapshot, ids, 1), snapshot, parts.today)
