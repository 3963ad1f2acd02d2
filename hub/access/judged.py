"""The attributes that decide about a place or a thing that lies at one."""

from acl.directory import ROOT
from acl.store import Snapshot
from acl.visibility import Object


def judge_place(place_id: str, kind: str, *, owner: str, marking: str, state: str, snapshot: Snapshot) -> Object | None:
    """A place as policy sees it; of a space, its home page. None while the snapshot does not know it."""
    if place_id == ROOT:
        return None
    if kind == "space":
        return judge_at(
            place_id, f"home:{place_id}", owner=owner, marking=marking, state=state, snapshot=snapshot
        )
    return judge_at(place_id, place_id, owner=owner, marking=marking, state=state, snapshot=snapshot)


def judge_at(place_id: str, node: str, *, owner: str, marking: str, state: str, snapshot: Snapshot) -> Object | None:
    """A thing with a node of its own that lies at a place."""
    tree = snapshot.tree
    place = tree.get(place_id)
    if place is None:
        return None
    own = frozenset({node})
    return Object(
        node=node,
        within=tree.within(place_id) | own,
        reach=tree.reach(place_id) | own,
        org=organisation_of(snapshot, place_id),
        owner=owner,
        marking=marking,
        state=state,
    )


def organisation_of(snapshot: Snapshot, place_id: str) -> str:
    """The organisation that owns a place: the ancestor that is one."""
    return next((n for n in snapshot.tree.within(place_id) if _kind(snapshot, n) == "organisation"), "")


def _kind(snapshot: Snapshot, node: str) -> str:
    place = snapshot.tree.get(node)
    return place.kind if place else ""
