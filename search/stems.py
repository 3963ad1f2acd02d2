"""How words are taken apart, for both engines and for counting: letters and digits, lower case, accents folded, stems.

Elasticsearch analyses `title` and `body` itself, by the same rules (`search/elastic/mapping.py`); what a text weighs is
worked out here for either, so that both rank by the same stems.
"""

from typing import Final

import tantivy


def _folded() -> tantivy.TextAnalyzerBuilder:
    words = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(tantivy.Filter.remove_long(255))
    return words.filter(tantivy.Filter.lowercase()).filter(tantivy.Filter.ascii_fold())


ANALYZER: Final = _folded().filter(tantivy.Filter.stemmer("english")).build()
"""English stems (Porter 2)."""
PLAIN_ANALYZER: Final = _folded().build()
"""The words themselves, without stems."""


def stems(text: str) -> list[str]:
    """The stem of each word of a text, in order."""
    found: list[str] = ANALYZER.analyze(text)
    return found


def plain_words(text: str) -> list[str]:
    """Each word of a text as it is, folded, in order."""
    found: list[str] = PLAIN_ANALYZER.analyze(text)
    return found
