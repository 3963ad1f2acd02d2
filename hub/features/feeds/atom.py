"""A feed as Atom (RFC 4287): titles, names and addresses, and no text. It is written, and none is ever read."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from lxml import etree

TYPE: Final = "application/atom+xml; charset=utf-8"
NAMESPACE: Final = "http://www.w3.org/2005/Atom"
_NO_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no document of XML 1.0 may hold, however it is written."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """Something new."""

    id: str
    """The same for as long as the thing is there."""
    title: str
    href: str
    at: datetime
    author: str
    word: str
    """What it is: "Question"."""


@dataclass(frozen=True, kw_only=True)
class Channel:
    """A feed. Addresses are whole ones."""

    id: str
    title: str
    href: str
    since: datetime
    """When it was made: as new as it is while nothing is in it."""
    entries: tuple[Entry, ...]


def as_atom(channel: Channel) -> bytes:
    """The document. It does not hold the address at which it is read."""
    feed = etree.Element(f"{{{NAMESPACE}}}feed", nsmap={None: NAMESPACE})  # type: ignore[dict-item]  # no prefix
    newest = max((entry.at for entry in channel.entries), default=channel.since)
    _texts(feed, (("id", channel.id), ("title", channel.title), ("updated", _moment(newest))))
    etree.SubElement(feed, f"{{{NAMESPACE}}}link", rel="alternate", href=channel.href)
    for entry in channel.entries:
        _add(feed, entry)
    return etree.tostring(feed, xml_declaration=True, encoding="utf-8", pretty_print=True)


def _add(feed: etree._Element, entry: Entry) -> None:
    own = etree.SubElement(feed, f"{{{NAMESPACE}}}entry")
    _texts(own, (("id", entry.id), ("title", entry.title), ("updated", _moment(entry.at))))
    etree.SubElement(own, f"{{{NAMESPACE}}}link", rel="alternate", href=entry.href)
    _texts(etree.SubElement(own, f"{{{NAMESPACE}}}author"), (("name", entry.author),))
    etree.SubElement(own, f"{{{NAMESPACE}}}category", term=writable(entry.word))


def _texts(above: etree._Element, texts: Iterable[tuple[str, str]]) -> None:
    for name, text in texts:
        etree.SubElement(above, f"{{{NAMESPACE}}}{name}").text = writable(text)


def writable(text: str) -> str:
    """A text without what XML cannot hold."""
    return _NO_XML.sub("\ufffd", text)


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
