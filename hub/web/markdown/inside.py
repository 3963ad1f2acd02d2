"""Bare addresses of this hub's pages, and people who are named, in a page as it goes out: told anew to each reader.

What was laid out is kept for all readers, so it names nothing: an address stays an address in it, a handle a handle.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from html import unescape
from itertools import islice
from typing import Final

from markupsafe import escape

from hub.web.markdown.addresses import AT, WHO

Seek = Callable[[Collection[str]], Mapping[str, str]]
"""What leads to what: the titles of pages by their paths, of those that the reader may see."""

MOST: Final = 500
"""Different addresses that are looked up for one page; further ones stay as they were typed."""
A_PAGE: Final = "a page of this hub"
SOMEBODY: Final = "somebody"
_PLACES: Final = ("/documents/", "/threads/", "/places/", "/people/")
_FOUND: Final = re.compile(
    r'<a href="(?P<href>[^"<>]*)" rel="noopener noreferrer nofollow">(?P<text>[^<]*)</a>'
    rf'|<span class="{AT}">@(?P<who>[^<]*)</span>'
)
"""As the sieve writes them; nobody else's markup comes near it."""


def told(html: str, origin: str, seek: Seek) -> str:
    """A page with titles where it had bare addresses of a hub at `origin`, as far as `seek` tells them.

    Where it does not, stand the same words, whether something is there or not. A link with words of its author's keeps
    them.
    """
    paths = frozenset(islice(dict.fromkeys(_paths(html, origin)), MOST))
    if not paths:
        return html
    titles = seek(paths)

    def write(found: re.Match[str]) -> str:
        path = _path(found, origin)
        title = titles.get(path)
        if found["who"]:
            return f'<a href="{escape(path)}">{escape(title)}</a>' if title else SOMEBODY
        return f'<a href="{found["href"]}">{escape(title or A_PAGE)}</a>' if path in paths else found[0]

    return _FOUND.sub(write, html)


def without_names(source: str) -> str:
    """A text in Markdown that is taken elsewhere, with nobody named in it by a handle."""
    return WHO.sub(f"@{SOMEBODY}", source)


def _paths(html: str, origin: str) -> Iterator[str]:
    return (path for found in _FOUND.finditer(html) if (path := _path(found, origin)))


def _path(found: re.Match[str], origin: str) -> str:
    """The path of a page of this hub that a link or a name leads to; empty for any other link."""
    if found["who"]:
        return f"/people/{found['who']}"
    href = unescape(found["href"])
    if href != unescape(found["text"]):
        return ""
    path = href.removeprefix(origin)
    return path if path.startswith(_PLACES) else ""
