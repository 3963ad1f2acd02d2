"""Documents and places in lists and tables."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document in a list or table."""

    title: str
    href: str
    kind: str
    """In words: "Text", "PDF", "Word or similar", "Spreadsheet" …"""
    marking: str
    state: str
    changed: date
    owner: str = ""
    place: str = ""
    """Name of its place, where a list mixes places; `''` where the place is the page itself."""
    place_href: str = ""


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """An organisation, a space or a folder in a list."""

    name: str
    href: str
    kind: str
    """organisation, space or folder."""
    description: str = ""
    marking: str = ""
    audience: str = ""
    """open, restricted, private, confidential; `''` for what is not a space."""
    organisation: str = ""
    """Whose it is, where a list mixes organisations."""
    standing: str = ""
    """Of a space: member, reader (they may read what lies in it) or outsider; `''` where the list says it."""
