"""Plain BM25 of tantivy over titles and texts, to compare with: in memory, without a word of who may see what."""

from collections.abc import Iterable, Sequence

import tantivy
from tantivy import Occur, Query

from search.stems import ANALYZER, stems

_TEXT = "text"
_ANALYZER = "english"


class PlainIndex:
    """Texts by id, ranked as the engine does of itself."""

    def __init__(self, texts: Iterable[tuple[str, str]]) -> None:
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
        builder.add_text_field(_TEXT, tokenizer_name=_ANALYZER, index_option="freq")
        self._schema = builder.build()
        self._index = tantivy.Index(self._schema)
        self._index.register_tokenizer(_ANALYZER, ANALYZER)
        writer = self._index.writer(50_000_000, 1)
        for own, text in texts:
            writer.add_document(tantivy.Document.from_dict({"id": own, _TEXT: text}, self._schema))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()

    def ranked(self, words: Sequence[str], size: int) -> list[str]:
        """The ids of the best by any of the words; a word counts as often as it is given."""
        every = [stem for word in words for stem in stems(word)]
        asked = Query.boolean_query(
            [(Occur.Should, Query.term_query(self._schema, _TEXT, stem, "freq")) for stem in every]
        )
        searcher = self._index.searcher()
        return [str(searcher.doc(address)["id"][0]) for _, address in searcher.search(asked, size, count=False).hits]

    def close(self) -> None:
        """Nothing is left of it."""
