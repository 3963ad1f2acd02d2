"""Segments of plain text with the query's words marked. Never HTML: the page escapes and marks."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from search.engine import Segments
from search.entry import MARK_END, MARK_START

LENGTH: Final = 240
"""Characters of a snippet, about."""
CHUNK: Final = 20_000
"""Characters of a text that are looked through at a time."""

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Wanted:
    """The stems of a query: single words, and rows of words."""

    words: frozenset[str]
    rows: tuple[tuple[str, ...], ...]


def chunks(text: str, size: int = CHUNK) -> Iterator[str]:
    """The text in pieces of at most `size` characters that end between words where they can."""
    start = 0
    while start < len(text):
        end = start + size
        if end < len(text):
            gap = max(text.rfind(" ", start, end), text.rfind("\n", start, end))
            end = gap + 1 if gap > start else end
        yield text[start:end]
        start = end


def character_spans(text: str, spans: Sequence[Span]) -> list[Span]:
    """Spans of bytes in UTF-8 as spans of characters; both in order, without overlap."""
    if text.isascii():
        return list(spans)
    raw, found, at_byte, at_char = text.encode(), [], 0, 0
    for first, last in spans:
        start = at_char + len(raw[at_byte:first].decode())
        at_byte, at_char = last, start + len(raw[first:last].decode())
        found.append((start, at_char))
    return found


def meant(text: str, spans: Sequence[Span], wanted: Wanted, stem: Callable[[str], str]) -> list[Span]:
    """Of the spans that hold some word of the query, those that match it: single words, and whole rows as one span."""
    stems = [stem(text[a:b]) for a, b in spans]
    found: list[Span] = []
    at = 0
    while at < len(spans):
        starting = (row for row in wanted.rows if tuple(stems[at : at + len(row)]) == row)
        whole = next((row for row in starting if _adjacent(text, spans, at, row)), None)
        if whole:
            found.append((spans[at][0], spans[at + len(whole) - 1][1]))
            at += len(whole)
            continue
        if stems[at] in wanted.words:
            found.append(spans[at])
        at += 1
    return found


def _adjacent(text: str, spans: Sequence[Span], at: int, row: Sequence[str]) -> bool:
    pairs = zip(spans[at : at + len(row)], spans[at + 1 : at + len(row)], strict=False)
    return not any(c.isalnum() for (_, end), (start, _) in pairs for c in text[end:start])


def window(text: str, spans: Sequence[Span], length: int = LENGTH) -> Span:
    """The stretch of about `length` characters that holds most marked spans, the earliest of equals."""
    if not spans:
        return _to_words(text, 0, length)
    best, best_count, right = 0, 0, 0
    for left, (start, _) in enumerate(spans):
        right = max(right, left)
        while right < len(spans) and spans[right][1] - start <= length * 3 // 4:
            right += 1
        if right - left > best_count:
            best, best_count = left, right - left
    start = max(0, spans[best][0] - length // 5)
    return _to_words(text, start, max(start + length, spans[best][1]))


def _to_words(text: str, start: int, end: int) -> Span:
    if start > 0:
        gap = text.find(" ", start, start + 40)
        start = gap + 1 if gap >= 0 else start
    if end < len(text):
        gap = text.rfind(" ", max(start, end - 40), end)
        end = gap if gap > start else end
    return start, min(end, len(text))


def segments(text: str, spans: Sequence[Span], within: Span) -> Segments:
    """The stretch `within` of a text, cut into marked and plain pieces."""
    pieces: list[tuple[str, bool]] = []
    at, end = within
    cut = ((max(a, within[0]), min(b, end)) for a, b in spans if b > within[0] and a < end)
    for first, last in cut:
        if first > at:
            pieces.append((text[at:first], False))
        pieces.append((text[first:last], True))
        at = last
    if at < end:
        pieces.append((text[at:end], False))
    return _trimmed(pieces)


def from_marked(text: str) -> Segments:
    """Segments of a text in which an engine put `MARK_START` and `MARK_END` around words (no indexed text has them)."""
    pieces: list[tuple[str, bool]] = []
    for number, part in enumerate(text.split(MARK_START)):
        marked, end, plain = part.partition(MARK_END)
        if number == 0 or not end:
            pieces.append((part, False))
            continue
        pieces += [(marked, True), (plain, False)]
    return _trimmed(pieces)


def _trimmed(pieces: list[tuple[str, bool]]) -> Segments:
    """Without space at either end; engines differ in leaving it."""
    kept = [(piece, mark) for piece, mark in pieces if piece]
    if kept:
        kept[0] = (kept[0][0].lstrip(), kept[0][1])
        kept[-1] = (kept[-1][0].rstrip(), kept[-1][1])
    return tuple((piece, mark) for piece, mark in kept if piece)
