"""Rich text (RTF 1.9.1): the words of the document, without pictures, styles and fields' instructions.

Our own reader, since striprtf loses whole paragraphs of real files (a star in the middle of a group ends its output)
and takes time that grows with the square of the length.
"""

import re
from dataclasses import dataclass, replace
from pathlib import Path

from hub.ground.extraction.outcome import Limits, Sink

_TOKEN = re.compile(
    rb"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})? ?|\\'(?P<hex>[0-9a-fA-F]{2})|\\(?P<symbol>[^a-zA-Z])"
    rb"|(?P<brace>[{}])|[\r\n\0]+|(?P<text>[^\\{}\r\n\0]+)",
    re.DOTALL,
)
# Groups that are no text of the document. Any group that begins with \* is passed over too, but for _SHOWN.
_SILENT = {
    "fonttbl", "colortbl", "stylesheet", "info", "pict", "objdata", "themedata", "colorschememapping", "datastore",
    "latentstyles", "listtable", "listoverridetable", "rsidtbl", "generator", "filetbl", "revtbl", "fldinst", "xe",
    "tc", "bkmkstart", "bkmkend", "nonshppict", "listpicture", "private", "xmlnstbl", "mmathPr", "pgptbl", "panose",
    "fontemb", "fontfile", "pntxta", "pntxtb", "template", "userprops"
}  # fmt: skip
_SHOWN = {"shptxt", "shpinst", "fldrslt", "annotation"}
_WORDS = {
    "par": "\n", "line": "\n", "sect": "\n", "page": "\n", "column": "\n", "row": "\n", "nestrow": "\n",
    "tab": "\t", "cell": "\t", "nestcell": "\t", "emspace": " ", "enspace": " ", "qmspace": " ",
    "emdash": "\u2014", "endash": "\u2013", "bullet": "\u2022",
    "lquote": "\u2018", "rquote": "\u2019", "ldblquote": "\u201c", "rdblquote": "\u201d",
}  # fmt: skip
_SYMBOLS = {"~": "\u00a0", "_": "-", "-": "", "\n": "\n", "\r": "\n", "{": "{", "}": "}", "\\": "\\"}
_CHARSETS = {
    77: "mac_roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "gb2312", 136: "big5", 161: "cp1253", 162: "cp1254",
    163: "cp1258",
    177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250", 255: "cp437",
}  # fmt: skip
_ASIDES = {"annotation", "footnote"}
"""Groups that stand in the middle of a sentence and belong below its paragraph."""
_UNSEEN = {"deleted", "v"}
"""Properties of text that was taken out, or is hidden; they end with their group, with `\\plain`, or with a 0."""
_MOST_DEPTH = 10_000


@dataclass(frozen=True, slots=True)
class _Group:
    silent: bool = False
    fresh: bool = False  # nothing but \* was seen in it yet
    starred: bool = False
    skip: int = 1  # how many bytes stand in for each \u
    font: int = -1
    in_fonts: bool = False
    unseen: frozenset[str] = frozenset()
    out: list[str] | None = None  # of an aside; else the document's


class _Reader:
    def __init__(self) -> None:
        self.out: list[str] = []
        self.hidden = 0
        self._asides: list[list[str]] = []
        self._group, self._stack = _Group(), list[_Group]()
        self._fonts: dict[int, str] = {}
        self._page, self._pending, self._owed = "cp1252", bytearray(), 0

    def run(self, data: bytes) -> str:
        at = 0
        while match := _TOKEN.match(data, at):
            at = match.end()
            if match["word"]:
                number = int(match["number"]) if match["number"] else None
                at += self._word(match["word"].decode("ascii"), number)
            else:
                self._other(match)
        self._flush()
        self._put_asides()
        return "".join(self.out).encode("utf-16", "surrogatepass").decode("utf-16", "replace")

    def _other(self, match: re.Match[bytes]) -> None:
        if match["brace"]:
            self._flush()
            self._owed = 0
            self._brace(match["brace"])
        elif match["symbol"] == b"*":
            # Only at the start of a group does the star mean "pass over what you do not know".
            self._group = replace(self._group, starred=self._group.fresh)
        elif match["symbol"]:
            self._flush()
            self._show(_SYMBOLS.get(match["symbol"].decode("latin-1"), ""))
        elif match["hex"]:
            self._bytes(bytes([int(match["hex"], 16)]))
        elif match["text"]:
            self._bytes(match["text"])

    def _brace(self, brace: bytes) -> None:
        if brace == b"{" and len(self._stack) < _MOST_DEPTH:
            self._stack.append(self._group)
            self._group = replace(self._group, fresh=True, starred=False)
        elif brace == b"}" and self._stack:
            self._group = self._stack.pop()

    def _word(self, word: str, number: int | None) -> int:
        """Handles a control word; returns how many bytes of binary data follow it."""
        self._flush()
        group, self._group = self._group, replace(self._group, fresh=False, starred=False)
        if word in _SILENT or (group.starred and word not in _SHOWN):
            self._group = replace(self._group, silent=True, in_fonts=self._group.in_fonts or word == "fonttbl")
        elif word == "bin":
            return max(0, number or 0)
        elif word == "u" and number is not None:
            self._show(chr(number % 0x10000))
            self._owed = self._group.skip
        elif word in _WORDS:
            self._show(_WORDS[word])
            if _WORDS[word] == "\n" and self._group.out is None and not self._group.silent:
                self._put_asides()
        elif word in _ASIDES and self._group.out is None and not self._group.silent:
            words: list[str] = []
            self._group = replace(self._group, out=words)
            self._asides.append(words)
        else:
            self._setting(word, number if number is not None else int(word in _UNSEEN))
        return 0

    def _setting(self, word: str, number: int) -> None:
        if word in _UNSEEN:
            on = number != 0
            self.hidden += word == "v" and on and word not in self._group.unseen
            self._group = replace(
                self._group, unseen=self._group.unseen | {word} if on else self._group.unseen - {word}
            )
        elif word == "plain":
            self._group = replace(self._group, unseen=frozenset())
        elif word == "uc":
            self._group = replace(self._group, skip=min(max(number, 0), 100))
        elif word == "f":
            self._group = replace(self._group, font=number)
        elif word == "fcharset" and self._group.in_fonts:
            self._fonts[self._group.font] = _CHARSETS.get(number, "")
        elif word == "ansicpg" and number:
            self._page = f"cp{number}"
        elif word in {"mac", "pc", "pca"}:
            self._page = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}[word]

    def _bytes(self, data: bytes) -> None:
        self._group = replace(self._group, fresh=False)
        taken = min(self._owed, len(data))
        self._owed -= taken
        if not self._group.silent and not self._group.unseen:
            self._pending += data[taken:]

    def _flush(self) -> None:
        """Turn the bytes that have gathered into characters: several may make one, and the font says which."""
        if self._pending:
            name = self._fonts.get(self._group.font) or self._page
            try:
                self._put(self._pending.decode(name, "replace"))
            except LookupError:
                self._put(self._pending.decode("cp1252", "replace"))
            self._pending.clear()

    def _show(self, text: str) -> None:
        if not self._group.silent and not self._group.unseen:
            self._put(text)

    def _put(self, text: str) -> None:
        (self.out if self._group.out is None else self._group.out).append(text)

    def _put_asides(self) -> None:
        """What stood in the middle of the paragraph that ends here, each in a line of its own."""
        asides, self._asides = self._asides, []
        self.out += ["\n" + "".join(words).strip() + "\n" for words in asides]


def words(data: bytes) -> str:
    """The words of an RTF text."""
    return _Reader().run(data)


def read(path: Path, sink: Sink, limits: Limits) -> str | None:  # noqa: ARG001
    """The words of the file; pictures are passed over."""
    reader = _Reader()
    sink.add(reader.run(path.read_bytes()))
    for _ in range(min(reader.hidden, _MOST_DEPTH)):
        sink.hide("text")
    return None
