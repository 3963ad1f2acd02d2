"""Word 97 to 2003 files, and Word 6 and 95: the text by way of the piece table (MS-DOC 2.4.1, 2.9.38, 2.9.177)."""

import struct
from pathlib import Path

from hub.extraction.outcome import Limits, Sink, Unreadable
from hub.extraction.readers.compound import opened

_WORD_97, _WORD_6 = 0xA5EC, 0xA5DC
_COMPLEX, _ENCRYPTED, _TABLE_1 = 0x0004, 0x0100, 0x0200
_FLAGS, _FC_MIN, _FC_MAC = 0x0A, 0x18, 0x1C
_CLX_97, _CLX_6 = 0x1A2, 0x160  # where the file information block says where the piece table lies
_PRC, _PCDT = 0x01, 0x02
_COMPRESSED = 0x40000000
_FIELD_BEGIN, _FIELD_SEPARATOR, _FIELD_END = "\x13", "\x14", "\x15"
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
            raise Unreadable("password protected")
        magic = _number(document, 0, "<H")
        if magic == _WORD_97:
            table = compound.read("1Table" if flags & _TABLE_1 else "0Table")
            raw = _pieces(document, table, _CLX_97, wide=True)
        elif magic == _WORD_6:
            raw = _word_6(document, flags)
        else:
            raise Unreadable(f"damaged, or of a Word older than 6: its stream begins with {magic:#06x}")
    sink.add(_clean(raw))
    return None


def _word_6(document: bytes, flags: int) -> str:
    if flags & _COMPLEX:
        return _pieces(document, document, _CLX_6, wide=False)
    return document[_number(document, _FC_MIN) : _number(document, _FC_MAC)].decode(_code_page(document), "replace")


def _pieces(document: bytes, table: bytes, where: int, *, wide: bool) -> str:
    start, length = _number(document, where), _number(document, where + 4)
    plc = _piece_table(table[start : start + length])
    count = (len(plc) - 4) // 12
    ends = struct.unpack_from(f"<{count + 1}I", plc)
    return "".join(
        _piece(document, _number(plc, 4 * (count + 1) + 8 * i + 2), ends[i + 1] - ends[i], wide) for i in range(count)
    )


def _piece_table(clx: bytes) -> bytes:
    """The PlcPcd of a Clx, past the formatting that may stand before it."""
    at = 0
    while at < len(clx) and clx[at] == _PRC:
        at += 3 + _number(clx, at + 1, "<H")
    if at >= len(clx) or clx[at] != _PCDT:
        raise Unreadable("damaged: its table of pieces of text is missing")
    return clx[at + 5 : at + 5 + _number(clx, at + 1)]


def _piece(document: bytes, position: int, characters: int, wide: bool) -> str:
    if characters <= 0:
        return ""
    if wide and not position & _COMPRESSED:
        return document[position : position + 2 * characters].decode("utf-16-le", "replace")
    if wide:
        start = (position & ~_COMPRESSED) // 2
        return document[start : start + characters].decode("cp1252", "replace")  # MS-DOC 2.9.73
    return document[position : position + characters].decode(_code_page(document), "replace")


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
        raise Unreadable("damaged: it ends before its table of pieces of text") from error
