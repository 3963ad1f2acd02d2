"""What Ann may not see shows nowhere in an answer. Each test names the leak of the search notes that it closes."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import tantivy

from acl.visibility import FALSE, TRUE, In, Not, Visibility, all_of, is_in, joined, negate
from search.elastic import ElasticEngine
from search.embedded import EmbeddedEngine
from search.embedded.schema import SCHEMA
from search.engine import Engine
from search.entry import Entry
from search.rarity import Rarity
from search.request import Hidden
from tests.search.things import ask, entry, fill, ids, marked, plain

ANN = all_of(
    is_in("reach", ["leeds", "york-open"]),
    is_in("ms", [joined("PUBLIC", "published"), joined("OFFICIAL", "published")]),
    negate(is_in("within", ["legal"])),
)
"""Ann of Leeds: what Leeds has published up to OFFICIAL and one space of York, but not Legal."""

MARIA = all_of(is_in("reach", ["tenders"]), is_in("ms", [joined("OFFICIAL", "published")]))
"""Maria of Acme, a guest in one space."""


def visible() -> list[Entry]:
    return [
        entry(1, "Flood plan", "The flood plan. flood flood", date="2026-01-01"),
        entry(2, "Drought", "No flood this year", date="2025-01-01", type="report", marking="PUBLIC"),
        entry(3, "Tea", "plan the flood party", organisation="york", space="york-open", date="2024-06-01"),
        entry(4, "Tender", "flood wall tender", space="tenders"),
    ]


def private(number: int, **changes: object) -> Entry:
    """In a private space: within Leeds, but out of reach from there."""
    node = f"doc:h{number}"
    reach = (node, "board")
    within = (*reach, "leeds", "platform")
    return entry(
        f"h{number}", "Flood flood plan", "flood plan canary " * 5, space="board", within=within, reach=reach, **changes
    )


def hidden() -> list[Entry]:
    """With the same words and with words of their own; hidden by place, deny, marking, state and organisation."""
    secret = "flood plan canary flood"
    return [
        entry("h1", "Flood plan canary", secret, space="legal", type="advice", date="1999-09-09"),
        entry("h2", "Flood", secret, marking="OFFICIAL-SENSITIVE", type="board paper"),
        entry("h3", "Flood plan", secret, state="draft"),
        entry("h4", "Flood", secret, organisation="york", space="york-closed"),
        entry(
            "canary", "Canary Flood", secret, kind="person", organisation="acme", space="", owner="person:acme/canary"
        ),
        private(5, type="canary"),
        *(private(n, date="2026-12-31") for n in range(6, 60)),
    ]


QUESTIONS = [
    {"words": words} | rest
    for words in ("flood", '"flood plan"', "flood plan", "", "canary", "plan flood party")
    for rest in (
        {},
        {"sort": "newest"},
        {"sort": "oldest"},
        {"filters": {"organisation": ("leeds",)}},
        {"page": 2, "size": 2},
    )
] + [
    {"words": "flood", "filters": {"type": ("board paper",)}},
    {"words": "flood", "filters": {"space": ("board", "legal")}},
    {"words": "", "date_from": "1999-01-01", "date_to": "1999-12-31"},
]


def answers(engine: Engine, who: Visibility) -> list[str]:
    return [repr(ask(engine, visibility=who, **question)) for question in QUESTIONS]  # type: ignore[arg-type]


@pytest.mark.parametrize("who", [ANN, MARIA, FALSE], ids=["Ann", "Maria", "nobody"])
def test_a_canary_changes_no_byte_of_any_answer(engine: Engine, who: Visibility) -> None:
    """L1 to L4, L14, L16: hits, order, counts, facets, snippets; promise 3 of the design. Order by rank included."""
    fill(engine, *visible())
    before = answers(engine, who)
    fill(engine, *hidden())
    assert answers(engine, who) == before
    assert engine.count() > len(visible())  # the canaries are there


def test_ann_finds_what_is_hers_and_nothing_else(engine: Engine) -> None:
    """L1, L2, L3, L4: the hit list, the exact count, every facet and no bucket of hidden documents alone."""
    fill(engine, *visible(), *hidden())
    answer = ask(engine, "flood", ANN)
    assert sorted(ids(answer)) == ["1", "2", "3", "4"]
    assert (answer.total, answer.total_is_exact) == (4, True)
    assert answer.facets == {
        "organisation": (("leeds", 3), ("york", 1)),
        "space": (("flood", 2), ("tenders", 1), ("york-open", 1)),
        "kind": (("document", 4),),
        "type": (("note", 3), ("report", 1)),
        "marking": (("OFFICIAL", 3), ("PUBLIC", 1)),
        "year": (("2026", 2), ("2024", 1), ("2025", 1)),
    }


def test_a_word_of_hidden_documents_alone_is_answered_like_a_word_of_none(engine: Engine) -> None:
    fill(engine, *visible(), *hidden())
    assert repr(ask(engine, "canary", ANN)) == repr(ask(engine, "xylophone", ANN))


def test_no_facet_lists_a_value_with_count_nought(engine: Engine) -> None:
    """L5: nobody can ask for `min_doc_count: 0`, and no answer holds a nought."""
    fill(engine, *visible(), *hidden())
    for who in (ANN, MARIA, FALSE, TRUE):
        answer = ask(engine, "", who, filters={"type": ("note",)})
        assert all(count > 0 for values in answer.facets.values() for _, count in values)


def test_a_snippet_shows_title_and_text_and_no_other_field(engine: Engine) -> None:
    """L6: neither owner nor place nor a hidden neighbour's text, even where the word stands there too."""
    fill(engine, *visible(), *hidden())
    fill(engine, entry(9, "Flood", "A flood here.", owner="person:leeds/flood-canary", space="flood"))
    for hit in ask(engine, "flood canary here", ANN).hits + ask(engine, "flood here", ANN).hits:
        assert "canary" not in plain(hit.title) + plain(hit.snippet)
        assert set(marked(hit.snippet)) <= {"flood", "here"}
    assert ids(ask(engine, "sam-okafor", ANN)) == []


def test_no_answer_names_a_place_above_that_is_hidden(engine: Engine) -> None:
    """L13 and L14: of places an answer holds the hit's own space and organisation, never the way up or `within`."""
    deep = entry(7, "Deep flood", "flood", within=("doc:7", "flood", "closed-board", "leeds", "platform"))
    fill(engine, *visible(), deep)
    assert "closed-board" not in repr(ask(engine, "flood", TRUE))
    assert "platform" not in repr(ask(engine, "flood", TRUE))


def test_a_guest_sees_one_space_and_counts_one_space(engine: Engine) -> None:
    """L25, at the engine: whatever Maria asks, and by whichever filter, it is the tenders."""
    fill(engine, *visible(), *hidden())
    assert ids(ask(engine, "", MARIA)) == ["4"]
    assert ask(engine, "flood", MARIA).facets["space"] == (("tenders", 1),)
    elsewhere = ask(engine, "flood", MARIA, filters={"space": ("flood",)})
    assert (elsewhere.total, elsewhere.facets["space"]) == (0, (("tenders", 1),))
    assert elsewhere.facets["organisation"] == ()


def test_probing_by_dates_and_filters_gives_no_signal(engine: Engine) -> None:
    """L15."""
    fill(engine, *visible(), *hidden())
    probes = ({"date_to": "1999-12-31"}, {"filters": {"year": ("1999",)}}, {"filters": {"type": ("advice",)}})
    for probe in probes:
        answer = ask(engine, "", ANN, **probe)
        assert (answer.total, answer.hits) == (0, ())
        assert "1999" not in repr(answer)
        assert "advice" not in repr(answer)


def test_what_is_fenced_is_gone_from_hits_counts_and_facets_before_the_index_knows(engine: Engine) -> None:
    """L22, L23: one document by its id, a whole space by its node."""
    fill(engine, *visible())
    fence = Hidden(ids=frozenset({"doc:1"}), nodes=frozenset({"york-open"}))
    fenced = ask(engine, "flood", ANN, hidden=fence)
    assert sorted(ids(fenced)) == ["2", "4"]
    assert fenced.total == 2
    assert fenced.facets["organisation"] == (("leeds", 2),)
    assert fenced.facets["year"] == (("2025", 1), ("2026", 1))
    assert ids(ask(engine, "", TRUE, hidden=Hidden(nodes=frozenset({"platform"})))) == []


def test_no_answer_holds_a_score(engine: Engine) -> None:
    """L16."""
    fill(engine, *visible())
    assert "score" not in repr(ask(engine, "flood", ANN)).lower()


@pytest.mark.parametrize("who", [TRUE, ANN, Not(In("within", frozenset({"legal"}))), Not(In("ms", frozenset({"x"})))])
def test_a_document_without_attributes_of_access_is_visible_to_nobody(
    engines: Callable[[], Engine], elasticsearch_url_or_none: Callable[[Engine], str], who: Visibility, tmp_path: Path
) -> None:
    """L28: put into the index behind our back; even to someone whose predicate is only a negation."""
    engine = engines()
    fill(engine, entry(1, "Flood", "flood"))
    bare = {"id": "doc:bare", "kind": "document", "title": "Flood", "body": "flood", "type": "note", "org": "leeds",
            "marking": "PUBLIC", "state": "published", "year": "2026", "date": "2026-01-01",
            "order": 1, "version": 1}  # fmt: skip
    put_behind_our_back(engine, bare, elasticsearch_url_or_none(engine))
    assert "doc:bare" not in repr(ask(engine, "flood", who))
    assert "doc:bare" not in repr(ask(engine, "", who))
    assert ask(engine, "", TRUE).total == engine.count() == 1


@pytest.fixture
def elasticsearch_url_or_none(request: pytest.FixtureRequest) -> Callable[[Engine], str]:
    return lambda engine: request.getfixturevalue("elasticsearch_url") if isinstance(engine, ElasticEngine) else ""


def put_behind_our_back(engine: Engine, values: dict[str, object], url: str) -> None:
    if isinstance(engine, ElasticEngine):
        from elasticsearch import Elasticsearch

        with Elasticsearch(url) as client:
            client.index(index=engine._index, id="doc:bare", document=values, refresh=True)
        return
    assert isinstance(engine, EmbeddedEngine)
    engine.write([entry(1, "Flood", "flood", version=2)])  # so that there is a writer
    assert engine._writer
    engine._writer._writer.add_document(tantivy.Document.from_dict(values | {"recency": 0.0}, SCHEMA))
    engine.commit()


RARE = Rarity(40, {"flood": 30, "plan": 2, "wall": 12})
"""As counted over public texts: whoever looks, and whatever is hidden from them."""


def near_duplicates(count: int) -> Iterator[Entry]:
    """What Ann may not see, in her own documents' words."""
    for number in range(count):
        seen = visible()[number % 4]
        node = f"doc:d{number}"
        yield replace(
            seen,
            id=node,
            title=f"{seen.title} {number % 7}",
            body=f"{seen.body} plan wall {'flood ' * (number % 5)}",
            space="board",
            reach=(node, "board"),
            within=(node, "board", "leeds", "platform"),
            organisation="leeds",
        )


@pytest.mark.long
def test_twenty_thousand_hidden_near_duplicates_move_nothing(engines: Callable[[], Engine]) -> None:
    """L16: the order of what Ann finds, with rarity, loosely and nearly, before and after, byte for byte."""
    engine = engines()
    words = (
        "flood",
        "flood plan",
        "plan flood wall",
        "plan flood party wall tender year",
        '"flood plan"',
        "floot plam",
    )
    asked = [{"words": each} | rest for each in words for rest in ({}, {"loosely": True}, {"near": True})]

    def told() -> list[str]:
        return [repr(ask(engine, visibility=ANN, rarity=RARE, **each)) for each in asked]  # type: ignore[arg-type]

    fill(engine, *visible())
    before = told()
    fill(engine, *near_duplicates(20_000))
    assert engine.count() > 20_000
    assert told() == before


def test_an_engines_own_count_of_words_would_have_told(engine: Engine) -> None:
    """The fault that the tests above are there to find: BM25 of either engine, among what is hidden and without it."""
    seen = [(one.id, f"{one.title} {one.body}") for one in visible()]
    among = [*seen, *((one.id, f"{one.title} {one.body}") for one in near_duplicates(300))]
    with closing(engine.plain(seen)) as alone, closing(engine.plain(among)) as both:
        mine = [one for one in both.ranked(["plan", "party", "year", "wall"], 400) if one in dict(seen)]
        assert alone.ranked(["plan", "party", "year", "wall"], 400) != mine
