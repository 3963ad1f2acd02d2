"""What a reader reads of a rendered text: lines of words without marks, for comparing two texts."""

import re
from html import unescape
from typing import Final

from markupsafe import Markup

_TAG: Final = re.compile(r'<(/?)(\w+)((?:\s+[\w-]+="[^"]*")*)\s*/?>')
_START: Final = re.compile(r'\sstart="(\d{1,9})"')
_HREF: Final = re.compile(r'\shref="([^"]*)"')
_HIDDEN: Final = re.compile(r'<a class="hub-notes__back".*?</a>|<span class="govuk-visually-hidden">.*?</span>')
_BLANK: Final = re.compile(r"[ \t]*\n\s*")
_APART: Final = re.compile(r"^( *(?:•|\d+\.))\s*\n\s*", re.MULTILINE)
_OF_A_LINE: Final = {"h2", "h3", "h4", "h5", "h6", "p", "pre", "tr", "section"}


def words_of(html: Markup) -> str:
    """The lines of a text as it is read: items with their bullets, cells side by side, links with their addresses."""
    shown = _HIDDEN.sub("", html.replace("\r", ""))
    lines = _BLANK.sub(_line_end, unescape(_TAG.sub(_Tags(), shown)))
    return _APART.sub(r"\1 ", lines.replace("\n | ", " | ")).strip()


def _line_end(found: re.Match[str]) -> str:
    """One line end, and how far the next line is set in."""
    return "\n" + found[0].rpartition("\n")[2]


class _Tags:
    """What stands for each tag, one after the other."""

    def __init__(self) -> None:
        self._lists: list[int | None] = []
        self._link = ("", 0)
        self._first = True

    def __call__(self, found: re.Match[str]) -> str:
        closing, tag = found[1], found[2]
        if tag == "a":
            return self._close_link(found) if closing else self._open_link(found)
        if tag in {"ul", "ol"}:
            return self._of_list(found)
        if tag in {"td", "th"} and not closing:
            first, self._first = self._first, False
            return "" if first else " | "
        if closing:
            return ""
        self._first = self._first or tag == "tr"
        return self._item() if tag == "li" else "\n" if tag in _OF_A_LINE else "\n———\n" if tag == "hr" else ""

    def _open_link(self, found: re.Match[str]) -> str:
        href = _HREF.search(found[3])
        self._link = href[1] if href else "", found.end()
        return "[" if self._link[0].startswith("#fn-") else ""

    def _close_link(self, found: re.Match[str]) -> str:
        """The address, unless the words of the link are the address, or it stays within the text."""
        href, start = self._link
        if href.startswith("#fn-"):
            return "]"
        told = {"", href, href.removeprefix("mailto:"), href.removeprefix("http://")}
        return "" if href.startswith("#") or not href or found.string[start : found.start()] in told else f" ({href})"

    def _of_list(self, found: re.Match[str]) -> str:
        if not found[1]:
            start = _START.search(found[3])
            self._lists.append(None if found[2] == "ul" else int(start[1]) if start else 1)
        elif self._lists:
            self._lists.pop()
        return ""

    def _item(self) -> str:
        number = self._lists[-1] if self._lists else None
        if number is not None:
            self._lists[-1] = number + 1
        return f"\n{'  ' * (len(self._lists) - 1)}{'•' if number is None else f'{number}.'} "
