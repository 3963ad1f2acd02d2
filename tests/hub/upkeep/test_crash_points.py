"""The hub dies between any two steps of an act: it was done or not, and search is never behind with less (D-BK 96)."""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from sqlalchemy import select

from hub.access.models import Place
from hub.ground.unit_of_work import AuditEntry
from hub.nouns.documents.models import Document
from tests.hub.upkeep.books import WAIT, unlike
from tests.hub.upkeep.dying import ACTS
from tests.hub.upkeep.stable import Stable, stable
from tests.hub.upkeep.town import Town
from tests.hub.world import World

POINTS = 500 if int(os.environ.get("HUB_TEST_ROUNDS", "3")) > 3 else 5
"""Points at which each act is killed: five that lie evenly; with `make nightly` each that there is."""
DONE = {
    "add_a_page": "document:add",
    "add_a_file": "document:add",
    "revise": "document:revise",
    "withdraw": "document:mark",
    "raise_the_marking": "document:mark",
    "move": "document:move",
    "restrict": "space:audience",
}
TIGHTENS = {"withdraw", "raise_the_marking", "move", "restrict"}


@dataclass(frozen=True)
class Victim:
    """What an act is done to: a document of its own, in a space of its own, with a word of its own."""

    word: str
    document: str
    space: str


def victim(world: World, act: str, number: int) -> Victim:
    word = f"{act.replace('_', '')}{number}"
    space = world.add_space(f"leeds/{word}")
    document = "" if act.startswith("add") else world.add_document(f"leeds/{word}", f"Old {word}", f"It says {word}.")
    return Victim(word, document.removeprefix("doc:"), space)


def was_done(world: World, act: str, found: Victim) -> bool:
    """Whether the rows say so; the audit must say the same, once."""
    with world.parts.database.reading() as session:
        added = session.scalars(select(Document).where(Document.title == f"New {found.word}")).all()
        row = session.get(Document, found.document)
        space = session.get_one(Place, found.space)
        vault = session.scalars(select(Place.id).where(Place.path == "leeds/vault")).one()
        done = {
            "add_a_page": bool(added),
            "add_a_file": bool(added),
            "revise": row is not None and row.number == 2,
            "withdraw": row is not None and row.state == "withdrawn",
            "raise_the_marking": row is not None and row.marking == "OFFICIAL-SENSITIVE",
            "move": row is not None and row.place_id == vault,
            "restrict": space.audience == "confidential",
        }[act]
        about = {f"doc:{found.document}", found.space, *(f"doc:{new.id}" for new in added)}
        acts = select(AuditEntry).where(AuditEntry.object.in_(about), AuditEntry.act == DONE[act])
        assert len(session.scalars(acts).all()) == done
    return done


def omar_finds(world: World, word: str) -> set[str]:
    """Titles of documents that a colleague is shown."""
    hits = world.ask("leeds/omar", f'"{word}"', kind="document").hits
    return {"".join(piece for piece, _ in hit.title) for hit in hits}


@pytest.fixture(scope="module")
def horses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stable]:
    """Where the processes come from."""
    with stable(tmp_path_factory.mktemp("points") / "stable") as found:
        yield found


@pytest.mark.nightly
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("act", ACTS)
def test_a_hub_that_dies_at_any_point_of_an_act_is_whole_again_at_once(town: Town, horses: Stable, act: str) -> None:
    """Killed for good at each point; Omar, a colleague, searches before the worker comes back, and after."""
    with town.world() as world:
        world.add_space("leeds/vault", "private")
        first = victim(world, act, 0)
        world.index_all()
    total = killed_at(horses, town, act, first, 0)
    points = sorted({1 + (total - 1) * n // max(1, POINTS - 1) for n in range(POINTS)} & set(range(1, total + 1)))
    assert len(points) >= min(POINTS, 4)
    with town.world() as world:
        victims = [victim(world, act, point) for point in points]
        world.index_all()
    for point, found in zip(points, victims, strict=True):
        assert killed_at(horses, town, act, found, point) == -1, f"point {point} of {total} was not reached"
        with town.world() as world:
            look(world, act, found)
    print(f"\n{act}: killed at {len(points)} of {total} points")


def killed_at(horses: Stable, town: Town, act: str, found: Victim, point: int) -> int:
    """Let it run; returns how many points it passed, or -1 where it died."""
    given = (act, found.word, found.document, str(point))
    horse = horses.start("tests.hub.upkeep.dying", *given, environment=town.environment())
    horse.wait()
    lines = [line for line in horse.lines() if line.strip().isdigit()]  # beside what is logged
    assert lines or not horse.err.read_text("utf-8"), horse.err.read_text("utf-8")
    return int(lines[0]) if lines else -1


def look(world: World, act: str, found: Victim) -> None:
    done = was_done(world, act, found)
    if done and act in TIGHTENS:
        assert omar_finds(world, found.word) == set(), "what is restricted is never late to the reader"
        answer = world.ask("leeds/omar", found.word, kind="" if act == "restrict" else "document")
        assert (answer.total, answer.facets.get("type", ())) == (0, ()), "nor is a count"
    elif not act.startswith("add") and not done:
        assert omar_finds(world, found.word) == {f"Old {found.word}"}
    began = time.monotonic()
    world.index_all()
    assert time.monotonic() - began < WAIT
    assert unlike(world) == []
    assert was_done(world, act, found) == done
    after = {
        "add_a_page": {f"New {found.word}"},
        "add_a_file": {f"New {found.word}"},
        "revise": set() if act != "revise" else {f"Revised {found.word}"},
    }.get(act, set())
    before = set() if act.startswith("add") else {f"Old {found.word}"}
    assert omar_finds(world, found.word) == (after if done else before)
