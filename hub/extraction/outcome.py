"""What reading a file comes to: a final state for every file, and the limits it is read within."""

from dataclasses import dataclass
from typing import Literal

Status = Literal["readable", "unreadable"]


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one file may cost. Sizes are in bytes."""

    seconds: float = 60  # by the clock on the wall; the reading child is killed after that
    cpu_seconds: int = 45
    memory_bytes: int = 1_500_000_000  # address space of the child, with Python and the libraries in it
    text_bytes: int = 2_000_000  # of text kept, in UTF-8; what follows is left out with a remark
    file_bytes: int = 200_000_000  # the largest file that is opened; of plain text, any size is read up to text_bytes
    part_bytes: int = 150_000_000  # of one unpacked part of an office file
    unpacked_bytes: int = 4_000_000_000  # of all parts together, as the file declares them
    parts: int = 20_000  # entries of a ZIP container
    files_per_child: int = 200  # then a fresh child, so that a leak in a library stays small


@dataclass(frozen=True, slots=True)
class Extracted:
    """The text of one file, or why there is none.

    `format` names a row of `formats.FORMATS`; `reason` is "" when readable, else words for the person who stored the
    file; `remark` is "" or what a reader of the text should know, such as that its end was left out.
    """

    text: str
    title: str | None
    format: str
    kind: str
    status: Status
    reason: str = ""
    remark: str = ""


class Unreadable(Exception):
    """Raised by readers: the text cannot be had. Its text is the reason, in plain words without a full stop."""


class Enough(Exception):
    """Raised by `Sink.add` once the limit of text is reached: the reader stops where it is."""


class Sink:
    """Collects text up to a limit in bytes of UTF-8."""

    def __init__(self, limit: int) -> None:
        self._pieces: list[str] = []
        self._room = limit
        self.cut = False

    def add(self, piece: str) -> None:
        """Append `piece`; raises Enough, with what fitted kept, when there is no more room."""
        data = piece.encode("utf-8", "replace")
        if len(data) > self._room:
            self._pieces.append(data[: self._room].decode("utf-8", "ignore"))
            self._room, self.cut = 0, True
            raise Enough
        self._room -= len(data)
        self._pieces.append(piece)

    def text(self) -> str:
        """All that was added."""
        return "".join(self._pieces)
