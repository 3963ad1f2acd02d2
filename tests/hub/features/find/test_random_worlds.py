"""In random worlds a person finds exactly what Casbin lets them read, whatever was done to it.

Documents, conversations, and documents by what people say about them.
"""

import random
from collections import Counter
from datetime import date

import pytest
from sqlalchemy import select

from acl.vocabulary import AUDIENCES, MARKINGS, STATES, VOICES
from hub.access.models import Place
from hub.nouns.documents.models import DOCUMENTS, Document
from hub.nouns.talk.models import Talk
from hub.nouns.threads.models import THREADS, Thread
from tests.hub.world import World

pytestmark = pytest.mark.long

SLUGS = ("leeds", "york", "acme")
PEOPLE = ("leeds/ann", "leeds/bea", "york/yan", "york/zoe", "acme/abe", "acme/maria")


class Chance:
    """What may happen in a world, biased towards denies that overlap allows and private spaces within open ones."""

    def __init__(self, world: World, seed: int) -> None:
        self.rng = random.Random(seed)
        self.world = world
        self.paths: list[str] = []
        self.documents: list[str] = []
        self.threads: list[str] = []
        for slug in SLUGS:
            world.add_organisation(slug)
        for handle in PEOPLE:
            groups = [] if handle == "acme/maria" else [f"{handle.partition('/')[0]}/g{self.rng.randrange(2)}"]
            world.add_person(handle, *groups, kind="guest" if handle == "acme/maria" else "staff")
        for number in range(9):
            above = self.rng.choice([*SLUGS, *self.paths, *self.paths])
            path = f"{above}/p{number}"
            if above in SLUGS or self.rng.random() < 0.6:
                world.add_space(path, self.rng.choice(AUDIENCES))
            else:
                world.add_folder(path)
            self.paths.append(path)
        self.new_policies()
        for _ in range(4):
            self.new_grant()
        for _ in range(24):
            self.new_document()
        for _ in range(8):
            self.new_thread()
            self.new_comment()

    def new_policies(self) -> None:
        for slug in SLUGS:
            lines = dict.fromkeys(self._line(slug) for _ in range(self.rng.randrange(2, 7)))  # none twice
            self.world.set_policy(slug, *lines)
        self.world.set_policy("platform", *(self._line("platform") for _ in range(self.rng.randrange(2))))

    def _line(self, slug: str) -> str:
        rng = self.rng
        effect = rng.choice(("allow", "allow", "allow", "deny"))
        words = ["all-staff", "org:leeds", "org:york", "group:leeds/g0", "group:york/g1", "person:leeds/ann"]
        words += [
            "guest:acme/maria",
            "org:acme",
            *(["own-organisation", "document-owner"] if effect == "allow" else []),
        ]
        who = rng.choice(words)
        if effect == "deny" and rng.random() < 0.4:
            who = f"everyone-but:{rng.choice(words[:6])}"
        inside = [path for path in self.paths if slug == "platform" or path.startswith(f"{slug}/")]
        where = "*" if slug == "platform" else rng.choice([slug, *inside, *inside])
        up_to = ("any", "up to OFFICIAL", "only PUBLIC")
        marking = rng.choice(up_to if effect == "allow" else ("any", "OFFICIAL-SENSITIVE and above", "only OFFICIAL"))
        can = rng.choice(("read", "read", "edit", "manage"))
        until = rng.choice(("-", "-", "2026-10-20", "2026-10-19"))
        return f"{effect},{who},{can},{where},{marking},{rng.choice(('any', 'published'))},{until},For a test"

    def new_grant(self) -> None:
        handle = self.rng.choice(PEOPLE)
        guest = handle == "acme/maria"
        until = date(2026, 10, 20) if guest else None
        word = f"{'guest' if guest else 'person'}:{handle}"
        self.world.give(word, "read", self.rng.choice(self.paths + self.documents + self.threads), until=until)

    def new_document(self) -> None:
        owner = f"person:{self.rng.choice(PEOPLE)}"
        marking, state = self.rng.choice(MARKINGS), self.rng.choice((*STATES, "published", "published"))
        place = self.rng.choice(self.paths)
        self.documents.append(
            self.world.add_document(place, "Words", "sand", marking=marking, state=state, owner=owner)
        )

    def new_thread(self) -> None:
        """A conversation, marked and standing as it happens, which nobody owns."""
        node = self.world.add_thread(self.rng.choice(self.paths), "Words", self.rng.choice(PEOPLE), "sand")
        self.threads.append(node)
        self.change(node, self.rng.choice(MARKINGS), self.rng.choice((*STATES, "published", "published")))

    def new_comment(self) -> None:
        self.world.post(self.rng.choice(self.documents), self.rng.choice(PEOPLE), "pebble")

    def change(self, node: str, marking: str, state: str) -> None:
        """Mark a thing of any kind anew."""
        kind = self.world.parts.kinds.lying_as(node)
        with self.world.work() as uow:
            kind.mark(uow, uow.session.get_one(kind.model, node.partition(":")[2]), marking, state)

    def move(self, node: str, path: str) -> None:
        """Put it elsewhere."""
        kind = self.world.parts.kinds.lying_as(node)
        with self.world.work() as uow:
            kind.move(uow, uow.session.get_one(kind.model, node.partition(":")[2]), self.world._place(uow, path))

    def happen(self) -> None:
        """One thing that somebody does."""
        rng, world = self.rng, self.world
        thing = rng.choice(self.documents + self.threads)
        with world.parts.database.reading() as session:
            kinds = dict(session.execute(select(Place.path, Place.kind)).all())
        spaces = [path for path in self.paths if kinds[path] == "space"]
        rng.choice(
            (
                lambda: self.change(thing, rng.choice(MARKINGS), rng.choice(STATES)),
                lambda: self.move(thing, rng.choice(self.paths)),
                lambda: world.set_audience(rng.choice(spaces), rng.choice(AUDIENCES)),
                lambda: world.set_voices(rng.choice(spaces), rng.choice(VOICES)),
                self.new_policies,
                self.new_grant,
                self.new_document,
                self.new_thread,
                self.new_comment,
            )
        )()


def found_by(world: World, handle: str, word: str, kind: str) -> tuple[set[str], int]:
    """Everything of a kind that a person's search lists for a word, page by page, and the total that it says."""
    found: set[str] = set()
    for page in range(1, 20):
        answered = world.ask(handle, word, kind=kind, page=page)
        found |= {hit.id for hit in answered.hits}
        if len(found) >= answered.total:
            return found, answered.total
    raise AssertionError("more pages than things")


def allowed_to(world: World, handle: str) -> dict[tuple[str, str], set[str]]:
    """What Casbin's own enforcer lets the person read, by word and kind; asserts that SQL says the same."""
    found = {}
    with world.viewer(handle) as viewer:
        talked = set(viewer.session.scalars(select(Talk.node)))
        for word, kind in (("sand", "document"), ("sand", "conversation")):
            model, columns = {"document": (Document, DOCUMENTS), "conversation": (Thread, THREADS)}[kind]
            every = viewer.session.scalars(select(model)).all()
            allowed = {row.node for row in every if (said := viewer.decide("read", row)) and said.allowed}
            by_sql = {row.node for row in viewer.session.scalars(select(model).where(viewer.where(columns)))}
            assert by_sql == allowed
            found[word, kind] = allowed
    return {**found, ("pebble", "document"): found["sand", "document"] & talked}


@pytest.mark.parametrize("seed", range(3))
def test_everyone_finds_exactly_what_casbin_lets_them_read(world: World, seed: int) -> None:
    """L1, L2, L22, L23: equal when the index is up to date; never more, in hits or count, when it is behind."""
    chance = Chance(world, seed)
    world.index_all()
    some: Counter[tuple[str, str]] = Counter()
    for _ in range(4):
        for handle in PEOPLE:
            for asked, allowed in allowed_to(world, handle).items():
                assert found_by(world, handle, *asked) == (allowed, len(allowed)), (handle, asked)
                some[asked] += len(allowed)
        for _ in range(3):
            chance.happen()
        for handle in PEOPLE:
            for asked, allowed in allowed_to(world, handle).items():
                found, total = found_by(world, handle, *asked)
                assert found <= allowed, (handle, asked)
                assert total <= len(allowed), (handle, asked)
        world.index_all()
    assert len(+some) == 3
