"""Spreadsheets by calamine (xlsx, xlsm, xlsb, xls, ods): the one module that knows it."""

import datetime
from pathlib import Path

import python_calamine

from hub.extraction.archive import in_short
from hub.extraction.outcome import Limits, Sink, Unreadable


def read(path: Path, sink: Sink, limits: Limits) -> str | None:  # noqa: ARG001
    """Every sheet: its name, then its rows, cells parted by tabs."""
    try:
        with python_calamine.load_workbook(path) as book:
            for name in book.sheet_names:
                sink.add(name + "\n")
                for row in _rows(book, name):
                    sink.add("\t".join(_cell(value) for value in row).rstrip("\t") + "\n")
                sink.add("\n")
    except python_calamine.PasswordError as error:
        raise Unreadable("password protected") from error
    except python_calamine.CalamineError as error:
        raise Unreadable(f"damaged: not a whole workbook ({in_short(error)})") from error
    return None


def _rows(book: python_calamine.CalamineWorkbook, name: str) -> list[list[object]]:
    try:
        return book.get_sheet_by_name(name).to_python(skip_empty_area=True)  # type: ignore[return-value]
    except python_calamine.WorksheetNotFound:  # a sheet that is a chart
        return []


def _cell(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    return str(value)
