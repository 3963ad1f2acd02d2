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
