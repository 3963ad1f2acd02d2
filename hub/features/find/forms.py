"""Reading what a person asked, from an address or a command line."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from acl.vocabulary import MARKINGS
from hub.features.find.question import Question
from hub.ground.dates import LONGEST, read_day
from hub.ground.errors import Invalid
from hub.things.kinds import Kinds
from hub.web.pages import Problem
from hub.web.paging import page_number
from search.entry import FACETS, cleaned
from search.request import SORTS, InvalidQuery, Sort, Term, parse_query
from search.words import MAX_CHARACTERS

Values = Mapping[str, Sequence[str]]
"""The named values of an address: each name with all of its values."""
_VALUES = {
    "organisation": re.compile(r"[a-z0-9-]{1,60}"),
    "space": re.compile(r"[a-z0-9-]{1,60}(/[a-z0-9-]{1,60}){0,31}"),
    "type": re.compile(r"[a-z0-9 -]{1,20}"),
    "marking": re.compile("|".join(map(re.escape, MARKINGS))),
    "year": re.compile(r"[0-9]{4}"),
}
"""What a value of each filter but the kind can look like; places are named by their path (or their id)."""


@dataclass(frozen=True, kw_only=True)
class Read:
    """A question, and what is wrong in it; the days for the form, as typed where they are none."""

    question: Question
    problems: tuple[Problem, ...]
    date_from: str
    date_to: str


def read_question(values: Values, kinds: Kinds) -> Read:
    """What an address asks of things of these kinds. Unknown names and impossible values are passed over.

    Raises Invalid for a wrong page.
    """
    problems: list[Problem] = []
    words = cleaned(_one(values, "q"))
    terms: tuple[Term, ...] = ()
    try:
        terms = parse_query(words)
    except InvalidQuery as error:
        problems.append(Problem("q", str(error)))
    first, last = (_date(_one(values, name), name, problems) for name in ("from", "to"))
    if first and last and first > last:
        problems.append(Problem("from", "The first day is after the last day: swap them"))
    question = Question(
        words=words[:MAX_CHARACTERS],
        terms=terms,
        filters=MappingProxyType({name: found for name in FACETS if (found := _filter(values, name, kinds))}),
        date_from=first,
        date_to=last,
        sort=_sort(_one(values, "sort")),
        page=page_number(_one(values, "page")),
    )
    typed = [
        found.isoformat() if found else cleaned(_one(values, name))[:LONGEST]
        for name, found in (("from", first), ("to", last))
    ]
    return Read(question=question, problems=tuple(problems), date_from=typed[0], date_to=typed[1])


def _one(values: Values, name: str) -> str:
    return next(iter(values.get(name, ())), "")


def _filter(values: Values, name: str, kinds: Kinds) -> tuple[str, ...]:
    asked = dict.fromkeys(values.get(name, ()))
    if name == "kind":
        return tuple(word for word in asked if any(kind.word == word for kind in kinds.indexed))
    return tuple(value for value in asked if _VALUES[name].fullmatch(value))


def _sort(text: str) -> Sort:
    return next((sort for sort in SORTS if sort == text), "relevance")


def _date(text: str, name: str, problems: list[Problem]) -> date | None:
    if not text.strip():
        return None
    try:
        return read_day(text)
    except Invalid as problem:
        problems.append(Problem(name, str(problem)))
        return None
