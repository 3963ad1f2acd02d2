"""Links between the files of one import: what a Markdown file calls `../minutes.md` becomes that document's address."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from itertools import groupby
from posixpath import dirname, join, normpath
from typing import Final
from urllib.parse import quote, unquote

from markdown_it import MarkdownIt
from markdown_it.common.utils import unescapeAll

_ELSEWHERE: Final = re.compile(r"[a-z][a-z0-9+.-]*:|[/\\#?]", re.IGNORECASE)
"""How an address begins that is not relative to the folder of its file (RFC 3986, 4.2)."""
_MARK: Final = re.compile(r"\\.|`+|\]\(", re.DOTALL)
_TITLE: Final = r"""(?:\s+(?:"[^"\n]{0,500}"|'[^'\n]{0,500}'))?"""
_TARGET: Final = re.compile(
    rf"\s*(?P<angled><[^<>\n]*>|(?:[^()<>\n\"']|(?<!\s)[\"']|\([^()<>\n]*\))*?)(?={_TITLE}\s*\))"
)
"""What follows `](`; an address with spaces is none in CommonMark, though people write it: it is mended."""
_DEFINITION: Final = re.compile(r"^[ >]*\[[^\]\n]{1,999}\]:[ \t]*(?P<target><[^<>\n]*>|\S+)", re.MULTILINE)


class Targets:
    """Where the files of an import are in the hub: path in the imported folder -> id of the document."""

    def __init__(self, documents: Mapping[str, str]) -> None:
        self._exact = {_composed(path): document for path, document in documents.items()}
        self._loose: dict[str, set[str]] = {}
        for path, document in self._exact.items():
            self._loose.setdefault(path.casefold(), set()).add(document)

    def address(self, source: str, written: str) -> str | None:
        """The hub's address for what a file at `source` calls `written`; None for what is not of this import.

        Letters' case is passed over where that leaves one file, as on the system that most folders come from.
        """
        if not written or _ELSEWHERE.match(written):
            return None
        rest, mark, anchor = written.partition("#")
        path = unquote(rest.partition("?")[0]).replace("\\", "/").strip()
        if not path:
            return None
        wanted = _composed(normpath(join(dirname(source), path)))
        loose = self._loose.get(wanted.casefold(), set())
        found = self._exact.get(wanted) or (next(iter(loose)) if len(loose) == 1 else None)
        return f"/documents/{found}{mark}{quote(unquote(anchor))}" if found else None


def relinked(body: str, address: Callable[[str], str | None]) -> str:
    """A Markdown text with each address replaced for which `address` has another; code stays as it is."""
    code, pieces = _lines_of_code(body), list[str]()
    lines = enumerate(body.split("\n"))
    for (is_code, _), some in groupby(lines, lambda line: (line[0] in code, not line[1].strip())):
        piece = "\n".join(line for _, line in some)
        pieces.append(piece if is_code else _replaced(piece, address))
    return "\n".join(pieces)


def _lines_of_code(body: str) -> set[int]:
    tokens = MarkdownIt("commonmark", {"html": False}).disable("inline").parse(body)
    maps = (token.map for token in tokens if token.type in {"fence", "code_block"})
    return {line for map_ in maps if map_ for line in range(*map_)}


def _replaced(text: str, address: Callable[[str], str | None]) -> str:
    pieces, at = list[str](), 0
    for start, end in sorted({*_targets(text), *(found.span("target") for found in _DEFINITION.finditer(text))}):
        new = address(_plain(text[start:end])) if start >= at else None
        if new is not None:
            pieces += (text[at:start], new)
            at = end
    return "".join(pieces) + text[at:]


def _plain(target: str) -> str:
    """An address as it is meant: without the pointed brackets, escapes and entities (CommonMark 0.31, 6.3)."""
    return str(unescapeAll(target.strip().removeprefix("<").removesuffix(">")))


def _targets(text: str) -> Iterator[tuple[int, int]]:
    """Where the addresses of links and pictures stand in a text; what is escaped or in a span of code is none."""
    runs: dict[int, list[int]] = {}
    for run in reversed(list(re.finditer("`+", text))):
        runs.setdefault(len(run[0]), []).append(run.start())
    at = 0
    while mark := _MARK.search(text, at):
        at = mark.end()
        if mark[0].startswith("`"):
            same = runs.get(len(mark[0]), [])
            while same and same[-1] < at:
                same.pop()
            at = same[-1] + len(mark[0]) if same else at
        elif mark[0] == "](" and (found := _TARGET.match(text, at)):
            yield found.span("angled")
            at = found.end()


def _composed(path: str) -> str:
    """Letters with accents in one form: some systems keep them taken apart."""
    return unicodedata.normalize("NFC", path)
