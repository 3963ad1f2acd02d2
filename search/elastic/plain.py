"""Plain BM25 of Elasticsearch over titles and texts, to compare with: an index that is deleted when it is closed."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from elasticsearch import Elasticsearch

from search.elastic.mapping import ANALYSIS, ENGLISH

_AT_ONCE: Final = 500


class PlainIndex:
    """Texts by id, ranked as the engine does of itself."""

    def __init__(self, client: Elasticsearch, name: str, texts: Iterable[tuple[str, str]]) -> None:
        self._client, self._name = client, name
        client.indices.create(
            index=name,
            settings={"number_of_shards": 1, "number_of_replicas": 0, "analysis": ANALYSIS},
            mappings={"properties": {"text": {"type": "text", "analyzer": ENGLISH, "index_options": "freqs"}}},
        )
        lines: list[Any] = [line for own, text in texts for line in ({"index": {"_id": own}}, {"text": text})]
        for start in range(0, len(lines), 2 * _AT_ONCE):
            client.bulk(index=name, operations=lines[start : start + 2 * _AT_ONCE])
        client.indices.refresh(index=name)

    def ranked(self, words: Sequence[str], size: int) -> list[str]:
        """The ids of the best by any of the words; a word counts as often as it is given."""
        found = self._client.search(
            index=self._name, query={"match": {"text": " ".join(words)}}, size=size, source=False
        )
        return [str(hit["_id"]) for hit in found["hits"]["hits"]]

    def close(self) -> None:
        """Takes the index away."""
        self._client.indices.delete(index=self._name, ignore_unavailable=True)
