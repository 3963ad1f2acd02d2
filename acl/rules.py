"""Policy files: a strict reader that reports every fault with file and line, and a writer that nothing breaks out of.

Stock Casbin drops or misreads lines in silence (byte-order mark, `Deny`, `# comment`, other separators, missing
columns); here each of these is either read correctly or refused with what to write instead.
"""

import csv
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from sys import intern
from typing import Final, NoReturn

from acl import cells, letters
from acl.cells import CellError

COLUMNS: Final = ("effect", "who", "can", "where", "marking", "state", "until", "reason")
PLATFORM: Final = "platform"
"""The scope of `platform.csv`, and the root of the tree of places."""
MAX_BYTES: Final = 4_000_000
MAX_LINES: Final = 20_000
MAX_WIDTH: Final = 20_000
"""Characters of one line: more than its cells may hold, and than empty columns of a spreadsheet take."""
MAX_FAULTS: Final = 200
"""After so many the rest of a file is not read: whoever mends these looks again."""
MOST_BROKEN: Final = 20
"""So many lines are looked at for the end of a cell that has line breaks."""

_HEADER: Final = ",".join(COLUMNS)
_SEPARATORS: Final = (",", ";", "\t")
_NAMED: Final = {",": "commas", ";": "semicolons", "\t": "tabs"}
_LINE: Final = re.compile(r"\r\n|\n|\r")
_NUMBERS: Final = tuple(range(MAX_LINES + 1))
"""A line's number is the same in every file, and held once."""
_INVISIBLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of policy, or what a grant or a space's audience says in the same words."""

    scope: str
    effect: str
    who: str
    can: str
    where: str
    marking: str
    state: str
    until: str
    reason: str
    file: str
    line: int


def telling(rule: Rule) -> tuple[bool, str, int]:
    """The order in which rules are named as reasons: by file and line; that a space shows its home page tells least."""
    return rule.where.startswith("node:home:"), rule.file, rule.line


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one line (0: the file as a whole), and what to do; `column` is a column's name or empty."""

    file: str
    line: int
    column: str
    message: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {self.column + ': ' if self.column else ''}{self.message}"


class PolicyError(Exception):
    """A policy file that cannot be taken; carries every fault found."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


@dataclass(frozen=True, slots=True)
class _Header:
    line: int
    separator: str
    index: Mapping[str, int]
    width: int
    last: str


def read_rules(text: str | bytes, *, file: str, scope: str) -> tuple[Rule, ...]:
    """The rules of a policy file in the order of its lines.

    `file` is the name shown in faults; its stem is the slug of the organisation whose file it is. `scope` is the node
    under which the rules may act: `platform` or the organisation's place id. Raises PolicyError with every fault.
    """
    return _Reading(file, scope).read(text)


def write_rules(rules: Iterable[Rule]) -> str:
    """The canonical text of rules: one header, comma-separated, quoted where needed, each line ended.

    Reads its own text back: a value that cannot be written so that the same rule comes out raises PolicyError.
    """
    given = tuple(rules)
    text = "".join(f"{line}\n" for line in (_HEADER, *map(_written, given)))
    file = given[0].file if given else ""
    scope = given[0].scope if given else PLATFORM
    read = read_rules(text, file=file, scope=scope)
    wanted = tuple(replace(rule, file=file, line=line) for line, rule in enumerate(given, start=2))
    if read != wanted:
        bad = next((w for r, w in zip(read, wanted, strict=False) if r != w), wanted[-1])
        raise PolicyError(
            [Fault(file, bad.line, "", "cannot be written as it stands: spaces at an end, or a line break.")]
        )
    return text


def gains_others(who: str, own: str) -> bool:
    """Whether an allow for `who` in the file of the organisation `own` lets other organisations or guests in."""
    kind, _, name = who.partition(":")
    if kind in ("org", "group", "person"):
        return name.partition("/")[0] != own
    return kind in ("guest", cells.ALL_STAFF)


def _written(rule: Rule) -> str:
    return ",".join(_quoted(str(getattr(rule, column))) for column in COLUMNS)


def _quoted(value: str) -> str:
    if value and re.fullmatch(r"[\w/:* .-]+", value):
        return value
    return '"' + value.replace('"', '""') + '"' if value else ""


def _width_message(line: str, parts: list[str], header: _Header) -> str:
    for other in _SEPARATORS:
        if other != header.separator and line.count(other) >= len(COLUMNS) - 1:
            return f"is separated by {_NAMED[other]}, but the first line by {_NAMED[header.separator]}. Use one."
    count = f"{len(parts)} column{'' if len(parts) == 1 else 's'}"
    return f"has {count}; the first line names {header.width}. Quote a value that has a comma in it."


class _Reading:
    """The reading of one file: lines in, rules and faults out."""

    def __init__(self, file: str, scope: str) -> None:
        self.file, self.scope = file, scope
        stem = PurePosixPath(file).stem
        self.own = "" if scope == PLATFORM else stem
        self.faults: list[Fault] = []
        self.rules: list[Rule] = []
        self.seen: dict[tuple[str, ...], int] = {}
        self.header: _Header | None = None
        self.separator = ""
        self.lines: list[str] = []
        self.inside = 0
        """The last line of a cell that goes over several."""

    def read(self, text: str | bytes) -> tuple[Rule, ...]:
        source = self._decoded(text).removeprefix("\ufeff")
        lines = _LINE.split(source)
        if len(lines) > MAX_LINES:
            self._refuse(MAX_LINES + 1, f"The file has more than {MAX_LINES:,} lines. Split it, or use groups.")
        if _INVISIBLE.search(source):
            self._report_invisible(lines)
        self.lines = lines
        for number, line in enumerate(lines, start=1):
            if len(self.faults) > MAX_FAULTS:
                break
            if line and not line.isspace() and number > self.inside:
                self._line(number, line)
        if self.header is None:
            if not self.faults:
                self._fault(1, "", f"The file is empty. Its first line must be: {_HEADER}")
        elif lines[-1] and self.header.last != "reason":
            self._fault(
                len(lines), "", "The last line is not ended, so it may be half written. Press Enter at its end."
            )
        if self.faults:
            raise PolicyError(self._capped())
        return tuple(self.rules)

    def _decoded(self, text: str | bytes) -> str:
        if len(text) > MAX_BYTES:
            self._refuse(1, f"The file is larger than {MAX_BYTES:,} bytes. Split it, or use groups.")
        if isinstance(text, str):
            return text
        if text[:2] in (b"\xff\xfe", b"\xfe\xff") or text[1:2] == b"\x00":
            self._refuse(1, "The file is saved as Unicode text (UTF-16). Save it as 'CSV UTF-8'.")
        try:
            return text.decode("utf-8")
        except UnicodeDecodeError as error:
            line = len(_LINE.split(text[: error.start].decode("utf-8")))
            byte = text[error.start]
            self._refuse(line, f"byte 0x{byte:02x} is not UTF-8. Save the file as 'CSV UTF-8'.")

    def _report_invisible(self, lines: list[str]) -> None:
        for number, line in enumerate(lines, start=1):
            if len(self.faults) > MAX_FAULTS:
                break
            if found := _INVISIBLE.search(line):
                self._fault(number, "", f"holds the invisible character U+{ord(found[0]):04X}. Type the line afresh.")

    def _line(self, number: int, line: str) -> None:
        if self._is_comment(number, line):
            return
        if len(line) > MAX_WIDTH:
            self._fault(number, "", f"is longer than {MAX_WIDTH:,} characters. Shorten it.")
            return
        if self.header is None:
            self._read_header(number, line)
            return
        cells_read = self._split(number, line, self.header.separator)
        if cells_read is None or not any(cells_read):
            return
        if cells_read[0].startswith("#"):
            if any(cells_read[1:]):
                self._fault(number, "", "starts with # inside quotation marks. Drop the marks for a comment, or the #.")
            return
        self._row(number, line, cells_read)

    def _is_comment(self, number: int, line: str) -> bool:
        if not line.lstrip().startswith("#"):
            return False
        header = self.header
        if header and header.index["reason"] == 0 and line.count(header.separator) >= len(COLUMNS) - 1:
            self._fault(number, "reason", "starts with #: is it a comment or a rule? Start the reason with a word.")
        return True

    def _split(self, number: int, line: str, separator: str) -> list[str] | None:
        if '"' in line:
            try:
                parts = next(csv.reader([line], delimiter=separator, strict=True))
            except csv.Error:
                self._fault(number, "", self._broken(number, line))
                return None
        else:
            parts = line.split(separator)
        return [part if part.isalnum() else " ".join(part.split()) for part in parts]

    def _broken(self, number: int, line: str) -> str:
        """What is wrong with quotation marks; of a cell that holds a line break, the lines that it goes on in."""
        if line.count('"') % 2:
            for on, later in enumerate(self.lines[number : number + MOST_BROKEN], start=number + 1):
                if later.count('"') % 2:
                    self.inside = on
                    lines = f"into line {on}" if on == number + 1 else f"as far as line {on}"
                    return (
                        f"has a line break inside a cell, which goes on {lines}. A rule stands on one line: put a "
                        "space in place of the break (in a spreadsheet, it was typed with Alt and Enter)."
                    )
        return 'has a quotation mark that is not closed, or text after it. Write "" for one inside.'

    def _read_header(self, number: int, line: str) -> None:
        if found := re.fullmatch(r'"?sep=(.)"?,*', line.strip(" ")):  # what a spreadsheet puts first
            self.separator = found[1]
            return
        separator = self.separator or max(_SEPARATORS, key=line.count)
        if separator not in _SEPARATORS:
            self._refuse(number, f"'{separator}' cannot separate columns. Use commas.")
        names = [name.casefold() for name in self._split(number, line, separator) or self._give_up()]
        self._check_header(number, names)
        self.header = _Header(
            line=number,
            separator=separator,
            index={name: at for at, name in enumerate(names) if name},
            width=len(names),
            last=[name for name in names if name][-1],
        )

    def _check_header(self, number: int, names: list[str]) -> None:
        known = [name for name in names if name in COLUMNS]
        if not known:
            self._refuse(number, f"The first line must name the columns: {_HEADER}")
        for name in dict.fromkeys(names):
            if name == "scope":
                self._fault(number, name, "is never typed: it comes from the file's name. Delete the column.")
            elif name and name not in COLUMNS:
                self._fault(number, name, letters.lookalike(name) or f"is not a column. The columns are: {_HEADER}")
            elif name and names.count(name) > 1:
                self._fault(number, name, "stands twice. Delete one of the columns.")
        for name in COLUMNS:
            if name not in names:
                self._fault(number, name, "is missing from the first line, which names the columns.")
        if self.faults:
            self._give_up()

    def _row(self, number: int, line: str, parts: list[str]) -> None:
        header = self.header or self._give_up()
        if len(parts) < header.width or any(parts[header.width :]):
            self._fault(number, "", _width_message(line, parts, header))
            return
        index = header.index
        if all(parts[at].casefold() == name for name, at in index.items()):
            self._fault(number, "", f"is the heading once more, which stands in line {header.line} already. Delete it.")
            return
        for at in range(header.width):
            if parts[at] and at not in index.values():
                self._fault(number, "", f"has '{parts[at][:40]}' under a column without a name.")
                return
        values = {name: parts[at] for name, at in index.items()}
        before = len(self.faults)
        rule = self._rule(number, values)
        if rule is not None and len(self.faults) == before:
            self._keep(rule)

    def _rule(self, number: int, values: Mapping[str, str]) -> Rule | None:
        for name, value in values.items():
            if len(value) > (cells.MAX_WHERE if name == "where" else cells.MAX_CELL):
                self._fault(number, name, f"is longer than {cells.MAX_CELL} characters. Shorten it.")
                return None
        effect = values["effect"].casefold()
        read = {
            "effect": self._cell(number, "effect", cells.read_effect, values["effect"]),
            "who": self._cell(number, "who", cells.read_who, values["who"], effect),
            "can": self._cell(number, "can", cells.read_can, values["can"]),
            "where": self._cell(number, "where", cells.read_where, values["where"]),
            "marking": self._cell(number, "marking", cells.read_marking, values["marking"], effect),
            "state": self._cell(number, "state", cells.read_state, values["state"]),
            "until": self._cell(number, "until", cells.read_until, values["until"]),
            "reason": self._cell(number, "reason", cells.read_reason, values["reason"]),
        }
        if read["effect"] == "deny" and read["can"] == "administer" and self.scope != PLATFORM:
            self._fault(
                number, "can", "an organisation's file may not deny administer. Ask the platform's administrators."
            )
        if (
            read["effect"] == "allow"
            and not values["reason"].strip(f"-{letters.DASHES} ")
            and gains_others(read["who"], self.own)
        ):
            self._fault(
                number, "reason", "is needed: other organisations or guests gain by this line. Say why, in a few words."
            )
        # words are those of many other lines, and held once however many of these there are
        words = {name: intern(word) for name, word in read.items()}
        return Rule(scope=self.scope, file=self.file, line=_NUMBERS[number], **words)

    def _cell(self, number: int, column: str, reader: Callable[..., str], *values: str) -> str:
        try:
            return reader(*values)
        except CellError as error:
            self._fault(number, column, self._better(column, values[0]) or str(error))
            return ""

    def _better(self, column: str, value: str) -> str:
        """What is wrong with the characters of a cell that cannot be read; empty where it is not they."""
        if column == "reason":
            return ""
        if re.search(r"\S\s*#", value):
            return f"'{value}' holds a comment. Put comments on a line of their own that starts with #."
        return letters.lookalike(value)

    def _keep(self, rule: Rule) -> None:
        key = (rule.effect, rule.who, rule.can, rule.where, rule.marking, rule.state, rule.until)
        first = self.seen.setdefault(key, rule.line)
        if first != rule.line:
            self._fault(rule.line, "", f"says the same as line {first}. Delete one of them.")
            return
        self.rules.append(rule)

    def _fault(self, line: int, column: str, message: str) -> None:
        self.faults.append(Fault(self.file, line, column, message))

    def _refuse(self, line: int, message: str) -> NoReturn:
        self._fault(line, "", message)
        self._give_up()

    def _give_up(self) -> NoReturn:
        raise PolicyError(self._capped())

    def _capped(self) -> list[Fault]:
        found = sorted(self.faults, key=lambda fault: fault.line)
        if len(found) > MAX_FAULTS:
            more = Fault(
                self.file, found[MAX_FAULTS].line, "", "has a fault too, and so may lines after it. Mend these first."
            )
            return [*found[:MAX_FAULTS], more]
        return found
