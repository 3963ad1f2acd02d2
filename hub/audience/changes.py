"""What is proposed, as "who will see this" is asked of it, and what is then shown to whom: values only."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from acl.directory import ROOT
from acl.directory import Place as Node
from acl.rules import Rule
from acl.store import PolicyFile, Snapshot
from hub.access.crowd import Directory, Others, called
from hub.access.judged import node_of
from hub.access.models import Grant, Place
from hub.access.subjects import as_rule
from hub.nouns.documents.models import Document
from hub.nouns.documents.words import people_in_words

Seat = tuple[str, str]
"""Where a document lies and what it is: place id, and marking and state."""
DOC = "doc:"


@dataclass(frozen=True)
class Single:
    """A document, or the page of a space or folder, judged by itself: before and after; None while it is not there."""

    id: str
    owner: str
    before: Seat | None
    after: Seat | None
    page: str = ""
    """Of the page of a place, its node; empty for a document."""

    def turned(self) -> "Single":
        """The same on its way back."""
        return replace(self, before=self.after, after=self.before)

    @property
    def node(self) -> str:
        """The thing's own node."""
        return self.page or DOC + self.id


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
    carried: Mapping[str, PolicyFile] = field(default_factory=dict)
    """Files that say the same of the same places, by other addresses."""


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
    pages: frozenset[str] = frozenset()
    """The spaces and folders whose own pages (name and description) are shown, counted apart from documents."""
    page_people: int = 0
    """To whom those."""
    others: Mapping[int, Others] = field(default_factory=dict)
    """The bits that stand for people who are not counted."""

    @property
    def everybody(self) -> int:
        """Those who gain a document or a page."""
        return self.people | self.page_people

    def in_words(self, people: int) -> str:
        """A set of people: "312 people in 3 organisations, staff of York City Council and 2 guests"."""
        return in_words(self.directory, self.others, people)

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


def in_words(directory: Directory, others: Mapping[int, Others], people: int) -> str:
    """A set of people, counted as far as they are told apart."""
    staff, guests = people & directory.all_staff, people & directory.guests
    more = called(others, people, alone=not staff and not guests)
    return people_in_words(staff.bit_count(), len(directory.organisations(people)), guests.bit_count(), more)


def audience_change(space: Place, audience: str, ms: str = "") -> Change:
    """A space gets another audience and, with `ms`, its own page another marking or state."""
    node = Node(space.id, space.parent_id, space.path, space.kind, audience)
    return Change(top=space.id, places=(node,), singles=(_page(space, ms),) if ms else ())


def place_changed(place: Place, ms: str) -> Change:
    """The page of a space or a folder gets another marking or state; what lies in it keeps its own."""
    return Change(singles=(_page(place, ms),))


def things_changed(places: Iterable[tuple[Place, str]], documents: Iterable[tuple[Document, str]]) -> Change:
    """Pages of places, and documents, get another marking and state, each its own."""
    pages = tuple(_page(place, ms) for place, ms in places)
    singles = (Single(d.id, d.owner, (d.place_id, d.ms), (d.place_id, ms)) for d, ms in documents)
    return Change(singles=(*pages, *singles))


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


def places_moved(top: str, nodes: Iterable[Node], carried: Mapping[str, PolicyFile] | None = None) -> Change:
    """A place is moved or its address changes; `nodes` are it and every place beneath it, as they will be.

    `carried` are the policy files whose lines follow it.
    """
    return Change(top=top, places=tuple(nodes), moved=True, carried=carried or {})


def document_changed(document: Document, *, place_id: str = "", ms: str = "", ended: Iterable[str] = ()) -> Change:
    """A document is published, marked or moved; `ended` are the grants that end with that."""
    before = (document.place_id, document.ms)
    after = (place_id or document.place_id, ms or document.ms)
    return Change(singles=(Single(document.id, document.owner, before, after),), ended=frozenset(ended))


def document_gone(document: Document) -> Change:
    """A document is deleted."""
    return Change(singles=(Single(document.id, document.owner, (document.place_id, document.ms), None),))


def document_kept(place_id: str, before: str, after: str, owner: str) -> Change:
    """A document that is yet to be saved, of one marking and state, gets another."""
    return Change(singles=(Single("new", owner, (place_id, before), (place_id, after)),))


def document_added(place_id: str, ms: str, owner: str, *, places: tuple[Node, ...] = ()) -> Change:
    """A document is added at a place, which may be one of `places` that is yet to be made."""
    return Change(places=places, moved=bool(places), singles=(Single("new", owner, None, (place_id, ms)),))


def policy_changed(snapshot: Snapshot, files: Mapping[str, PolicyFile | None]) -> Change:
    """Policy files are put in force (None: removed). Of these, pages of places are not counted."""
    scopes = {file.scope for name in files for file in (files[name], snapshot.files.get(name)) if file}
    return Change(top=scopes.pop() if len(scopes) == 1 else ROOT, files=files)


def place_made(place: Node, ms: str) -> Change:
    """A space or a folder is made with a page of `ms`, and in it a document of the same, which nobody owns."""
    page = Single(place.id, "", None, (place.id, ms), node_of(place.id, place.kind))
    return Change(places=(place,), moved=True, singles=(Single("new", "", None, (place.id, ms)), page))


def page_of(place_id: str, kind: str, owner: str, ms: str) -> Single:
    """The page of a place as it is."""
    return Single(place_id, owner, (place_id, ms), (place_id, ms), node_of(place_id, kind))


def _page(place: Place, ms: str) -> Single:
    return Single(place.id, place.owner, (place.id, place.ms), (place.id, ms), node_of(place.id, place.kind))


def _as_it_is(document: Document) -> Single:
    here = (document.place_id, document.ms)
    return Single(document.id, document.owner, here, here)
