"""Texts of lines and words that people send: policies, tables of people, revisions to compare, searches, names.

`LINES` lists what is measured: a name, a function that makes a text of about n characters, and the function that reads
it, which raises `Invalid` for more than the hub takes.
"""

from collections.abc import Callable
from datetime import date

from acl.directory import Place, PlaceTree
from acl.lint import lint
from acl.rules import COLUMNS, PolicyError
from acl.store import Snapshot, adopt
from hub.features.administration.people.table import read_table
from hub.features.administration.service import short_name
from hub.features.writing.difference import compare
from hub.ground.errors import Invalid
from hub.nouns.documents.bodies import without_marks
from hub.nouns.documents.forms import lines_of
from hub.web.fields import looks_empty
from search.entry import cleaned
from search.words import InvalidQuery, parse_query

Make = Callable[[int], str]
HEADER = ",".join(COLUMNS) + "\n"
FILE = "organisations/leeds.csv"
TODAY = date(2026, 11, 29)
LEEDS = Place("o1", "platform", "leeds", "organisation")


def lines(line: str, head: str = HEADER) -> Make:
    """The line again and again; {n} is its number, {even} whether that is even."""

    def make(size: int) -> str:
        found, length, number = [head], len(head), 0
        while length < size:
            found.append(line.format(n=number, verb=("allow", "deny")[number % 2], day=f"{2030 + number % 99}-01-02"))
            length += len(found[-1])
            number += 1
        return "".join(found)

    return make


def one(piece: str) -> Make:
    """The piece again and again, without an end of line."""
    return lambda size: piece * (size // len(piece))


def check_policy(text: str) -> object:
    """Read and lint a policy file; raises Invalid where it is refused as a whole."""
    try:
        file = adopt(FILE, text, LEEDS.id)
    except PolicyError as error:
        if len(error.faults) == 1:
            raise Invalid(str(error.faults[0])) from error
        return error.faults
    return lint(Snapshot({}, _TREE, 1), file, TODAY, lambda word: word.endswith("7"))


def check_table(text: str) -> object:
    """Read a table of people; raises Invalid where it is refused as a whole."""
    table = read_table(text)
    if len(table.wrong) == 1 and not table.rows:
        raise Invalid(table.wrong[0].message)
    return table


def search(text: str) -> object:
    """Read what somebody looks for."""
    try:
        return parse_query(text)
    except InvalidQuery as error:
        raise Invalid(str(error)) from error


def reversed_lines(text: str) -> object:
    """Compare a text with itself backwards, line by line."""
    return compare(text, "\n".join(reversed(text.split("\n"))))


def shifted_words(text: str) -> object:
    """Compare a text with itself, two letters shifted."""
    return compare(text, text.translate(str.maketrans("ab", "ba")))


def names(text: str) -> object:
    """What is asked of a name."""
    return looks_empty(text), short_name(text), lines_of(text)


def indexed(text: str) -> object:
    """Make words of a document's text, for the index."""
    return cleaned(without_marks(text))


_TREE = PlaceTree([LEEDS])

POLICIES: dict[str, Make] = {
    "sound lines": lines("allow,person:leeds/p{n},read,leeds,any,published,-,x\n"),
    "denies": lines("deny,person:leeds/p{n},read,leeds,any,any,-,x\n"),
    "denies and allows": lines("{verb},person:leeds/p{n},read,leeds,any,any,-,x\n"),
    "denies and allows of one": lines("{verb},person:leeds/p,read,doc:d{n},any,any,-,x\n"),
    "denies and allows with ends": lines("{verb},person:leeds/p,read,doc:d{n},any,any,{day},x\n"),
    "one line again": lines("deny,person:leeds/p,read,leeds,any,any,-,x\n"),
    "near misses": lines("alow{n},Org:{n},raed{n},leeds_{n},anyx,pub,31/02/2026,=x\n"),
    "unknown words": lines("allow,group:leeds/g{n},read,leeds/none-{n},any,any,-,x\n"),
    "everyone-but": lines("deny,everyone-but:group:leeds/g{n},read,leeds,any,any,-,x\n"),
    "quoted cells": lines('allow,org:leeds,read,doc:d{n},any,any,-,"a ""b"", c"\n'),
    "open quotes": lines('"a""b" {n},\n'),
    "invisible letters": lines("\u200b{n}\n"),
    "comments": lines("# {n}\n"),
    "one line": one("a"),
    "commas": one(","),
    "wide cells": lines("allow," + " " * 9000 + "org:leeds,read,doc:d{n},any,any,-,x\n"),
    "headings": one("effect,"),
    "quotes": one('",'),
    "ends of lines": one("\r"),
}
TABLES: dict[str, Make] = {
    "people": lines("Jo {n},jo{n}@leeds.example,Clerk\n", "Name,E-mail,Job title\n"),
    "people of one name": lines("Jo,jo{n}@leeds.example,Clerk\n", "Name,E-mail,Job title\n"),
    "faults": lines("!,no address,\x07\n", "Name,E-mail,Job title\n"),
    "one line again": lines("Jo,jo@leeds.example\n", "Name,E-mail\n"),
    "groups": one("Name,Groups\nJo," + "g;" * 4000),
    "headings": one("Name,"),
    "unknown headings": one("Nobody;"),
    "quotes": one('"'),
    "cells": lines("Jo" + "," * 400 + "\n", "Name\n"),
}
REVISIONS: dict[str, Make] = {
    "lines": lines("Line {n} of the plan\n", ""),
    "few kinds of lines": lines("{verb} a\n", ""),
    "words": lines("a b a a b b {n}\n", ""),
    "one line": one("a b "),
    "one word": one("ab"),
}
WORDS: dict[str, Make] = {
    "words": one("flood "),
    "quotes": one('"flood" "'),
    "stars": one("*(a* OR "),
    "apostrophes": one("'s"),
}
NAMES: dict[str, Make] = {**WORDS, "joiners": one("\u200d"), "dashes": one("-"), "accents": one("\u0315\u0300")}
BODIES: dict[str, Make] = {
    "brackets": one("["),
    "pictures": one("![a"),
    "links that do not end": one("[a]("),
    "spaces": one(" "),
    "spaces and bars": one("    |"),
    "dashes": one("---a"),
    "one rule that is none": lambda size: "-" * size + "a",
    "rules of tables": one("| --- "),
    "accents": one("\u0315\u0300"),
    "marks": one("*_`~#> "),
}

LINES: tuple[tuple[str, Make, Callable[[str], object]], ...] = (
    *((f"Policy: {name}", make, check_policy) for name, make in POLICIES.items()),
    *((f"People: {name}", make, check_table) for name, make in TABLES.items()),
    *((f"Comparing backwards: {name}", make, reversed_lines) for name, make in REVISIONS.items()),
    *((f"Comparing words: {name}", make, shifted_words) for name, make in REVISIONS.items()),
    *((f"Search: {name}", make, search) for name, make in WORDS.items()),
    *((f"Name: {name}", make, names) for name, make in NAMES.items()),
    *((f"Indexed: {name}", make, indexed) for name, make in BODIES.items()),
)
