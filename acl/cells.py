"""The closed words of a policy file's cells: each reader gives the canonical form, or says what to write instead."""

import difflib
import re
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from acl.vocabulary import ACTIONS, MARKINGS, PEOPLE, STATES, THINGS

EFFECTS: Final = ("allow", "deny")
SPECIAL: Final = ("own-organisation", "document-owner")
"""Words that nobody holds: the matcher compares them with the object."""
EVERYONE_BUT: Final = "everyone-but:"
ALL_STAFF: Final = "all-staff"
MAX_DEPTH: Final = 32
MAX_CELL: Final = 500
MAX_WHERE: Final = 2000

_MEMORY: Final = 65_536
_SLUG: Final = r"[a-z0-9]+(?:-[a-z0-9]+)*"
_HELD: Final = re.compile(rf"all-staff|org:{_SLUG}|(?:group|person|guest):{_SLUG}/{_SLUG}")
_PATH: Final = re.compile(rf"{_SLUG}(?:/{_SLUG})*")
_THING: Final = re.compile(rf"(?:{'|'.join(THINGS)}):[a-z0-9]+")
_PEOPLE: Final = re.compile(rf"{PEOPLE}{_SLUG}")
_ISO: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_BRITISH: Final = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_YEARS: Final = range(2000, 2200)
_SERIAL: Final = re.compile(r"(\d{5,6})(?:\.\d+)?")
_SPREADSHEETS_FIRST: Final = date(1899, 12, 30)
"""Day 0 of Excel's and LibreOffice's count (ECMA-376 part 1, 18.17.4.1), which counts a 29 February 1900."""
_SERIALS: Final = range(36526, 109575)
"""Of the years above."""
_FORMULA: Final = ("=", "+", "@")

_RENAMED: Final = {
    "everyone": "all-staff",
    "anyone": "all-staff",
    "staff": "all-staff",
    "*": "all-staff",
    "owner": "document-owner",
    "same-org": "own-organisation",
    "own-org": "own-organisation",
}
_RENAMED_PREFIXES: Final = {
    "user:": "person:",
    "organisation:": "org:",
    "organization:": "org:",
    "role:": "group:",
    "team:": "group:",
    "except:": "everyone-but:",
}


class CellError(ValueError):
    """A cell that cannot be read; its text says what to write instead."""


def _choice(value: str, known: Iterable[str], what: str) -> str:
    words = tuple(known)
    if value.casefold() in words:
        return value.casefold()
    if "#" in value:
        raise CellError(f"'{value}' holds a comment. Put comments on a line of their own that starts with #.")
    close = difflib.get_close_matches(value.casefold(), words, n=1, cutoff=0.5)
    hint = f" Did you mean {close[0]}?" if close else ""
    raise CellError(f"'{value}' is not {what}. Write {_either(words)}.{hint}")


def _either(words: Iterable[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} or {last}" if first else last


@lru_cache(_MEMORY)
def read_effect(value: str) -> str:
    """`allow` or `deny`; raises CellError."""
    return _choice(value, EFFECTS, "an effect")


@lru_cache(_MEMORY)
def read_can(value: str) -> str:
    """One of the five actions; raises CellError."""
    return _choice(value, ACTIONS, "an action")


@lru_cache(_MEMORY)
def read_state(value: str) -> str:
    """`any` or one of the states; raises CellError."""
    return _choice(value, ("any", *STATES), "a state")


@lru_cache(_MEMORY)
def read_who(value: str, effect: str) -> str:
    """A principal's word, `everyone-but:X` in denies only; raises CellError."""
    if value.startswith(EVERYONE_BUT):
        if effect != "deny":
            raise CellError(f"'{EVERYONE_BUT}' may stand in a deny only. In an allow, name who gains.")
        _held(value.removeprefix(EVERYONE_BUT), inside=True)
        return value
    if value in SPECIAL:
        return value
    _held(value, inside=False)
    return value


def _held(word: str, *, inside: bool) -> None:
    if _HELD.fullmatch(word):
        return
    if inside and (word in SPECIAL or word.startswith(EVERYONE_BUT)):
        raise CellError(f"after '{EVERYONE_BUT}' name an org:, group:, person: or guest:, or all-staff; not '{word}'.")
    if "@" in word:
        raise CellError(f"'{word}' is an e-mail address. Use a handle such as person:leeds/sam-okafor.")
    better = _better_who(word)
    if better:
        raise CellError(f"'{word}' is not a word for who. Write {better}.")
    raise CellError(
        f"'{word}' is not a word for who. Write all-staff, own-organisation, document-owner, org:leeds, "
        "group:leeds/legal, person:leeds/sam-okafor or guest:acme/maria-lopez, in lower case."
    )


def _better_who(word: str) -> str:
    low = word.casefold()
    if low in _RENAMED:
        return _RENAMED[low]
    for old, new in _RENAMED_PREFIXES.items():
        if low.startswith(old):
            return new + low.removeprefix(old)
    return low if low in SPECIAL or _HELD.fullmatch(low) else ""


@lru_cache(_MEMORY)
def read_where(value: str) -> str:
    """`*`, a place's path, an organisation's people, or what lies in a place (`doc:ID`); raises CellError."""
    if value == "*" or _THING.fullmatch(value) or _PEOPLE.fullmatch(value):
        return value
    if not _PATH.fullmatch(value):
        better = value.strip("/").casefold().replace(" ", "-").replace("_", "-")
        hint = f" Write {better}." if better != value and _PATH.fullmatch(better) else ""
        known = f"*, a place's path such as leeds/housing, {PEOPLE}leeds, or {THINGS[0]}:ID"
        raise CellError(f"'{value}' is not {known}.{hint}")
    if value.count("/") >= MAX_DEPTH - 1:  # the platform itself is the first of the 32 levels
        raise CellError(f"'{value}' is deeper than {MAX_DEPTH} levels. Name a place above it.")
    return value


@lru_cache(_MEMORY)
def read_marking(value: str, effect: str) -> str:
    """`any`, `only X`, `up to X` (allows only) or `X and above`; raises CellError."""
    low = value.casefold()
    if low == "any":
        return "any"
    for marking in MARKINGS:
        word = marking.casefold()
        if low == word:
            first = "" if effect == "deny" else f"'up to {marking}', "
            raise CellError(
                f"'{value}' alone may mean three things. Write {first}'{marking} and above', or 'only {marking}'."
            )
        if low == f"only {word}":
            return f"only {marking}"
        if low == f"{word} and above":
            return f"{marking} and above"
        if low == f"up to {word}":
            if effect == "deny":
                raise CellError(
                    f"'{value}' in a deny would hide the lower markings and leave the higher ones open. "
                    f"Write '{marking} and above', 'only {marking}' or 'any'."
                )
            return f"up to {marking}"
    raise CellError(
        f"'{value}' is not a marking. Write 'any', or 'up to', 'only' or 'and above' with {_either(MARKINGS)}."
    )


@lru_cache(_MEMORY)
def read_until(value: str) -> str:
    """`-` or the last valid day as ISO; a British DD/MM/YYYY, as spreadsheets write it, is read; raises CellError."""
    if value == "-":
        return value
    if found := _ISO.fullmatch(value):
        year, month, day = map(int, found.groups())
    elif found := _BRITISH.fullmatch(value):
        day, month, year = map(int, found.groups())
    elif (found := _SERIAL.fullmatch(value)) and int(found[1]) in _SERIALS:
        meant = _SPREADSHEETS_FIRST + timedelta(days=int(found[1]))
        raise CellError(
            f"'{value}' is how a spreadsheet counts days, and means {meant.day} {meant:%B %Y}. Write {meant}: give the "
            "column the format 'Text' or 'Date' before you save."
        )
    elif not value:
        raise CellError("is empty. Write - for no end, or the last valid day such as 2027-03-31.")
    else:
        raise CellError(f"'{value}' is not a day. Write - for no end, or the last valid day such as 2027-03-31.")
    try:
        read = date(year, month, day)
    except ValueError:
        raise CellError(f"'{value}' is not a day of the calendar. Write year-month-day such as 2027-03-31.") from None
    if read.year not in _YEARS:
        raise CellError(f"'{value}' is not in a year between {_YEARS.start} and {_YEARS.stop - 1}.")
    return read.isoformat()


def read_reason(value: str) -> str:
    """A sentence of up to 500 characters that no spreadsheet would run; raises CellError."""
    if value.startswith(_FORMULA):
        raise CellError(f"starts with {value[0]}, which a spreadsheet would run as a formula. Start with a word.")
    return value
