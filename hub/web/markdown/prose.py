"""What a text becomes, and the last sieve: whatever is in a text, only these tags, attributes and schemes come out."""

import re
from dataclasses import dataclass, replace
from typing import Final

import nh3
from markupsafe import Markup, escape

_TAG_NAMES: Final = (
    "a blockquote br code dd del div dl dt em h2 h3 h4 h5 h6 hr li ol p pre s section span strong sub sup table tbody "
    "td th thead tr ul"
)
TAGS: Final = frozenset(_TAG_NAMES.split())
ATTRIBUTES: Final = {
    "a": {"href", "title", "class", "aria-label", "id"},
    "div": {"class", "role", "tabindex", "aria-label"},
    "li": {"class", "id"},
    "ol": {"start"},
    "section": {"class", "aria-label"},
    "span": {"class", "aria-hidden"},
    "td": {"class"},
    "th": {"class", "scope"},
    "ul": {"class"},
    **{f"h{level}": {"id"} for level in range(2, 7)},
}
SCHEMES: Final = frozenset({"http", "https", "mailto", "tel"})


@dataclass(frozen=True, slots=True)
class Prose:
    """A text as it is shown."""

    html: Markup
    sections: tuple[tuple[str, str], ...] = ()
    """The headings of the highest level: anchor and plain text."""
    said: str = ""
    """Why the text is shown as it was typed, as a sentence; empty where it is not."""


def cleaned(html: str) -> Markup:
    """HTML with nothing in it but `TAGS`, `ATTRIBUTES` and `SCHEMES`."""
    clean = nh3.clean(
        html,
        tags=set(TAGS),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        url_schemes=set(SCHEMES),
        link_rel="noopener noreferrer nofollow",
    )
    return Markup(clean)  # noqa: S704 - cleaned one line above


_TAG: Final = re.compile(r'<[a-z][a-z0-9]*(?: [a-z-]+="[^"]*")+')
_ANCHOR: Final = re.compile(r' (id="|href="#)')


_LANDMARK: Final = re.compile(r' aria-label="(Table \d+|Notes)"')
"""Regions of a text that a page must be able to tell apart."""


def apart(prose: Prose, prefix: str) -> Prose:
    """A text that stands on a page with others: its anchors, and the links to them, begin with a prefix of its own."""

    def named(tag: re.Match[str]) -> str:
        anchored = _ANCHOR.sub(rf" \1{prefix}-", tag[0])
        return _LANDMARK.sub(rf' aria-label="\1, {prefix.replace("-", " ")}"', anchored)

    html = Markup(_TAG.sub(named, prose.html))  # noqa: S704 - cleaned before, and the prefix is ours
    return Prose(html, tuple((f"{prefix}-{anchor}", text) for anchor, text in prose.sections), prose.said)


_AT: Final = re.compile(r'<span class="hub-at">([^<]*)</span>')


def unnamed(prose: Prose) -> Prose:
    """A text that nobody said to others: what looks like somebody's id in it is what it says."""
    return replace(prose, html=Markup(_AT.sub(r"\1", prose.html))) if 'class="hub-at"' in prose.html else prose  # noqa: S704


def as_typed(source: str, said: str) -> Prose:
    """A text that is shown as it was typed, and why."""
    return Prose(Markup("<pre><code>{}</code></pre>").format(escape(source)), said=said)
