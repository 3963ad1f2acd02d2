"""XML as a stream of events: memory stays flat, entities are not resolved, nothing is fetched."""

from typing import Any, BinaryIO, Protocol, cast

from lxml import etree

from hub.ground.extraction.outcome import Damaged

_CHUNK = 65536
MOST_DESCRIBED = 10_000
"""Characters of one thing that a file says of itself, after which it is long enough."""


class Target(Protocol):
    """Receives the events; names are given without their namespace."""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins; `attributes` keep their namespaces."""

    def end(self, tag: str) -> None:
        """An element ends."""

    def data(self, text: str) -> None:
        """Text between."""


class _Events:
    def __init__(self, target: Target, with_document_type: bool) -> None:
        self._target, self._with_document_type = target, with_document_type

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._target.start(tag.rpartition("}")[2], attributes)

    def end(self, tag: str) -> None:
        self._target.end(tag.rpartition("}")[2])

    def data(self, text: str) -> None:
        self._target.data(text)

    def doctype(self, _name: str | None, _public: str | None, _system: str | None) -> None:
        # Office files have none (ECMA-376 part 2, 8.1.4 forbids it); all that it could bring is entities.
        if not self._with_document_type:
            raise Damaged("its XML declares a document type, which office files never do")

    def close(self) -> None:
        pass


def parse(stream: BinaryIO, target: Target, *, with_document_type: bool = False) -> None:
    """Feed the whole of `stream` to `target`. Raises Unreadable on bad XML, and what `target` raises.

    `with_document_type` takes a DOCTYPE as well, and still resolves none of its entities.
    """
    events = cast("Any", _Events(target, with_document_type))
    parser = etree.XMLParser(target=events, resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    try:
        while chunk := stream.read(_CHUNK):
            parser.feed(chunk)
        parser.close()
    except etree.XMLSyntaxError as error:
        raise Damaged("bad XML") from error


class Described:
    """Hears what stands in some elements of a file's own description, by name: the first of each that says anything."""

    def __init__(self, *wanted: str) -> None:
        self._wanted, self._inside = frozenset(wanted), ""
        self.found: dict[str, str] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:  # noqa: ARG002
        """Whether one of them begins."""
        self._inside = tag if tag in self._wanted and not self.found.get(tag, "").strip() else ""

    def end(self, tag: str) -> None:  # noqa: ARG002
        """It is over."""
        self._inside = ""

    def data(self, text: str) -> None:
        """A part of it, or of something else."""
        if self._inside and len(self.found.get(self._inside, "")) < MOST_DESCRIBED:
            self.found[self._inside] = self.found.get(self._inside, "") + text
