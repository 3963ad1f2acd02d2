"""The gate: what a subject sees, and whether it may do one thing, with the reason."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from acl.cells import SPECIAL
from acl.compiler import Model, compile_visibility, default_model
from acl.directory import PlaceTree, Subject
from acl.enforcer import Row, enforce, held_words
from acl.groups import VOICE, audience_rules
from acl.misses import Miss, Question, failing, miss_of
from acl.rules import Rule, telling
from acl.store import Snapshot
from acl.visibility import Object, Visibility, checker
from acl.vocabulary import ACTIONS

__all__ = ["Decision", "Difference", "Disagreement", "Gate", "Miss"]

NEAREST: Final = 5
"""How many lines a refusal names that would have allowed but for one column."""


class Disagreement(Exception):
    """The explanation and the enforcer differ; nothing is allowed on such a ground."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether it is allowed, the rule that decided (first deny, else first allow), all that match, and near misses."""

    allowed: bool
    rule: Rule | None
    matched: tuple[Rule, ...]
    missing: tuple[Miss, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """The compiled visibility and the enforcer disagree about an object."""

    subject: str
    action: str
    node: str
    visible: bool
    enforced: bool


@dataclass(frozen=True, slots=True)
class Gate:
    """Decides by one snapshot on one day (Europe/London); cheap to make for each request."""

    snapshot: Snapshot
    today: date
    model: Model | None = None

    def visible(self, subject: Subject, action: str) -> Visibility:
        """The predicate over objects to which the subject may do the action; ValueError for an unknown action."""
        _check_action(action)
        key = (subject, action, self.today, self.model)  # the generation is the snapshot's own
        found = self.snapshot.remembered.get(key)
        if found is None:
            found = compile_visibility(self.snapshot, subject, action, self.today, self.model or default_model())
            self.snapshot.remembered.put(key, found)
        return found

    def decide(self, subject: Subject, action: str, obj: Object) -> Decision:
        """Whether stock Casbin allows it, over the rules that could matter; ValueError for an unknown action.

        Raises Disagreement where the lines that match do not explain what Casbin says.
        """
        _check_action(action)
        near = list(self._near(subject, action, obj))
        question = Question(subject, held_words(subject, (row.rule.who for row in near)), action, obj, self.today)
        candidates = [row for row in near if _names(row.rule, question)]
        allowed = enforce(candidates, subject, action, obj, self.today)
        matched = tuple(sorted((row.rule for row in candidates if not failing(row, question)), key=telling))
        denies = [rule for rule in matched if rule.effect == "deny"]
        if allowed != (bool(matched) and not denies):
            raise Disagreement(f"{subject.id}, {action}, {obj.node}: Casbin says {allowed}, the lines {not allowed}")
        missing = () if allowed or denies else _missing(near, question)
        return Decision(allowed, next(iter(denies or matched), None), matched, missing)

    def shadow(self, subject: Subject, action: str, obj: Object) -> Difference | None:
        """Compare the compiled visibility with the enforcer for one object; None where they agree."""
        seen = checker(self.visible(subject, action))(obj)
        enforced = self.decide(subject, action, obj).allowed
        return None if seen == enforced else Difference(subject.id, action, obj.node, seen, enforced)

    def _near(self, subject: Subject, action: str, obj: Object) -> Iterator[Row]:
        """The rules whose scope and place the object lies in: of the files, the spaces above it and the subject.

        Who may write in a space decides nothing about reading in it.
        """
        tree = self.snapshot.tree
        for name, file in self.snapshot.files.items():
            if file.scope in obj.within:
                at = self.snapshot.rules_at(name)
                for node in obj.within:
                    yield from (Row(rule, node) for rule in at.get(node, ()))
        for node in obj.within:
            place = tree.get(node)
            for rule in audience_rules(place, tree) if place else ():
                if action != "read" or not rule.file.startswith(VOICE):
                    yield from _row_at(rule, tree, obj)
        here = {f"node:{node}" for node in obj.within}
        for rule in subject.grants:  # up to 2,000, of which few are for here
            if rule.where in here or not rule.where.startswith("node:"):
                yield from _row_at(rule, tree, obj)


def _row_at(rule: Rule, tree: PlaceTree, obj: Object) -> Iterator[Row]:
    where = tree.resolve(rule.where, rule.scope)
    if where is not None and rule.scope in obj.within and where in obj.within:
        yield Row(rule, where)


def _missing(near: list[Row], question: Question) -> tuple[Miss, ...]:
    """The allows that would hold but for one column, nearest first."""
    found = []
    for row in near:
        columns = failing(row, question)
        if row.rule.effect == "allow" and len(columns) == 1:
            found.append(miss_of(row, columns[0], question))
    found.sort(key=lambda miss: (miss.rank, miss.rule.file, miss.rule.line))
    return tuple(found[:NEAREST])


def _names(rule: Rule, question: Question) -> bool:
    """Whether a rule's `who` may mean the subject."""
    if question.subject.waits_for(rule):
        return False
    return rule.who in question.words or (bool(question.subject.orgs) and rule.who in SPECIAL)


def _check_action(action: str) -> None:
    if action not in ACTIONS:
        raise ValueError(f"not one of the actions {', '.join(ACTIONS)}: {action}")
