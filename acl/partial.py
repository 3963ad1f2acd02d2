"""Partial evaluation of the matcher: with a rule's columns, the action and the day known, clauses over the object.

The result is a disjunction of clauses; a clause is a conjunction of what the index can answer.
"""

import ast
import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from acl.matcher import ENUMERATED, FUNCTIONS, Among, Every, Holds, Known, Lies, No, Some, Table, Term, WhoIs
from acl.vocabulary import MARKINGS, STATES

EVERY_MS: Final = frozenset((marking, state) for marking in MARKINGS for state in STATES)

_OPERATORS: Final[Mapping[type[ast.cmpop], Callable[[Any, Any], bool]]] = {
    ast.Eq: operator.eq,
    ast.In: lambda one, many: one in many,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


@dataclass(frozen=True, slots=True)
class Literal:
    """`org` or `owner` is (or is not) among values, or among the subject's own (`own`)."""

    field: str
    own: bool
    values: frozenset[str]
    positive: bool


@dataclass(frozen=True, slots=True)
class Clause:
    """A conjunction: the trees under `where` and `scope` (empty: no condition), marking and state, literals.

    `under` holds conditions on nodes written in the matcher itself, as (field, node).
    """

    where: str = ""
    scope: str = ""
    ms: frozenset[tuple[str, str]] = EVERY_MS
    literals: frozenset[Literal] = frozenset()
    under: frozenset[tuple[str, str]] = frozenset()

    def implies(self, other: "Clause") -> bool:
        """Whether every object that meets this clause meets the other (reach is a part of within)."""
        return (
            _narrower(self.where, other.where)
            and _narrower(self.scope, other.scope)
            and self.ms <= other.ms
            and self.literals >= other.literals
            and self.under >= other.under
        )


Clauses = tuple[Clause, ...]
TRUE: Final[Clauses] = (Clause(),)
FALSE: Final[Clauses] = ()


def _narrower(one: str, other: str) -> bool:
    return not other or one == other or (one, other) == ("reach", "within")


def _both(one: str, other: str) -> str:
    return one if _narrower(one, other) else other


def either(many: Iterable[Clause]) -> Clauses:
    """The disjunction, without clauses that another includes; those that differ in `ms` only are merged."""
    merged: dict[Clause, frozenset[tuple[str, str]]] = {}
    for clause in many:
        rest = replace(clause, ms=frozenset())
        merged[rest] = merged.get(rest, frozenset()) | clause.ms
    found = [replace(rest, ms=ms) for rest, ms in merged.items() if ms]
    return tuple(c for c in found if not any(c is not other and c.implies(other) for other in found))


def both(left: Clauses, right: Clauses) -> Clauses:
    """The conjunction."""
    return either(
        Clause(
            where=_both(one.where, other.where),
            scope=_both(one.scope, other.scope),
            ms=one.ms & other.ms,
            literals=one.literals | other.literals,
            under=one.under | other.under,
        )
        for one in left
        for other in right
    )


@dataclass(frozen=True, slots=True)
class Given:
    """What is known: whether the subject holds the rule's `who`, that word's class, and the other columns by name."""

    holds: bool
    who: str
    values: Mapping[str, Any]


def evaluate(term: Term, given: Given, *, positive: bool = True) -> Clauses:
    """The clauses under which a term (or, not `positive`, its negation) holds."""
    match term:
        case Every(parts) | Some(parts):
            sides = [evaluate(part, given, positive=positive) for part in parts]
            if isinstance(term, Every) == positive:
                found = TRUE
                for side in sides:
                    found = both(found, side)
                return found
            return either(clause for side in sides for clause in side)
        case No(part):
            return evaluate(part, given, positive=not positive)
        case Lies(field, under):
            return _lies(field, under)
        case Table(attribute, node):
            return _table(attribute, node, given, positive)
        case Among(field, own, values):
            known = frozenset() if own or values is None else _values(values, given)
            return (Clause(literals=frozenset({Literal(field, own, known, positive)})),)
        case _:
            return TRUE if _truth(term, given) == positive else FALSE


def _truth(term: Known | Holds | WhoIs, given: Given) -> bool:
    if isinstance(term, Holds):
        return given.holds
    if isinstance(term, WhoIs):
        return given.who in term.words
    return bool(_value(term.node, given.values))


def _lies(field: str, under: str) -> Clauses:
    if under.startswith("="):
        return (Clause(under=frozenset({(field, under[1:])})),)
    return (Clause(where=field),) if under == "where" else (Clause(scope=field),)


def _table(attribute: str, node: ast.expr, given: Given, positive: bool) -> Clauses:
    name = f"r.obj.{attribute}"
    held = {v for v in ENUMERATED[attribute] if bool(_value(node, {**given.values, name: v})) == positive}
    at = 0 if attribute == "marking" else 1
    ms = frozenset(pair for pair in EVERY_MS if pair[at] in held)
    return (Clause(ms=ms),) if ms else FALSE


def _values(node: ast.expr, given: Given) -> frozenset[str]:
    value = _value(node, given.values)
    return frozenset({value}) if isinstance(value, str) else frozenset(value)


def _value(node: ast.expr, values: Mapping[str, Any]) -> Any:
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Attribute):
        return values[ast.unparse(node)]
    if isinstance(node, (ast.Tuple, ast.List)):
        return [_value(element, values) for element in node.elts]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return FUNCTIONS[node.func.id](*(_value(argument, values) for argument in node.args))
    if isinstance(node, ast.Compare):
        compare = _OPERATORS[type(node.ops[0])]
        return compare(_value(node.left, values), _value(node.comparators[0], values))
    raise TypeError(f"the reader let through {ast.dump(node)}")


def refuted(term: Term, false: Callable[[Term], bool], *, who: str | None, positive: bool = True) -> bool:
    """Whether a term cannot hold when the atoms that `false` names do not, and `p.who` is `who` (None: anything).

    All else is unknown, so a True is a proof for every rule, action, day and object.
    """
    match term:
        case Every(parts) | Some(parts):
            sides = [refuted(part, false, who=who, positive=positive) for part in parts]
            return any(sides) if isinstance(term, Every) == positive else all(sides)
        case No(part):
            return refuted(part, false, who=who, positive=not positive)
        case WhoIs(words):
            return who is not None and (who in words) != positive
        case _:
            return positive and false(term)
