"""A Visibility and a request as tantivy queries."""

from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from typing import Final

import tantivy
from tantivy import Occur, Query

from acl.visibility import Always, And, In, Never, Not, Or, Visibility
from search.embedded.schema import SCHEMA
from search.entry import ACL_VERSION, FACETS, order_bounds
from search.nearby import letters_off
from search.ranking import Clause, Weighed, weighed
from search.request import Hidden, SearchRequest
from search.seats import seated
from search.stems import plain_words, stems
from search.words import enough

FEW: Final = 16
"""Up to so many values are asked for one by one: a set walks all documents of every value before the first is known
(with 200,000 documents, a tenth of a person's filter, whose markings and states are few and dense)."""
PEOPLE: Final = 256
"""So many people's filters are kept as they were made: each is asked in both passes of every search."""


def visibility_query(visibility: Visibility) -> Query:
    """The tantivy form of a Visibility; without the `acl_v` clause, which `access_clauses` adds."""
    match visibility:
        case Always():
            return Query.all_query()
        case Never():
            return Query.empty_query()
        case In(field, values):
            return _one_of(field, values)
        case Not(part):
            return _none_of([visibility_query(p) for p in _branches(part)], [])
        case And(parts):
            return _none_of(
                [visibility_query(p) for refused in parts if isinstance(refused, Not) for p in _branches(refused.part)],
                [visibility_query(p) for p in parts if not isinstance(p, Not)],
            )
        case Or(()):
            return Query.empty_query()
        case Or(parts):
            return Query.boolean_query([(Occur.Should, visibility_query(p)) for p in parts], 1)
    raise TypeError(f"not a Visibility: {visibility!r}")


def _branches(part: Visibility) -> Iterator[Visibility]:
    """What is refused, one by one: an engine that need not unite it first looks no further than it must."""
    yield from part.parts if isinstance(part, Or) else (part,)


def _one_of(field: str, values: Collection[str]) -> Query:
    if not values:
        return Query.empty_query()
    if len(values) > FEW:
        return Query.term_set_query(SCHEMA, field, sorted(values))
    terms = [Query.term_query(SCHEMA, field, value, "basic") for value in sorted(values)]
    return terms[0] if len(terms) == 1 else Query.boolean_query([(Occur.Should, term) for term in terms], 1)


def _none_of(refused: Sequence[Query], required: Sequence[Query]) -> Query:
    clauses = [(Occur.Must, query) for query in required or [Query.all_query()]]
    return Query.boolean_query(clauses + [(Occur.MustNot, query) for query in refused])


def access_clauses(visibility: Visibility, hidden: Hidden) -> list[tuple[Occur, Query]]:
    """Who may see it, and the fence."""
    clauses = [
        (Occur.Must, _unscored(Query.term_query(SCHEMA, "acl_v", ACL_VERSION, "basic"))),
        (Occur.Must, _who_may_see(visibility)),
    ]
    if hidden.ids:
        clauses.append((Occur.MustNot, _one_of("id", hidden.ids)))
    if hidden.nodes:
        clauses.append((Occur.MustNot, _one_of("within", hidden.nodes)))
    return clauses


@lru_cache(PEOPLE)
def _who_may_see(visibility: Visibility) -> Query:
    return _unscored(visibility_query(seated(visibility)))


def _unscored(query: Query) -> Query:
    return Query.const_score_query(query, 0.0)


def asked(request: SearchRequest) -> tuple[Weighed, ...]:
    """The terms of a request with what each counts."""
    return weighed(request.terms, request.rarity)


def _words(request: SearchRequest, *, scored: bool) -> list[tuple[Occur, Query]]:
    """Every phrase, and of the words as many as are enough."""
    found = asked(request)
    phrases = [(Occur.Must, _term(one, scored=scored)) for one in found if one.term.phrase]
    words = [_near(one) if request.near else _term(one, scored=scored) for one in found if not one.term.phrase]
    least = enough(len(words), loosely=request.loosely)
    if least == len(words):
        return phrases + [(Occur.Must, word) for word in words]
    some = Query.boolean_query([(Occur.Should, word) for word in words], least)
    return [*phrases, (Occur.Must, some)]


def _term(one: Weighed, *, scored: bool = True) -> Query:
    if not one.found:
        return Query.empty_query()
    clauses = [_clause(clause) for clause in one.found]
    found = clauses[0] if len(clauses) == 1 else Query.boolean_query([(Occur.Should, each) for each in clauses], 1)
    besides = [(Occur.Should, _clause(clause)) for clause in one.besides] if scored else []
    return Query.boolean_query([(Occur.Must, found), *besides]) if besides else found


def _near(one: Weighed) -> Query:
    words = plain_words(one.term.text)
    off = letters_off(words[0]) if len(words) == 1 else 0
    if not off:
        return _term(one)
    fuzzy = Query.fuzzy_term_query(SCHEMA, "title_exact", words[0], distance=off)
    return Query.boolean_query(
        [(Occur.Should, _term(one)), (Occur.Should, Query.const_score_query(fuzzy, float(one.near)))], 1
    )


def _clause(clause: Clause) -> Query:
    if clause.field in {"title", "body"}:
        some = [_row(clause.field, row) for row in map(stems, clause.texts)]
    else:
        some = [Query.term_query(SCHEMA, clause.field, text, "basic") for text in clause.texts]
    occur = Occur.Must if clause.field == "also" else Occur.Should
    found = some[0] if len(some) == 1 else Query.boolean_query([(occur, one) for one in some])
    return Query.const_score_query(found, float(clause.weight))


def _row(field: str, row: Sequence[str]) -> Query:
    if len(row) == 1:
        return Query.term_query(SCHEMA, field, row[0], "basic")
    return Query.phrase_query(SCHEMA, field, list(row))


def request_query(request: SearchRequest, *, filtered: bool = True) -> Query:
    """Everything that the request asks for; for counting without what ranks, and without the filters of facets."""
    clauses = _words(request, scored=filtered) + access_clauses(request.visibility, request.hidden)
    for name, values in request.filters.items() if filtered else ():
        clauses.append((Occur.Must, _unscored(_one_of(FACETS[name], values))))
    low, high = order_bounds(request.date_from, request.date_to)
    if low is not None or high is not None:
        days = Query.range_query(SCHEMA, "order", tantivy.FieldType.Unsigned, low, high)
        clauses.append((Occur.Must, _unscored(days)))
    return Query.boolean_query(clauses)
