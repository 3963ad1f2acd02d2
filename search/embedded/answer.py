"""A page of answers from a tantivy searcher: hits in order, counts, facets, and marked words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import tantivy
from tantivy import Occur, Query

from search.embedded.query import asked, request_query
from search.embedded.schema import SCHEMA
from search.engine import Answer, Hit, Segments
from search.entry import BELOW, FACETS
from search.ranking import RECENCY_UP_TO
from search.request import MAX_RESULTS, SearchRequest
from search.snippets import Wanted, character_spans, chunks, meant, segments, window
from search.stems import stems
from search.words import Term

FACET_VALUES: Final = 100
"""Values of a facet that an answer lists."""
_BUCKETS: Final = 10_000
"""Values that are counted."""
_SPARE: Final = 40
FEW: Final = 200
"""So many are fetched at once: where that is all that is found, only these are counted, and nothing is sought again."""


@dataclass(frozen=True, slots=True)
class _Page:
    """Addresses of a page; and the key of each thing that is found, on whichever page, where all of them are known."""

    addresses: list[tantivy.DocAddress]
    found: list[int] | None = None


def answer(searcher: tantivy.Searcher, request: SearchRequest) -> Answer:
    """The answer to a request; raises ValueError or OSError where the index is broken."""
    page = _page(searcher, request_query(request), request)
    display = _Display(searcher, request.terms)
    hits = tuple(display.hit(address, with_snippet=not request.hits_only) for address in page.addresses)
    if request.hits_only:
        return Answer(request.offset + len(hits), total_is_exact=False, hits=hits, facets={})
    if not hits and not request.offset and not request.filters:  # there is nothing to count
        return Answer(0, total_is_exact=True, hits=(), facets=dict.fromkeys(FACETS, ()))
    total, facets = _counts(searcher, request, page.found)
    return Answer(min(total, MAX_RESULTS), total <= MAX_RESULTS, hits, facets)


def _page(searcher: tantivy.Searcher, query: Query, request: SearchRequest) -> _Page:
    if request.sort == "relevance" and request.terms:
        by_day = sum(one.most for one in asked(request)) <= RECENCY_UP_TO
        return _ranked(searcher, query, request.offset, request.size, "recency" if by_day else None)
    order = tantivy.Order.Asc if request.sort == "oldest" else tantivy.Order.Desc
    most = max(request.size, 0 if request.offset or request.hits_only else FEW)
    hits = searcher.search(query, most, count=False, order_by_field="order", offset=request.offset, order=order).hits
    known = not request.offset and len(hits) < most
    return _Page([address for _, address in hits[: request.size]], [int(key) for key, _ in hits] if known else None)


def _ranked(searcher: tantivy.Searcher, query: Query, offset: int, size: int, day: str | None) -> _Page:
    """By rank and day; equals are fetched to the last of them, and ordered as the date order has them."""
    end = offset + size
    wanted = max(end + _SPARE, FEW)
    while True:
        hits = searcher.search(query, wanted, count=False, weight_by_field=day).hits
        if len(hits) < wanted or hits[end - 1][0] > hits[-1][0]:
            break
        wanted *= 4
    addresses = [address for _, address in hits]
    keys = [int(key or 0) for key in searcher.fast_field_values("order", addresses)]
    ordered = sorted(range(len(hits)), key=lambda n: (-hits[n][0], -keys[n]))
    return _Page([addresses[n] for n in ordered[offset:end]], keys if len(hits) < FEW else None)


def _counts(
    searcher: tantivy.Searcher, request: SearchRequest, found: Sequence[int] | None
) -> tuple[int, dict[str, tuple[tuple[str, int], ...]]]:
    """The total and the facets: of those that are `found`, by their keys, where all are known and no filter is chosen.

    Two things of one day may have one key: then more is counted than was found, and all of it is sought again.
    """
    if found is not None and not request.filters:
        counted = _counted(searcher, Query.term_set_query(SCHEMA, "order", found), {})
        if counted[0] == len(found):
            return counted
    return _counted(searcher, request_query(request, filtered=False), request.filters)


def _counted(
    searcher: tantivy.Searcher, query: Query, filters: Mapping[str, Sequence[str]]
) -> tuple[int, dict[str, tuple[tuple[str, int], ...]]]:
    """In one pass: each facet under the filters of the others, the total under all."""
    chosen = {name: _chosen(name, values) for name, values in filters.items()}
    under: dict[str, dict[str, Any]] = {"": {}}
    for name in FACETS:
        under.setdefault(_all_but(chosen, name), {})[name] = _facet(name)
    under.setdefault(_all_but(chosen, ""), {})["total"] = {"value_count": {"field": "order"}}
    asked = under.pop("")
    for number, (others, some) in enumerate(under.items()):
        asked[f"under {number}"] = {"filter": others, "aggs": some}
    found = searcher.aggregate(query, asked)
    for number in range(len(under)):
        found |= found.pop(f"under {number}")
    return int(found["total"]["value"]), {name: _buckets(found[name]) for name in FACETS}


def _all_but(chosen: Mapping[str, str], name: str) -> str:
    return " AND ".join(clause for facet, clause in chosen.items() if facet != name)


def _chosen(name: str, values: Sequence[str]) -> str:
    """The filter of a facet in tantivy's language of queries, which an aggregation takes; values are quoted whole."""
    quoted = [value.replace("\\", "\\\\").replace('"', '\\"') for value in values]
    return "(" + " OR ".join(f'{FACETS[name]}:"{value}"' for value in quoted) + ")"


def _facet(name: str) -> dict[str, dict[str, str | int]]:
    return {"terms": {"field": FACETS[name], "size": _BUCKETS, "segment_size": _BUCKETS, "min_doc_count": 1}}


def _buckets(found: dict[str, list[dict[str, str | int]]]) -> tuple[tuple[str, int], ...]:
    pairs = [(str(b["key"]), int(b["doc_count"])) for b in found["buckets"]]
    return tuple(sorted(pairs, key=lambda pair: (-pair[1], pair[0]))[:FACET_VALUES])


class _Display:
    """Turns stored documents into hits, with the query's words marked."""

    def __init__(self, searcher: tantivy.Searcher, terms: Sequence[Term]) -> None:
        rows = [tuple(stems(text)) for term in terms for text in (term.text, *term.others)]
        self._searcher = searcher
        self._wanted = Wanted(frozenset(r[0] for r in rows if len(r) == 1), tuple(r for r in rows if len(r) > 1))
        every = sorted({stem for row in rows for stem in row})
        self._marks = {name: self._generator(name, every) for name in ("title", "body")} if every else {}

    def _generator(self, field: str, every: Sequence[str]) -> tantivy.SnippetGenerator:
        words = [(Occur.Should, Query.term_query(SCHEMA, field, stem, "basic")) for stem in every]
        made = tantivy.SnippetGenerator.create(self._searcher, Query.boolean_query(words), SCHEMA, field)
        made.set_max_num_chars(1 << 30)  # the choice of the stretch is ours: theirs weighs words by the whole index
        return made

    def _spans(self, field: str, text: str) -> list[tuple[int, int]]:
        if field not in self._marks or not text:
            return []
        snippet = self._marks[field].snippet_from_doc(tantivy.Document.from_dict({field: text}, SCHEMA))
        if not snippet.highlighted():
            return []
        # The fragment ends with the last token, and starts at the text's own start: offsets hold for the text.
        spans = character_spans(text, [(r.start, r.end) for r in snippet.highlighted()])
        return meant(text, spans, self._wanted, lambda word: (stems(word) or [""])[0])

    def hit(self, address: tantivy.DocAddress, *, with_snippet: bool) -> Hit:
        """The hit at an address."""
        stored = self._searcher.doc(address).to_dict()
        value = {name: str(values[0]) for name, values in stored.items() if name != "body"}
        title = value["title"]
        return Hit(
            id=value["id"], kind=value["kind"], type=value["type"], organisation=value["org"],
            space=value.get("space", ""), marking=value["marking"], state=value["state"], date=value["date"],
            title=segments(title, self._spans("title", title), (0, len(title))),
            snippet=self._snippet(str(stored.get("body", [""])[0])) if with_snippet else (),
        )  # fmt: skip

    def _snippet(self, whole: str) -> Segments:
        body = whole.partition(BELOW)[0]
        for chunk in chunks(body) if self._marks else ():
            spans = self._spans("body", chunk)
            if spans:
                return segments(chunk, spans, window(chunk, spans))
        return segments(body, [], window(body, []))
