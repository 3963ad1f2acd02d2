"""Texts that made Markdown parsers slow, each by its name: a function from a number of characters to so long a text."""

from collections.abc import Callable
from itertools import count, takewhile

Make = Callable[[int], str]


def again(piece: str) -> Make:
    """The same piece over and over."""
    return lambda n: (piece * (n // len(piece) + 1))[:n]


def after(start: str, piece: str) -> Make:
    """A beginning, then the same piece over and over."""
    return lambda n: start + again(piece)(max(0, n - len(start)))


def numbered(piece: str) -> Make:
    """A piece with a number in it ({}), counting up."""
    return lambda n: "".join(piece.format(i) for i in range(n // len(piece.format(n // len(piece))) + 1))[:n]


def nested(before: str, behind: str) -> Make:
    """Pairs within pairs."""
    return lambda n: before * (n // len(before + behind)) + "x" + behind * (n // len(before + behind))


def growing(piece: str, end: str) -> Make:
    """Runs of a piece, each longer by one than the one before."""
    return lambda n: "".join(piece * k + end for k in takewhile(lambda k: k * k < 2 * n, count(1)))[:n]


def wide_table(n: int) -> str:
    """Three rows of very many columns."""
    columns = n // 6 + 1
    return f"|{'a|' * columns}\n|{'-|' * columns}\n|{'b|' * columns}\n"[:n]


def short_rows(n: int) -> str:
    """Many rows of one cell under a head of many, so that most cells are made up."""
    columns = min(64, n // 8 + 1)
    return f"|{'a|' * columns}\n|{'-|' * columns}\n" + again("b\n")(max(0, n - 4 * columns))


MARKDOWN: dict[str, Make] = {
    "prose": again("The panel **meets** on Tuesday in the [hall](/hall), and decides on `P-17`.\nAll may come.\n\n"),
    "one long line": again("The panel meets on Tuesday and decides "),
    "one long word": again("a"),
    "Chinese, Japanese, Korean": again("住宅**計画**と房屋계획*주택*"),
    "equal headings": again("# a\n"),
    "equal headings in Cyrillic": again("# дом\n"),
    "underlined headings": again("a\n---\n"),
    "lines that might become a heading": again("a\n= =\n"),
    "pictures in one paragraph": again("![a](b) "),
    "pictures within pictures": nested("![", "](a)"),
    "many tables": again("|a|\n|-|\n|b|\n\n"),
    "one wide table": wide_table,
    "one long table": after("|a|b|\n|-|-:|\n", "|c|d<br>e|\n"),
    "table of missing cells": short_rows,
    "unclosed [": again("["),
    "unclosed ![": again("!["),
    "unclosed [a](": again("[a]("),
    "unclosed [a][": after("[a]: b\n\n", "[a]["),
    "unclosed [^": after("[^1]: note\n\n", "[^"),
    "brackets within brackets": nested("[", "]"),
    "parentheses in an address": again("[a](" + "(" * 31),
    "quotes in quotes": again("> "),
    "lists in lists": again("- "),
    "lists in quotes in lists": again("> - a\n> > 1. b\n"),
    "deeper and deeper lists": lambda n: "".join(f"{'  ' * (i % 30)}- a\n" for i in range(n // 33 + 1))[:n],
    "lines that belong to a deep quote": after(">" * 40 + "a\n", "a\n"),
    "one long list": again("- a\n"),
    "task list": again("- [x] a\n"),
    "*a ": again("*a "),
    "_a ": again("_a "),
    "**a* ": again("**a* "),
    "a**b": again("a**b"),
    "***": again("*"),
    "*_*_": again("*_*_ a"),
    "emphasis in emphasis": nested("*a ", " b*"),
    "~~~a": again("a ~~~b ~~c "),
    "runs of backticks": growing("`", " "),
    "`[": again("`["),
    "<a": again("<a"),
    "<!--": again("<!--"),
    "<![CDATA[": again("<![CDATA["),
    "looks like HTML": again("<div><b>x</b>\n\n"),
    "<br>": again("a<br>"),
    "other marks": again("a$b%c+d-e=f^g{h}"),
    "entities": again("&amp;&#35;&nope;"),
    "unclosed entities": again("&a&#1"),
    "reference definitions": numbered("[a{0}]: /b{0} 'c'\n"),
    "references": after("[a]: b\n\n", "[a] "),
    "unclosed definitions": again('[a]: b "c\n'),
    "unclosed labels": again("[a\n"),
    "footnotes": numbered("a[^{0}]\n\n[^{0}]: note\n\n"),
    "one footnote, many references": after("[^1]: note\n\n", "[^1] "),
    "addresses": again("https://www.leeds.example/a "),
    "unfinished addresses": again("http://www."),
    "parentheses after an address": after("https://leeds.example/(", ")"),
    "mail addresses": again("jane@york.example "),
    "unfinished mail addresses": again("a.a@"),
    "escapes": again("\\*\\"),
    "hard breaks": again("a  \n"),
    "unclosed code": again("```\na\n~~~\n"),
    "longer and longer fences": growing("`", "\n"),
    "rules": again("- - -\n***\n"),
    "blank lines and tabs": again("\t\n\n \t"),
}
