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


class Writer:
    """Over an open index. Raises ValueError (tantivy's own) where the disk fails; it is of no use afterwards."""

    def __init__(self, index: tantivy.Index, heap: int) -> None:
        self._index = index
        self._writer = index.writer(heap, 1)
        self._searcher = index.searcher()
        self._uncommitted: dict[str, int] = {}

    def write(self, changes: Sequence[Change]) -> tuple[ItemError, ...]:
        """Adds what is newer than the index has it; per item, what cannot be added and why."""
        errors = []
        for change in changes:
            if change.version <= self._version(change.id):
                continue
            try:
                _refuse_long(change)
                document = entry_document(change) if isinstance(change, Entry) else tombstone(change)
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

    def close(self) -> None:
        """Drops what is not committed, and the lock on the folder."""
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


def _refuse_long(change: Change) -> None:
    if not isinstance(change, Entry):
        return
    for name, value in fields(change).items():
        texts = value if isinstance(value, list) else [str(value)]
        if name not in {"title", "body", "often"} and any(len(text.encode()) > MAX_KEYWORD_BYTES for text in texts):
            raise ValueError(f"its {name} is too long to be indexed")
