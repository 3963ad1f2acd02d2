"""Markdown to HTML that is safe to show: CommonMark with tables, task lists, footnotes and bare addresses.

No HTML of the author's but `<br>`; what comes out is cleaned once more by nh3. Headings move down one level (the page's
title is the h1), never skip one, and get an anchor. Pictures become links: the page shows nothing from elsewhere. Wide
tables scroll in a box that a keyboard reaches. Time grows with the length of the text and no faster, whatever is in it
(`bench/patterns.py` lists what is measured); `weight.py` says how much is taken.
"""

from hub.web.markdown.prose import ATTRIBUTES, TAGS, Prose, apart, as_typed, unnamed
from hub.web.markdown.reading import render
from hub.web.markdown.shown import Shown
from hub.web.markdown.weight import check_weight
from hub.web.markdown.words import words_of

__all__ = [
    "ATTRIBUTES",
    "TAGS",
    "Prose",
    "Shown",
    "apart",
    "as_typed",
    "check_weight",
    "render",
    "unnamed",
    "without_names",
    "words_of",
]
