"""Types of documents, and kinds of things found, as people read them."""

from collections.abc import Iterable, Mapping
from pathlib import PurePath
from types import MappingProxyType

from hub.ground.extraction.formats import FORMATS

TYPES: Mapping[str, str] = MappingProxyType(
    {
        "markdown": "Text",
        "word": "Word or similar",
        "pdf": "PDF",
        "spreadsheet": "Spreadsheet",
        "presentation": "Presentation",
        "text": "Plain text",
        "mail": "E-mail",
        "web page": "Web page",
        "other": "File",
    }
)


def type_in_words(kind: str) -> str:
    """A document's type in words."""
    return TYPES.get(kind, TYPES["other"])


def file_in_words(kind: str, name: str) -> str:
    """A file's type in words: of its name's ending, where its content is of that kind ("OpenDocument text")."""
    found = FORMATS.get(PurePath(name).suffix.lower().removeprefix("."))
    if found is None or found.kind != kind or kind == "other":
        return type_in_words(kind)
    plain = found.label.removeprefix("a ").removeprefix("an ")
    return plain[0].upper() + plain[1:]


def people_in_words(staff: int, organisations: int, guests: int, others: Iterable[str] = ()) -> str:
    """People counted, and others called: "312 people in 3 organisations, staff of York City Council and 2 guests"."""
    said = []
    if staff:
        said.append(
            f"{counted(staff, 'person', 'people')} in {counted(organisations, 'organisation', 'organisations')}"
        )
    said += others
    if guests:
        said.append(counted(guests, "guest", "guests"))
    return " and ".join([", ".join(said[:-1]), said[-1]] if said[1:] else said) or "nobody"


def counted(count: int, one: str, more: str) -> str:
    """A number and its noun: "1 person", "1,204 people"."""
    return f"{count:,} {one if count == 1 else more}"
