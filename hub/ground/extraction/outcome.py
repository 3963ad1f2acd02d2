"""What reading a file comes to: a final state for every file, and the limits it is read within."""

from dataclasses import dataclass
from typing import Final, Literal

from hub.ground.extraction.described import Described

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
    file, as `Unreadable` has them; `remark` is "" or what a reader of the text should know, such as that its end was
    left out.
    """

    text: str
    title: str | None
    format: str
    kind: str
    status: Status
    reason: str = ""
    remark: str = ""
    detail: str = ""
    """Of an unreadable file what an engineer would want to know besides: for the log, not for people."""
    hidden: str = ""
    """What of it no reader sees, and so is not in the text either: "3 hidden sheets (Salaries, …)"; "" for nothing."""
    author: str = ""
    """Who wrote it, as it says itself."""
    created: str = ""
    changed: str = ""
    """When it was made and changed last, in its own writing: for `described.moment_said`."""


HIDDEN: Final = {
    "sheet": "hidden sheets", "row": "hidden rows", "column": "hidden columns", "slide": "hidden slides",
    "section": "hidden sections", "text": "pieces of hidden text",
}  # fmt: skip
"""One thing that is hidden in a file -> several."""
PROTECTED: Final = "it is protected by a password. Take the password off, save it, and upload that"
TOO_LARGE: Final = "there is more in it than the hub reads of one file. Divide it, and upload the pieces"
NO_TEXT: Final = "there is no text in it"
_MOST_NAMED = 5
_LONGEST_NAME = 60


def _counted(kind: str, names: list[str]) -> str:
    one = "piece of hidden text" if kind == "text" else f"hidden {kind}"
    named = [name[:_LONGEST_NAME] for name in names if name][:_MOST_NAMED]
    more = ", …" if named and len(names) > len(named) else ""
    count = f"1 {one}" if len(names) == 1 else f"{len(names):,} {HIDDEN[kind]}"
    return f"{count} ({', '.join(named)}{more})" if named else count


class Unreadable(Exception):
    """Raised by readers: the text cannot be had.

    Its text is the reason, in plain words that go on after "because", without a full stop: what is wrong with the file,
    and what to do. `detail` is what an engineer would want to know besides, for the log.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.detail = detail


class Damaged(Unreadable):
    """Raised by readers: the file is not as its format wants it. Its reason is the same for all of a format."""

    def __init__(self, detail: str) -> None:
        super().__init__("it is cut off or damaged", detail)


class TooLarge(Unreadable):
    """Raised by readers: what is in the file is more than the hub reads."""

    def __init__(self, detail: str) -> None:
        super().__init__(TOO_LARGE, detail)


class Enough(Exception):
    """Raised by `Sink.add` once the limit of text is reached: the reader stops where it is."""


class Sink:
    """Collects text up to a limit in bytes of UTF-8."""

    def __init__(self, limit: int) -> None:
        self._pieces: list[str] = []
        self._room = limit
        self.cut = False
        self._hidden: dict[str, list[str]] = {}
        self.described = Described()
        """What the file says of itself, as far as its reader has come."""

    def add(self, piece: str) -> None:
        """Append `piece`; raises Enough, with what fitted kept, when there is no more room."""
        data = piece.encode("utf-8", "replace")
        if len(data) > self._room:
            self._pieces.append(data[: self._room].decode("utf-8", "ignore"))
            self._room, self.cut = 0, True
            raise Enough
        self._room -= len(data)
        self._pieces.append(piece)

    def hide(self, kind: str, name: str = "") -> None:
        """Note a thing that whoever opens the file does not see; `kind` is a word of `HIDDEN`."""
        self._hidden.setdefault(kind, []).append(" ".join(name.split()))

    def hidden(self) -> str:
        """What was noted, in words; empty for nothing."""
        return ", ".join(_counted(kind, names) for kind, names in self._hidden.items())

    def text(self) -> str:
        """All that was added."""
        return "".join(self._pieces)
