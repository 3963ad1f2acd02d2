"""The one writer of a tantivy index: versions kept as Elasticsearch's external versions are."""

from collections.abc import Sequence
from typing import Final

import tantivy
from tantivy import Query

from search.embedded.schema import SCHEMA, entry_document, tombstone
from search.engine import Change, ItemError
from search.entry import Entry, fields

MAX_KEYWORD_BYTES: Final = 32_766
"""As Elasticsearch has it. tantivy would leave a longer keyword out in silence, and a deny with it."""


_SURELY_SHORT: Final = MAX_KEYWORD_BYTES // 4
"""Letters that are never more bytes than that."""
_BOUNDED: Final = frozenset(
    {"title", "body", "impact", "often", "kind", "type", "org", "marking", "state", "owner", "year", "date", "acl_v"}
)
"""Texts, and the keywords whose length an entry bounds itself."""


class Writer:
    """Over an open index. Raises ValueError (tantivy's own) where the disk fails; it is of no use afterwards."""

    def __init__(self, index: tantivy.Index, heap: int) -> None:
        self._index = index
        self._writer = index.writer(heap, 1)
        self._settled = False
        self._searcher = index.searcher()
        self._uncommitted: dict[str, int] = {}

    def write(self, changes: Sequence[Change]) -> tuple[ItemError, ...]:
        """Adds what is newer than the index has it; per item, what cannot be added and why."""
        errors = []
        for change in changes:
            if change.version <= self._version(change.id):
                continue
            try:
                document = _entry_document(change) if isinstance(change, Entry) else tombstone(change)
            except (ValueError, TypeError, OverflowError) as error:
                errors.append(ItemError(change.id, str(error)))
                continue
            self._writer.delete_documents_by_term("id", change.id)
            self._writer.add_document(document)
            self._uncommitted[change.id] = change.version
        return tuple(errors)

    def commit(self) -> None:
        """On disk when it returns."""
        self._writer.commit()
        self._index.reload()
        self._searcher = self._index.searcher()
        self._uncommitted.clear()

    def settle(self) -> None:
        """Waits until what was committed is merged into few segments; nothing more can be written afterwards.

        A search looks every value of a filter up in each segment.
        """
        self._settled = True
        self._writer.wait_merging_threads()

    def close(self) -> None:
        """Drops what is not committed, and the lock on the folder."""
        if not self._settled:
            self._writer.rollback()
        del self._writer

    def _version(self, entry_id: str) -> int:
        if entry_id in self._uncommitted:
            return self._uncommitted[entry_id]
        found = self._searcher.search(Query.term_query(SCHEMA, "id", entry_id, "basic"), 1, count=False).hits
        if not found:
            return 0
        values = self._searcher.fast_field_values("version", [address for _, address in found])
        return int(values[0] or 0)


def _entry_document(entry: Entry) -> tantivy.Document:
    """An entry as it is indexed; raises ValueError for a keyword that is too long."""
    values = fields(entry)
    for name in values.keys() - _BOUNDED:
        value = values[name]
        texts = value if isinstance(value, list) else [str(value)]
        if max(map(len, texts), default=0) > _SURELY_SHORT and any(
            len(text.encode()) > MAX_KEYWORD_BYTES for text in texts
        ):
            raise ValueError(f"its {name} is too long to be indexed")
    return entry_document(entry, values)
