"""What is proposed, as "who will see this" is asked of it, and what is then shown to whom: values only."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from acl.directory import ROOT
from acl.directory import Place as Node
from acl.rules import Rule
from acl.store import PolicyFile, Snapshot
from hub.access.crowd import Directory, Others, called
from hub.access.judged import NEW, node_of
from hub.access.models import Grant, Place
from hub.access.subjects import as_rule
from hub.things.kinds import Kinds
from hub.things.thing import Lying
from hub.things.words import people_in_words

Seat = tuple[str, str]
"""Where a thing lies and what it is: place id, and marking and state."""


@dataclass(frozen=True)
class Single:
    """What lies in a place, or the page of one, judged by itself: before and after; None while it is not there."""

    node: str
    """Its own node, by which it is judged."""
    owner: str
    before: Seat | None
    after: Seat | None
    page: str = ""
    """Of the page of a space or folder, the id of that; else empty."""

    def turned(self) -> "Single":
        """The same on its way back."""
        return replace(self, before=self.after, after=self.before)


@dataclass(frozen=True)
class Change:
    """What is proposed. Make one by the functions below."""

    top: str = ""
    """The place at or below which things may be touched; empty where only `singles` are."""
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
    writing: str = ""
    """The place of which it is asked too who may write in it; else empty."""


@dataclass(frozen=True)
class Shown:
    """Which things a change shows, and to whom; `people` are bits of the directory."""

    kinds: Kinds
    counts: Mapping[str, int]
    """How many of each kind, by its prefix."""
    people: int
    directory: Directory
    seats: frozenset[Seat] = frozenset()
    """All that lies at these seats, but for what was judged singly or by owner."""
    owned: frozenset[tuple[str, str, str]] = frozenset()
    """Seat and owner: all that is theirs there."""
    nodes: frozenset[str] = frozenset()
    """Of what was judged singly and is shown."""
    singly: frozenset[str] = frozenset()
    """Of all that was judged singly."""
    pages: frozenset[str] = frozenset()
    """The spaces and folders whose own pages (name and description) are shown, counted apart from what lies in them."""
    page_people: int = 0
    """To whom those."""
    others: Mapping[int, Others] = field(default_factory=dict)
    """The bits that stand for people who are not counted."""

    @property
    def everybody(self) -> int:
        """Those who gain a thing or a page."""
        return self.people | self.page_people

    @property
    def things(self) -> int:
        """How many, of all kinds."""
        return sum(self.counts.values())

    @property
    def things_in_words(self) -> str:
        """The same by kind: "14 documents"."""
        return self.kinds.in_words(self.counts)

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


def audience_change(space: Place, audience: str, ms: str = "", *, voices: str = "") -> Change:
    """A space gets another audience, other people may write in it and, with `ms`, its own page is marked anew."""
    said = voices or space.voices_in_force
    node = Node(space.id, space.parent_id, space.path, space.kind, audience, voices=said)
    return Change(top=space.id, places=(node,), singles=(_page(space, ms),) if ms else (), writing=space.id)


def place_changed(place: Place, ms: str) -> Change:
    """The page of a space or a folder gets another marking or state; what lies in it keeps its own."""
    return Change(singles=(_page(place, ms),))


def things_changed(places: Iterable[tuple[Place, str]], things: Iterable[tuple[Lying, str]]) -> Change:
    """Pages of places, and what lies in them, get another marking and state, each its own."""
    pages = tuple(_page(place, ms) for place, ms in places)
    singles = (Single(t.node, t.owner, (t.place_id, t.ms), (t.place_id, ms)) for t, ms in things)
    return Change(singles=(*pages, *singles))


def things_become(things: Iterable[tuple[Lying, str, str]]) -> Change:
    """Things that lie in places get another place, or another marking and state, each its own."""
    return Change(singles=tuple(Single(t.node, t.owner, (t.place_id, t.ms), (place, ms)) for t, place, ms in things))


def grants_given(thing: Lying | None, *grants: Grant) -> Change:
    """Grants are given (they need not be saved): all on one place, or on one thing that lies in one, then given too."""
    rules = tuple(as_rule(grant) for grant in grants)
    if thing is not None:
        return Change(singles=(_as_it_is(thing),), given=rules)
    return Change(top=grants[0].node, given=rules)


def grant_ended(thing: Lying | None, grant: Grant) -> Change:
    """A grant ends; `thing` where it is on one that lies in a place."""
    ended = frozenset({grant.id})
    return Change(singles=(_as_it_is(thing),), ended=ended) if thing else Change(top=grant.node, ended=ended)


def places_moved(top: str, nodes: Iterable[Node], carried: Mapping[str, PolicyFile] | None = None) -> Change:
    """A place is moved or its address changes; `nodes` are it and every place beneath it, as they will be.

    `carried` are the policy files whose lines follow it.
    """
    return Change(top=top, places=tuple(nodes), moved=True, carried=carried or {}, writing=top)


def thing_changed(thing: Lying, *, place_id: str = "", ms: str = "", ended: Iterable[str] = ()) -> Change:
    """A thing is published, marked or moved; `ended` are the grants that end with that."""
    before = (thing.place_id, thing.ms)
    after = (place_id or thing.place_id, ms or thing.ms)
    return Change(singles=(Single(thing.node, thing.owner, before, after),), ended=frozenset(ended))


def thing_gone(thing: Lying) -> Change:
    """A thing is deleted."""
    return Change(singles=(Single(thing.node, thing.owner, (thing.place_id, thing.ms), None),))


def thing_kept(place_id: str, before: str, after: str, owner: str) -> Change:
    """A thing that is yet to be saved, of one marking and state, gets another."""
    return Change(singles=(Single(NEW, owner, (place_id, before), (place_id, after)),))


def thing_added(place_id: str, ms: str, owner: str, *, places: tuple[Node, ...] = ()) -> Change:
    """A thing is added at a place, which may be one of `places` that is yet to be made."""
    return Change(places=places, moved=bool(places), singles=(Single(NEW, owner, None, (place_id, ms)),))


def policy_changed(snapshot: Snapshot, files: Mapping[str, PolicyFile | None]) -> Change:
    """Policy files are put in force (None: removed). Of these, pages of places are not counted."""
    scopes = {file.scope for name in files for file in (files[name], snapshot.files.get(name)) if file}
    return Change(top=scopes.pop() if len(scopes) == 1 else ROOT, files=files)


def place_made(place: Node, ms: str) -> Change:
    """A space or a folder is made with a page of `ms`, and in it a thing of the same, which nobody owns."""
    page = Single(node_of(place.id, place.kind), "", None, (place.id, ms), place.id)
    singles = (Single(NEW, "", None, (place.id, ms)), page)
    return Change(places=(place,), moved=True, singles=singles, writing=place.id if place.kind == "space" else "")


def page_of(place_id: str, kind: str, owner: str, ms: str) -> Single:
    """The page of a place as it is."""
    return Single(node_of(place_id, kind), owner, (place_id, ms), (place_id, ms), place_id)


def _page(place: Place, ms: str) -> Single:
    return Single(node_of(place.id, place.kind), place.owner, (place.id, place.ms), (place.id, ms), place.id)


def _as_it_is(thing: Lying) -> Single:
    here = (thing.place_id, thing.ms)
    return Single(thing.node, thing.owner, here, here)
