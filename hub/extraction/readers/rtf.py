"""Rich text by striprtf: the one module that knows it."""

from pathlib import Path

from striprtf.striprtf import rtf_to_text

from hub.extraction.outcome import Limits, Sink


def words(data: bytes) -> str:
    """The words of an RTF text."""
    return rtf_to_text(data.decode("latin-1"), errors="replace")


def read(path: Path, sink: Sink, limits: Limits) -> str | None:  # noqa: ARG001
    """The words of the file; pictures are passed over."""
    sink.add(words(path.read_bytes()))
    return None
