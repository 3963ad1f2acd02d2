"""Types of documents, and kinds of things found, as people read them."""

from collections.abc import Mapping
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
        "question": "Question",
        "discussion": "Discussion",
        "news": "News",
        "idea": "Idea",
        "campaign": "Ideas campaign",
        "note": "Note",
        "event": "Event",
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
