"""What becomes of the parser's tokens before they are written: headings, jumps, tables, pictures, addresses, depth."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote

from markdown_it.token import Token
from markupsafe import Markup, escape

from hub.web.markdown.addresses import linked

DEEPEST: Final = 10
"""Bold in slanted in bold …: what lies deeper is not set apart any more."""
_LONGEST_SLUG: Final = 60
_ALIGNED: Final = {"text-align:right": "hub-right", "text-align:center": "hub-centre"}
_EMPHASIS: Final = {"em", "strong", "s"}
_LOOSE: Final = re.compile(r"[\W_]+")


@dataclass(slots=True)
class Anchors:
    """The anchors of a text's headings, and how a link may call them."""

    sections: list[tuple[str, str]] = field(default_factory=list)
    _used: set[str] = field(default_factory=set)
    _next: dict[str, int] = field(default_factory=dict)
    _loose: dict[str, str] = field(default_factory=dict)

    def add(self, text: str) -> str:
        """A new anchor for a heading of this text."""
        base = f"h-{slug(text) or 'section'}"
        number = self._next.get(base, 1)
        anchor = base if number == 1 else f"{base}-{number}"
        while anchor in self._used:
            number += 1
            anchor = f"{base}-{number}"
        self._next[base] = number + 1
        self._used.add(anchor)
        self._loose.setdefault(_loosely(text), anchor)
        return anchor

    def jump(self, href: str) -> str:
        """Where `#section-one` leads: to the heading that is meant, however it is spelt."""
        wanted = unquote(href[1:])
        if not wanted or wanted in self._used:
            return href
        plain = f"h-{slug(wanted)}"
        return f"#{plain if plain in self._used else self._loose.get(_loosely(wanted), plain)}"


def slug(text: str) -> str:
    """A heading as part of an address: letters of every script, in lower case, and hyphens."""
    plain = unicodedata.normalize("NFC", text).lower()
    kept = "".join(c if c.isalnum() or unicodedata.category(c).startswith("M") else " " for c in plain)
    return "-".join(kept.split())[:_LONGEST_SLUG].strip("-")


def _loosely(text: str) -> str:
    return _LOOSE.sub("", unicodedata.normalize("NFC", text).casefold())


def settled(tokens: Sequence[Token]) -> tuple[list[Token], list[tuple[str, str]]]:
    """The tokens as they are written, and the sections."""
    anchors = Anchors()
    _headings(tokens, anchors)
    for token in tokens:
        if token.children:
            token.children = list(linked(_pictures(_shallow(token.children))))
            for child in token.children:
                if child.type == "link_open" and str(child.attrs.get("href", "")).startswith("#"):
                    child.attrSet("href", anchors.jump(str(child.attrs["href"])))
    return list(_tables(tokens)), anchors.sections


def text_of(children: Iterable[Token]) -> str:
    """What a reader sees of a line."""
    return "".join(
        " "
        if child.type in {"softbreak", "hardbreak"}
        else text_of(child.children)
        if child.children
        else child.content
        for child in children
        if child.type != "html_inline"
    )


def _headings(tokens: Sequence[Token], anchors: Anchors) -> None:
    level = 1
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            level = min(int(token.tag[1]) + 1, 6, level + 1)
            text = text_of(tokens[place + 1].children or ()).strip()
            anchor = anchors.add(text)
            if level == 2:  # noqa: PLR2004
                anchors.sections.append((anchor, text))
            token.attrSet("id", anchor)
            token.tag = f"h{level}"
        elif token.type == "heading_close":
            token.tag = f"h{level}"


def _shallow(children: Iterable[Token]) -> Iterator[Token]:
    depth = 0
    for child in children:
        if child.tag in _EMPHASIS:
            depth += child.nesting == 1
            deep = depth > DEEPEST
            depth -= child.nesting == -1
            if deep:
                continue
        yield child


def _pictures(children: Iterable[Token]) -> Iterator[Token]:
    """Pictures as links; within a link, which leads elsewhere already, as their words."""
    inside = 0
    for child in children:
        inside += child.nesting if child.tag == "a" else 0
        if child.type == "image":
            text = escape(text_of(child.children or ()) or "picture")
            href = escape(str(child.attrs.get("src", "")))
            html = text if inside else Markup('<a href="{}">Picture: {}</a>').format(href, text)
            yield Token("html_inline", "", 0, content=str(html))
        else:
            yield child


def _tables(tokens: Iterable[Token]) -> Iterator[Token]:
    number = 0
    for token in tokens:
        if token.type in {"th_open", "td_open"}:
            aligned = _ALIGNED.get(str(token.attrs.pop("style", "")))
            token.attrs |= ({"scope": "col"} if token.tag == "th" else {}) | ({"class": aligned} if aligned else {})
        if token.type == "table_open":
            number += 1
            box = f'<div class="hub-scroll" role="region" tabindex="0" aria-label="Table {number}">\n'
            yield Token("html_block", "", 0, content=box)
        yield token
        if token.type == "table_close":
            yield Token("html_block", "", 0, content="</div>\n")
