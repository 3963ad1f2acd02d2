"""Bare addresses of this hub's pages, and people who are named, in a page as it goes out: told anew to each reader.

What was laid out is kept for all readers, so it names nothing: an address stays an address in it, somebody an id.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from itertools import islice
from typing import Final

from markupsafe import escape

from hub.web.markdown.addresses import AT


@dataclass(frozen=True, slots=True)
class Led:
    """What an address leads to."""

    title: str
    href: str = ""
    """Its own address, of somebody who was named."""
    moved: bool = False
    """Whether it is a part of something else now, so that what it numbers has other numbers."""


Seek = Callable[[Collection[str]], Mapping[str, Led]]
"""What paths, and ids behind an @, lead to, as far as the reader may see it."""

MOST: Final = 500
"""Different addresses that are looked up for one page; further ones stay as they were typed."""
A_PAGE: Final = "a page of this hub"
SOMEBODY: Final = "somebody"
_PLACES: Final = ("/documents/", "/threads/", "/places/", "/people/")
_LINK: Final = ' rel="noopener noreferrer nofollow">'
_FOUND: Final = re.compile(
    rf'<a href="(?P<href>[^"<>]*)"{_LINK}(?P<text>[^<]*)</a>'
    rf'|<span class="{AT}">@who:(?P<who>[a-z0-9]*)</span>'
)
"""As the sieve writes them; nobody else's markup comes near it."""


def told(html: str, origin: str, seek: Seek) -> str:
    """A page with titles where it had bare addresses of a hub at `origin`, as far as `seek` tells them.

    Where it does not, stand the same words, whether something is there or not. A link with words of its author's keeps
    them.
    """
    if _LINK not in html and AT not in html:
        return html
    paths = frozenset(islice(dict.fromkeys(_paths(html, origin)), MOST))
    if not paths:
        return html
    leads = seek(paths)

    def write(found: re.Match[str]) -> str:
        path = _path(found, origin)
        led = leads.get(path)
        if found["who"]:
            return f'<a href="{escape(led.href)}">{escape(led.title)}</a>' if led else SOMEBODY
        return f'<a href="{found["href"]}">{escape(led.title if led else A_PAGE)}</a>' if path in paths else found[0]

    return _FOUND.sub(write, html)


def _paths(html: str, origin: str) -> Iterator[str]:
    return (path for found in _FOUND.finditer(html) if (path := _path(found, origin)))


def _path(found: re.Match[str], origin: str) -> str:
    """The path of a page of this hub that a link leads to, or who is named, as `@ID`; empty for any other link."""
    if found["who"]:
        return f"@{found['who']}"
    href = unescape(found["href"])
    if href != unescape(found["text"]):
        return ""
    path = href.removeprefix(origin)
    return path if path.startswith(_PLACES) else ""
