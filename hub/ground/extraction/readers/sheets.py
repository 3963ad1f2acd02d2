"""Spreadsheets by calamine (xlsx, xlsm, xlsb, xls): the one module that knows it."""

import datetime as dt
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path

import python_calamine

from hub.ground.extraction.archive import Archive
from hub.ground.extraction.outcome import PROTECTED, Damaged, Limits, Sink, Unreadable
from hub.ground.extraction.readers import biff, ooxml, xlsx
from hub.ground.extraction.readers.compound import opened

_FILE_PASS = 0x2F  # a record of the stream (MS-XLS 2.4.117)
_FIRST_RECORDS = 20


def read_open_xml(path: Path, sink: Sink, limits: Limits) -> str | None:
    """Read xlsx and xlsm: by calamine, else as a stream where a sheet is too wide or one part is wrong."""
    ooxml.describe(Archive(path, limits), sink)
    if xlsx.too_wide(path, limits):
        xlsx.read(path, sink, limits)
    else:
        try:
            _read(path, sink, xlsx.unseen(path, limits))
        except python_calamine.CalamineError:
            xlsx.read(path, sink, limits)  # what calamine had already added is there twice then; nothing is lost
    xlsx.read_beside(path, sink, limits)
    return None


def read_binary(path: Path, sink: Sink, limits: Limits) -> str | None:  # noqa: ARG001
    """Read xls and xlsb."""
    try:
        _read(path, sink, {})
        biff.read_beside(path, sink)
    except python_calamine.PasswordError as error:
        raise Unreadable(PROTECTED) from error
    except python_calamine.CalamineError as error:
        if _locked(path):
            raise Unreadable(PROTECTED) from error
        raise Damaged("not a whole workbook") from error
    return None


def _read(path: Path, sink: Sink, unseen: Mapping[str, xlsx.Unseen]) -> None:
    """Each sheet that is shown: its name, then its rows, cells in their columns."""
    with python_calamine.load_workbook(path) as book:
        for sheet in book.sheets_metadata:
            if sheet.visible != python_calamine.SheetVisibleEnum.Visible:
                sink.hide("sheet", sheet.name)
                continue
            heading = sheet.name + "\n"
            hidden = unseen.get(sheet.name) or xlsx.Unseen()
            xlsx.tell(hidden, sheet.name, sink)
            for row in _rows(book, sheet.name, hidden):
                if line := "\t".join(row).rstrip("\t"):
                    sink.add(heading + line + "\n")
                    heading = ""
            sink.add("\n")


def _rows(book: python_calamine.CalamineWorkbook, name: str, hidden: xlsx.Unseen) -> Iterator[list[str]]:
    try:
        sheet = book.get_sheet_by_name(name)
    except python_calamine.WorksheetNotFound:  # a sheet that is a chart
        return
    top, left = sheet.start or (0, 0)
    for number, row in enumerate(sheet.iter_rows(), top):
        if number not in hidden.rows:
            yield [_cell(value) for column, value in enumerate(row, left) if column not in hidden.columns]


def _cell(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    return str(value)


def _locked(path: Path) -> bool:
    """Is there a password record among the first of the stream? calamine does not know every kind of lock."""
    with path.open("rb") as stream:
        if stream.read(2) == b"PK":
            return False
    with opened(path) as compound:
        name = next((name for name in ("Workbook", "Book") if name in compound), None)
        data = compound.read(name) if name else b""
    at = 0
    for _ in range(_FIRST_RECORDS):
        if at + 4 > len(data):
            break
        kind, length = struct.unpack_from("<HH", data, at)
        if kind == _FILE_PASS:
            return True
        at += 4 + length
    return False
