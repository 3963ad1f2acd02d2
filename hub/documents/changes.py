"""What is proposed, as "who will see this" is asked of it, and what is then shown to whom: values only."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from acl.directory import ROOT
from acl.directory import Place as Node
from acl.rules import Rule
from acl.store import PolicyFile, Snapshot
from hub.access.crowd import Directory
from hub.access.models import Grant, Place
from hub.access.subjects import as_rule
from hub.documents.models import Document

Seat = tuple[str, str]
"""Where a document lies and what it is: place id, and marking and state."""
DOC = "doc:"


@dataclass(frozen=True)
class Single:
    """A document judged by itself: where it is before and after; None while it is not there."""

    id: str
    owner: str
    before: Seat | None
    after: Seat | None


@dataclass(frozen=True)
class Change:
    """What is proposed. Make one by the functions below."""

    top: str = ""
    """The place at or below which documents may be touched; empty where only `singles` are."""
    places: tuple[Node, ...] = ()
    """Places as they will be; of one that moves, every place beneath it too."""
    moved: bool = False
    """Whether paths change, so that lines of policy name other places than before."""
    given: tuple[Rule, ...] = ()
    ended: frozenset[str] = frozenset()
    """Ids of grants that end."""
    singles: tuple[Single, ...] = ()
    files: Mapping[str, PolicyFile | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Shown:
    """Which documents a change shows, and to whom; `people` are bits of the directory."""

    documents: int
    people: int
    directory: Directory
    seats: frozenset[Seat] = frozenset()
    """All documents of these seats, but for those that were judged singly or by owner."""
    owned: frozenset[tuple[str, str, str]] = frozenset()
    """Seat and owner: all documents of theirs there."""
    ids: frozenset[str] = frozenset()
    singly: frozenset[str] = frozenset()
    """Documents that were judged singly, shown or not."""

    @property
    def staff(self) -> int:
        """How many people of organisations."""
        return (self.people & self.directory.all_staff).bit_count()

    @property
    def guests(self) -> int:
        """How many guests."""
        return (self.people & self.directory.guests).bit_count()

    @property
    def organisations(self) -> list[tuple[str, int]]:
        """Organisation id and how many of its staff, the most first."""
        return sorted(self.directory.organisations(self.people), key=lambda each: (-each[1], each[0]))


def audience_change(space: Place, audience: str) -> Change:
    """A space gets another audience."""
    node = Node(space.id, space.parent_id, space.path, space.kind, audience)
    return Change(top=space.id, places=(node,))


def grants_given(document: Document | None, *grants: Grant) -> Change:
    """Grants are given (they need not be saved): all on one place, or on one document, which is then given too."""
    rules = tuple(as_rule(grant) for grant in grants)
    if document is not None:
        return Change(singles=(_as_it_is(document),), given=rules)
    return Change(top=grants[0].node, given=rules)


def grant_ended(document: Document | None, grant: Grant) -> Change:
    """A grant ends; `document` where it is on one."""
    ended = frozenset({grant.id})
    return Change(singles=(_as_it_is(document),), ended=ended) if document else Change(top=grant.node, ended=ended)


def places_moved(top: str, nodes: Iterable[Node]) -> Change:
    """A place is moved or its address changes; `nodes` are it and every place beneath it, as they will be."""
    return Change(top=top, places=tuple(nodes), moved=True)


def document_changed(document: Document, *, place_id: str = "", ms: str = "") -> Change:
    """A document is published, marked or moved."""
    before = (document.place_id, document.ms)
    after = (place_id or document.place_id, ms or document.ms)
    return Change(singles=(Single(document.id, document.owner, before, after),))


def document_added(place_id: str, ms: str, owner: str, *, places: tuple[Node, ...] = ()) -> Change:
    """A document is added at a place, which may be one of `places` that is yet to be made."""
    return Change(places=places, moved=bool(places), singles=(Single("new", owner, None, (place_id, ms)),))


def policy_changed(snapshot: Snapshot, files: Mapping[str, PolicyFile | None]) -> Change:
    """Policy files are put in force (None: removed)."""
    scopes = {file.scope for name in files for file in (files[name], snapshot.files.get(name)) if file}
    return Change(top=scopes.pop() if len(scopes) == 1 else ROOT, files=files)


def _as_it_is(document: Document) -> Single:
    here = (document.place_id, document.ms)
    return Single(document.id, document.owner, here, here)
