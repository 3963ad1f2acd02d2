"""A table of people, as a spreadsheet saves it: read whole, with every fault by line. Cells are text, formulas too."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from hub.admin.service import LONGEST_TEXT, check_address, short_name
from hub.errors import Invalid

MOST_LINES = 10_000
MOST_BYTES = 1_500_000
LONGEST_SUBJECT = 255
COLUMNS = {
    "name": "name",
    "full name": "name",
    "e-mail": "email",
    "email": "email",
    "e-mail address": "email",
    "email address": "email",
    "job": "job",
    "job title": "job",
    "groups": "groups",
    "group": "groups",
    "subject": "subject",
}
"""Headings, in small letters, and what they mean."""
ADMINISTRATORS = "administrators"


@dataclass(frozen=True)
class Row:
    """Somebody in the table; `groups` are names as typed."""

    line: int
    name: str
    email: str = ""
    job: str = ""
    groups: tuple[str, ...] = ()
    subject: str = ""
    """Their `sub` at the organisation's issuer."""


@dataclass(frozen=True)
class Wrong:
    """What is wrong with a line; 0 is the table as a whole."""

    line: int
    message: str


@dataclass(frozen=True)
class Table:
    """The people of a table; none of them counts while anything is wrong."""

    rows: tuple[Row, ...]
    wrong: tuple[Wrong, ...]


def decode(content: bytes) -> str:
    """The text of an uploaded table: UTF-8, or what Windows spreadsheets write. Raises Invalid."""
    if len(content) > MOST_BYTES:
        raise Invalid(f"The table is too large: use at most {MOST_LINES:,} lines at a time.", "text")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid("This file is no text: save the table as CSV.", "text")


def read_table(text: str) -> Table:
    """Read a table whose first line has the headings: commas, semicolons or tabs between the cells."""
    if len(text) > MOST_BYTES:
        return Table((), (Wrong(0, f"The table is too large: use at most {MOST_LINES:,} lines at a time."),))
    lines = text.removeprefix("\ufeff")
    heading = lines.partition("\n")[0]
    separator = max(",;\t", key=heading.count)
    reader = csv.reader(io.StringIO(lines, newline=""), delimiter=separator, strict=True)
    rows: list[Row] = []
    wrong: list[Wrong] = []
    try:
        names, faults = _headings(next(reader, []))
        if faults:
            return Table((), tuple(faults))
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(rows) == MOST_LINES:
                wrong.append(Wrong(reader.line_num, f"Use at most {MOST_LINES:,} lines at a time."))
                break
            row = _row(reader.line_num, names, cells)
            rows.append(row)
            wrong += [Wrong(row.line, message) for message in _faults(row, cells, names)]
    except csv.Error as error:
        wrong.append(Wrong(reader.line_num, f"A quotation mark is not closed, or stands in the wrong place ({error})."))
    wrong += _twice(rows)
    if not rows and not wrong:
        wrong.append(Wrong(0, "There is nobody in the table: below the headings, put one person on each line."))
    return Table(tuple(rows), tuple(sorted(wrong, key=lambda each: each.line)))


def _headings(cells: Iterable[str]) -> tuple[list[str], list[Wrong]]:
    found = [" ".join(cell.lower().split()) for cell in cells]
    names = [COLUMNS.get(heading, "") for heading in found]
    wrong = [
        Wrong(1, f"The heading “{heading[:60]}” is unknown. Use: Name, E-mail, Job title, Groups, Subject.")
        for heading, name in zip(found, names, strict=True)
        if not name and heading
    ]
    if "name" not in names:
        wrong.append(Wrong(1, "There is no column “Name”: the first line has the headings."))
    wrong += [
        Wrong(1, f"The column “{name}” is there twice.") for name in {n for n in names if n and names.count(n) > 1}
    ]
    return names, wrong


def _row(line: int, names: list[str], cells: list[str]) -> Row:
    told = {name: " ".join(cell.split()) for name, cell in zip(names, cells, strict=False) if name}
    groups = tuple(part for each in told.get("groups", "").replace("|", ";").split(";") if (part := each.strip()))
    return Row(line, told.get("name", ""), told.get("email", ""), told.get("job", ""), groups, told.get("subject", ""))


def _faults(row: Row, cells: list[str], names: list[str]) -> Iterator[str]:
    if len(cells) > len(names):
        yield "There are more cells than headings: put cells that hold a comma or a semicolon into quotation marks."
    if not short_name(row.name):
        yield "There is no name of letters and digits."
    for label, text in (("name", row.name), ("job title", row.job), *(("group", each) for each in row.groups)):
        if len(text) > LONGEST_TEXT or not (text.isprintable() or not text):
            yield f"The {label} must be one line of up to {LONGEST_TEXT} characters."
    try:
        check_address(row.email)
    except Invalid:
        yield f"“{row.email[:60]}” is not an e-mail address."
    for group in row.groups:
        if not short_name(group):
            yield f"The group “{group[:60]}” has no letters or digits."
        elif short_name(group) == ADMINISTRATORS:
            yield "Administrators are not added from a table: add them on the page of that group."
    if len(row.subject) > LONGEST_SUBJECT or not (row.subject.isprintable() or not row.subject):
        yield f"A subject has up to {LONGEST_SUBJECT} printable characters."


def _twice(rows: list[Row]) -> Iterator[Wrong]:
    """Lines that speak of the same person, by address or subject, or by name where there is neither."""
    seen: dict[str, int] = {}
    for row in rows:
        keys = [f"e-mail {row.email.lower()}"] if row.email else []
        keys += [f"subject {row.subject}"] if row.subject else []
        for key in keys or [f"name {row.name.lower()}"]:
            first = seen.setdefault(key, row.line)
            if first != row.line:
                advice = "" if keys else ": give each an e-mail address if they are two people"
                yield Wrong(row.line, f"The same {key.partition(' ')[0]} stands in line {first}{advice}.")
