"""What bare addresses and ids of people in a text lead to, told to whoever looks: what they may see, and no more.

All addresses of a page are looked up in one query, and each is judged. Nothing of it is kept.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final

from flask import Flask, g
from sqlalchemy import CompoundSelect, Select, bindparam, func, literal, select, union_all

from acl.store import Snapshot
from acl.visibility import Object
from acl.vocabulary import PEOPLE as STAFF_OF
from hub.access.columns import PEOPLE
from hub.access.judged import judge_at
from hub.access.known_place import known_place
from hub.access.login import SignedIn
from hub.access.models import FormerPath, Person
from hub.access.parts import Parts
from hub.access.viewer import Viewer
from hub.things.columns import Columns
from hub.things.kinds import Kinds
from hub.web.markdown.inside import Led, told
from hub.web.pages import Who

AT_PLACES: Final = "/places/"
AT_PEOPLE: Final = "/people/"
PERSON: Final = "person"
NAMED: Final = "named"
"""Of the id of somebody who is named."""
FORMER: Final = "former"
"""Of the path that a place once had."""
_AFTER: Final = re.compile(r"[?#].*", re.DOTALL)
_POST: Final = re.compile(r"/posts/(\d{1,9})$")


def init_inside(app: Flask, parts: Parts) -> None:
    """Let pages tell their reader what the addresses in their texts lead to."""

    def tell(html: str) -> str:
        user: SignedIn | None = g.get("user")
        return told(html, parts.public_url, lambda paths: leads(user.viewer, paths) if user else {})

    app.extensions["hub.web.inside"] = tell


def leads(viewer: Viewer, paths: Collection[str]) -> dict[str, Led]:
    """What is at those of some paths, and ids behind an @, whose pages the viewer may see, by path. One query."""
    plain = {path: _AFTER.sub("", path).rstrip("/") for path in paths}
    found = {path: Led(name) for path, each in plain.items() if (name := _place_at(viewer, each))}
    keys = {path: key for path, each in plain.items() if path not in found and (key := _key(viewer.kinds, each))}
    seen = _seen(viewer, frozenset(keys.values())) if keys else {}
    found |= {path: seen[key] for path, key in keys.items() if key in seen}
    return {
        path: replace(led, title=led.title + ("" if led.moved else _post_in(plain[path])))
        for path, led in found.items()
    }


@dataclass(frozen=True)
class _Row:
    """One thing, by the columns by which lists are filtered."""

    node: str
    place_id: str
    owner: str
    ms: str

    def judged(self, snapshot: Snapshot) -> Object | None:
        """As policy sees it."""
        marking, _, state = self.ms.partition(".")
        return judge_at(self.place_id, self.node, owner=self.owner, marking=marking, state=state, snapshot=snapshot)


def _place_at(viewer: Viewer, path: str) -> str:
    """The name of the place that has an address now, if the viewer may see it."""
    if not path.startswith(AT_PLACES):
        return ""
    return _name_of(viewer, viewer.snapshot.tree.resolve(path.removeprefix(AT_PLACES), "") or "")


def _name_of(viewer: Viewer, place_id: str) -> str:
    place = viewer.place(place_id) if place_id else None
    return place.name if place is not None else ""


def _in_full(viewer: Viewer, name: str, organisation_id: str) -> str:
    """Somebody with their organisation, as everywhere."""
    organisation = known_place(viewer.snapshot, organisation_id)
    return str(Who(name, organisation.name if organisation else ""))


def _post_in(path: str) -> str:
    """Which post of what is talked about an address names, in words."""
    found = _POST.search(path)
    return f", post {found[1]}" if found else ""


def _key(kinds: Kinds, path: str) -> tuple[str, str] | None:
    """What an address is looked up by: a sort, and a value; None for what leads to no page of a thing."""
    for prefix, sort in (("@", NAMED), (AT_PLACES, FORMER), (AT_PEOPLE, PERSON)):
        if path.startswith(prefix):
            return sort, path.removeprefix(prefix)
    sort, _, own = kinds.node_at(path).partition(":")
    return (sort, own) if own else None


def _seen(viewer: Viewer, keys: Collection[tuple[str, str]]) -> dict[tuple[str, str], Led]:
    """What may be seen of what is looked up so."""
    asked: dict[str, list[str]] = {sort: [] for sort in _sorts(viewer.kinds)}
    for sort, value in keys:
        asked[sort].append(value)
    found = {}
    for sort, value, moved, title, *decides in viewer.session.execute(_looked_up(viewer.kinds), asked):
        row = _Row(*decides)
        if sort == FORMER and (name := _name_of(viewer, row.place_id)):
            found[sort, value] = Led(name)
        elif sort != FORMER and viewer.sees(row):
            name = _in_full(viewer, title, row.place_id.removeprefix(STAFF_OF)) if sort in {PERSON, NAMED} else title
            href = AT_PEOPLE + row.owner.partition(":")[2] if sort == NAMED else ""
            found[sort, value] = Led(name, href, bool(moved))
    return found


def _sorts(kinds: Kinds) -> tuple[str, ...]:
    return (*(kind.prefix for kind in kinds.lying), PERSON, NAMED, FORMER)


@cache
def _looked_up(kinds: Kinds) -> CompoundSelect[Any]:
    """All that is called by some values: sort, value, whether it moved, title, what decides. One statement for all."""
    nothing = literal("")
    parts = [_of(kind.prefix, kind.columns.id, kind.titled, *_decides(kind.columns)) for kind in kinds.lying]
    for kind in kinds.lying:
        if kind.former is not None:
            old, new = kind.former
            moved = _of(kind.prefix, old, kind.titled, *_decides(kind.columns), moved=1)
            parts.append(moved.where(new == kind.columns.id))
    parts.append(_of(PERSON, Person.handle, Person.name, *_decides(PEOPLE)))
    parts.append(_of(NAMED, Person.id, Person.name, *_decides(PEOPLE)))
    parts.append(_of(FORMER, FormerPath.path, nothing, nothing, FormerPath.place_id, nothing, nothing))
    return union_all(*parts)


def _decides(columns: Columns) -> tuple[Any, ...]:
    """The node of a thing, and the other values of `_Row`."""
    lies_at = columns.place
    if columns.between is not None:  # staff among their organisation's people
        lies_at = func.coalesce(func.nullif(columns.between, ""), columns.place)
    return literal(columns.node_prefix).concat(columns.id), lies_at, columns.owner, columns.ms


def _of(sort: str, value: Any, *told: Any, moved: int = 0) -> Select[Any]:
    columns: tuple[Any, ...] = (literal(sort), value, literal(moved), *told)
    return select(*columns).where(value.in_(bindparam(sort, expanding=True)))
