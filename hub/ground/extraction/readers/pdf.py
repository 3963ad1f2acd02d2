"""PDF text by pdfium (pypdfium2): the one module that knows it."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pypdfium2
from pypdfium2 import raw

from hub.ground.extraction.described import Described
from hub.ground.extraction.outcome import NO_TEXT, PROTECTED, Damaged, Limits, Sink, Unreadable

_WORD = re.compile(r"[^\W\d_]+")
_SOFT = re.compile("[\u00ad\ufffe]\\s{0,3}(?=\\w)")
_HARD = re.compile(r"([^\W\d_]+)([-\u2010])[ \t]{0,3}\r?\n[ \t]{0,3}([^\W_]+)")
_UNTICKED: Final = "Off"
_SAID_OF_ITSELF: Final = ("Author", "CreationDate", "ModDate")
_MOST_ANNOTATIONS: Final = 10_000
_LONGEST: Final = 200_000
"""Bytes of one value or comment."""


def read(path: Path, sink: Sink, limits: Limits) -> str | None:
    """Page after page, each with what is filled into its forms and its comments; a broken one leaves the others."""
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise Unreadable(PROTECTED) from error
        raise Damaged("not a whole PDF") from error
    try:
        sink.described = Described(*(document.get_metadata_value(name) for name in _SAID_OF_ITSELF))
        document.init_forms()
        pages, length = list[str](), 0
        while len(pages) < len(document) and length <= limits.text_bytes:
            pages.append(_page(document, len(pages)))
            length += len(pages[-1])
        known = frozenset(_WORD.findall("\n".join(pages).lower()))
        for page in pages:
            sink.add(whole_words(page, known) + "\n")
        if not sink.text().strip():
            raise Unreadable(f"{NO_TEXT}: its pages may be scanned. Let a program recognise the text, and upload that")
        return document.get_metadata_value("Title").strip() or None
    finally:
        document.close()


def whole_words(text: str, known: frozenset[str] = frozenset()) -> str:
    """A text without the breaks that the ends of lines make in words.

    A soft hyphen (pdfium gives U+FFFE for one) goes. A hyphen goes where the word without it is among `known`, the
    lower-case words of the document; else it stays, as in “well-being”, which search finds either way.
    """

    def joined(match: re.Match[str]) -> str:
        one, hyphen, other = match.groups()
        return f"{one}{other}" if (one + other).lower() in known else f"{one}{hyphen}{other}"

    return _HARD.sub(joined, _SOFT.sub("", text))


def _page(document: pypdfium2.PdfDocument, number: int) -> str:
    try:
        page = document[number]
    except pypdfium2.PdfiumError:
        return ""
    words = page.get_textpage()
    try:
        return "\n".join(filter(None, (str(words.get_text_range()), *_annotations(document, page))))
    finally:
        words.close()
        page.close()


def _annotations(document: pypdfium2.PdfDocument, page: pypdfium2.PdfPage) -> Iterator[str]:
    """What is filled into the fields of a page, "name: value", and the comments on it (ISO 32000-2, 12.5 and 12.7)."""
    for index in range(min(raw.FPDFPage_GetAnnotCount(page.raw), _MOST_ANNOTATIONS)):
        annotation = raw.FPDFPage_GetAnnot(page.raw, index)
        if not annotation:
            continue
        try:
            if raw.FPDFAnnot_GetSubtype(annotation) != raw.FPDF_ANNOT_WIDGET:
                yield _text(raw.FPDFAnnot_GetStringValue, annotation, b"Contents")
            elif document.formenv is not None:
                value = _text(raw.FPDFAnnot_GetFormFieldValue, document.formenv.raw, annotation)
                name = _text(raw.FPDFAnnot_GetFormFieldName, document.formenv.raw, annotation)
                yield f"{name}: {value}" if value and value != _UNTICKED else ""
        finally:
            raw.FPDFPage_CloseAnnot(annotation)


def _text(function: Callable[..., int], *arguments: object) -> str:
    """What one of pdfium's functions writes into a buffer of ours: UTF-16, its length in bytes told beforehand."""
    length = min(function(*arguments, None, 0), _LONGEST)
    buffer = (raw.FPDF_WCHAR * (length // 2 + 1))()
    function(*arguments, buffer, length)
    return bytes(buffer).decode("utf-16-le", "replace").partition("\0")[0].strip()
