"""Markdown to HTML that is safe to show: CommonMark with tables, no HTML of the author's, cleaned once more by nh3.

Headings move down one level (the page's title is the h1), never skip one, and get an anchor. Pictures become links:
the page shows nothing from elsewhere. Wide tables scroll in a box that a keyboard reaches.
"""

import re
import threading
from collections import OrderedDict
from collections.abc import Sequence
from hashlib import sha256
from typing import Final

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape

_TAG_NAMES: Final = (
    "a blockquote br code dd del div dl dt em h2 h3 h4 h5 h6 hr li ol p pre s span strong sub sup table tbody td th "
    "thead tr ul"
)
TAGS: Final = frozenset(_TAG_NAMES.split())
ATTRIBUTES: Final = {
    "a": {"href", "title", "class", "aria-label"},
    "div": {"class", "role", "tabindex", "aria-label"},
    "ol": {"start"},
    "th": {"scope"},
    **{f"h{level}": {"id"} for level in range(2, 7)},
}
SCHEMES: Final = frozenset({"http", "https", "mailto", "tel"})
_KEPT: Final = 256
_KEEP_UP_TO: Final = 200_000
_SECTION: Final = re.compile(r'<h2 id="([^"]+)">(.*?)</h2>', re.DOTALL)
_NOT_SLUG: Final = re.compile(r"[^a-z0-9]+")


class _Cache:
    """The last texts rendered, by hash: a document is read far more often than it is changed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[bytes, Markup] = OrderedDict()

    def get(self, key: bytes) -> Markup | None:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def put(self, key: bytes, value: Markup) -> None:
        with self._lock:
            self._kept[key] = value
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)


_CACHE: Final = _Cache()


def render_markdown(source: str) -> Markup:
    """HTML of a Markdown text. Whatever is in the text, the result holds only `TAGS`, `ATTRIBUTES` and `SCHEMES`."""
    key = sha256(source.encode("utf-8", "surrogatepass")).digest()
    found = _CACHE.get(key)
    if found is None:
        found = _render(source)
        if len(source) <= _KEEP_UP_TO:
            _CACHE.put(key, found)
    return found


def sections(source: str) -> list[tuple[str, str]]:
    """The headings of the highest level in a Markdown text, as rendered: anchor and plain text."""
    return [(anchor, Markup(text).striptags()) for anchor, text in _SECTION.findall(render_markdown(source))]  # noqa: S704


def _render(source: str) -> Markup:
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    tokens = parser.parse(source.replace("\x00", "\ufffd"))
    _headings(tokens)
    _tables(tokens)
    _pictures(tokens)
    html = parser.renderer.render(tokens, parser.options, {})
    clean = nh3.clean(
        html,
        tags=set(TAGS),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        url_schemes=set(SCHEMES),
        link_rel="noopener noreferrer nofollow",
    )
    return Markup(clean)  # noqa: S704 - cleaned one line above


def _headings(tokens: Sequence[Token]) -> None:
    level, used = 1, set[str]()
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            wanted = min(int(token.tag[1]) + 1, 6)
            level = min(wanted, level + 1)
            text = tokens[place + 1].content
            anchor = base = "h-" + (_NOT_SLUG.sub("-", text.lower()).strip("-")[:60] or "section")
            number = 2
            while anchor in used:
                anchor, number = f"{base}-{number}", number + 1
            used.add(anchor)
            token.attrSet("id", anchor)
            token.tag = f"h{level}"
        elif token.type == "heading_close":
            token.tag = f"h{level}"


def _tables(tokens: list[Token]) -> None:
    number = 0
    for token in tokens:
        if token.type == "th_open":
            token.attrSet("scope", "col")
            token.attrs.pop("style", None)
        elif token.type == "td_open":
            token.attrs.pop("style", None)
    for place in range(len(tokens) - 1, -1, -1):
        if tokens[place].type == "table_close":
            tokens.insert(place + 1, Token("html_block", "", 0, content="</div>\n"))
    place = 0
    while place < len(tokens):
        if tokens[place].type == "table_open":
            number += 1
            box = f'<div class="hub-scroll" role="region" tabindex="0" aria-label="Table {number}">\n'
            tokens.insert(place, Token("html_block", "", 0, content=box))
            place += 1
        place += 1


def _pictures(tokens: Sequence[Token]) -> None:
    for token in tokens:
        children = token.children or []
        for child in children:
            if child.type == "image":
                href, text = escape(str(child.attrs.get("src", ""))), escape(child.content or "picture")
                inside = any(other.type == "link_open" for other in children)
                child.type = "html_inline"
                child.content = f"{text}" if inside else f'<a href="{href}">Picture: {text}</a>'
                child.children = None
