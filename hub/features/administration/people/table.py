"""A table of people, as a spreadsheet saves it: read whole, with every fault by line. Cells are text, formulas too."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from hub.features.administration.service import LONGEST_TEXT, check_address, has_letters, short_name
from hub.ground.errors import Invalid

MOST_LINES = 10_000
MOST_BYTES = 1_500_000
LONGEST_SUBJECT = 255
MOST_TOLD = 8
COLUMNS = {
    **dict.fromkeys(("name", "fullname", "displayname"), "name"),
    **dict.fromkeys(("firstname", "forename", "givenname"), "first"),
    **dict.fromkeys(("surname", "lastname", "familyname"), "last"),
    **dict.fromkeys(("email", "emailaddress", "mail", "mailaddress", "workemail"), "email"),
    **dict.fromkeys(("job", "jobtitle", "role", "jobrole", "position"), "job"),
    **dict.fromkeys(("groups", "group"), "groups"),
    "subject": "subject",
}
"""Headings by their letters alone (E-mail, e mail and Email are one), and what they mean."""
HEADINGS = "Name, E-mail, Job title, Groups, Subject"
_SEPARATORS = ",;\t|"
_SAYS_SEPARATOR = re.compile(r"sep=([,;\t|])[,;\t ]*", re.IGNORECASE)
"""The first line by which Excel is told what stands between the cells."""
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
    column: str = ""
    """Its heading as it stands there; empty where it is of no one cell."""


@dataclass(frozen=True)
class Table:
    """The people of a table; none of them counts while anything is wrong."""

    rows: tuple[Row, ...]
    wrong: tuple[Wrong, ...]
    called: Mapping[str, str] = field(default_factory=dict)
    """What its own heading calls name, email, job, groups and subject."""
    left_out: tuple[str, ...] = ()
    """Headings that say nothing to the hub."""


def decode(content: bytes) -> str:
    """The text of an uploaded table: UTF-8, UTF-16 with its mark, or what Windows writes. Raises Invalid."""
    if len(content) > MOST_BYTES:
        raise Invalid(f"The table is too large: use at most {MOST_LINES:,} lines at a time.", "text")
    marked = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Invalid("This file is no text: save the table as CSV.", "text")


def read_table(text: str) -> Table:
    """Read a table whose first line has the headings: commas, semicolons, tabs or bars between the cells."""
    if len(text) > MOST_BYTES:
        return Table((), (Wrong(0, f"The table is too large: use at most {MOST_LINES:,} lines at a time."),))
    lines = text.removeprefix("\ufeff")
    told, separator = _separator(lines)
    reader = csv.reader(io.StringIO(lines, newline=""), delimiter=separator, strict=True)
    rows: list[Row] = []
    wrong: list[Wrong] = []
    called: dict[str, str] = {}
    left_out: list[str] = []
    try:
        if told:
            next(reader)
        headings = next(reader, [])
        names = [COLUMNS.get(_letters(heading), "") for heading in headings]
        faults = list(_unfit(reader.line_num, headings, names))
        if faults:
            return Table((), tuple(faults))
        called = {name: _shown(heading) for heading, name in zip(headings, names, strict=True) if name}
        left_out = [_shown(heading) for heading, name in zip(headings, names, strict=True) if heading and not name]
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(rows) == MOST_LINES:
                wrong.append(Wrong(reader.line_num, f"Use at most {MOST_LINES:,} lines at a time."))
                break
            row = _row(reader.line_num, names, cells)
            rows.append(row)
            wrong += [Wrong(row.line, said, called.get(name, "")) for name, said in _faults(row, cells, names)]
    except csv.Error:
        wrong.append(Wrong(reader.line_num, "A quotation mark is not closed, or stands in the wrong place."))
    wrong += _twice(rows, called)
    if not rows and not wrong:
        wrong.append(Wrong(0, "There is nobody in the table: below the headings, put one person on each line."))
    wrong.sort(key=lambda each: each.line)
    return Table(tuple(rows), tuple(wrong), called, tuple(left_out))


def _separator(lines: str) -> tuple[bool, str]:
    """Whether the first line says what stands between cells, and what that is: else what the headings have most of."""
    heading = lines.partition("\n")[0].rstrip("\r")
    if said := _SAYS_SEPARATOR.fullmatch(heading):
        return True, said[1]
    return False, max(_SEPARATORS, key=heading.count)


def _letters(heading: str) -> str:
    return "".join(filter(str.isalnum, heading.casefold()))


def _shown(heading: str) -> str:
    return " ".join(heading.split())[:60]


def _unfit(line: int, headings: Sequence[str], names: Sequence[str]) -> Iterator[Wrong]:
    """What keeps the headings from being read."""
    if not {"name", "first", "last"} & set(names):
        there = ", ".join(f"“{_shown(heading)}”" for heading in headings[:MOST_TOLD] if heading.strip())
        said = f"There is no column “Name” among the headings ({there})." if there else "There are no headings."
        yield Wrong(line, f"{said} Above the people stands a line such as: {HEADINGS}.")
    counts = Counter(names)
    for name in dict.fromkeys(filter(None, names)):
        if counts[name] > 1:
            same = [_shown(heading) for heading, one in zip(headings, names, strict=True) if one == name][:5]
            yield Wrong(line, f"The column “{same[0]}” is there twice ({', '.join(same)}): leave one of them out.")


def _row(line: int, names: Sequence[str], cells: Sequence[str]) -> Row:
    told = {name: " ".join(cell.split()) for name, cell in zip(names, cells, strict=False) if name}
    groups = tuple(part for each in told.get("groups", "").replace("|", ";").split(";") if (part := each.strip()))
    name = told.get("name") or f"{told.get('first', '')} {told.get('last', '')}".strip()
    return Row(line, name, told.get("email", ""), told.get("job", ""), groups, told.get("subject", ""))


def _faults(row: Row, cells: Sequence[str], names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Everything that is wrong with a line by itself: the column, and what is to be said."""
    if len(cells) > len(names):
        yield "", "There are more cells than headings: put cells that hold a comma or a semicolon into quotation marks."
    if not has_letters(row.name):
        yield "name", "There is no name."
    for name, text in (("name", row.name), ("job", row.job), *(("groups", each) for each in row.groups)):
        if len(text) > LONGEST_TEXT or not (text.isprintable() or not text):
            yield name, f"This must be one line of up to {LONGEST_TEXT} characters."
    try:
        check_address(row.email)
    except Invalid:
        yield "email", f"“{row.email[:60]}” is not an e-mail address."
    for group in row.groups:
        if not has_letters(group):
            yield "groups", f"The group “{group[:60]}” has no letters or digits."
        elif short_name(group) == ADMINISTRATORS:
            yield "groups", "Administrators are not added from a table: add them on the page of that group."
    if len(row.subject) > LONGEST_SUBJECT or not (row.subject.isprintable() or not row.subject):
        yield "subject", f"A subject has up to {LONGEST_SUBJECT} printable characters."


def _twice(rows: list[Row], called: Mapping[str, str]) -> Iterator[Wrong]:
    """Lines that speak of the same person, by address or subject, or by name where there is neither."""
    seen: dict[str, int] = {}
    for row in rows:
        keys = [f"e-mail {row.email.lower()}"] if row.email else []
        keys += [f"subject {row.subject}"] if row.subject else []
        for key in keys or [f"name {row.name.lower()}"]:
            first = seen.setdefault(key, row.line)
            if first != row.line:
                advice = "" if keys else ": give each an e-mail address if they are two people"
                what = key.partition(" ")[0]
                column = called.get(what.replace("-", ""), "")
                yield Wrong(
                    row.line,
                    f"The same {what.replace('e-mail', 'e-mail address')} stands in line {first}{advice}.",
                    column,
                )
