"""How rare words are is counted over what every member of staff may read, and at no moment over anything else."""

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from acl.visibility import TRUE
from hub.access.places import fence
from hub.features.find.queries import stand
from hub.nouns.documents.models import Document, Revision
from hub.running.rarity import counting
from hub.running.rarity.models import PublicText, PublicWords
from search.embedded import EmbeddedEngine
from search.rarity import SHIPPED, Rarity
from search.stems import stems
from tests.hub.world import World, make_parts
from tests.remembered import open_database


@contextmanager
def another(folder: Path, template: Path) -> Iterator[World]:
    """One more hub, on SQLite and tantivy."""
    folder.mkdir()
    shutil.copyfile(template, folder / "hub.sqlite3")
    url = f"sqlite:///{folder / 'hub.sqlite3'}"
    with closing(open_database(url)) as database, EmbeddedEngine(folder / "index") as engine:
        yield World(make_parts(database, engine, folder))


LEEDS = (
    "allow,all-staff,read,leeds,only PUBLIC,published,-,What is PUBLIC is open to all staff",
    "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Staff read what the council works on",
)


def leeds(world: World) -> World:
    """Ann of Leeds and Yan of York; an open space, whose documents may be PUBLIC, and a private one."""
    world.add_organisation("leeds", *LEEDS)
    world.add_organisation("york")
    world.add_person("leeds/ann")
    world.add_person("york/yan")
    world.add_space("leeds/housing", "restricted", marking="PUBLIC")
    world.add_space("leeds/board", "private", marking="PUBLIC")
    return world


def counted(world: World, word: str) -> int:
    """In how many public texts a word stands, as searches know it."""
    with world.parts.database.reading() as session:
        return stand(session).rarity.counts.get(stems(word)[0], 0)


def table(world: World) -> Rarity:
    with world.parts.database.reading() as session:
        return stand(session).rarity


def test_a_hub_without_public_texts_ranks_by_the_table_it_came_with(small_world: World) -> None:
    assert table(small_world) == SHIPPED
    small_world.add_organisation("leeds")
    small_world.index_all()
    assert SHIPPED.of("the") < SHIPPED.of("servic") < SHIPPED.of("gully") <= SHIPPED.of("xylophon")


def test_only_what_every_member_of_staff_may_read_is_counted(world: World) -> None:
    """L8, L16: OFFICIAL, a draft, what is withdrawn, and PUBLIC in a private space are not; PUBLIC in the open is."""
    leeds(world)
    world.add_document("leeds/housing", "Boiler", "lantern for all", marking="PUBLIC")
    world.add_document("leeds/housing", "Boiler", "canaryone", marking="OFFICIAL")
    world.add_document("leeds/housing", "Boiler", "canarytwo", marking="PUBLIC", state="draft")
    world.add_document("leeds/housing", "Boiler", "canarythree", marking="PUBLIC", state="withdrawn")
    world.add_document("leeds/board", "Boiler", "canaryfour", marking="PUBLIC")
    world.index_all()
    assert counted(world, "lantern") == 1
    assert counted(world, "boiler") == 1
    assert not [word for word in table(world).counts if "canary" in word]


def test_what_is_tightened_counts_no_more_when_its_fence_is_lifted(small_world: World) -> None:
    """Marked up, withdrawn, moved into a private space, put under a deny, written anew, deleted: each at once."""
    world = leeds(small_world)
    names = ("marked", "withdrawn", "moved", "rewritten", "deleted", "denied")
    documents = {name: world.add_document("leeds/housing", "Note", f"canary{name}", marking="PUBLIC") for name in names}
    world.index_all()
    assert all(counted(world, f"canary{name}") == 1 for name in names)
    world.mark(documents["marked"], "OFFICIAL")
    world.mark(documents["withdrawn"], "PUBLIC", "withdrawn")
    world.move(documents["moved"], "leeds/board")
    world.revise(documents["rewritten"], "Note", "other words")
    with world.work() as uow:
        own = documents["deleted"].removeprefix("doc:")
        uow.session.execute(delete(Revision).where(Revision.document_id == own))
        uow.session.execute(delete(Document).where(Document.id == own))
        fence(uow, documents["deleted"], uow.enqueue(documents["deleted"]))
    world.set_policy("leeds", *LEEDS, f"deny,org:york,read,{documents['denied']},any,any,-,Not for York")
    world.index_all()
    left = [word for word in table(world).counts if word.startswith("canary")]
    assert left == [stems("canarydenied")[0]]  # whoever has no organisation is not of York
    deny = f"deny,all-staff,read,{documents['denied']},any,any,-,For nobody"
    world.set_policy("leeds", *LEEDS, deny)
    world.index_all()
    assert not [word for word in table(world).counts if word.startswith("canary")]


def test_a_space_that_is_closed_takes_its_words_along_and_gives_them_back(small_world: World) -> None:
    world = leeds(small_world)
    world.add_document("leeds/housing", "Note", "canary", marking="PUBLIC")
    world.index_all()
    world.set_audience("leeds/housing", "private")
    world.index_all()
    assert counted(world, "canary") == 0
    world.set_audience("leeds/housing", "restricted")
    world.index_all()
    assert counted(world, "canary") == 1


def test_a_line_that_ends_is_counted_no_more_the_day_after(small_world: World) -> None:
    """L29: nothing is written, and nobody asks."""
    world = leeds(small_world)
    until = date(2026, 10, 20)
    assert world.parts.today <= until
    world.set_policy("leeds", LEEDS[0].replace(",-,", f",{until.isoformat()},"), LEEDS[1])
    world.add_document("leeds/housing", "Note", "canary", marking="PUBLIC")
    world.index_all()
    assert counted(world, "canary") == 1
    world.parts.clock.move(days=(until - world.parts.today).days + 1)  # type: ignore[attr-defined]
    world.index_all()
    assert counted(world, "canary") == 0


def orders(world: World) -> list[list[str]]:
    """What Yan finds by several questions, by title and in order."""
    questions = ("lantern boiler", "boiler kestrel", "kestrel lantern", "kestrel boiler lantern gully tram")
    return [
        ["".join(text for text, _ in hit.title) for hit in world.ask("york/yan", words).hits] for words in questions
    ]


def visible(world: World) -> None:
    dull = " dull" * 60
    world.add_document("leeds/housing", "One", f"boiler boiler boiler boiler kestrel{dull}", marking="PUBLIC")
    world.add_document("leeds/housing", "Two", f"kestrel kestrel kestrel kestrel boiler{dull}", marking="PUBLIC")
    world.add_document("leeds/housing", "Three", f"lantern lantern boiler kestrel{dull}", marking="PUBLIC")
    for number in range(12):
        world.add_document("leeds/housing", f"Other {number}", "boiler and dull things", marking="PUBLIC")


def hidden(world: World) -> None:
    for number in range(60):
        words = "kestrel " * (1 + number % 3) + "lantern " * (number % 2)
        world.add_document("leeds/board", f"Hidden {number}", words, marking=("PUBLIC", "OFFICIAL")[number % 2])


def test_what_yan_may_not_see_moves_neither_the_table_nor_his_order(world: World) -> None:
    """L16: sixty hidden documents full of his words, PUBLIC in a private space and OFFICIAL."""
    leeds(world)
    visible(world)
    world.index_all()
    before = orders(world), table(world)
    hidden(world)
    world.index_all()
    assert (orders(world), table(world)) == before


def test_were_hidden_texts_counted_it_would_show(small_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted fault that the test above is there to find: the table is fed by whatever is indexed."""
    monkeypatch.setattr(counting, "public_to_all", lambda *_: TRUE)
    world = leeds(small_world)
    visible(world)
    world.index_all()
    before = orders(world), table(world)
    hidden(world)
    world.index_all()
    assert table(world) != before[1]
    assert orders(world) != before[0]


def test_two_hubs_with_equal_public_texts_rank_alike(small_world: World, sqlite_template: Path, tmp_path: Path) -> None:
    """However each came to them: another order, other hidden things, a detour."""
    one = leeds(small_world)
    visible(one)
    one.index_all()
    with another(tmp_path / "other", sqlite_template) as two:
        leeds(two)
        hidden(two)
        gone = two.add_document("leeds/housing", "Gone", "kestrel kestrel", marking="PUBLIC")
        two.index_all()
        visible(two)
        two.index_all()
        two.mark(gone, "OFFICIAL", "withdrawn")
        two.index_all()
        assert table(two) == table(one)
        assert orders(two) == orders(one)


def test_what_is_counted_is_the_sum_of_its_texts(small_world: World) -> None:
    world = leeds(small_world)
    visible(world)
    world.index_all()
    with world.parts.database.reading() as session:
        texts = session.scalars(select(PublicText.words)).all()
        row = session.scalars(select(PublicWords)).one()
    assert row.texts == len(texts) > 15
    whole = [word for text in texts for word in text.split()]
    assert dict(table(world).counts) == {word: whole.count(word) for word in set(whole)}
