"""The one way to ask the search engine: for the page, for the command, for whatever comes.

What comes back holds nothing that policy does not show to the viewer: the engine filters by their Visibility and leaves
out what is fenced, each hit is judged once more on fresh rows, and a place is named only to whom it is visible itself.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

import structlog
from sqlalchemy import bindparam, or_, select, true
from sqlalchemy.orm import Session

from acl.store import Snapshot
from acl.visibility import Object
from hub.access.entries import nearest_space
from hub.access.known_place import KnownPlace, known_place
from hub.access.models import Fence, HubState, Person, Place
from hub.access.viewer import Viewer
from hub.features.find.names import told_apart
from hub.features.find.question import ON_A_PAGE, Question
from hub.ground.clock import day_of
from hub.running.rarity import VERSION, rarity_of
from hub.things.kind import Kind
from hub.things.kinds import Kinds, rows_of
from hub.things.thing import Face
from hub.web.pages import Who
from search.engine import Answer, Engine, EngineDown, Hit, Segments
from search.postcheck import postcheck
from search.rarity import Rarity
from search.request import Hidden, SearchRequest

log = structlog.get_logger(__name__)

PLACED = ("organisation", "space")
"""Filters and facets whose values are places."""
NO_SUCH = "-"
"""A value that no entry has: what a place becomes that is absent or not the viewer's to see."""
WITHIN = "within:"
_STATE = select(HubState.indexed_sequence, Fence.node, VERSION.label("rarity")).outerjoin(Fence, true())
_PEOPLE = select(Person).where(
    or_(
        Person.id.in_(bindparam("ids", expanding=True)),
        Person.handle.in_(bindparam("handles", expanding=True)),
    )
)
MOST_OPTIONS = 20
"""Values of one filter that are listed, besides those that are chosen."""


@dataclass(frozen=True, slots=True)
class Named:
    """A place that the viewer may see."""

    id: str
    path: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A hit, with everything that is shown of it. What decides is as the database has it now."""

    id: str
    kind: str
    title: Segments
    snippet: Segments
    href: str
    type: str
    """Word of the vocabulary of types; empty for what is not a document."""
    organisation: Named | None
    space: Named | None
    marking: str
    state: str
    changed: date
    owner: str
    """Name and organisation of the owner of a document, or empty."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A value of a facet. Places are given by their path. `count` is None for a chosen value without results."""

    value: str
    text: str
    count: int | None
    chosen: bool


@dataclass(frozen=True, slots=True)
class Answered:
    """A page of results as one viewer sees it; `page` is the one asked for, or the last where that lies beyond."""

    page: int
    total: int
    total_is_exact: bool
    hits: tuple[Found, ...]
    facets: Mapping[str, tuple[Counted, ...]]


@dataclass(frozen=True, slots=True)
class _Searched:
    """What the engine says to one question about one of its pages, before anything of it is looked at again."""

    viewer: Viewer
    question: Question
    chosen: Mapping[tuple[str, str], KnownPlace]
    answer: Answer


def ask(engine: Engine, kinds: Kinds, viewer: Viewer, question: Question) -> Answered:
    """Search as the viewer, among things of these kinds.

    Raises InvalidQuery for what cannot be asked, EngineError where the engine fails.
    """
    return ask_all(engine, kinds, ((viewer, question),))[0][0]


def ask_all(
    engine: Engine, kinds: Kinds, asked: Sequence[tuple[Viewer, Question]], most_pages: int = 1
) -> list[tuple[Answered, ...]]:
    """Several questions of one session, each as its own viewer: the page asked for, and those after it up to so many.

    One engine search for each page, then one load of the rows behind all of them, each judged for the viewer whose
    answer it is. A query for each table, however many are asked. Raises as `ask`.
    """
    if not asked:
        return []
    session = asked[0][0].session
    standing = stand(session)
    sequence = standing.sequence
    engine.reload_if_behind(sequence)
    found = [
        list(_search(engine, viewer, question, _places_by_word(viewer, question), standing, most_pages))
        for viewer, question in asked
    ]
    check_index(engine, sequence, empty=not any(pages[0].answer.total for pages in found))
    rows = _Rows(session, kinds, [page for pages in found for page in pages])
    return [_answered(pages, _Fresh(pages[0].viewer, rows)) for pages in found]


def check_index(engine: Engine, sequence: int, *, empty: bool) -> None:
    """Raise EngineDown where nothing was found since the index is gone, which is no "nothing found"."""
    if sequence and empty and not engine.count():
        raise EngineDown("the search index is empty: run `hub index rebuild`")


def _search(
    engine: Engine,
    viewer: Viewer,
    question: Question,
    chosen: Mapping[tuple[str, str], KnownPlace],
    standing: "Standing",
    most_pages: int,
) -> Iterator[_Searched]:
    """The page asked for, or the last where that lies beyond, and those after it."""
    request = SearchRequest(
        visibility=viewer.visible("read"),
        hidden=standing.hidden,
        rarity=standing.rarity,
        terms=question.terms,
        filters=_filters(question, chosen),
        date_from=question.date_from,
        date_to=question.date_to,
        sort=question.sort,
        page=question.page,
        size=ON_A_PAGE,
        near=question.near,
        hits_only=question.near,  # for the words of their titles
        loosely=question.loosely,
    )
    answer = engine.search(request)
    first, last = question.page, -(-answer.total // ON_A_PAGE)
    if first > 1 and answer.total and not answer.hits:
        yield from _search(engine, viewer, replace(question, page=last), chosen, standing, most_pages)
        return
    yield _Searched(viewer, question, chosen, answer)
    for number in range(first + 1, min(last, first + most_pages - 1) + 1):
        yield _Searched(viewer, replace(question, page=number), chosen, engine.search(replace(request, page=number)))


def _answered(pages: Iterable[_Searched], fresh: "_Fresh") -> tuple[Answered, ...]:
    """The pages of one viewer's answer, each hit judged once more."""
    return tuple(_judged(page, fresh) for page in pages)


def _judged(page: _Searched, fresh: "_Fresh") -> Answered:
    question = page.question
    checked = postcheck(page.answer, page.viewer.sight().check, fresh.judged)
    if checked.dropped:
        log.warning("search hits dropped on a second look", ids=checked.dropped)
    answer = checked.answer
    return Answered(
        page=question.page,
        total=answer.total,
        total_is_exact=answer.total_is_exact,
        hits=tuple(map(fresh.found, answer.hits)),
        facets={name: _facet(name, counts, question, page.chosen, fresh) for name, counts in answer.facets.items()},
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """What a search goes by beside what was typed, of one moment."""

    hidden: Hidden
    """What is hidden until the index has it."""
    sequence: int
    """How far the index is."""
    rarity: Rarity


def stand(session: Session) -> Standing:
    """One query, and another one where what is public has changed."""
    rows = session.execute(_STATE).all()
    nodes = [node for _, node, _ in rows if node is not None]
    hidden = Hidden(
        ids=frozenset(n for n in nodes if not n.startswith(WITHIN)),
        nodes=frozenset(n.removeprefix(WITHIN) for n in nodes if n.startswith(WITHIN)),
    )
    return Standing(hidden, rows[0][0], rarity_of(session, rows[0][2]))


def _places_by_word(viewer: Viewer, question: Question) -> dict[tuple[str, str], KnownPlace]:
    """The places that filters name, by (filter, word): those that exist, are of the kind, and may be seen."""
    tree = viewer.snapshot.tree
    words = [(name, word) for name in PLACED for word in question.filters.get(name, ())]
    found = {(name, word): viewer.place(tree.resolve(word, "") or word) for name, word in words}
    return {key: place for key, place in found.items() if place is not None and place.kind == key[0]}


def _filters(question: Question, chosen: Mapping[tuple[str, str], KnownPlace]) -> dict[str, tuple[str, ...]]:
    found = dict(question.filters)
    for name in PLACED:
        if name in found:
            found[name] = tuple(chosen[name, w].id if (name, w) in chosen else NO_SUCH for w in found[name])
    return found


class _Rows:
    """The rows behind some answers, as the database has them now: one query for each table."""

    def __init__(self, session: Session, kinds: Kinds, pages: Sequence[_Searched]) -> None:
        self.kinds = kinds
        hits = kinds.by_kind(hit.id for page in pages for hit in page.answer.hits)
        self.things = rows_of(session, [(kind, ids) for kind, ids in hits if kind.model is not Person])
        owners = {self.face(key).owner for key in self.things} - {""}
        self.people = _load_people(session, _ids_in(hits, Person), owners)
        for kind, ids in hits:
            if kind.model is Person:
                self.things |= {f"{kind.prefix}:{own}": self.people[own] for own in ids if own in self.people}

    def face(self, thing_id: str) -> Face:
        """What is shown of a thing that was loaded."""
        return self.kinds[thing_id.partition(":")[0]].face(self.things[thing_id])


def _load_people(session: Session, ids: Sequence[str], owners: Iterable[str]) -> dict[str, Person]:
    handles = [word.partition(":")[2] for word in owners]
    if not ids and not handles:
        return {}
    rows = session.scalars(_PEOPLE, {"ids": ids, "handles": handles})
    return {person.id: person for person in rows}


class _Fresh:
    """The rows behind answers as one viewer may see them."""

    def __init__(self, viewer: Viewer, rows: _Rows) -> None:
        self._viewer, self._rows = viewer, rows
        self.kinds = {kind.word for kind in rows.kinds}
        self._owners = {person.subject_id: self._who(person) for person in rows.people.values()}

    @cached_property
    def judged(self) -> dict[str, Object]:
        """The attributes that decide about each thing that is still there, by entry id."""
        snapshot, rows = self._viewer.snapshot, self._rows.things
        return {key: found for key, row in rows.items() if (found := row.judged(snapshot)) is not None}

    def named(self, place_id: str) -> Named | None:
        """A place, if the viewer may see it."""
        place = self._viewer.place(place_id)
        return Named(place.id, place.path, place.name) if place else None

    def organisation_of(self, place_id: str) -> str:
        """The name of the organisation that owns a place, or empty where the viewer may not see it."""
        found = self.named(_organisation_of(self._viewer.snapshot, place_id))
        return found.name if found else ""

    def found(self, hit: Hit) -> Found:
        """A hit that was judged, as it is shown."""
        kind, snapshot = self._rows.kinds[hit.id.partition(":")[0]], self._viewer.snapshot
        face, judged = self._rows.face(hit.id), self.judged[hit.id]
        return Found(
            id=hit.id,
            kind=hit.kind,
            title=hit.title,
            snippet=hit.snippet,
            href=f"{face.href}{_led_to(kind, hit)}",
            type=face.type,
            organisation=self.named(_organisation_of(snapshot, face.lies_at)),
            space=self.named(_space_of(snapshot, face.lies_at)) if kind.model is not Place else None,
            marking=judged.marking,
            state=judged.state,
            changed=day_of(face.changed),
            owner=self._owners.get(face.owner, ""),
        )

    def _who(self, person: Person) -> str:
        organisation = known_place(self._viewer.snapshot, person.organisation_id)
        return str(Who(person.name, organisation.name if organisation else ""))


def _led_to(kind: Kind, hit: Hit) -> str:
    """What leads from the page of a talk to where a word that was found was said; empty elsewhere."""
    word = next((text for text, marked in hit.snippet if marked), "")
    return f"?{urlencode({'said': word})}" if kind.talk == "" and word else ""


def _organisation_of(snapshot: Snapshot, place_id: str) -> str:
    """The organisation that a place belongs to; none of no place."""
    return snapshot.tree.organisation_of(place_id) if snapshot.tree.get(place_id) else ""


def _space_of(snapshot: Snapshot, place_id: str) -> str:
    """The space that a place is or lies in; none of no place."""
    return nearest_space(snapshot, place_id) if snapshot.tree.get(place_id) else ""


def _ids_in(hits: Iterable[tuple[Kind, Sequence[str]]], model: type[Any]) -> list[str]:
    return [own for kind, ids in hits if kind.model is model for own in ids]


def _facet(
    name: str,
    counts: Sequence[tuple[str, int]],
    question: Question,
    chosen: Mapping[tuple[str, str], KnownPlace],
    fresh: _Fresh,
) -> tuple[Counted, ...]:
    """The largest values of a facet that the viewer may know of, those that are chosen always among them."""
    if name in PLACED:
        wanted = [Named(p.id, p.path, p.name) for (facet, _), p in chosen.items() if facet == name]
        counted = _largest(counts, {place.id for place in wanted}, fresh)
        listed_places = (*(place for place, _ in counted), *wanted)
        texts = told_apart({p.path: (p.name, fresh.organisation_of(p.id)) for p in listed_places})
        picked = {place.path: texts[place.path] for place in wanted}
        shown = [(place.path, texts[place.path], count) for place, count in counted]
    else:
        picked = {value: value for value in question.filters.get(name, ())}
        shown = [(value, value, count) for value, count in counts if name != "type" or value not in fresh.kinds]
    listed = [Counted(value, text, count, value in picked) for value, text, count in shown]
    there = {option.value for option in listed}
    return (*listed, *(Counted(v, t, None, chosen=True) for v, t in picked.items() if v not in there))


def _largest(counts: Sequence[tuple[str, int]], chosen: Collection[str], fresh: _Fresh) -> list[tuple[Named, int]]:
    """The first so many places that the viewer may see, and after them those that are chosen."""
    found: list[tuple[Named, int]] = []
    for value, count in counts:
        if (len(found) < MOST_OPTIONS or value in chosen) and (place := fresh.named(value)):
            found.append((place, count))
    return found
