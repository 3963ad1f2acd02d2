"""The town that both hubs share, and the hidden things of which one of them has one more.

Ids come from a seed and the clock stands, so that two hubs to which the same is done are equal to the byte.
"""

import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import select

from hub.access.holds import RETURN, hold_person
from hub.access.models import Grant, Group, Person
from hub.features.administration.guests.service import admit
from hub.features.policies.service import adopt_default, default_text
from hub.ground import ids
from hub.nouns.documents.models import Document
from hub.nouns.people.service import NewGrant, NewPerson, add_member
from search.embedded import EmbeddedEngine
from tests.hub.features.sharing.conftest import agree, place_id
from tests.hub.features.signin.browser import SignInWorld
from tests.hub.world import make_parts
from tests.remembered import open_database

YORK_STAFF = "allow,all-staff,read,york,up to OFFICIAL,published,-,York shows its work and its people"
LOOKERS = ("leeds/sam", "leeds/ann", "leeds/iva", "york/yan", "acme/gus")
"""Leeds's administrator, the manager of Housing, an officer, somebody at York, a guest of Leeds."""
BYTES = b"%PDF-1.4 The merger of Leeds and York is called Lantern.\n"


class Luck:
    """Stands for `secrets` in `hub.ground.ids`: the same ids whenever the same is done."""

    def __init__(self) -> None:
        self.begin("")

    def begin(self, seed: str) -> None:
        """From here on the ids of this seed."""
        self._random = random.Random(seed)

    def choice(self, letters: str) -> str:
        """One of them."""
        return self._random.choice(letters)

    def token_urlsafe(self, size: int) -> str:
        """Letters that stand for so many bytes."""
        return f"{self._random.getrandbits(size * 8):x}"


LUCK = Luck()


@contextmanager
def lucky() -> Iterator[Luck]:
    """Ids from a seed, in this block."""
    before, ids.secrets = ids.secrets, LUCK  # type: ignore[assignment]
    yield LUCK
    ids.secrets = before


def first_id_of(secret: str) -> str:
    """The id that is given first where a secret is made, by the luck that it has: somebody may have heard it."""
    LUCK.begin(secret)
    return ids.new_id()


def make_town(template: Path, folder: Path) -> None:
    """Build the town in a folder: Leeds and York, whose staff are hidden from one another, and Acme, a firm."""
    LUCK.begin("town")
    with hub_in(folder, template) as world:
        for slug in ("leeds", "york", "acme", "hull"):
            world.add_organisation(slug, kind="supplier" if slug == "acme" else "council")
            with world.work() as uow:
                adopt_default(uow, world.place(uow, slug), "test")
            keeps_to_itself = default_text("organisation.csv", slug).splitlines()[1:]
            world.set_policy(slug, *(line for line in keeps_to_itself if f",people:{slug}," not in line))
            world.add_issuer(slug, f"https://login.{slug}.example")
        text = "allow,all-staff,read,hull,up to OFFICIAL,published,-,Hull shows its work and its people"
        world.set_policy("hull", text)
        for handle, *groups in (
            ("leeds/sam", "leeds/administrators"),
            ("leeds/ann", "leeds/housing"),
            ("leeds/iva",),
            ("leeds/max", "leeds/administrators"),
            ("york/yara", "york/administrators"),
            ("york/yan", "york/flood"),
            ("york/ute",),
            ("hull/hal", "hull/rivers"),
            ("hull/una",),
        ):
            world.add_person(handle, *groups)
        world.add_person("acme/gus", kind="guest")
        world.add_space("leeds/housing", "restricted")
        world.add_folder("leeds/housing/old")
        world.add_folder("leeds/housing/empty")
        world.add_space("leeds/open-data", "open")
        world.add_space("leeds/tenders", "restricted")
        world.add_space("york/rivers", "restricted")
        world.give("person:leeds/ann", "manage", "leeds/housing")
        world.give("person:leeds/max", "manage", "leeds/open-data")
        world.give("person:leeds/sam", "read", "leeds/housing")
        world.give("org:york", "read", "leeds/housing")
        world.give("group:york/flood", "edit", "leeds/housing")
        world.give("guest:acme/gus", "read", "leeds/housing", until=date(2027, 1, 1), source="guest")
        for number in range(3):
            world.add_document("leeds/housing", f"Plan {number}", "Sandbags lie in the depot", owner="person:leeds/ann")
        world.add_document("leeds/open-data", "Prices", "What a pump costs", owner="person:leeds/max")
        world.add_document("york/rivers", "Levels", "High water", owner="person:york/yan")
        world.index_all()


def copy_of(town: Path, folder: Path) -> Path:
    """The same town once more, in a folder that is not there yet."""
    shutil.copytree(town, folder)
    return folder


@contextmanager
def hub_in(folder: Path, template: Path | None = None) -> Iterator[SignInWorld]:
    """The hub that lives in a folder; with a `template` of the database a new one."""
    if template:
        shutil.copyfile(template, folder / "hub.sqlite3")
    database = open_database(f"sqlite:///{folder / 'hub.sqlite3'}")
    with EmbeddedEngine(folder / "index") as engine:
        world = SignInWorld(make_parts(database, engine, folder))
        world.app.config["WTF_CSRF_ENABLED"] = False
        yield world
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()


@dataclass(frozen=True)
class Secret:
    """One hidden thing: how it comes about, and who may know of it and so is not asked."""

    made: Callable[[SignInWorld], object]
    known_to: tuple[str, ...] = ()


def _join(world: SignInWorld, handle: str, group: str) -> None:
    with world.work() as uow:
        found = uow.session.scalars(select(Group).where(Group.handle == group)).one()
        add_member(uow, found, world.person(uow, handle))


def _make_space(world: SignInWorld, who: str, where: str, name: str, audience: str) -> str:
    """In the browser, as people do; returns its path."""
    client, there = world.client(who), place_id(world, where)
    form = {"name": name, "audience": audience, "marking": "OFFICIAL", "about": f"About {name}"}
    answer = agree(client, client.post(f"/make/{there}", data=form))
    path = answer.location.removeprefix("/places/")
    world.add_document(path, f"{name} notes", f"The word is {name}.", owner=f"person:{who}")
    return path


def _admit_to_york(world: SignInWorld) -> None:
    """York admits Maria of Acme, whose address is known."""
    with world.work() as uow:
        firm, space = world.place(uow, "acme"), world.place(uow, "york/rivers")
        given = NewGrant(
            "guest:x/x", "read", space.id, space.organisation_id or "", "york/yara", "guest", "Levels",
            until=date(2027, 1, 1),
        )  # fmt: skip
        new = NewPerson("", "Maria Lopez", "maria@acme.example", kind="guest")
        admit(uow, world.parts, firm, new, given, by=given.organisation_id)


def _levels(world: SignInWorld) -> str:
    """The node of a document of York's."""
    with world.parts.database.reading() as session:
        return session.scalars(select(Document).where(Document.title == "Levels")).one().node


def _suspended_guest(world: SignInWorld) -> None:
    _admit_to_york(world)
    with world.work() as uow:
        maria = uow.session.scalars(select(Person).where(Person.email == "maria@acme.example")).one()
        handle = maria.handle
    world.set_status(handle, "suspended")


def _upload(world: SignInWorld) -> None:
    world.add_file("leeds/tenders", "lantern.pdf", BYTES, owner="person:leeds/max", marking="OFFICIAL-SENSITIVE")


SECRETS = {
    "a member of another organisation's group": Secret(
        lambda w: _join(w, "york/ute", "york/flood"), known_to=("york/yan",)
    ),
    "a member of a group whose people one sees": Secret(lambda w: _join(w, "hull/una", "hull/rivers")),
    "a whole group": Secret(lambda w: (_new_group(w, "hull", "hull/merger"), _join(w, "hull/una", "hull/merger"))),
    "a person": Secret(lambda w: w.add_person("york/zoe-hart"), known_to=("york/yan",)),
    "a person who is suspended": Secret(
        lambda w: (w.add_person("hull/zoe-hart"), w.set_status("hull/zoe-hart", "suspended"))
    ),
    "a confidential space": Secret(lambda w: _make_space(w, "leeds/max", "leeds", "Lantern", "confidential")),
    "a confidential space at an address": Secret(lambda w: w.add_space("leeds/max-only", "confidential")),
    "a confidential space where nothing seems to be": Secret(
        lambda w: w.add_space("leeds/housing/empty/lantern", "confidential")
    ),
    "an organisation": Secret(lambda w: w.add_organisation("nowhere")),
    "rights that wait": Secret(lambda w: _wait(w, "hull/una"), known_to=("leeds/sam", "leeds/ann")),
    "a private space": Secret(
        lambda w: _make_space(w, "york/yara", "york", "Lantern", "private"), known_to=("york/yan",)
    ),
    "a document within a place that one sees": Secret(
        lambda w: w.add_document(
            "leeds/open-data", "Lantern", "Lantern", marking="OFFICIAL-SENSITIVE", owner="person:leeds/max"
        ),
    ),
    "a draft": Secret(
        lambda w: w.add_document("leeds/open-data", "Lantern", "Lantern", state="draft", owner="person:leeds/max"),
        known_to=("leeds/sam",),
    ),
    "a file": Secret(_upload),
    "a conversation": Secret(
        lambda w: w.post(w.add_thread("york/rivers", "Lantern?", "york/yan", "Lantern"), "york/yara", "Lantern"),
        known_to=("york/yan",),
    ),
    "a comment": Secret(lambda w: w.post(_levels(w), "york/yan", "Lantern"), known_to=("york/yan",)),
    "a guest of another organisation": Secret(_admit_to_york, known_to=("york/yan",)),
    "a guest who was put out": Secret(_suspended_guest, known_to=("york/yan",)),
    "a membership": Secret(lambda w: w.give("person:leeds/max", "edit", "york/rivers"), known_to=("york/yan",)),
    "a membership of a group": Secret(
        lambda w: w.give("group:hull/rivers", "read", "york/rivers"), known_to=("york/yan",)
    ),
}


def _wait(world: SignInWorld, handle: str) -> None:
    with world.work() as uow:
        hold_person(uow, world.person(uow, handle), RETURN)


def _new_group(world: SignInWorld, slug: str, handle: str) -> None:
    from hub.nouns.people.service import add_group

    with world.work() as uow:
        add_group(uow, world.place(uow, slug), handle, handle)


def grants_of(world: SignInWorld) -> list[Grant]:
    """All that was ever given."""
    with world.work() as uow:
        return list(uow.session.scalars(select(Grant)))
