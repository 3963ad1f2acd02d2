"""The attributes that decide about a place or a thing that lies at one."""

from acl.directory import GONE, ROOT
from acl.store import Snapshot
from acl.visibility import Object
from acl.vocabulary import HOME

NEW = "new:"
"""The node of a thing that is not there yet, or of any that no line names."""


def judge_place(place_id: str, kind: str, *, owner: str, marking: str, state: str, snapshot: Snapshot) -> Object | None:
    """A place as policy sees it; of an organisation or a space, its home page.

    None while the snapshot lacks it, and of one that was deleted, which has no page.
    """
    if place_id == ROOT or kind == GONE:
        return None
    node = node_of(place_id, kind)
    return judge_at(place_id, node, owner=owner, marking=marking, state=state, snapshot=snapshot)


def node_of(place_id: str, kind: str) -> str:
    """The node by which a place's own page is judged: the home page of an organisation or a space; a folder itself."""
    return HOME + place_id if kind in {"organisation", "space"} else place_id


def nodes_at(place_id: str) -> tuple[str, str]:
    """All nodes that are a place: its own, and that of its home page."""
    return place_id, HOME + place_id


def place_named(node: str) -> str:
    """The id of the place that a node is, or is the home page of."""
    return node.removeprefix(HOME)


def judge_root() -> Object:
    """The whole hub as policy sees it: PUBLIC, published, nobody's."""
    at = frozenset({ROOT})
    return Object(node=ROOT, within=at, reach=at, org="", owner="", marking="PUBLIC", state="published")


def judge_at(place_id: str, node: str, *, owner: str, marking: str, state: str, snapshot: Snapshot) -> Object | None:
    """A thing with a node of its own that lies at a place."""
    tree = snapshot.tree
    if tree.get(place_id) is None:
        return None
    own = frozenset({node})
    return Object(
        node=node,
        within=tree.within(place_id) | own,
        reach=tree.reach(place_id) | own,
        org=tree.organisation_of(place_id),
        owner=owner,
        marking=marking,
        state=state,
    )
