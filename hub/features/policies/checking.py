"""What is wrong or doubtful in policy files: what `hub policy lint` prints."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from acl.directory import ROOT
from acl.lint import Remark, lint
from acl.rules import MAX_BYTES, Fault, PolicyError
from acl.store import PLATFORM_FILE, PolicyFile, Snapshot, adopt, organisation_of
from acl.vocabulary import GROUP, GUEST, ORGANISATION, PERSON
from hub.access.parts import Parts
from hub.access.viewer import Viewer
from hub.features.policies.copies import FOLDER, policy_files, shown
from hub.features.policies.models import PolicyAlarm
from hub.features.policies.naming import Names, Office, faults_of, names_in, new_denies, path_of, reaches, word_of
from hub.ground.errors import Invalid

NAMED = (ORGANISATION, PERSON, GUEST, GROUP)
UNSEEN = "nobody whom you may see is known as {}: make sure that it is right, since a wrong name reaches nobody."
UNPLACED = "no place that you may know is called {}: make sure that it is right, since a wrong name does nothing."


@dataclass(frozen=True)
class Checked:
    """One file: `faults` keep it from being adopted, `remarks` do not."""

    file: str
    faults: tuple[Fault, ...]
    remarks: tuple[Remark, ...]
    in_force: bool
    """Whether the checked text is the one in force."""
    adoptable: PolicyFile | None = None
    """The text as it would be adopted; None where it has faults."""

    def as_value(self) -> dict[str, Any]:
        """For `--json`."""
        said = ("line", "column", "message")
        return {
            "file": self.file,
            "in_force": self.in_force,
            "faults": [{name: getattr(fault, name) for name in said} for fault in self.faults],
            "remarks": [{name: getattr(remark, name) for name in said} for remark in self.remarks],
        }


def check_working_copies(parts: Parts, session: Session) -> list[Checked]:
    """Every policy file in the policy folder, every accepted one that is not there, and every alarm."""
    snapshot = parts.snapshots.latest(session)
    on_disk = policy_files(parts.policy_dir)
    alarms = list(session.scalars(select(PolicyAlarm).order_by(PolicyAlarm.name)))
    told = {alarm.name: alarm.faults for alarm in alarms}
    found = [check_file(parts, session, parts.policy_dir / name, name) for name in sorted(on_disk)]
    found = [c if c.faults or c.in_force else replace(c, faults=told.get(c.file, ())) for c in found]  # what is held
    found += [
        Checked(name, (), _remarks(snapshot, file, parts.today, _known(session, snapshot, file)), in_force=True)
        for name, file in sorted(snapshot.files.items())
        if name not in on_disk
    ]
    shown_names = set(map(shown, on_disk))
    for alarm in alarms:
        if alarm.name not in shown_names:  # a hand edit that was set aside, a link, a workbook
            found.append(Checked(alarm.name, alarm.faults, (), in_force=False))
    return found


def check_file(parts: Parts, session: Session, path: Path, name: str = "") -> Checked:
    """Check one file as if it were to be adopted now; raises Invalid when there is none."""
    called = name or name_of(path)
    try:
        with path.open("rb") as opened:
            content = opened.read(MAX_BYTES + 1)
    except OSError as error:
        raise Invalid(f"{path} cannot be read: {error.strerror}.") from error
    return check_text(parts, session, called, content, told=name or str(path))


def check_text(
    parts: Parts,
    session: Session,
    called: str,
    content: bytes | str,
    *,
    told: str = "",
    snapshot: Snapshot | None = None,
    looker: Viewer | None = None,
) -> Checked:
    """Check a text as if it were to be adopted now as the file `called`; `told` is what it is named when refused.

    `snapshot` is the one in force, for those who have it at hand. To a `looker` nothing is said of other
    organisations, and of people and groups there, that they may not know of; without one, everything.
    """
    snapshot = snapshot or parts.snapshots.latest(session)
    try:
        file = adopt(called, content, _scope(snapshot, called))
    except PolicyError as error:
        faults = tuple(replace(f, file=shown(f.file)) for f in error.faults)
        return Checked(shown(told or called), faults, (), in_force=False)
    accepted = snapshot.files.get(called)
    known = _known(session, snapshot, file, looker)
    before = accepted.rules if accepted else ()
    fresh = new_denies(file.rules, before)
    eyes = looker or Office(snapshot, parts.today, file.scope)
    names = known.names if looker else names_in(session, eyes, fresh, known.own)
    if faults := faults_of(session, eyes, fresh, names.and_denied(before)):
        return Checked(shown(told or called), tuple(replace(f, file=shown(f.file)) for f in faults), (), in_force=False)
    remarks = _remarks(snapshot, file, parts.today, known)
    in_force = accepted is not None and accepted.rules == file.rules
    return Checked(called, (), remarks, in_force=in_force, adoptable=file)


def office_of(parts: Parts, session: Session, name: str) -> Office:
    """What everybody who looks after the file `name` may know; raises PolicyError for a file that nobody has."""
    snapshot = parts.snapshots.latest(session)
    return Office(snapshot, parts.today, _scope(snapshot, name))


def name_of(path: Path) -> str:
    """The name under which a file would be adopted: its own decides whose it is."""
    return PLATFORM_FILE if path.name == PLATFORM_FILE else f"{FOLDER}/{path.name}"


def _scope(snapshot: Snapshot, name: str) -> str:
    slug = organisation_of(name)
    if slug is None:
        return ROOT
    place = snapshot.tree.get(snapshot.tree.resolve(slug, "") or "")
    if place is None or place.kind != "organisation":
        raise PolicyError([Fault(name, 0, "", f"There is no organisation {slug}. Name the file after one that is.")])
    return place.id


def _remarks(snapshot: Snapshot, file: PolicyFile, today: date, known: "_Known") -> tuple[Remark, ...]:
    found = list(lint(snapshot, file, today, known, known.place))
    found += known.doubtful(file)
    administers = [rule for rule in file.rules if rule.effect == "allow" and rule.can == "administer"]
    if not administers and file.scope != ROOT:
        message = "no line lets anybody administer this organisation: nobody can look after its people and policy."
        found.append(Remark(file.name, 1, "can", message))
    return tuple(found)


def _known(session: Session, snapshot: Snapshot, file: PolicyFile, looker: Viewer | None = None) -> "_Known":
    owner = snapshot.tree.get(file.scope)
    own = owner.path if owner else ""
    return _Known(names_in(session, looker, file.rules, own), own, all=looker is None)


@dataclass(frozen=True)
class _Known:
    """What the names in a file come to. Unless `all` is known, no other organisation, and nobody there, is denied."""

    names: Names
    own: str
    all: bool

    def __call__(self, word: str) -> bool:
        return word in self.names.words or self._is_foreign(word)

    def place(self, path: str) -> bool:
        """Whether a place is at that path; unless `all` is known, none is said not to be."""
        return path in self.names.paths or not self.all

    def doubtful(self, file: PolicyFile) -> Iterator[Remark]:
        """On lines for others' people and groups, and for places, that are hidden from whoever edits or not there."""
        for rule in file.rules:
            word, path = word_of(rule), path_of(rule)
            if word not in self.names.words and self._is_foreign(word):
                yield Remark(file.name, rule.line, "who", UNSEEN.format(word))
            if path and path not in self.names.paths and not self.all and reaches(self.own, path):
                yield Remark(file.name, rule.line, "where", UNPLACED.format(path))

    def _is_foreign(self, word: str) -> bool:
        others = not self.all and bool(self.own)
        return others and word.startswith(NAMED) and not f"{word.partition(':')[2]}/".startswith(f"{self.own}/")
