"""Who will see this: what is foretold of a change is what Casbin then lets each person read (L35)."""

from collections.abc import Callable, Iterable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from acl.audience import Because
from acl.directory import Place as Node
from acl.store import adopt
from acl.visibility import joined
from acl.vocabulary import AUDIENCES, MARKINGS, STATES, VOICES
from hub.access.judged import NEW, judge_at
from hub.access.models import Grant, Person, Place, PlaceClosure, voices_in_force
from hub.access.places import mark_place, move_place, moved_path, place_at, places_as_moved
from hub.access.texts import carried
from hub.audience import foreseeing as audience
from hub.audience.foreseeing import Change, Shown, foresee, foretold_of, gained_and_lost, readers, shown_of
from hub.ground.db import Database
from hub.ground.errors import Conflict, Invalid
from hub.ground.ids import new_id
from hub.nouns.documents.kind import DOCUMENT
from hub.nouns.documents.models import Document
from hub.nouns.documents.queries import grants_on_document
from hub.nouns.documents.service import delete_draft
from hub.nouns.kinds import KINDS
from search.embedded import EmbeddedEngine
from tests.hub.features.find.test_random_worlds import PEOPLE, Chance, allowed_to
from tests.hub.world import HEADER, World, make_parts

TODAY = date(2026, 10, 20)


@pytest.fixture
def world(database: Database, tmp_path: Path) -> World:
    """An empty hub."""
    return World(make_parts(database, EmbeddedEngine(tmp_path / "index"), tmp_path))


def everything(world: World) -> dict[str, set[str]]:
    """The documents that Casbin lets each person read."""
    return {handle: allowed_to(world, handle)["sand", "document"] for handle in PEOPLE}


def pages(world: World) -> dict[str, set[str]]:
    """The spaces and folders whose own pages Casbin lets each person see."""
    found = {}
    for handle in PEOPLE:
        with world.viewer(handle) as viewer:
            places = viewer.session.scalars(select(Place).where(Place.kind.in_(("space", "folder")))).all()
            found[handle] = {p.id for p in places if (said := viewer.decide("read", p)) and said.allowed}
    return found


class Proposals(Chance):
    """Changes that are first asked about and then made, of documents: conversations have tests of their own."""

    def new_thread(self) -> None:
        """None is opened."""

    def new_comment(self) -> None:
        """None is written."""

    def propose(self) -> tuple[Change, Callable[[], Any]]:
        """A change at random, and what makes it."""
        kinds = (self.an_audience, self.a_grant, self.an_end, self.a_mark, self.a_document_moved, self.a_place_moved)
        more = (self.a_page, self.an_audience_and_a_page, self.things, self.a_place_made)
        return self.rng.choice((*kinds, *more, self.a_policy, self.a_new_document, self.a_deletion))()

    def place(self, path: str) -> Place:
        with self.world.parts.database.reading() as session:
            found = place_at(session, path)
        assert found is not None
        return found

    def document(self, entry: str) -> Document:
        with self.world.parts.database.reading() as session:
            return session.get_one(Document, entry.removeprefix("doc:"))

    def an_audience(self) -> tuple[Change, Callable[[], Any]]:
        space = self.place(self.rng.choice([p for p in self.paths if self.place(p).kind == "space"]))
        word = self.rng.choice(AUDIENCES)
        return audience.audience_change(space, word), partial(self.world.set_audience, space.path, word)

    def who_may_write(self) -> tuple[Change, Callable[[], Any]]:
        space = self.place(self.rng.choice([p for p in self.paths if self.place(p).kind == "space"]))
        word, voices = self.rng.choice(("open", "open", *AUDIENCES)), self.rng.choice(VOICES)

        def make() -> None:
            self.world.set_voices(space.path, voices)
            self.world.set_audience(space.path, word)

        return audience.audience_change(space, word, voices=voices), make

    def a_page(self) -> tuple[Change, Callable[[], Any]]:
        place, marking, state = self.place(self.rng.choice(self.paths)), *self._mark()
        return audience.place_changed(place, joined(marking, state)), partial(self.page, place.path, marking, state)

    def an_audience_and_a_page(self) -> tuple[Change, Callable[[], Any]]:
        space = self.place(self.rng.choice([p for p in self.paths if self.place(p).kind == "space"]))
        word, (marking, state) = self.rng.choice(AUDIENCES), self._mark()

        def make() -> None:
            self.page(space.path, marking, state)
            self.world.set_audience(space.path, word)

        return audience.audience_change(space, word, joined(marking, state)), make

    def things(self) -> tuple[Change, Callable[[], Any]]:
        """A space comes back with what was put away with it: each thing with a state of its own."""
        paths = {path: self._mark() for path in self.rng.sample(self.paths, 3)}
        entries = {entry: self._mark() for entry in self.rng.sample(self.documents, 6)}

        def make() -> None:
            for path, mark in paths.items():
                self.page(path, *mark)
            for entry, mark in entries.items():
                self.world.mark(entry, *mark)

        places = [(self.place(path), joined(*mark)) for path, mark in paths.items()]
        documents = [(self.document(entry), joined(*mark)) for entry, mark in entries.items()]
        return audience.things_changed(places, documents), make

    def a_place_made(self) -> tuple[Change, Callable[[], Any]]:
        above, slug = self.place(self.rng.choice(self.paths)), f"n{len(self.paths)}"
        word, path = self.rng.choice(AUDIENCES), f"{above.path}/{slug}"
        node = Node("new", above.id, path, "space", word, voices=voices_in_force(word, ""))
        change = audience.place_made(node, "OFFICIAL.published")

        def make() -> None:
            self.world.add_space(path, word)
            self.paths.append(path)
            self.documents.append(self.world.add_document(path, "New", owner=""))

        return change, make

    def page(self, path: str, marking: str, state: str) -> None:
        with self.world.work() as uow:
            place = place_at(uow.session, path)
            assert place is not None
            mark_place(uow, place, marking, state)

    def _mark(self) -> tuple[str, str]:
        return self.rng.choice(MARKINGS), self.rng.choice(STATES)

    def a_grant(self) -> tuple[Change, Callable[[], Any]]:
        where = self.rng.choice([*self.paths, *self.paths, *self.documents])
        document = self.document(where) if where.startswith("doc:") else None
        node = where if document else self.place(where).id
        organisation = document.organisation_id if document else self.place(where).organisation_id
        who = self.rng.choice(("org:york", "org:leeds", "group:leeds/g0", "person:york/zoe", "guest:acme/maria"))
        can = self.rng.choice(("read", "edit"))
        until = TODAY if who.startswith("guest") else None
        given = Grant(
            id=new_id(), principal=who, can=can, node=node, organisation_id=organisation, until=until,
            marking="any", state="published", reason="",
        )  # fmt: skip
        return audience.grants_given(document, given), partial(self.world.give, who, can, where, until=until)

    def an_end(self) -> tuple[Change, Callable[[], Any]]:
        with self.world.parts.database.reading() as session:
            grants = session.scalars(select(Grant).where(Grant.ended_at.is_(None)).order_by(Grant.id)).all()
        if not grants:
            return self.a_grant()
        grant = self.rng.choice(grants)
        document = self.document(grant.node) if grant.node.startswith("doc:") else None
        return audience.grant_ended(document, grant), partial(self.world.take_back, grant.id)

    def a_mark(self) -> tuple[Change, Callable[[], Any]]:
        entry, marking, state = self.rng.choice(self.documents), self.rng.choice(MARKINGS), self.rng.choice(STATES)
        change = audience.thing_changed(self.document(entry), ms=joined(marking, state))
        return change, partial(self.world.mark, entry, marking, state)

    def a_document_moved(self) -> tuple[Change, Callable[[], Any]]:
        entry, path = self.rng.choice(self.documents), self.rng.choice(self.paths)
        document, place = self.document(entry), self.place(path)
        with self.world.parts.database.reading() as session:
            leaves = document.organisation_id != place.organisation_id
            ended = [grant.id for grant in grants_on_document(session, document)] if leaves else []
        change = audience.thing_changed(document, place_id=place.id, ended=ended)
        return change, partial(self.world.move, entry, path)

    def a_new_document(self) -> tuple[Change, Callable[[], Any]]:
        path, owner = self.rng.choice(self.paths), f"person:{self.rng.choice(PEOPLE)}"
        change = audience.thing_added(self.place(path).id, "OFFICIAL.published", owner)
        return change, lambda: self.documents.append(self.world.add_document(path, "New", owner=owner))

    def a_deletion(self) -> tuple[Change, Callable[[], Any]]:
        entry = self.rng.choice(self.documents)

        def make() -> None:
            with self.world.work() as uow:
                document = uow.session.get_one(Document, entry.removeprefix("doc:"))
                document.state, document.ms, document.published_at = "draft", joined(document.marking, "draft"), None
                uow.session.flush()
                delete_draft(uow, document)
            self.documents.remove(entry)

        return audience.thing_gone(self.document(entry)), make

    def a_policy(self) -> tuple[Change, Callable[[], Any]]:
        slug = self.rng.choice(("leeds", "york", "platform"))
        lines = list(dict.fromkeys(self._line(slug) for _ in range(self.rng.randrange(1, 6))))
        name = "platform.csv" if slug == "platform" else f"organisations/{slug}.csv"
        scope = "platform" if slug == "platform" else self.place(slug).id
        file = adopt(name, HEADER + "".join(f"{line}\n" for line in lines), scope)
        with self.world.parts.database.reading() as session:
            snapshot = self.world.parts.snapshots.latest(session)
        return audience.policy_changed(snapshot, {name: file}), partial(self.world.set_policy, slug, *lines)

    def a_place_moved(self) -> tuple[Change, Callable[[], Any]]:
        path, slug = self.rng.choice(self.paths), f"m{self.rng.randrange(1000)}"
        place = self.place(path)
        for target in self.rng.sample(self.paths, len(self.paths)):
            to = self.place(target)
            with self.world.parts.database.reading() as session:
                try:
                    below = places_as_moved(session, place, to, slug)
                except (Invalid, Conflict):
                    continue
                snapshot = self.world.parts.snapshots.latest(session)
            new = f"{to.path}/{slug}"
            lines = carried(snapshot, place.organisation_id or "", place.path, new)
            nodes = [
                Node(p.id, to.id if p.id == place.id else p.parent_id, moved_path(place, new, p), p.kind, p.audience,
                     voices=p.voices_in_force)
                for p in below
            ]  # fmt: skip
            return audience.places_moved(place.id, nodes, lines), partial(self._move, path, to.path, slug)
        return self.an_audience()

    def _move(self, path: str, to: str, slug: str) -> None:
        with self.world.work() as uow:
            place, parent = place_at(uow.session, path), place_at(uow.session, to)
            assert place is not None
            assert parent is not None
            move_place(uow, place, parent, slug)
        new = f"{to}/{slug}"
        self.paths = [new + p[len(path) :] if p == path or p.startswith(f"{path}/") else p for p in self.paths]


def handles(session: Session, shown: Shown) -> set[str]:
    """The people to whom a change shows something."""
    return set(session.scalars(select(Person.handle).where(Person.id.in_(shown.directory.ids_of(shown.people)))))


class Losing(NamedTuple):
    """Documents and people, pages of places and people, by loss."""

    documents: frozenset[str]
    people: frozenset[str]
    pages: frozenset[str]
    page_people: frozenset[str]

    @classmethod
    def of(cls, gone: dict[str, set[str]], page_gone: dict[str, set[str]]) -> "Losing":
        """What each person could read before and cannot afterwards."""
        documents, pages_ = (frozenset[str]().union(*each.values()) for each in (gone, page_gone))
        people, page_people = (frozenset(h for h, seen in each.items() if seen) for each in (gone, page_gone))
        return cls(documents, people, pages_, page_people)


def losing(session: Session, lost: Shown) -> Losing:
    """The same as foretold; the documents are those that the list names."""
    listed = frozenset(f"doc:{i}" for i in session.scalars(select(Document.id).where(shown_of(DOCUMENT, lost))))
    assert len(listed) == lost.things
    both = (lost.people, lost.page_people)
    people, page_people = (frozenset(handles_of(session, lost.directory.ids_of(some))) for some in both)
    return Losing(listed, people, frozenset(lost.pages), page_people)


def handles_of(session: Session, ids: list[str]) -> Iterable[str]:
    """The handles of people."""
    return session.scalars(select(Person.handle).where(Person.id.in_(ids)))


@pytest.mark.long
@pytest.mark.parametrize("seed", range(6, 12))
def test_what_is_foretold_is_what_casbin_then_lets_each_person_read(world: World, seed: int) -> None:
    """Random worlds, random changes: the people, the documents and the list are exactly those that gain (L35)."""
    proposals, parts = Proposals(world, seed), world.parts
    told, gains = "leeds/ann", 0
    before, shown_before = everything(world), pages(world)
    page_gains = lost_by = 0
    for _ in range(22):
        change, make = proposals.propose()
        with parts.database.reading() as session:
            shown = foresee(session, parts.snapshots, KINDS, TODAY, change)
            ann = session.scalars(select(Person).where(Person.handle == told)).one()
            both = gained_and_lost(session, parts.snapshots, KINDS, TODAY, change)
            assert both[0] == shown
            to_ann, lost_to_ann = gained_and_lost(session, parts.snapshots, KINDS, TODAY, change, told=ann)
            assert to_ann == foresee(session, parts.snapshots, KINDS, TODAY, change, told=ann)
            losses = losing(session, both[1]), losing(session, lost_to_ann)
            people = set(
                session.scalars(select(Person.handle).where(Person.id.in_(shown.directory.ids_of(shown.people))))
            )
            few = set(
                session.scalars(select(Person.handle).where(Person.id.in_(shown.directory.ids_of(to_ann.people))))
            )
            listed = {f"doc:{i}" for i in session.scalars(select(Document.id).where(shown_of(DOCUMENT, shown)))}
        known = {entry for seen in before.values() for entry in seen} | set(proposals.documents)
        with parts.database.reading() as session:
            page_people = set(
                session.scalars(select(Person.handle).where(Person.id.in_(shown.directory.ids_of(shown.page_people))))
            )
        make()
        after, shown_after = everything(world), pages(world)
        if not change.files:  # of lines of policy it is asked for documents only
            new_pages = {handle: shown_after[handle] - shown_before[handle] for handle in PEOPLE}
            assert page_people == {h for h, seen in new_pages.items() if seen}, (seed, change)
            known_pages = shown.pages - {"new"}
            assert known_pages <= set().union(*new_pages.values()), (seed, change)
            assert len(shown.pages) == len(set().union(*new_pages.values())), (seed, change)
            page_gains += len(page_people)
        pages_before, shown_before = shown_before, shown_after
        true = {handle: after[handle] - before[handle] for handle in PEOPLE}
        documents = set().union(*true.values())
        assert (shown.things, people) == (len(documents), {h for h, seen in true.items() if seen}), (seed, change)
        assert listed == documents & known, (seed, change)
        open_to_ann = before[told] | (documents - known)
        mine = {handle: seen & open_to_ann for handle, seen in true.items()}
        assert to_ann.things == len(set().union(*mine.values())), (seed, change)
        assert few == {h for h, seen in mine.items() if seen}, (seed, change)
        gone = {handle: before[handle] - after[handle] for handle in PEOPLE}
        page_gone = (
            {handle: pages_before[handle] - shown_after[handle] for handle in PEOPLE} if not change.files else {}
        )
        assert losses[0] == Losing.of(gone, page_gone), (seed, change)
        hers = {handle: seen & before[told] for handle, seen in gone.items()}
        her_pages = {handle: seen & pages_before[told] for handle, seen in page_gone.items()}
        assert losses[1] == Losing.of(hers, her_pages), (seed, change)
        lost_by += len(losses[0].people) * (not change.files)
        staff = {h for h in people if h != "acme/maria"}
        assert (shown.staff, shown.guests) == (len(staff), len(people) - len(staff))
        assert len(shown.organisations) == len({h.partition("/")[0] for h in staff})
        gains += len(people)
        before = after
    assert gains
    assert page_gains
    assert lost_by


def writers(world: World, place: str) -> set[str]:
    """Whom Casbin lets comment on something published in a place, whatever it is marked."""
    found = set()
    for handle in PEOPLE:
        with world.viewer(handle) as viewer:
            things = [
                judge_at(place, NEW, owner="", marking=marking, state="published", snapshot=viewer.snapshot)
                for marking in MARKINGS
            ]
            said = [viewer.judge("comment", thing) for thing in things if thing is not None]
        found |= {handle} if any(each is not None and each.allowed for each in said) else set()
    return found


@pytest.mark.long
@pytest.mark.parametrize("seed", range(3))
def test_who_may_write_is_foretold_as_casbin_then_lets_each_person(world: World, seed: int) -> None:
    """Spaces opened, closed, moved and given other people to write in them; nobody sees more by those alone."""
    proposals, parts = Proposals(world, 300 + seed), world.parts
    come = gone = 0
    for _ in range(20):
        kinds = (proposals.who_may_write, proposals.who_may_write, proposals.a_place_moved, proposals.a_place_made)
        change, make = proposals.rng.choice(kinds)()
        with parts.database.reading() as session:
            told = foretold_of(session, parts.snapshots, KINDS, TODAY, change)
            heard, silenced = (
                set(handles_of(session, each.directory.ids_of(each.people))) for each in (told.heard, told.silenced)
            )
        before = set() if change.writing == "new" else writers(world, change.writing)
        make()
        after = writers(world, change.writing if change.writing != "new" else proposals.place(proposals.paths[-1]).id)
        assert (heard, silenced) == (after - before, before - after), (seed, change)
        come, gone = come + len(heard), gone + len(silenced)
    assert come > 3
    assert gone > 3


@pytest.mark.parametrize("seed", range(3))
def test_who_may_write_shows_nothing_to_anybody(world: World, seed: int) -> None:
    """Whatever is said of who may write, in whatever space: what each person may read stays as it was."""
    proposals = Proposals(world, 400 + seed)
    seen = everything(world), pages(world)
    for path in [path for path in proposals.paths if proposals.place(path).kind == "space"]:
        for voices in VOICES:
            world.set_voices(path, voices)
            assert (everything(world), pages(world)) == seen, (seed, path, voices)


@pytest.mark.parametrize("seed", range(3))
def test_who_can_see_a_document_now_and_by_which_rule(world: World, seed: int) -> None:
    """The readers of a document are those whom Casbin lets read it, each under the rule that decides for them."""
    chance, parts = Chance(world, 100 + seed), world.parts
    for entry in chance.documents:
        with parts.database.reading() as session:
            document = session.get_one(Document, entry.removeprefix("doc:"))
            seat = (document.place_id, document.ms)
            because, crowd = readers(session, parts.snapshots, TODAY, entry, seat, document.owner)
            by = {h: rule_of(because, crowd, session, h) for h in PEOPLE}
        for handle in PEOPLE:
            with world.viewer(handle) as viewer:
                decision = viewer.decide("read", document)
            assert decision is not None
            assert by[handle] == (decision.rule if decision.allowed else None), (seed, handle)


def rule_of(because: list[Because], crowd: Any, session: Any, handle: str) -> Any:
    """The rule under which a person stands, or None."""
    person = session.scalars(select(Person.id).where(Person.handle == handle)).one()
    number = crowd.directory.number[person]
    found = [each.rule for each in because if each.people >> number & 1]
    assert len(found) <= 1
    return found[0] if found else None


@pytest.mark.parametrize("seed", range(3))
def test_a_tree_with_moved_places_is_the_tree_made_afresh(world: World, seed: int) -> None:
    """After any number of moves, closure, paths and the process's own tree are those of the same tree made anew."""
    proposals, parts = Proposals(world, 200 + seed), world.parts
    for _ in range(12):
        proposals.a_place_moved()[1]()
        with parts.database.reading() as session:
            kept = parts.snapshots.latest(session)  # changed step by step
            fresh = type(parts.snapshots)(parts.database).latest(session)
            rows = {(r.descendant_id, r.ancestor_id): (r.depth, r.open) for r in session.scalars(select(PlaceClosure))}
            places = session.scalars(select(Place)).all()
        assert {p.id: p for p in kept.tree.places()} == {p.id: p for p in fresh.tree.places()}
        expected = {}
        for place in places:
            if place.parent_id is not None:
                parent = next(p for p in places if p.id == place.parent_id)
                assert place.path == f"{parent.path}/{place.slug}".lstrip("/")
            for depth, ancestor in enumerate(fresh.tree.chain(place.id)):
                expected[place.id, ancestor] = (depth, ancestor in fresh.tree.reach(place.id))
        assert rows == expected
