"""Addresses in running text become links, as in GitHub's Markdown (GFM 0.29, section 6.9): pages and mail.

So do those of this hub's own pages without its name, `/documents/…`; people who are named, `@who:ID`, are marked.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from markdown_it.common.normalize_url import normalizeLink
from markdown_it.token import Token

AT: Final = "hub-at"
"""The class of what names somebody."""
_START: Final = r"(?<![A-Za-z0-9@./_+-])"
_WHO: Final = r"@who:(?P<who>[a-z][a-z0-9]{11})(?![@/\w-])"
WHO: Final = re.compile(_START + _WHO)
"""Somebody who is named, by the id of theirs that says nothing."""
HANDLE: Final = _START + r"@(?P<handle>[a-z0-9-]{1,63}/[a-z0-9-]{1,80}(?:\.[a-z0-9-]{1,80}){0,8})(?![@/\w-])"
"""The same as it is typed, by their handle."""
_LONGEST: Final = 2_000
_FOUND: Final = re.compile(
    rf"{_START}(?:{_WHO}"
    r"|(?P<page>(?:https?://[^\W_]|www\.[^\W_]+[.-])[^\s<>\"`]*)"
    r"|(?P<own>/(?:documents|threads|places|people)/[^\W_][^\s<>\"`]*)"
    r"|(?P<mail>[A-Za-z0-9._+'-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8})(?![@_\w-]))",
    re.IGNORECASE,
)
_AFTER: Final = "?!.,:;*_~'[]“”‘’»"


def linked(children: Iterable[Token]) -> Iterator[Token]:
    """The tokens of a line, with links where its text has addresses; in links and code nothing changes."""
    inside = 0
    for child in children:
        inside += child.nesting if child.tag == "a" else 0
        if child.type == "text" and not inside and any(mark in child.content for mark in "@.:/"):
            yield from _split(child.content)
        else:
            yield child


def _split(text: str) -> Iterator[Token]:
    done = 0
    for found in _FOUND.finditer(text):
        shown = _trimmed(found[0])
        if not shown or len(shown) > _LONGEST:
            continue
        yield _text(text[done : found.start()])
        done = found.start() + len(shown)
        if found["who"]:
            yield from (Token("at_open", "span", 1, {"class": AT}), _text(shown), Token("at_close", "span", -1))
            continue
        mail, bare = found["mail"], shown[:4].lower() == "www."
        yield Token(
            "link_open", "a", 1, {"href": normalizeLink(f"{'mailto:' if mail else 'http://' if bare else ''}{shown}")}
        )
        yield _text(shown)
        yield Token("link_close", "a", -1)
    yield _text(text[done:])


def _trimmed(address: str) -> str:
    """Without the punctuation of the sentence around it, and a bracket that was not opened in it."""
    end, unopened = len(address), address.count(")") - address.count("(")
    while end and (address[end - 1] in _AFTER or (address[end - 1] == ")" and unopened > 0)):
        end -= 1
        unopened -= address[end] == ")"
    return address[:end]


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)
