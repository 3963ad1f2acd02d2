"""The predicate that decides what a subject may see, over five indexed attributes of an object.

`within` (the object's own node and all its ancestors), `reach` (the same up to the first private space), `ms`
(marking and state as one keyword), `owner` and `org`. The same value becomes an Elasticsearch filter, a tantivy
query, a SQLAlchemy WHERE and, here, a check in memory; each translation lives with the owner of that engine.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

from acl.vocabulary import MARKINGS, STATES

FIELDS: Final = ("within", "reach", "ms", "owner", "org")
SETS: Final = frozenset({"within", "reach"})
"""Attributes that hold several values; the others hold one."""


def joined(marking: str, state: str) -> str:
    """The `ms` keyword of a marking and a state."""
    return f"{marking}.{state}"


@dataclass(frozen=True)
class Object:
    """A thing judged: a document, a space's home page, a folder, an organisation or a person's page.

    `within` holds its own node and all ancestors, `reach` the same up to the first private space, `org` is the node of
    the organisation that it lies in (one of `within`; empty for what lies in none). Raises ValueError for a marking or
    a state that is not of the vocabulary.
    """

    node: str
    within: frozenset[str]
    reach: frozenset[str]
    org: str
    owner: str
    marking: str
    state: str

    def __post_init__(self) -> None:
        """Refuse words that no rule could speak of: `any` would allow what stock Casbin does not."""
        if self.marking not in MARKINGS or self.state not in STATES:
            raise ValueError(f"{self.node} has an unknown marking or state: {self.marking}, {self.state}")

    @cached_property
    def ms(self) -> str:
        """Marking and state as one keyword."""
        return joined(self.marking, self.state)


class Visibility:
    """Base of the predicate's six forms. Build with `is_in`, `all_of`, `any_of` and `negate`, which simplify."""

    __slots__ = ()

    @property
    def fingerprint(self) -> str:
        """A key equal for equal predicates, whatever the order in which they were built (64 hex digits)."""
        return hashlib.sha256(_canonical(self).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Always(Visibility):
    """TRUE."""


@dataclass(frozen=True, slots=True)
class Never(Visibility):
    """FALSE."""


@dataclass(frozen=True, slots=True)
class In(Visibility):
    """One of the attribute's values is among `values`."""

    field: Literal["within", "reach", "ms", "owner", "org"]
    values: frozenset[str]


@dataclass(frozen=True, slots=True)
class Not(Visibility):
    """The part does not hold."""

    part: Visibility


@dataclass(frozen=True, slots=True)
class And(Visibility):
    """Every part holds."""

    parts: tuple[Visibility, ...]


@dataclass(frozen=True, slots=True)
class Or(Visibility):
    """Some part holds."""

    parts: tuple[Visibility, ...]


TRUE: Final = Always()
FALSE: Final = Never()


def is_in(field: Literal["within", "reach", "ms", "owner", "org"], values: Iterable[str]) -> Visibility:
    """`In`, or FALSE where no value is left: empty means nothing."""
    found = frozenset(values)
    return In(field, found) if found else FALSE


def all_of(*parts: Visibility) -> Visibility:
    """The conjunction; without parts TRUE."""
    kept = tuple(dict.fromkeys(p for p in parts if p is not TRUE))
    if any(p is FALSE for p in kept):
        return FALSE
    if not kept:
        return TRUE
    return kept[0] if len(kept) == 1 else And(kept)


def any_of(*parts: Visibility) -> Visibility:
    """The disjunction; without parts FALSE."""
    kept = tuple(dict.fromkeys(p for p in parts if p is not FALSE))
    if any(p is TRUE for p in kept):
        return TRUE
    if not kept:
        return FALSE
    return kept[0] if len(kept) == 1 else Or(kept)


def negate(part: Visibility) -> Visibility:
    """The negation, without double negations."""
    if part is TRUE:
        return FALSE
    if part is FALSE:
        return TRUE
    return part.part if isinstance(part, Not) else Not(part)


def narrowed(visibility: Visibility, may_hold: Callable[[str], bool]) -> Visibility:
    """The same predicate for objects whose `within` and `reach` hold no other nodes than those that may be held.

    So what somebody may see of three hundred places says little of the things that lie in one of them.
    """
    match visibility:
        case In("within" | "reach" as field, values):
            return is_in(field, filter(may_hold, values))
        case Not(part):
            return negate(narrowed(part, may_hold))
        case And(parts):
            return all_of(*(narrowed(part, may_hold) for part in parts))
        case Or(parts):
            return any_of(*(narrowed(part, may_hold) for part in parts))
    return visibility


Check = Callable[[Object], bool]

WIDE: Final = 512
"""Sets of values of this size are never copied into another."""
SMALL: Final = 64
"""Sets of values up to this size are made one where things are checked: a copy of larger ones saves no time."""


def checker(visibility: Visibility) -> Check:
    """A function that tells whether an object is visible, about half a microsecond a call.

    Marking and state are looked up first, and the rest of the predicate is simplified for each pair that is met.
    """
    table = _ByMs(visibility)
    return lambda o: table[o.ms](o)


class _ByMs(dict[str, Check]):
    """Marking and state -> the check that is left."""

    def __init__(self, visibility: Visibility) -> None:
        super().__init__()
        self._visibility = visibility

    def __missing__(self, ms: str) -> Check:
        found = self[ms] = _check(_given(self._visibility, ms))
        return found


def _given(visibility: Visibility, ms: str) -> Visibility:
    """The predicate for objects of this marking and state."""
    match visibility:
        case In("ms", values):
            return TRUE if ms in values else FALSE
        case Not(part):
            return negate(_given(part, ms))
        case And(parts):
            return all_of(*(_given(part, ms) for part in parts))
        case Or(parts):
            return any_of(*_merged([_given(part, ms) for part in parts]))
    return visibility


def _merged(parts: Iterable[Visibility]) -> Iterator[Visibility]:
    """The parts of a disjunction with the small sets over one attribute made one, and cheap tests first."""
    sets: dict[Literal["within", "reach", "ms", "owner", "org"], list[frozenset[str]]] = {}
    for part in parts:
        if isinstance(part, In) and len(part.values) <= SMALL:
            sets.setdefault(part.field, []).append(part.values)
        else:
            yield part
    for field, many in sets.items():
        yield In(field, frozenset().union(*many))


def _check(visibility: Visibility) -> Check:
    match visibility:
        case Always():
            return lambda _: True
        case Never():
            return lambda _: False
        case In(field, values):
            return _membership(field, values)
        case Not(part):
            inner = _check(part)
            return lambda o: not inner(o)
        case And(parts):
            return _conjunction(tuple(_check(p) for p in parts))
        case Or(parts):
            return _disjunction(tuple(_check(p) for p in parts))
    raise TypeError(f"not a Visibility: {visibility!r}")


def _membership(field: str, values: frozenset[str]) -> Check:
    if field == "within":
        return lambda o: not values.isdisjoint(o.within)
    if field == "reach":
        return lambda o: not values.isdisjoint(o.reach)
    if field == "ms":
        return lambda o: o.ms in values
    if field == "owner":
        return lambda o: o.owner in values
    if field == "org":
        return lambda o: o.org in values
    raise ValueError(f"not an attribute that a Visibility knows: {field}")


def _conjunction(checks: tuple[Check, ...]) -> Check:
    def every(o: Object) -> bool:
        for check in checks:  # noqa: SIM110 - all() takes three times as long
            if not check(o):
                return False
        return True

    return every


def _disjunction(checks: tuple[Check, ...]) -> Check:
    def some(o: Object) -> bool:
        for check in checks:  # noqa: SIM110 - any() takes three times as long
            if check(o):
                return True
        return False

    return some


_UNIT, _RECORD = "\x1f", "\x1e"


def _canonical(visibility: Visibility) -> str:
    match visibility:
        case Always():
            return "T"
        case Never():
            return "F"
        case In(field, values):
            return f"{field}[{_UNIT.join(sorted(values))}]"
        case Not(part):
            return f"!({_canonical(part)})"
        case And(parts):
            return f"&({_RECORD.join(sorted(map(_canonical, parts)))})"
        case Or(parts):
            return f"|({_RECORD.join(sorted(map(_canonical, parts)))})"
    raise TypeError(f"not a Visibility: {visibility!r}")
