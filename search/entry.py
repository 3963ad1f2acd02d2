"""What the index holds of a thing that can be found: an allow-list of fields, with those that decide who sees it."""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Final

from acl.visibility import Object, joined
from search.ranking import impacts
from search.scripts import pairs_and_roots
from search.seats import seats
from search.words import STOP_WORDS

ALLOWED_FIELDS: Final = frozenset(
    {
        "id", "kind", "title", "body", "impact", "often", "also", "type", "org", "space", "marking", "state", "year",
        "date", "order", "within", "reach", "ms", "owner", "acl_v", "version",
    }
)  # fmt: skip
"""Everything that either engine may hold of a thing. Nothing else reaches an index."""

FACETS: Final[Mapping[str, str]] = MappingProxyType(
    {"organisation": "org", "space": "space", "kind": "kind", "type": "type", "marking": "marking", "year": "year"}
)
"""Name of a facet in a request or an answer -> the field that holds it. Each is single-valued: a facet of a
field with several values would list places that the viewer may not see."""

ACL_VERSION: Final = "1"
"""Every indexed thing carries it and every filter asks for it, so that what lacks its attributes is seen by nobody."""

MARK_START: Final = "\ue000"
MARK_END: Final = "\ue001"
"""Private-use characters between which an engine may put a marked word; removed from every text that is indexed."""

BELOW: Final = "\ue002"
"""Begins each line at the end of a text by which a thing is found, and which nobody reads first: no snippet has it.

A space follows: to Elasticsearch it would be a part of the word.
"""
MAX_TITLE: Final = 1_000
"""Characters of a title that are indexed; the rest is cut, as no person reads it in a list."""

_KIND = re.compile(r"[a-z]{1,30}")
_ID = re.compile(rf"{_KIND.pattern}:[^\s\x00-\x1f]{{1,200}}")
_NODE = re.compile(r"[^\s\x00-\x1f]{1,300}")
_UNWANTED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ue000\ue001\ud800-\udfff\u00a0\u2007\u202f]")
_UNSEEN = re.compile("[\u00ad\u200b\u200c\u2060\ufeff]")
"""Soft hyphens and spaces of no width, which word processors leave inside words."""
MAX_KEYWORD: Final = 300
_WORD = re.compile(r"[^\W_]{3,}")
_HASH_BITS: Final = 31
_OFTEN_TIMES, _OFTEN_WORDS = 3, 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that can be found, with every attribute that a Visibility asks for.

    `within` and `reach` are those of the thing's own node (see `acl.visibility`); `organisation` is the node id of the
    organisation that it belongs to; `space` a place id or '' where it lies in none; `date` an ISO date; `version` grows
    with every change of the thing. Raises ValueError for an entry that could not be judged.
    """

    id: str
    kind: str
    title: str
    body: str
    type: str
    organisation: str
    space: str
    marking: str
    state: str
    owner: str
    date: str
    within: tuple[str, ...]
    reach: tuple[str, ...]
    ms: str
    version: int

    def judged(self) -> Object:
        """The attributes that decide who may see it."""
        return Object(
            node=self.id, within=frozenset(self.within), reach=frozenset(self.reach), org=self.organisation,
            owner=self.owner, marking=self.marking, state=self.state,
        )  # fmt: skip

    def __post_init__(self) -> None:
        """Cleans the two texts and refuses what is incomplete."""
        object.__setattr__(self, "title", cleaned(self.title)[:MAX_TITLE])
        object.__setattr__(self, "body", cleaned(self.body))
        for fault in _faults(self):
            raise ValueError(f"the entry {self.id!r} cannot be indexed: {fault}")


@dataclass(frozen=True, slots=True)
class Deletion:
    """A thing that must leave the index; `version` as in Entry, later than the version deleted."""

    id: str
    version: int

    def __post_init__(self) -> None:
        """Refuses an id or version that no entry could have."""
        if not _ID.fullmatch(self.id) or self.version < 1:
            raise ValueError(f"the deletion of {self.id!r} at version {self.version} is not one of an entry")


def _faults(entry: Entry) -> list[str]:
    required = ("kind", "title", "type", "organisation", "marking", "state", "owner")
    found = [f"its {name} is empty" for name in required if not getattr(entry, name).strip()]
    found += [
        f"its {name} is longer than {MAX_KEYWORD} characters"
        for name in required
        if name != "title" and len(getattr(entry, name)) > MAX_KEYWORD
    ]
    if not _ID.fullmatch(entry.id):
        found.append("its id must be a word, a colon and a name without spaces")
    if not _KIND.fullmatch(entry.kind):
        found.append(f"its kind must be a word, and is {entry.kind!r}")
    for name in ("within", "reach"):
        nodes = getattr(entry, name)
        if isinstance(nodes, str) or not nodes or not all(_NODE.fullmatch(node) for node in nodes):
            found.append(f"its {name} must be a tuple of one or more node ids, and is {nodes!r}")
    if not set(entry.reach) <= set(entry.within):
        found.append("its reach names a node that is not in its within")
    if entry.ms != joined(entry.marking, entry.state):
        found.append(f"its ms {entry.ms!r} is not its marking and state joined")
    if entry.version < 1:
        found.append("its version must be a positive number")
    try:
        date.fromisoformat(entry.date)
    except ValueError:
        found.append(f"its date {entry.date!r} is not an ISO date")
    return found


def cleaned(text: str) -> str:
    """Text as it is indexed: composed (NFC), every space plain, without what no reader sees and without our marks."""
    bare = _UNSEEN.sub("", _UNWANTED.sub(" ", text))
    return unicodedata.normalize("NFC", bare if bare.isascii() else _accents().sub(r"\1", bare))


@cache
def _accents() -> re.Pattern[str]:
    """More accents on one letter than any language has: sorting them takes a normaliser the square of their number.

    UAX #15, section 13 (Stream-Safe Text Format), allows 30.
    """
    marks = "".join(mark for mark in map(chr, range(0x300, 0x1F000)) if unicodedata.combining(mark))
    return re.compile(f"([{marks}]{{30}})[{marks}]+")


def order_key(day: date, entry_id: str) -> int:
    """The key by which answers are sorted by date, newest highest: the day, then a hash of the id.

    Unique, so that two things of one day keep their places whatever else is in the index; below 2**53.
    """
    digest = hashlib.blake2b(entry_id.encode(), digest_size=8).digest()
    return (day.toordinal() << _HASH_BITS) | (int.from_bytes(digest, "big") >> (64 - _HASH_BITS))


def order_bounds(first: date | None, last: date | None) -> tuple[int | None, int | None]:
    """The lowest key of `first` and the highest of `last`, both days included; None where there is no bound."""
    low = None if first is None else first.toordinal() << _HASH_BITS
    high = None if last is None else ((last.toordinal() + 1) << _HASH_BITS) - 1
    return low, high


def day_of(key: int) -> int:
    """The proleptic ordinal of the day in an `order_key`."""
    return key >> _HASH_BITS


def often(body: str) -> str:
    """The words that a text uses most (three times or more, at most forty): what is typed as they are counts more."""
    counted = Counter(_WORD.findall(body.lower()))
    kept = [(-n, word) for word, n in counted.items() if n >= _OFTEN_TIMES and word not in STOP_WORDS]
    return " ".join(word for _, word in sorted(kept)[:_OFTEN_WORDS])


def fields(entry: Entry) -> dict[str, str | int | list[str]]:
    """An entry as named values for an engine: exactly the fields of the allow-list, without those that are empty."""
    also = " ".join(pairs_and_roots(f"{entry.title} {entry.body}"))
    values: dict[str, str | int | list[str]] = {
        "id": entry.id, "kind": entry.kind, "title": entry.title, "body": entry.body,
        "impact": impacts(entry.title, entry.body), "often": often(entry.body), "also": also, "type": entry.type,
        "org": entry.organisation, "space": entry.space, "marking": entry.marking,
        "state": entry.state, "year": entry.date[:4], "date": entry.date,
        "order": order_key(date.fromisoformat(entry.date), entry.id),
        "within": sorted(set(entry.within)), "reach": sorted(seats(entry.reach, entry.marking, entry.state)),
        "ms": entry.ms, "owner": entry.owner,
        "acl_v": ACL_VERSION, "version": entry.version,
    }  # fmt: skip
    return {name: value for name, value in values.items() if value != ""}
