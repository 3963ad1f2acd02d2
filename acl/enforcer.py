"""The only user of casbin: one `Enforcer` for each decision, over the rules that could matter.

`enforce()` walks every rule and cannot be shared between threads, so it gets few rules and is thrown away. Links are
given flattened, as sets: pycasbin's own chains end at nine in silence.
"""

import ast
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import ClassVar

import casbin
from casbin.model import Assertion
from casbin.model import Model as CasbinModel
from casbin.util import SimpleEval

from acl.cells import EVERYONE_BUT
from acl.directory import Subject
from acl.matcher import PARSING
from acl.rules import Rule
from acl.visibility import Object
from acl.vocabulary import covers, marked

NOBODY = ("platform", "deny", "-", "-", "-", "-", "-", "-")
"""A row that matches nothing: with no row at all pycasbin runs the matcher once with empty columns."""


class _Enforcer(casbin.Enforcer):  # type: ignore[misc]  # casbin has no types
    """The stock enforcer, which reads its matcher once for all decisions: half of what each would cost."""

    _trees: ClassVar[dict[str, ast.AST]] = {}

    def _get_expression(self, expr: str, functions: Mapping[str, Callable[..., bool]] | None = None) -> SimpleEval:
        if expr not in self._trees:
            with PARSING:
                self._trees[expr] = super()._get_expression(expr).ast_parsed_value
        evaluator = SimpleEval("", functions)
        evaluator.expr, evaluator.ast_parsed_value = expr, self._trees[expr]
        return evaluator


class _Links:
    """A role manager over sets; stock `g()` asks it for nothing but `has_link`."""

    def __init__(self, links: Mapping[str, frozenset[str]]) -> None:
        self._links = links

    def has_link(self, name: str, held: str, *_: str) -> bool:
        """Whether `name` is `held` or holds it."""
        return name == held or held in self._links.get(name, frozenset())


@dataclass(frozen=True, slots=True)
class Row:
    """A rule with its `where` resolved to a node."""

    rule: Rule
    where: str

    def columns(self) -> tuple[str, ...]:
        """The row in the order of the model's policy definition."""
        rule = self.rule
        return (rule.scope, rule.effect, rule.who, rule.can, self.where, rule.marking, rule.state, rule.until)


@cache
def _stock() -> CasbinModel:
    return casbin.Enforcer.new_model(text=resources.files("config").joinpath("model.conf").read_text("utf-8"))


def _model(rows: list[tuple[str, ...]]) -> CasbinModel:
    """A model of its own for one enforcer: the definitions are shared and never written, rows and links are not."""
    stock, model = _stock(), CasbinModel()
    for section in ("r", "e", "m"):
        model[section] = stock[section]
    for section in ("p", "g"):
        model[section] = {key: _bare(held) for key, held in stock[section].items()}
    model["p"]["p"].policy = rows
    return model


def _bare(held: Assertion) -> Assertion:
    new = Assertion()
    new.key, new.value, new.tokens, new.params_tokens = held.key, held.value, held.tokens, held.params_tokens
    return new


def enforce(rows: Iterable[Row], subject: Subject, action: str, obj: Object, today: date) -> bool:
    """What stock `casbin.Enforcer.enforce()` says over these rows."""
    columns = [NOBODY, *(row.columns() for row in rows)]
    links = {
        "g": {subject.id: held_words(subject, (row[2] for row in columns))},
        "g2": {obj.node: obj.within},
        "g3": {obj.node: obj.reach},
    }
    enforcer = _Enforcer(_model(columns))
    for name, assertion in enforcer.model["g"].items():
        assertion.rm = _Links(links[name])
    enforcer.add_function("covers", covers)
    enforcer.add_function("marked", marked)
    return bool(enforcer.enforce(subject, action, obj, today.isoformat()))


def held_words(subject: Subject, named: Iterable[str]) -> frozenset[str]:
    """The words that a subject holds, with each `everyone-but:X` among those named whose X it does not hold."""
    prefix = len(EVERYONE_BUT)
    others = (word for word in named if word.startswith(EVERYONE_BUT) and word[prefix:] not in subject.holds)
    return subject.holds.union(others)
