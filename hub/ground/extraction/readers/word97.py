"""Word 97 to 2003 files, and Word 6 and 95: the text by way of the piece table (MS-DOC 2.4.1, 2.9.38, 2.9.177).

Hidden text and what tracked changes took out is left out of the former; the latter are read as they are.
"""

import struct
from bisect import bisect_left
from collections.abc import Sequence
from pathlib import Path

from hub.ground.extraction.outcome import PROTECTED, Damaged, Limits, Sink, Unreadable
from hub.ground.extraction.readers.compound import opened
from hub.ground.extraction.readers.word97_runs import Run, unseen

_WORD_97, _WORD_6 = 0xA5EC, 0xA5DC
_COMPLEX, _ENCRYPTED, _TABLE_1 = 0x0004, 0x0100, 0x0200
_FLAGS, _FC_MIN, _FC_MAC = 0x0A, 0x18, 0x1C
_CLX_97, _CLX_6 = 0x1A2, 0x160  # where the file information block says where the piece table lies
_PRC, _PCDT = 0x01, 0x02
_COMPRESSED = 0x40000000
_FIELD_BEGIN, _FIELD_SEPARATOR, _FIELD_END = _FIELDS = "\x13", "\x14", "\x15"
_MOST_HIDDEN = 10_000
_UNSEEN = "\x02"  # stands in for a character that nobody sees: a mark of Word's that says nothing
_CHARACTERS = {
    "\r": "\n", "\x0b": "\n", "\x0c": "\n", "\x07": "\t", "\x1e": "-", "\x1f": "", "\x01": "", "\x02": "", "\x03": "",
    "\x04": "", "\x05": "", "\x08": "",
}  # fmt: skip
# The language of the writer's Word (MS-LCID, low ten bits) where text of eight bits is not Windows-1252.
_CODE_PAGES = {
    0x01: "cp1256", 0x02: "cp1251", 0x04: "cp936", 0x05: "cp1250", 0x08: "cp1253", 0x0D: "cp1255", 0x0E: "cp1250",
    0x11: "cp932", 0x12: "cp949", 0x15: "cp1250", 0x18: "cp1250", 0x19: "cp1251", 0x1F: "cp1254", 0x22: "cp1251",
}  # fmt: skip


def read(path: Path, sink: Sink, limits: Limits) -> str | None:  # noqa: ARG001
    """Main text, then notes, headers, comments and text boxes: the order in which the file keeps them."""
    with opened(path) as compound:
        document = compound.read("WordDocument")
        flags = _number(document, _FLAGS, "<H")
        if flags & _ENCRYPTED:
            raise Unreadable(PROTECTED)
        magic = _number(document, 0, "<H")
        if magic == _WORD_97:
            table = compound.read("1Table" if flags & _TABLE_1 else "0Table")
            runs = unseen(document, table)
            raw = _pieces(document, table, _CLX_97, wide=True, runs=runs)
            for _ in range(min(_hidden(runs), _MOST_HIDDEN)):
                sink.hide("text")
        elif magic == _WORD_6:
            raw = _word_6(document, flags)
        else:
            raise Damaged(f"or of a Word older than 6: its stream begins with {magic:#06x}")
    sink.add(_clean(raw))
    return None


def _word_6(document: bytes, flags: int) -> str:
    if flags & _COMPLEX:
        return _pieces(document, document, _CLX_6, wide=False)
    return document[_number(document, _FC_MIN) : _number(document, _FC_MAC)].decode(_code_page(document), "replace")


def _hidden(runs: list[Run]) -> int:
    """How many pieces of hidden text there are, one for all that follow one another."""
    shown = [run for run in runs if run.hidden]
    return sum(at == 0 or shown[at - 1].end < run.start for at, run in enumerate(shown))


def _pieces(document: bytes, table: bytes, where: int, *, wide: bool, runs: Sequence[Run] = ()) -> str:
    start, length = _number(document, where), _number(document, where + 4)
    plc = _piece_table(table[start : start + length])
    count = (len(plc) - 4) // 12
    ends = struct.unpack_from(f"<{count + 1}I", plc)
    return "".join(
        _piece(document, _number(plc, 4 * (count + 1) + 8 * i + 2), ends[i + 1] - ends[i], wide, runs)
        for i in range(count)
    )


def _piece_table(clx: bytes) -> bytes:
    """The PlcPcd of a Clx, past the formatting that may stand before it."""
    at = 0
    while at < len(clx) and clx[at] == _PRC:
        at += 3 + _number(clx, at + 1, "<H")
    if at >= len(clx) or clx[at] != _PCDT:
        raise Damaged("its table of pieces of text is missing")
    return clx[at + 5 : at + 5 + _number(clx, at + 1)]


def _piece(document: bytes, position: int, characters: int, wide: bool, runs: Sequence[Run]) -> str:
    if characters <= 0:
        return ""
    if wide and not position & _COMPRESSED:
        return _seen(document, position, 2 * characters, "utf-16-le", runs)
    if wide:
        return _seen(document, (position & ~_COMPRESSED) // 2, characters, "cp1252", runs)  # MS-DOC 2.9.73
    return document[position : position + characters].decode(_code_page(document), "replace")


def _seen(document: bytes, start: int, length: int, encoding: str, runs: Sequence[Run]) -> str:
    """The text of so many bytes without what nobody sees; the marks of fields stay, so that they go together."""
    end, kept, at = start + length, [], start
    for run in runs[max(bisect_left(runs, (start,)) - 1, 0) :]:
        if run.start >= end:
            break
        if run.end > at:
            kept.append(document[at : max(at, run.start)].decode(encoding, "replace"))
            gone = document[max(at, run.start) : min(run.end, end)].decode(encoding, "replace")
            kept.append("".join(each if each in _FIELDS else _UNSEEN for each in gone))
            at = min(run.end, end)
    kept.append(document[at:end].decode(encoding, "replace"))
    return "".join(kept)


def _code_page(document: bytes) -> str:
    return _CODE_PAGES.get(_number(document, 6, "<H") & 0x3FF, "cp1252")


def _clean(raw: str) -> str:
    """Drops the instructions of fields, keeps their results; turns Word's marks into lines and tabs."""
    kept: list[str] = []
    inside: list[bool] = []  # for each open field: are we still in its instruction?
    for character in raw:
        if character == _FIELD_BEGIN:
            inside.append(True)
        elif character == _FIELD_SEPARATOR and inside:
            inside[-1] = False
        elif character == _FIELD_END and inside:
            inside.pop()
        elif not any(inside):
            kept.append(_CHARACTERS.get(character, character))
    return "".join(kept)


def _number(data: bytes, at: int, form: str = "<I") -> int:
    try:
        return int(struct.unpack_from(form, data, at)[0])
    except struct.error as error:
        raise Damaged("it ends before its table of pieces of text") from error
