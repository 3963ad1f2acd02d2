"""Settings and mapping of our index: what Elasticsearch holds of an entry, and how it takes words apart."""

from typing import Any, Final

LAYOUT: Final = 5
"""Raised with every change here: an index of another layout asks to be rebuilt."""
ENGLISH: Final = "hub_english"
PLAIN: Final = "hub_plain"
_KEYWORD: Final = {"type": "keyword"}
"""Without normalizer or `ignore_above`: an attribute of access is compared as it is, or the entry is refused."""

ANALYSIS: Final[dict[str, Any]] = {
    "tokenizer": {
        "hub_words": {
            "type": "char_group",
            # letters and digits make words, as in the embedded engine; the last five are "modifier symbols"
            "tokenize_on_chars": ["whitespace", "punctuation", "symbol", "^", "`", "\u00b4", "\u00a8", "\u00af"],
        }
    },
    "filter": {"hub_stem": {"type": "stemmer", "language": "porter2"}},
    "analyzer": {
        ENGLISH: {"type": "custom", "tokenizer": "hub_words", "filter": ["lowercase", "asciifolding", "hub_stem"]},
        PLAIN: {"type": "custom", "tokenizer": "hub_words", "filter": ["lowercase", "asciifolding"]},
    },
}


def _text(index_options: str, analyzer: str = ENGLISH) -> dict[str, Any]:
    # "boolean": a match counts its weight in the query, whatever the rest of the index holds (search.ranking)
    return {
        "type": "text",
        "analyzer": analyzer,
        "similarity": "boolean",
        "norms": False,
        "index_options": index_options,
    }


def index_body(shards: int, replicas: str) -> dict[str, Any]:
    """The body of the request that makes an index; `replicas` such as `0-1` or `0`."""
    keywords = ("id", "kind", "type", "org", "space", "marking", "state", "year")
    access = ("within", "reach", "ms", "owner", "acl_v")
    properties: dict[str, Any] = dict.fromkeys(keywords, _KEYWORD)
    # never sorted or counted by: postings alone, so that no answer can be grouped by who may see it
    properties |= dict.fromkeys(access, _KEYWORD | {"doc_values": False, "norms": False})
    exact = {"fields": {"exact": _text("docs", PLAIN)}}  # the words themselves, without stems
    properties |= {
        "title": _text("positions") | exact,
        "body": _text("offsets"),
        "impact": _KEYWORD | {"doc_values": False, "norms": False},
        "often": _text("docs", PLAIN),
        "also": _text("docs", PLAIN),
        "date": _KEYWORD | {"index": False},
        "order": {"type": "long"},
        "version": {"type": "long", "index": False},
    }
    return {
        "settings": {
            "number_of_shards": shards,
            "auto_expand_replicas": replicas,
            "refresh_interval": "1s",  # said, as a shard that is idle would otherwise stop refreshing
            "gc_deletes": "1h",  # a deletion's version outlives a rebuild that still holds the entry
            "analysis": ANALYSIS,
        },
        "mappings": {
            "dynamic": "strict",
            "_meta": {"layout": LAYOUT},
            "_source": {"excludes": ["impact", "often", "also"]},  # what only ranks is never shown
            "properties": properties,
        },
    }
