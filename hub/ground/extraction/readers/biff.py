"""Excel 97 workbooks (MS-XLS): what calamine leaves out, the words of comments and of text boxes."""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from hub.ground.extraction.outcome import Sink
from hub.ground.extraction.readers.compound import opened

_TEXT_OBJECT: Final = 0x1B6  # TxO, MS-XLS 2.4.329
_CONTINUE: Final = 0x3C
_LENGTH_AT: Final = 10  # bytes into a TxO: how many characters its text has
_WIDE: Final = 1  # set in the first byte of a text whose characters have two bytes


def read_beside(path: Path, sink: Sink) -> None:
    """The words of every comment and text box, a line each; nothing of a file that is a ZIP (xlsb)."""
    with path.open("rb") as stream:
        if stream.read(2) == b"PK":
            return
    with opened(path) as compound:
        texts(compound.read("Workbook") if "Workbook" in compound else b"", sink)


def texts(data: bytes, sink: Sink) -> None:
    """The same of a workbook's stream of records."""
    wanted = 0
    for kind, record in _records(data):
        if kind == _TEXT_OBJECT and len(record) >= _LENGTH_AT + 2:
            (wanted,) = struct.unpack_from("<H", record, _LENGTH_AT)
        elif kind == _CONTINUE and wanted and record:
            width = 2 if record[0] & _WIDE else 1
            words = record[1 : 1 + wanted * width].decode("utf-16-le" if width > 1 else "latin-1", "replace")
            sink.add(words.replace("\r", "\n") + "\n")
            wanted = max(0, wanted - len(words))
        else:
            wanted = 0


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(data):
        kind, length = struct.unpack_from("<HH", data, at)
        yield kind, data[at + 4 : at + 4 + length]
        at += 4 + length
