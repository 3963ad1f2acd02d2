"""The rows that say what lies below what: right after whatever happens to the tree, and written in few statements."""

import random

import pytest
from sqlalchemy import event, select

from acl.directory import ROOT
from acl.visibility import joined
from acl.vocabulary import AUDIENCES, CLOSED_AUDIENCES
from hub.access.models import Place, PlaceClosure
from hub.access.places import NewPlace, add_place, move_place, set_audience
from hub.ground.clock import SystemClock
from hub.ground.db import Database
from hub.ground.errors import Conflict, Invalid
from hub.ground.unit_of_work import UnitOfWork, unit_of_work


def council(uow: UnitOfWork) -> Place:
    root = uow.session.get_one(Place, ROOT)
    assert root.ms == joined("PUBLIC", "published")
    return add_place(uow, root, NewPlace("organisation", "leeds", "Leeds"))


def rows(database: Database) -> set[tuple[str, str, int, bool]]:
    with database.reading() as session:
        found = session.scalars(select(PlaceClosure)).all()
        return {(row.descendant_id, row.ancestor_id, row.depth, row.open) for row in found}


def expected(database: Database) -> set[tuple[str, str, int, bool]]:
    """Each place with all above it, by its parents alone; open up to the first private space on the way."""
    with database.reading() as session:
        places = {place.id: place for place in session.scalars(select(Place))}
    found = set()
    for place in places.values():
        at, depth, is_open = place, 0, True
        found.add((place.id, place.id, 0, True))
        while at.parent_id is not None:
            is_open = is_open and at.audience not in CLOSED_AUDIENCES
            at, depth = places[at.parent_id], depth + 1
            found.add((place.id, at.id, depth, is_open))
    return found


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_made_moved_opened_and_closed_lies_below_what_it_lies_in(database: Database, seed: int) -> None:
    """Several changes in one unit of work too: each reads what the one before it wrote."""
    rng, clock = random.Random(seed), SystemClock()
    with unit_of_work(database, clock) as uow:
        ids = [council(uow).id]
    for turn in range(12):
        with unit_of_work(database, clock) as uow:
            for step in range(3):
                spaces = [place for each in ids[1:] if (place := uow.session.get_one(Place, each)).kind == "space"]
                above = uow.session.get_one(Place, rng.choice(ids))
                try:
                    if not spaces or rng.random() < 0.5:
                        kind = "folder" if above.kind != "organisation" and rng.random() < 0.4 else "space"
                        audience = rng.choice(sorted(AUDIENCES)) if kind == "space" else ""
                        new = NewPlace(kind, f"p{turn}-{step}", "A place", audience=audience)
                        ids.append(add_place(uow, above, new).id)
                    elif rng.random() < 0.5:
                        set_audience(uow, rng.choice(spaces), rng.choice(sorted(AUDIENCES)))
                    else:
                        move_place(uow, rng.choice(spaces), above, f"m{turn}-{step}")
                except (Conflict, Invalid):
                    continue
        assert rows(database) == expected(database)
    assert len(ids) > 10


def test_closing_a_space_takes_as_many_statements_whatever_lies_below(database: Database) -> None:
    """Whoever else changes a place waits meanwhile."""
    took = []
    for number, folders in enumerate((2, 60)):
        with unit_of_work(database, SystemClock()) as uow:
            above = council(uow) if not number else uow.session.scalars(select(Place).filter_by(path="leeds")).one()
            space = add_place(uow, above, NewPlace("space", f"s{number}", "A space", audience="open"))
            for each in range(folders):
                add_place(uow, space, NewPlace("folder", f"f{each}", "A folder"))
        said: list[str] = []
        listen = database.engine, "before_cursor_execute", lambda *told, into=said: into.append(told[2])
        event.listen(*listen)
        with unit_of_work(database, SystemClock()) as uow:
            set_audience(uow, uow.session.get_one(Place, space.id), "private")
        event.remove(*listen)
        took.append(len(said))
    assert took[1] == took[0] < 25
    assert rows(database) == expected(database)
