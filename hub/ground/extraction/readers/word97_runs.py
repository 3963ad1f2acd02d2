"""Which characters of a Word 97 to 2003 file nobody sees: hidden ones, and those that tracked changes took out.

Formatting lies in pages of 512 bytes (MS-DOC 2.8.25 ChpxFkp), which the PlcBteChpx of the table stream lists (2.8.5).
What a style hides, or the formatting of a whole piece of a file that was saved fast, is not looked for.
"""

import struct
from collections.abc import Iterator
from typing import Final, NamedTuple

_PLC: Final = 0xFA  # where the file information block says where the PlcBteChpx lies (FibRgFcLcb97, fcPlcfBteChpx)
_PAGE: Final = 512
_PAGE_NUMBER: Final = 0x3FFFFF
_VANISH: Final = 0x083C  # sprmCFVanish (MS-DOC 2.6.1)
_DELETED: Final = 0x0800  # sprmCFRMarkDel
_ON: Final = {0x01, 0x81}  # ToggleOperand (2.9.327): on, and the opposite of a style, which seldom hides
_SIZES: Final = (1, 1, 2, 4, 2, 2, -1, 3)  # bytes of an operand by the kind that its sprm names (2.2.5.1, spra)


class Run(NamedTuple):
    """Bytes of the document's stream, from `start` and before `end`, of text that nobody sees."""

    start: int
    end: int
    hidden: bool
    """Whether it is hidden; else it was taken out."""


def unseen(document: bytes, table: bytes) -> list[Run]:
    """Every run that nobody sees, in the order of the stream; what is damaged is passed over."""
    found: list[Run] = []
    for page in sorted(set(_pages(document, table))):
        found += _runs(document[page * _PAGE : (page + 1) * _PAGE])
    return sorted(found)


def _pages(document: bytes, table: bytes) -> Iterator[int]:
    start, length = struct.unpack_from("<II", document, _PLC) if len(document) >= _PLC + 8 else (0, 0)
    plc = table[start : start + length]
    count = (len(plc) - 4) // 8
    if count > 0:
        for number in struct.unpack_from(f"<{count}I", plc, 4 * (count + 1)):
            yield number & _PAGE_NUMBER


def _runs(page: bytes) -> Iterator[Run]:
    count = page[-1] if len(page) == _PAGE else 0
    if 5 * count + 4 >= _PAGE:
        return
    bounds = struct.unpack_from(f"<{count + 1}I", page)
    for number in range(count):
        at = 2 * page[4 * (count + 1) + number]
        marks = set(_marks(page[at + 1 : at + 1 + page[at]])) if at else set()
        if marks and bounds[number] < bounds[number + 1]:
            yield Run(bounds[number], bounds[number + 1], _DELETED not in marks)


def _marks(grpprl: bytes) -> Iterator[int]:
    """Those of the two properties that are on."""
    at = 0
    while at + 3 <= len(grpprl):
        (sprm,) = struct.unpack_from("<H", grpprl, at)
        if sprm in (_VANISH, _DELETED) and grpprl[at + 2] in _ON:
            yield sprm
        size = _SIZES[sprm >> 13]
        at += 2 + (size if size > 0 else 1 + grpprl[at + 2])
