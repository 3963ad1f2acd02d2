"""Markdown files with front matter: its title and day are taken, and it is dropped from the text."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from hub.ground.extraction.readers.plain import decode

_FRONT = re.compile(r"\A\ufeff?---[ \t]*\r?\n(?P<front>(?:.*\r?\n)*?)(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)")
_FIELD = re.compile(r"(?P<name>[A-Za-z_][\w-]*)[ \t]*:[ \t]*(?P<value>.*)")
_HEADING = re.compile(r"^#[ \t]+(?P<title>.+)$", re.MULTILINE)
_CREATED, _CHANGED = ("created", "date"), ("revised", "updated", "date", "created")
"""Fields that name a day; of those that are there and can be read, the first counts."""
_FORMS = ("%Y-%m-%d", "%d/%m/%Y")
_ISO_LENGTH = 10


@dataclass(frozen=True)
class Written:
    """A Markdown file as a document; `title` is "", and a day is None, where the file does not say."""

    title: str
    body: str
    created: date | None = None
    changed: date | None = None


def read_markdown(data: bytes) -> Written:
    """Take a file apart. Without front matter the first heading is its title, and the text stays whole."""
    text = decode(data).replace("\r\n", "\n").replace("\0", "")
    found = _FRONT.match(text)
    fields = _fields(found["front"]) if found else {}
    body = text[found.end() :] if found else text
    heading = _HEADING.search(body)
    title = fields.get("title", "") or (heading["title"].strip(" \t#") if heading else "")
    created, changed = (_first_day(fields, names) for names in (_CREATED, _CHANGED))
    return Written(" ".join(title.split()), body.strip() + "\n", created or changed, changed)


def _fields(front: str) -> dict[str, str]:
    """The fields of one line each: what is indented below one belongs to it and is not read."""
    fields: dict[str, str] = {}
    for line in front.splitlines():
        if found := _FIELD.fullmatch(line):
            fields.setdefault(found["name"].lower(), _unquoted(found["value"].strip()))
    return fields


def _unquoted(value: str) -> str:
    quoted = len(value) > 1 and value[0] in "\"'" and value[-1] == value[0]
    return value[1:-1] if quoted else value


def _first_day(fields: dict[str, str], names: tuple[str, ...]) -> date | None:
    days = (_day(fields[name]) for name in names if name in fields)
    return next((day for day in days if day), None)


def _day(value: str) -> date | None:
    for form in _FORMS:
        try:
            return datetime.strptime(value[:_ISO_LENGTH].strip(), form).date()  # noqa: DTZ007  # a day, not a moment
        except ValueError:
            continue
    return None
