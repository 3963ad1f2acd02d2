"""The layout of a tantivy index of ours: its fields, its analysis of words, and an entry as a document of it."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Final

import tantivy

from search.entry import Deletion, Entry
from search.ranking import recency_weight
from search.stems import ANALYZER, PLAIN_ANALYZER

LAYOUT: Final = 5
"""Raised with every change here, of stems and of impacts: an index of another layout asks to be rebuilt."""
ENGLISH: Final = "hub_english"
PLAIN: Final = "hub_plain"
LISTED: Final = "hub_listed"
_KEYWORDS = ("kind", "type", "org", "space", "marking", "year")
_ACCESS = ("within", "reach", "ms", "owner", "acl_v")
_TOMBSTONE: Final = "0"


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    for name in _KEYWORDS:
        builder.add_text_field(name, stored=True, fast=True, tokenizer_name="raw", index_option="basic")
    for name in _ACCESS:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("state", "date"):
        builder.add_text_field(name, stored=True, tokenizer_name="raw", index_option="basic")
    for name in ("title", "body"):
        builder.add_text_field(name, stored=True, tokenizer_name=ENGLISH, index_option="position")
    builder.add_text_field("impact", tokenizer_name=LISTED, index_option="basic")
    for name in ("title_exact", "often", "also"):
        builder.add_text_field(name, tokenizer_name=PLAIN, index_option="basic")
    builder.add_unsigned_field("order", indexed=True, fast=True)
    builder.add_unsigned_field("version", fast=True)
    builder.add_float_field("recency", fast=True)
    return builder.build()


SCHEMA: Final = _schema()


def made(folder: Path) -> tantivy.Index:
    """A new index in an empty folder, open."""
    return _ready(tantivy.Index(SCHEMA, str(folder)))


def opened(folder: Path) -> tantivy.Index:
    """The index in a folder, open; it shows new commits only when reloaded."""
    return _ready(tantivy.Index.open(str(folder)))


def _ready(index: tantivy.Index) -> tantivy.Index:
    index.register_tokenizer(ENGLISH, ANALYZER)
    index.register_tokenizer(PLAIN, PLAIN_ANALYZER)
    index.register_tokenizer(LISTED, tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
    index.config_reader("manual", 0)
    index.reload()
    return index


def entry_document(entry: Entry, values: Mapping[str, str | int | list[str]]) -> tantivy.Document:
    """An entry, and its `fields`, as it is indexed."""
    day = date.fromisoformat(entry.date).toordinal()
    # tantivy multiplies a rank by log2(2 + value) of the field that it is weighted by
    recency = 2.0 ** recency_weight(day) - 2.0
    made = {"impact": " ".join(impact) if isinstance(impact := values.get("impact", ""), list) else impact}
    return tantivy.Document.from_dict({**values, **made, "title_exact": values["title"], "recency": recency}, SCHEMA)


def tombstone(deletion: Deletion) -> tantivy.Document:
    """What stays of a deleted entry until the next rebuild: id and version, so that no older write brings it back.

    Its `acl_v` is none that a filter asks for: nobody finds it.
    """
    values = {"id": deletion.id, "version": deletion.version, "acl_v": _TOMBSTONE}
    return tantivy.Document.from_dict(values, SCHEMA)
