"""How much work a text is, told in a moment from what stands in it, and how much of that the hub takes.

A unit is about a hundredth of a millisecond at the worst. Only counting happens here, so that a text which is too much
costs nothing; and the same text is always taken or always refused.
"""

import re
from typing import Final

from hub.ground.errors import Invalid

MOST_CHARACTERS: Final = 1_000_000
MOST_UNITS: Final = 300_000
"""Of a text that is shown as Markdown: some seconds of work, in another process."""
AT_ONCE: Final = 3_000
"""Units up to which a text is rendered where it is asked for: a few hundredths of a second at the worst."""
DEEPEST: Final = 9
"""Lists in lists, or twice as many quotes; what lies deeper is shown as text."""
_MARKS: Final = "\\`*_~[]!<>&|#:@"
_LESSER: Final = "$%+-=^{}"
_LESSER_OF_A_UNIT: Final = 4
_CHARACTERS_OF_A_UNIT: Final = 100
_CELLS_OF_A_UNIT: Final = 2
_START: Final = re.compile(
    r"^[ \t]*+(?:[>*+\-]|\d{1,9}+[.)])[ \t]*+[>*+\-\d][>*+\-.) \t\d]*+|^[ \t]{2,}+(?=\S)", re.MULTILINE
)
"""How a line begins that may lie deeper than in one quote or list."""
_HEAD: Final = re.compile(r"^[^\S\n]*+[-|:> \t]*\|[-|:> \t]*$", re.MULTILINE)


def weight(source: str) -> int:
    """The units of work of a text: its marks, its lines as deep as they lie, and cells that tables make up."""
    lines = source.count("\n") + 1
    marks = sum(map(source.count, _MARKS)) + sum(map(source.count, _LESSER)) // _LESSER_OF_A_UNIT
    units = marks + lines + len(source) // _CHARACTERS_OF_A_UNIT
    return units if units > MOST_UNITS else units + lines * _depth(source) + _missing_cells(source)


def fits(source: str) -> bool:
    """Whether a text is one that the hub lays out."""
    return len(source) <= MOST_CHARACTERS and weight(source) <= MOST_UNITS


def check_weight(source: str) -> int:
    """The units of a text. Raises Invalid, with a sentence for its author, where that is more than the hub takes."""
    if len(source) > MOST_CHARACTERS:
        raise Invalid(f"The text must be {MOST_CHARACTERS:,} characters or fewer: upload it as a file instead", "body")
    units = weight(source)
    if units > MOST_UNITS:
        raise Invalid(
            f"The text has too many lines, table cells and marks such as * [ | to be laid out: {units:,}, where "
            f"{MOST_UNITS:,} are possible. Divide it into several documents, or upload it as a file",
            "body",
        )
    return units


def _depth(source: str) -> int:
    """How deep in quotes and lists a line may lie, at most."""
    deepest = 1
    for start in set(_START.findall(source)):
        marks = sum(map(start.count, ">*+-.)"))
        indent = len(start) - len(start.lstrip(" \t")) + 3 * start.count("\t")
        deepest = max(deepest, marks + indent // 2)
    return min(deepest, 2 * DEEPEST)


def _missing_cells(source: str) -> int:
    """Cells that rows do not have and a table gives them, in units: each table to the next blank line."""
    if "|" not in source or "-" not in source:
        return 0
    missing = 0
    for block in source.split("\n\n"):
        columns = max((line[0].count("|") + 1 for line in _HEAD.finditer(block)), default=0)
        missing += max(0, columns * (block.count("\n") + 1) - block.count("|"))
    return missing // _CELLS_OF_A_UNIT
