"""Types of documents, and kinds of things found, as people read them."""

from collections.abc import Mapping
from types import MappingProxyType

TYPES: Mapping[str, str] = MappingProxyType(
    {
        "markdown": "Text",
        "word": "Word document",
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


def people_in_words(staff: int, organisations: int, guests: int) -> str:
    """People counted: "312 people in 3 organisations and 2 guests"."""
    said = []
    if staff:
        said.append(f"{_many(staff, 'person', 'people')} in {_many(organisations, 'organisation', 'organisations')}")
    if guests:
        said.append(_many(guests, "guest", "guests"))
    return " and ".join(said) or "nobody"


def _many(count: int, one: str, more: str) -> str:
    return f"{count:,} {one if count == 1 else more}"
