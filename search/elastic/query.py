"""A Visibility and a request in the words of Elasticsearch."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from acl.visibility import Always, And, In, Never, Not, Or, Visibility
from search.engine import QueryRefused
from search.entry import ACL_VERSION, FACETS, MARK_END, MARK_START, order_bounds
from search.nearby import folded, letters_off
from search.ranking import Clause, Weighed, weighed
from search.request import MAX_RESULTS, Hidden, SearchRequest
from search.seats import seated
from search.snippets import LENGTH
from search.words import Term, enough, words_in

Json = dict[str, Any]

MAX_VALUES: Final = 65_536
"""`index.max_terms_count` of a server as it comes."""
PEOPLE: Final = 256
"""Visibilities whose seats are kept."""
FACET_VALUES: Final = 100
SHOWN: Final = ("id", "kind", "type", "org", "space", "marking", "state", "date", "title")


def visibility_filter(visibility: Visibility) -> Json:
    """The Elasticsearch form of a Visibility; without the `acl_v` clause, which `access_filter` adds."""
    match visibility:
        case Always():
            return {"match_all": {}}
        case Never():
            return {"match_none": {}}
        case In(field, values):
            return one_of(field, sorted(values))
        case Not(part):
            return {"bool": {"must_not": [visibility_filter(part)]}}
        case And(parts):
            refused = [visibility_filter(p.part) for p in parts if isinstance(p, Not)]
            required = [visibility_filter(p) for p in parts if not isinstance(p, Not)]
            return {"bool": {"filter": required, "must_not": refused}}
        case Or(()):
            return {"match_none": {}}  # the server takes a bool without clauses for everything
        case Or(parts):
            return {"bool": {"should": [visibility_filter(p) for p in parts], "minimum_should_match": 1}}
    raise TypeError(f"not a Visibility: {visibility!r}")


def one_of(field: str, values: Sequence[str]) -> Json:
    """One of the values, which come sorted: equal people then share one entry of the server's filter cache."""
    if not values:
        return {"match_none": {}}
    if len(values) > MAX_VALUES:
        raise QueryRefused(f"You can see more than {MAX_VALUES:,} places one by one: ask for access to whole spaces.")
    return {"term": {field: values[0]}} if len(values) == 1 else {"terms": {field: list(values)}}


def access_filter(visibility: Visibility) -> Json:
    """Who may see it: one filter, equal for equal people, whole in the server's cache."""
    return {"bool": {"filter": [{"term": {"acl_v": ACL_VERSION}}, visibility_filter(_seated(visibility))]}}


@lru_cache(PEOPLE)
def _seated(visibility: Visibility) -> Visibility:
    return seated(visibility)


def _fence(hidden: Hidden) -> list[Json]:
    fences = []
    if hidden.ids:
        fences.append(one_of("id", sorted(hidden.ids)))
    if hidden.nodes:
        fences.append(one_of("within", sorted(hidden.nodes)))
    return fences


_NAMES: Final = {"title_exact": "title.exact"}
"""Fields that are called otherwise here."""


def _matching(request: SearchRequest) -> list[Json]:
    """Every phrase, and of the words as many as are enough."""
    found = weighed(request.terms, request.rarity)
    phrases = [_term(one) for one in found if one.term.phrase]
    words = [_near(one) if request.near else _term(one) for one in found if not one.term.phrase]
    least = enough(len(words), loosely=request.loosely)
    if least == len(words):
        return phrases + words
    return [*phrases, {"bool": {"should": words, "minimum_should_match": least}}]


def _term(one: Weighed) -> Json:
    if not one.found:
        return {"match_none": {}}
    clauses = [_clause(clause) for clause in one.found]
    found = clauses[0] if len(clauses) == 1 else {"bool": {"should": clauses, "minimum_should_match": 1}}
    besides = [_clause(clause) for clause in one.besides]
    return {"bool": {"must": [found], "should": besides}} if besides else found


def _near(one: Weighed) -> Json:
    words = words_in(folded(one.term.text))
    off = letters_off(words[0]) if len(words) == 1 else 0
    if not off:
        return _term(one)
    # "constant_score" takes every word that is near; the usual rewrite the fifty nearest of the whole index, and so
    # words of titles that the person may not see could crowd out those that they may
    fuzzy = {"value": words[0], "fuzziness": off, "rewrite": "constant_score", "boost": one.near}
    return {"bool": {"should": [_term(one), {"fuzzy": {"title.exact": fuzzy}}], "minimum_should_match": 1}}


def _clause(clause: Clause) -> Json:
    """What counts once, however many of its forms are there."""
    field = _NAMES.get(clause.field, clause.field)
    if clause.field in {"title", "body"}:
        some = [_row(field, text) for text in clause.texts]
    else:
        some = [{"term": {field: text}} for text in clause.texts]
    if len(some) == 1:
        found = some[0]
    elif clause.field == "also":
        found = {"bool": {"filter": some}}
    else:
        found = {"bool": {"should": some, "minimum_should_match": 1}}
    return {"constant_score": {"filter": found, "boost": clause.weight}}


def _row(field: str, text: str) -> Json:
    """Words in a row, or the one word that it is."""
    return {"match_phrase": {field: {"query": text}}}


def search_body(request: SearchRequest) -> Json:
    """The whole request: hits, count, facets and marked words under one filter."""
    bounds = {
        key: value
        for key, value in zip(("gte", "lte"), order_bounds(request.date_from, request.date_to), strict=True)
        if value is not None
    }
    body: Json = {
        "query": {
            "bool": {
                "must": _matching(request),
                "filter": [access_filter(request.visibility)] + ([{"range": {"order": bounds}}] if bounds else []),
                "must_not": _fence(request.hidden),
            }
        },
        "from": request.offset,
        "size": request.size,
        "sort": _sort(request),
        "_source": list(SHOWN),
        "track_total_hits": False if request.hits_only else MAX_RESULTS,
        "highlight": _highlight(request.terms, snippet=not request.hits_only),
    }
    chosen = {name: one_of(FACETS[name], values) for name, values in request.filters.items()}
    if request.hits_only:
        body["query"]["bool"]["filter"] += list(chosen.values())
        return body
    if chosen:  # after the facets are counted: each counts under the others' filters
        body["post_filter"] = {"bool": {"filter": list(chosen.values())}}
    body["aggs"] = {name: _facet(name, chosen) for name in FACETS}
    return body


def _sort(request: SearchRequest) -> list[Json]:
    by_date = {"order": "asc" if request.sort == "oldest" else "desc"}
    return [{"_score": "desc"}, by_date] if request.sort == "relevance" and request.terms else [by_date]


def _facet(name: str, chosen: Mapping[str, Json]) -> Json:
    order = [{"_count": "desc"}, {"_key": "asc"}]
    counted = {"terms": {"field": FACETS[name], "size": FACET_VALUES, "min_doc_count": 1, "order": order}}
    others = [query for facet, query in chosen.items() if facet != name]
    return {"filter": {"bool": {"filter": others}}, "aggs": {"values": counted}} if others else counted


def _highlight(terms: Sequence[Term], *, snippet: bool) -> Json:
    fields = {"title": {"number_of_fragments": 0}}
    if snippet:
        fields["body"] = {"number_of_fragments": 1, "fragment_size": LENGTH, "no_match_size": LENGTH}
    # No max_analyzed_offset: it would cut what is marked, while a text with offsets in its postings (the mapping's
    # `body`) is never analysed again, and so never refused for its length.
    return {
        "type": "unified",
        "encoder": "default",  # the text as it is, between two characters that no indexed text has
        "pre_tags": [MARK_START],
        "post_tags": [MARK_END],
        "fields": {name: options | {"highlight_query": _words(name, terms)} for name, options in fields.items()},
    }


def _words(field: str, terms: Sequence[Term]) -> Json:
    if not terms:
        return {"match_none": {}}
    rows = [_row(field, text) for term in terms for text in (term.text, *term.others)]
    return {"bool": {"should": rows, "minimum_should_match": 1}}
