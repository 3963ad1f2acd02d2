"""Why somebody may or may not do something, as plain values: what `hub policy explain` prints."""

import csv
import io
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from acl.explain import Names, describe, explain
from acl.gate import Decision, Gate
from acl.rules import COLUMNS, Rule
from acl.store import Snapshot
from acl.vocabulary import is_inside
from hub.access.judged import place_named
from hub.access.models import Person, Place
from hub.access.parts import Parts
from hub.access.viewer import Judged
from hub.access.why import names_for
from hub.ground.errors import Unavailable
from hub.web.pages import Who

STATUS_WORDS = {"suspended": "is suspended", "left": "has left"}


def barred(person: Person, called: str) -> str:
    """Why a person, as a sentence calls them, can do nothing at all; empty while they are active."""
    words = STATUS_WORDS.get(person.status)
    return f"{called} {words}, and so can do nothing." if words else ""


@dataclass(frozen=True)
class Reasons:
    """A decision about a person, with everything that led to it."""

    person: Person
    called: str
    """As a sentence names them: with their organisation."""
    action: str
    day: date
    decision: Decision
    snapshot: Snapshot
    names: Names

    @property
    def barred(self) -> str:
        """Why the person can do nothing at all; empty while they are active."""
        return barred(self.person, self.called)

    @property
    def sentence(self) -> str:
        """Whether and why, in one sentence: the same as the pages say."""
        return self.barred or explain(self.decision, self.action, self.names, self.called).sentence

    def described(self, rule: Rule) -> str:
        """A rule in words: where it stands, what it says, and its reason."""
        return describe(readable(rule, self.snapshot), self.names)

    def as_values(self, thing: str) -> dict[str, Any]:
        """For `--json`: allowed, the rules that matched, which of them decided, and when refused what was missing."""
        decided = self.decision.rule
        missing = [
            {"file": m.rule.file, "line": m.rule.line, "column": m.column, "sentence": m.sentence}
            for m in self.decision.missing
        ]
        if self.barred:
            missing = [{"file": "", "line": 0, "column": "status", "sentence": self.barred}]
        return {
            "person": self.person.subject_id,
            "action": self.action,
            "object": thing,
            "on": self.day.isoformat(),
            "allowed": self.decision.allowed,
            "sentence": self.sentence,
            "decided_by": _as_value(decided, self.snapshot) if decided else None,
            "matched": [_as_value(rule, self.snapshot) for rule in self.decision.matched],
            "missing": missing,
        }


def reasons_for(parts: Parts, session: Session, person: Person, action: str, thing: Judged, day: date) -> Reasons:
    """Ask the gate, on a day (past or future), with the policies that are in force now."""
    snapshot = parts.snapshots.latest(session)
    judged = thing.judged(snapshot)
    if judged is None:
        raise Unavailable("Policy does not know this place yet. Try again in a second.")
    subject = parts.snapshots.subject(session, person)
    decision = Gate(snapshot, day).decide(subject, action, judged)
    called = str(Who(person.name, session.get_one(Place, person.organisation_id).name))
    return Reasons(
        person, called, action, day, decision, snapshot, names_for(session, snapshot, decision.matched).get_or_blank
    )


def readable(rule: Rule, snapshot: Snapshot) -> Rule:
    """The rule with the path that people type where the hub wrote a node."""
    kind, _, node = rule.where.partition(":")
    if kind != "node":
        return rule
    if is_inside(node):
        return replace(rule, where=node)
    place = snapshot.tree.get(place_named(node))
    return replace(rule, where=place.path) if place else rule


def text_of(rule: Rule, snapshot: Snapshot) -> str:
    """The line as its writer wrote it; of a grant or an audience, the line that says the same."""
    file = snapshot.files.get(rule.file)
    if file is not None:
        return file.text.removeprefix("\ufeff").splitlines()[rule.line - 1]
    shown = readable(rule, snapshot)
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow([getattr(shown, column) for column in COLUMNS])
    return line.getvalue()


def _as_value(rule: Rule, snapshot: Snapshot) -> dict[str, Any]:
    return {
        "file": rule.file,
        "line": rule.line,
        "effect": rule.effect,
        "text": text_of(rule, snapshot),
        "reason": rule.reason,
    }
