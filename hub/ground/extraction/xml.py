"""XML as a stream of events: memory stays flat, entities are not resolved, nothing is fetched."""

from typing import Any, BinaryIO, Protocol, cast

from lxml import etree

from hub.ground.extraction.outcome import Damaged

_CHUNK = 65536


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


class Title:
    """Hears what stands in the element `title` of a file's own description."""

    def __init__(self) -> None:
        self._inside, self.text = False, ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:  # noqa: ARG002
        """Whether the title begins."""
        self._inside = tag == "title"

    def end(self, tag: str) -> None:  # noqa: ARG002
        """It is over."""
        self._inside = False

    def data(self, text: str) -> None:
        """A part of the title, or of something else."""
        if self._inside:
            self.text += text
