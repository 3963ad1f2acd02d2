"""Place, marking and state of a thing as one keyword, by which an engine asks for a whole line of policy at once.

A line names a place, markings up to one, and a state. Asked for one by one they cost an engine three walks for every
branch of a Visibility; as one attribute all branches together are one set.
"""

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

from acl.visibility import And, In, Or, Visibility, joined
from acl.vocabulary import MARKINGS, STATES, is_inside

MOST: Final = 4_096
"""Seats that a set is made into where each of its places needs more than one."""


def _named(markings: Sequence[str], state: str) -> str:
    return hashlib.blake2b("\0".join((*markings, state)).encode(), digest_size=4).hexdigest()


LEVELS: Final[Mapping[str, str]] = {
    joined(marking, state): _named(MARKINGS[: number + 1], state)
    for number, marking in enumerate(MARKINGS)
    for state in STATES
}
"""The highest marking and the state of a level -> its name, which stands for just these markings in this state.

With other words in the vocabulary a level has another name: what was indexed before is then seen by fewer people until
the index is built anew, and by nobody else. It is short and stands in front of the node, since an engine goes through a
set of words by what they begin with.
"""
if len(set(LEVELS.values())) < len(LEVELS):
    raise ValueError("two levels of markings have one name")


def seats(reach: Collection[str], marking: str, state: str) -> set[str]:
    """What `reach` of a thing holds in an index: its nodes, and for each place of them a seat for every `up to`.

    A node has no spaces, and so is never taken for a seat. Only places have any: a document of its own is named by few
    lines, and would add three words to the index for each document.
    """
    markings = MARKINGS[MARKINGS.index(marking) :] if marking in MARKINGS and state in STATES else ()
    levels = [LEVELS[joined(up_to, state)] for up_to in markings]
    places = [node for node in reach if not is_inside(node)]
    return {*reach, *(f"{level} {node}" for node in places for level in levels)}


def seated(visibility: Visibility) -> Visibility:
    """What comes to the same for things that hold their `seats` in `reach`: no more, no fewer.

    What refuses stays as it is: a thing without the seats of today is so seen by fewer people, never by more. Not kept:
    whoever asks often keeps what is made of it.
    """
    match visibility:
        case And(parts):
            return _together(parts)
        case Or(parts):
            return _one_set([seated(part) for part in parts])
    return visibility


def _together(parts: Sequence[Visibility]) -> Visibility:
    """A conjunction: its first set of places with its first set of markings and states, and what it asks besides."""
    reach = next((part for part in parts if isinstance(part, In) and part.field == "reach"), None)
    ms = next((part for part in parts if isinstance(part, In) and part.field == "ms"), None)
    if reach is None or ms is None:
        return And(tuple(seated(part) for part in parts))
    levels, left = _levels(ms.values)
    if not levels or (len(levels) > 1 and len(levels) * len(reach.values) > MOST):
        return And(tuple(seated(part) if part not in (reach, ms) else part for part in parts))
    either = _one_set(list(_seated_branches(reach.values, levels, ms.values, left)))
    rest = tuple(seated(part) for part in parts if part is not reach and part is not ms)
    return And((either, *rest)) if rest else either


def _seated_branches(
    nodes: frozenset[str], levels: Sequence[str], ms: frozenset[str], left: frozenset[str]
) -> Iterator[Visibility]:
    """The places by their seats; things of their own, and what no `up to` covers, as before."""
    inside = frozenset(node for node in nodes if is_inside(node))
    yield In("reach", frozenset(f"{LEVELS[level]} {node}" for node in nodes - inside for level in levels))
    if left:
        yield And((In("reach", nodes), In("ms", left)))
    if inside:
        yield And((In("reach", inside), In("ms", ms)))


def _levels(ms: frozenset[str]) -> tuple[list[str], frozenset[str]]:
    """The highest marking of each state up to which all are among these, as `ms` keywords; and those that are left."""
    levels, covered = [], set()
    for state in STATES:
        found = []
        for marking in MARKINGS:
            if joined(marking, state) not in ms:
                break
            found.append(joined(marking, state))
        levels += found[-1:]
        covered.update(found)
    return levels, ms - covered


def _one_set(parts: Sequence[Visibility]) -> Visibility:
    """A disjunction whose sets of nodes and seats are one set, in front."""
    nodes = [part.values for part in parts if isinstance(part, In) and part.field == "reach"]
    others = [part for part in parts if not (isinstance(part, In) and part.field == "reach")]
    if not nodes:
        return Or(tuple(others))
    together = In("reach", nodes[0] if len(nodes) == 1 else frozenset().union(*nodes))
    return Or((together, *others)) if others else together
