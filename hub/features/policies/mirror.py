"""The admins' working copies: files in the policy folder, kept in step with the accepted texts in the database.

A file renamed into place is adopted at once: it is whole. One written in place is adopted after it has stood still for
half a second, or for some seconds where it may be half: a half-written file may be valid and lack its denies. A faulty
file is refused with a loud alarm, one that loses much is held until somebody agrees, and the accepted text stays in
force. A deleted file is no change of policy: it comes back.
"""

import hashlib
import os
import secrets
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace

import structlog
from sqlalchemy import func, select

from acl.directory import ROOT
from acl.rules import Fault, PolicyError
from acl.store import organisation_of
from hub.access.models import PolicyText
from hub.access.parts import Parts
from hub.access.snapshots import generation_of
from hub.features.policies import copies
from hub.features.policies.checking import office_of
from hub.features.policies.copies import Mark
from hub.features.policies.holding import HELD, Held, keep_edit, readable, settle_edits, watchful
from hub.features.policies.models import HandEdit, PolicyAlarm
from hub.features.policies.naming import Office, judge_through
from hub.features.policies.service import adopt, as_typed_here, end_alarm, raise_alarm
from hub.ground.errors import Conflict
from hub.ground.unit_of_work import SYSTEM, UnitOfWork, unit_of_work

log = structlog.get_logger(__name__)

STILL = 0.5
"""Seconds for which a file written in place must not have changed."""
STILL_LONG = 5.0
"""The same for one that has no end to its last line, is shorter than what was accepted, or keeps changing."""
NOTES = ".mirrored.json"
"""What the mirror last wrote or adopted, by file: so that a start can tell a hand edit from an old copy."""


@dataclass
class _Copy:
    """What the mirror knows of one file on disk."""

    mark: Mark | None
    since: float
    whole: bool = False
    """It was renamed into place."""
    changes: int = 0
    """How often it changed in the last seconds."""
    patience: float = STILL
    judged_against: str | None = None
    """Digest of the accepted text when the file was last judged; None before."""


class Mirror:
    """Keeps one folder in step with one database. Made once in the worker, asked to `look` again and again."""

    def __init__(self, parts: Parts, tick: Callable[[], float] = time.monotonic) -> None:
        self._parts = parts
        self._root = parts.policy_dir
        self._tick = tick
        self._copies: dict[str, _Copy] = {}
        self._generation = -1
        self._accepted: Mapping[str, str] = {}
        self._lengths: Mapping[str, int] = {}
        self._put_back: set[tuple[str, str]] = set()
        """Names and digests of hand edits that somebody said no to."""
        self._mirrored = copies.read_notes(self._root / NOTES)
        self._noted = dict(self._mirrored)
        self._blocked: dict[str, str] = {}
        """Why a file could not be dealt with, so that it is told once."""
        self._started = False
        self._settled: tuple[Mapping[str, Mark], Mapping[str, str], int] | None = None
        """The marks, the strays and the generation at which there was nothing left to do."""
        self._glimpse: tuple[object, ...] | None = None
        """How the folder looked then, at a glance."""
        with parts.database.reading() as session:
            self._alarmed = set(session.scalars(select(PolicyAlarm.name)))

    def has_stirred(self) -> bool:
        """Whether the folder looks another way than when there was nothing left to do, or something is left to do."""
        return self._glimpse is None or self._glimpse != copies.glimpse(self._root, self._copies)

    def look(self) -> int:
        """Look at every file and accepted text once; returns how many files were adopted, refused or written."""
        self._load_accepted()
        glimpse, self._glimpse = copies.glimpse(self._root, self._copies), None
        for name in [n for n in self._alarmed if n not in self._accepted and not os.path.lexists(self._root / n)]:
            self._end_alarm(name)
        strays = copies.strays(self._root)
        marks = {name: mark for name, mark in copies.policy_files(self._root).items() if name not in strays}
        if self._settled == (marks, strays, self._generation):
            self._glimpse = glimpse
            return 0
        for name in strays.keys() - self._alarmed:
            self._alarm(name, "", (Fault(name, 0, "", strays[name]),))
        now = self._tick()
        names = sorted(marks.keys() | self._accepted.keys())
        done = sum(self._try(name, marks.get(name), now) for name in names)
        for name in self._copies.keys() - set(names):
            del self._copies[name]
        self._keep_notes()
        self._started = True
        waiting = any(self._copies[n].judged_against != self._accepted.get(n, "") for n in names)
        self._settled = None if done or waiting else (marks, strays, self._generation)
        return done

    def _try(self, name: str, mark: Mark | None, now: float) -> int:
        """Consider one file. What stands in the way of one must not hold up the others."""
        try:
            done = self._consider(name, mark, now)
        except OSError as error:
            found = f"cannot be read or written ({error.strerror}). Put that right: what was accepted stays in force."
            if self._blocked.get(name) != found:
                self._blocked[name] = found
                self._alarm(name, "", (Fault(name, 0, "", found),))
            return 0
        self._blocked.pop(name, None)
        return done

    def _consider(self, name: str, mark: Mark | None, now: float) -> int:
        copy = self._copies.get(name)
        if copy is None or copy.mark != mark:
            self._copies[name] = copy = self._changed(copy, mark, now)
        if copy.judged_against is not None and copy.judged_against == self._accepted.get(name, ""):
            return 0
        waited = copy.whole or now - copy.since >= copy.patience
        if mark is None:
            return self._bring_back(name, copy) if waited or name not in self._mirrored else 0
        if not waited:
            return 0
        content = copies.read_still(self._root / name, mark)
        if content is None:
            return 0
        if not copy.whole and copy.patience == STILL and self._may_be_half(name, copy, content):
            copy.patience = STILL_LONG
            return 0
        return self._judge(name, copy, content)

    def _changed(self, before: _Copy | None, mark: Mark | None, now: float) -> _Copy:
        whole = self._started and mark is not None and copies.came_whole(before.mark if before else None, mark)
        again = before is not None and before.mark is not None and now - before.since < STILL_LONG
        return _Copy(mark, now, whole=whole, changes=before.changes + 1 if before and again else 0)

    def _may_be_half(self, name: str, copy: _Copy, content: bytes) -> bool:
        if hashlib.sha256(content).hexdigest() == self._mirrored.get(name):  # a copy of ours
            return False
        ended = content.endswith((b"\n", b"\r"))
        return not ended or copy.changes > 1 or len(readable(content)) < self._lengths.get(name, 0)

    def _bring_back(self, name: str, copy: _Copy) -> int:
        """Write a file that is not there: a new organisation's, or one that somebody deleted."""
        if copies.is_link(self._root / name):
            return 0
        if name in self._mirrored:
            log.warning("a policy file was deleted: it comes back, for deleting changes no policy", file=name)
        return self._write(name, copy)

    def _judge(self, name: str, copy: _Copy, content: bytes) -> int:
        digest = hashlib.sha256(content).hexdigest()
        accepted, mirrored = self._accepted.get(name, ""), self._mirrored.get(name, "")
        copy.judged_against = accepted
        if digest == accepted:
            self._in_step(name, accepted)
            return 0
        if accepted and digest == mirrored:  # an old copy of ours: the database has moved on
            return self._write(name, copy)
        if accepted and (name, digest) in self._put_back:
            self._put_back.discard((name, digest))
            return self._write(name, copy)
        if accepted and mirrored and mirrored != accepted:
            if as_typed_here(name, readable(content)) == accepted:  # agreed to in the browser
                return self._write(name, copy)
            return self._set_aside(name, copy, content)
        return self._adopt(name, copy, content, digest)

    def _adopt(self, name: str, copy: _Copy, content: bytes, digest: str) -> int:
        by = f"hand edit by {copies.owner_of(self._root / name)}"
        try:
            judge = watchful(judge_through(self._office(name)), name, self._parts.clock.now())
            with self._work(by) as uow:
                taken = adopt(uow, name, content, by, replacing=self._accepted.get(name, ""), judge=judge)
        except PolicyError as error:
            self._alarm(name, digest, error.faults)
            first = error.faults[0]
            where = f"Line {first.line}: {first.column} " if first.line else ""
            self._keep(name, content, by, f"{where}{first.message}", "refused")
            return 1
        except Held as held:
            why = f"{held}{HELD.format(organisation_of(name) or ROOT)}"
            self._alarm(name, digest, (Fault(name, 0, "", why),))
            self._keep(name, content, by, str(held), "held")
            return 1
        except Conflict:  # the next look sees both changes
            copy.judged_against = None
            return 0
        log.info("policy adopted", file=name, lines=len(taken.rules), generation=taken.generation)
        self._in_step(name, taken.digest)
        self._load_accepted()
        if taken.digest != digest:  # days written as DD/MM/YYYY, a byte-order mark
            return self._write(name, copy)
        copy.judged_against = taken.digest
        return 1

    def _keep(self, name: str, content: bytes, by: str, why: str, state: str) -> None:
        with self._work(SYSTEM) as uow:
            keep_edit(uow, copies.shown(name), content, by, " ".join(why.split()), state)

    def _office(self, name: str) -> Office:
        with self._parts.database.reading() as session:
            return office_of(self._parts, session, name)

    def _set_aside(self, name: str, copy: _Copy, content: bytes) -> int:
        """Two admins at once: what was accepted stays in force, and the hand edit is kept beside it."""
        aside = f"{name}.not-adopted-{secrets.token_hex(3)}"
        copies.write_whole(self._root / aside, content)
        message = (
            f"holds a hand edit of {name}, made while another change of it was accepted, and is not in force. "
            f"Put what still holds into {name}, then delete this file."
        )
        self._alarm(aside, hashlib.sha256(content).hexdigest(), (Fault(aside, 0, "", message),))
        return self._write(name, copy)

    def _write(self, name: str, copy: _Copy) -> int:
        """Put the accepted text in place, unless the file changed since it was looked at."""
        with self._parts.database.reading() as session:
            row = session.get(PolicyText, name)
        mark = copies.write_over(self._root / name, copy.mark, row.text.encode()) if row else None
        if row is None or mark is None:
            return 0
        self._copies[name] = _Copy(mark, self._tick(), judged_against=row.digest)
        self._in_step(name, row.digest)
        return 1

    def _in_step(self, name: str, digest: str) -> None:
        self._end_alarm(name)
        self._mirrored[name] = digest

    def _keep_notes(self) -> None:
        """Keep the notes, if they changed: once for all files, for each keeping waits for the disk."""
        if self._mirrored != self._noted:
            copies.write_notes(self._root / NOTES, self._mirrored)
            self._noted = dict(self._mirrored)

    def _alarm(self, name: str, digest: str, faults: tuple[Fault, ...]) -> None:
        shown = copies.shown(name)
        told = tuple(replace(fault, file=shown) for fault in faults)
        log.error(
            "POLICY FILE REFUSED: the text accepted before stays in force", file=shown, faults=list(map(str, told))
        )
        with self._work(SYSTEM) as uow:
            raise_alarm(uow, shown, digest, told)
        self._alarmed.add(name)

    def _end_alarm(self, name: str) -> None:
        if name in self._alarmed:
            with self._work(SYSTEM) as uow:
                end_alarm(uow, copies.shown(name))
                settle_edits(uow, copies.shown(name))
            self._alarmed.discard(name)

    def _load_accepted(self) -> None:
        with self._parts.database.reading() as session:
            generation = generation_of(session)
            if generation != self._generation:
                columns = (PolicyText.name, PolicyText.digest, func.length(PolicyText.text))
                rows = session.execute(select(*columns)).all()
                self._accepted = {name: digest for name, digest, _ in rows}
                self._lengths = {name: length for name, _, length in rows}
                put_back = select(HandEdit.name, HandEdit.digest).where(HandEdit.state == "put back")
                self._put_back = {(name, digest) for name, digest in session.execute(put_back)}
                for name, _ in self._put_back:
                    if name in self._copies:
                        self._copies[name].judged_against = None
                self._generation = generation

    def _work(self, by: str) -> AbstractContextManager[UnitOfWork]:
        return unit_of_work(self._parts.database, self._parts.clock, by)
