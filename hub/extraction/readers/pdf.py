"""PDF text by pdfium (pypdfium2): the one module that knows it."""

from pathlib import Path

import pypdfium2

from hub.extraction.archive import in_short
from hub.extraction.outcome import Limits, Sink, Unreadable


def read(path: Path, sink: Sink, limits: Limits) -> str | None:  # noqa: ARG001
    """Page after page; a page that cannot be read leaves the others."""
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise Unreadable("password protected") from error
        raise Unreadable(f"damaged: not a whole PDF ({in_short(error)})") from error
    try:
        for number in range(len(document)):
            sink.add(_page(document, number) + "\n")
        if not sink.text().strip():
            raise Unreadable("no text in it (scanned pages?)")
        return document.get_metadata_value("Title").strip() or None
    finally:
        document.close()


def _page(document: pypdfium2.PdfDocument, number: int) -> str:
    try:
        page = document[number]
    except pypdfium2.PdfiumError:
        return ""
    words = page.get_textpage()
    try:
        return str(words.get_text_range())
    finally:
        words.close()
        page.close()
