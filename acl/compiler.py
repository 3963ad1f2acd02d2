"""Compiles policy for (subject, action, day) into a Visibility: no rule is walked when an object is judged."""

from collections.abc import Iterable
from datetime import date
from functools import cache, partial
from importlib import resources
from typing import Final, Literal

from acl.cells import EVERYONE_BUT, SPECIAL
from acl.directory import Subject
from acl.groups import HELD, Grouping, Signature, group
from acl.matcher import Among, Holds, Lies, ModelError, Term, matcher_of, mentioned_words, parse
from acl.partial import EVERY_MS, Clause, Clauses, Given, evaluate, refuted
from acl.store import Snapshot
from acl.visibility import FALSE, WIDE, Visibility, all_of, any_of, is_in, joined, negate

__all__ = ["Model", "ModelError", "compile_visibility", "default_model"]

_DAYS: Final = 64
"""Actions and days that are kept."""

Field = Literal["within", "reach", "ms", "owner", "org"]
_FIELDS: Final[dict[str, Field]] = {"within": "within", "reach": "reach", "owner": "owner", "org": "org"}


class Model:
    """The Casbin model, proved to compile exactly. What it has evaluated for a signature it keeps."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.term: Term = parse(matcher_of(text))
        _prove(self.term)
        self._templates: dict[tuple[str, str], Templates] = {}

    @classmethod
    def load(cls) -> "Model":
        """The model of `config/model.conf`; raises ModelError naming column and fragment."""
        return cls(resources.files("config").joinpath("model.conf").read_text("utf-8"))

    def clauses(self, action: str, today: str) -> "Templates":
        """Signature -> when such a rule speaks of an object, for someone whom its `who` names."""
        key = (action, today)
        found = self._templates.get(key)
        if found is None:
            if len(self._templates) > _DAYS:
                self._templates.clear()
            found = self._templates[key] = Templates(self.term, action, today)
        return found


class Templates(dict[Signature, Clauses]):
    """What the matcher comes to for each signature met, for one action and day."""

    def __init__(self, term: Term, action: str, today: str) -> None:
        super().__init__()
        self._term, self._action, self._today = term, action, today

    def __missing__(self, signature: Signature) -> Clauses:
        found = self[signature] = evaluate(self._term, _given(signature, self._action, self._today))
        return found


def _given(signature: Signature, action: str, today: str) -> Given:
    values = {
        "r.act": action,
        "r.today": today,
        "p.eft": signature.effect,
        "p.can": signature.can,
        "p.marking": signature.marking,
        "p.state": signature.state,
        "p.until": signature.until,
    }
    return Given(signature.who == HELD, signature.who, values)


def _prove(term: Term) -> None:
    """Refuse a model for which the index would leave out a rule that could match."""
    if mentioned_words(term) - set(SPECIAL):
        raise ModelError(f"the matcher compares p.who with other words than {', '.join(SPECIAL)}")
    if not refuted(term, lambda t: isinstance(t, Holds), who=HELD):
        raise ModelError("a rule can match someone who does not hold its who: rules could not be found by who")
    for word in SPECIAL:
        if not refuted(term, lambda t: isinstance(t, Holds) or _own_organisation(t), who=word):
            raise ModelError(f"{word} must require r.obj.org in r.sub.orgs")
    for column in ("where", "scope"):
        if not refuted(term, partial(_lies_under, column), who=None):
            raise ModelError(f"a rule can match an object outside its {column}")


def _lies_under(column: str, term: Term) -> bool:
    return isinstance(term, Lies) and term.under == column


def _own_organisation(term: Term) -> bool:
    return isinstance(term, Among) and term.field == "org" and term.own


@cache
def default_model() -> Model:
    """The model of `config/model.conf`, read once."""
    return Model.load()


def compile_visibility(
    snapshot: Snapshot, subject: Subject, action: str, today: date, model: Model | None = None
) -> Visibility:
    """What the subject may do `action` to on that day: an allow holds and no deny does."""
    compiling = _Compiling(model or default_model(), subject, action, today.isoformat())
    for word in words_of(subject):
        waits = word in subject.waiting
        compiling.add(snapshot.merged_where(word, subject.trusts) if waits else snapshot.merged(word))
    compiling.add(snapshot.exceptions().for_holder(subject.holds))
    if subject.grants:
        words = frozenset(words_of(subject))
        for word, grouping in group(subject.grants, snapshot.tree).words.items():
            if word in words or (word.startswith(EVERYONE_BUT) and word.removeprefix(EVERYONE_BUT) not in words):
                compiling.add(grouping)
    return compiling.result()


def words_of(subject: Subject) -> list[str]:
    """The words under which the rules for a subject are found, `everyone-but:` apart."""
    words = sorted(subject.holds)
    if subject.orgs:
        words += [f"{word} {org}" for word in SPECIAL for org in sorted(subject.orgs)]
        words += SPECIAL
    return words


class _Compiling:
    """Gathers nodes by condition, for the two effects."""

    def __init__(self, model: Model, subject: Subject, action: str, today: str) -> None:
        self.subject = subject
        self.templates = model.clauses(action, today)
        self.found: dict[str, dict[tuple[Clause, str], list[frozenset[str]]]] = {"allow": {}, "deny": {}}

    def add(self, grouping: Grouping) -> None:
        for (signature, scope), nodes in grouping.items():
            held = self.found[signature.effect]
            for clause in self.templates[signature]:
                held.setdefault((clause, scope), []).append(nodes)

    def result(self) -> Visibility:
        allowed = any_of(*self._parts("allow"))
        return all_of(allowed, negate(any_of(*self._parts("deny")))) if allowed is not FALSE else FALSE

    def _parts(self, effect: str) -> Iterable[Visibility]:
        for (clause, scope), many in self.found[effect].items():
            wide = [nodes for nodes in many if len(nodes) >= WIDE]  # terms of their own: people share them
            wide = [nodes for nodes in wide if not any(nodes < other for other in wide)]
            narrow = [nodes for nodes in many if len(nodes) < WIDE]
            for nodes in (*wide, *([narrow[0] if len(narrow) == 1 else frozenset().union(*narrow)] if narrow else [])):
                yield self._part(clause, scope, nodes)

    def _part(self, clause: Clause, scope: str, nodes: frozenset[str]) -> Visibility:
        parts = []
        if clause.ms != EVERY_MS:
            parts.append(is_in("ms", (joined(*pair) for pair in clause.ms)))
        for literal in clause.literals:
            own = {"org": self.subject.orgs, "owner": frozenset({self.subject.id})}[literal.field]
            among = is_in(_FIELDS[literal.field], own if literal.own else literal.values)
            parts.append(among if literal.positive else negate(among))
        if clause.where:
            parts.append(is_in(_FIELDS[clause.where], nodes))
        if scope and clause.scope:
            parts.append(is_in(_FIELDS[clause.scope], {scope}))
        parts.extend(is_in(_FIELDS[field], {node}) for field, node in clause.under)
        return all_of(*parts)
