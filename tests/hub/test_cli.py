"""The `hub` command itself: help, wrong commands, wrong settings, errors in words, and adding to a hub."""

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from hub.access.models import GroupMember, Person, Place, PolicyText
from hub.cli import _commands, _merge
from hub.features.signin.models import PendingBinding
from hub.ground.db import Database
from hub.running.failures import sentence_for
from search.embedded import EmbeddedEngine
from tests.hub.commandline import Ran, hub
from tests.hub.world import World, make_parts
from tests.peers.hostile import HostileIssuer

COMMANDS = [
    "admin",
    "backup",
    "demo",
    "doctor",
    "history",
    "import",
    "index",
    "issuer",
    "keys",
    "mail",
    "migrate",
    "organisation",
    "person",
    "policy",
    "restore",
    "search",
    "serve",
    "space",
    "worker",
]


@pytest.fixture
def world(sqlite_database: Database, tmp_path: Path) -> Iterator[World]:
    engine = EmbeddedEngine(tmp_path / "index")
    yield World(make_parts(sqlite_database, engine, tmp_path))
    engine.close()


def command(*arguments: str, **environment: str) -> Ran:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")}
    ran = subprocess.run(
        [sys.executable, "-m", "hub.cli", *arguments],
        env=kept | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return Ran(ran.returncode, ran.stdout, ran.stderr)


def test_help_lists_every_command(world: World) -> None:
    ran = hub(world.parts, "--help")
    assert ran.code == 0
    listed = ran.out.partition("Commands:")[2].partition("\n\n")[0].split("\n  ")
    assert "hub serve    a hub of your own" in ran.out, "and how to begin"
    assert [line.split()[0] for line in listed if line.strip() and not line.startswith(" ")] == COMMANDS


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_that_says_what_it_does(world: World, name: str) -> None:
    found = _commands()[name]
    leaves = found.commands.items() if isinstance(found, click.Group) else [("", found)]
    for leaf, one in leaves:
        ran = hub(world.parts, name, *([leaf] if leaf else []), "--help")
        assert ran.code == 0
        assert len((one.help or "").split()) > 3
        for parameter in one.params:
            assert not isinstance(parameter, click.Option) or parameter.help, f"{name} {leaf} {parameter.name}"


def test_a_wrong_command_is_answered_with_the_nearest(world: World) -> None:
    ran = hub(world.parts, "polcy")
    assert (ran.code, ran.out) == (2, "")
    assert "There is no command “polcy”. Did you mean “hub policy”?" in ran.err


def test_groups_of_one_name_are_merged_and_a_name_taken_twice_is_a_fault() -> None:
    found: dict[str, click.Command] = {}
    one, two = click.Group("thing", help="Things."), click.Group("thing")
    one.add_command(click.Command("add"))
    two.add_command(click.Command("remove"))
    _merge(found, one)
    _merge(found, two)
    merged = found["thing"]
    assert isinstance(merged, click.Group)
    assert sorted(merged.commands) == ["add", "remove"]
    assert merged.help == "Things."
    for taken in (two, click.Command("thing")):
        with pytest.raises(RuntimeError, match="two features bring"):
            _merge(found, taken)


def test_a_wrong_setting_is_one_sentence_that_names_it(tmp_path: Path) -> None:
    ran = command("migrate", HUB_DATA=str(tmp_path), HUB_PORT="eighty")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("HUB_PORT: ")
    assert "'eighty'" in ran.err
    assert len(ran.err.splitlines()) == 1
    ran = command("migrate", HUB_DATA=str(tmp_path), HUB_URL="http://hub.example.gov.uk")
    assert "must be https" in ran.err


def test_nobody_else_on_the_machine_may_read_what_migrate_makes(tmp_path: Path) -> None:
    """With the usual umask, the database and its journals are their owner's alone."""
    before = os.umask(0o022)
    try:
        command("migrate", HUB_DATA=str(tmp_path / "new" / "hub"))
    finally:
        os.umask(before)
    made = [path for path in (tmp_path / "new" / "hub").rglob("hub.sqlite3*") if path.is_file()]
    assert made
    assert {stat.S_IMODE(path.stat().st_mode) for path in made} == {0o600}
    assert stat.S_IMODE((tmp_path / "new" / "hub").stat().st_mode) == 0o750


@pytest.mark.long
def test_migrate_makes_a_database_once(tmp_path: Path) -> None:
    data = str(tmp_path / "new")
    assert "is now at schema" in command("migrate", HUB_DATA=data).out
    again = command("migrate", HUB_DATA=data)
    assert again.code == 0
    assert "is up to date" in again.out
    ran = command("policy", "lint", HUB_DATA=str(tmp_path / "other"))
    assert ran.code == 1
    assert "There is no hub in" in ran.err
    assert "“hub serve”" in ran.err


def test_someone_elses_database_is_not_migrated_and_is_one_sentence(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "hub.sqlite3") as other:
        other.execute("CREATE TABLE parking_permits (id INTEGER)")
    ran = command("migrate", HUB_DATA=str(tmp_path))
    assert ran.code == 1
    assert "not a hub's" in ran.err
    assert len(ran.err.splitlines()) == 1


def test_a_fault_of_ours_is_not_blamed_on_the_person() -> None:
    assert "fault in the hub" in sentence_for(KeyError("x"))
    locked = OperationalError("UPDATE secret", {}, Exception("database is locked"))
    assert sentence_for(locked) == "The database is busy with another program's work. Try again in a minute."
    full = OperationalError("UPDATE secret", {}, Exception("database or disk is full"))
    assert "disk is full" in sentence_for(full)
    assert "disk is full" in sentence_for(OSError(28, "No space left on device", "/data/x"))
    for error in (locked, full):
        assert "secret" not in sentence_for(error)


def test_a_reader_who_has_seen_enough_is_no_error(tmp_path: Path) -> None:
    """`hub … | head -1`."""
    script = f"HUB_DATA={tmp_path} {sys.executable} -m hub.cli --help | head -1"
    ran = subprocess.run(["/bin/sh", "-c", script], capture_output=True, text=True, check=True)
    assert "Traceback" not in ran.stderr


def test_an_organisation_comes_with_its_policy_and_is_told_what_is_missing(world: World) -> None:
    ran = hub(
        world.parts, "organisation", "add", "Leeds", "--name", "Leeds City Council", "--code", "E08000035",
        "--domain", "Leeds.gov.uk",
    )  # fmt: skip
    assert ran.code == 0
    assert "Nobody can sign in from there yet" in ran.out
    assert "http://localhost:8000/sign-in/callback/" in ran.out, "told before there is an issuer"
    assert "organisation issuer leeds --issuer URL" in ran.out
    with world.parts.database.reading() as session:
        assert session.scalars(select(PolicyText.name).order_by(PolicyText.name)).all() == [
            "organisations/leeds.csv", "platform.csv",
        ]  # fmt: skip
        assert session.scalars(select(Place.path)).all() == ["", "leeds"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("leeds", "--name", "Again"), "There is already a place at leeds"),
        (("Leeds City", "--name", "L"), "cannot be part of an address"),
        (("york", "--name", "York", "--domain", "nonsense"), "is not a mail domain such as leeds.gov.uk"),
        (("york", "--name", "York", "--issuer", "https://id.york.gov.uk"), "Give --issuer and --client-id together"),
        (("york", "--name", " "), "Give it a name"),
    ],
)
def test_an_organisation_that_cannot_be_added_leaves_nothing(
    world: World, arguments: tuple[str, ...], sentence: str
) -> None:
    hub(world.parts, "organisation", "add", "leeds", "--name", "Leeds City Council")
    ran = hub(world.parts, "organisation", "add", *arguments)
    assert (ran.code, ran.out) == (1, "")
    assert sentence in ran.err
    with world.parts.database.reading() as session:
        assert session.scalars(select(Place.path)).all() == ["", "leeds"]
        assert len(session.scalars(select(PolicyText)).all()) == 2


def test_an_unreachable_issuer_adds_nothing(world: World, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("s3cret\n", "utf-8")
    ran = hub(
        world.parts, "organisation", "add", "leeds", "--name", "Leeds", "--issuer", "http://127.0.0.1:1",
        "--client-id", "hub", "--client-secret-file", str(secret),
    )  # fmt: skip
    assert ran.code == 1
    assert "The issuer http://127.0.0.1:1 cannot be used." in ran.err
    assert "s3cret" not in ran.err
    with world.parts.database.reading() as session:
        assert session.scalars(select(Place.path)).all() == [""]


def test_an_organisation_with_its_issuer_and_the_first_administrators_link(world: World) -> None:
    """The issuer is reached and pinned before anything is written; the secret is kept sealed."""
    with HostileIssuer() as issuer:
        ran = hub(
            world.parts, "organisation", "add", "leeds", "--name", "Leeds", "--issuer", issuer.issuer,
            "--client-id", "hub", "--json",
        )  # fmt: skip
        assert ran.code == 0, ran.err
        assert ran.value["redirect_uri"].startswith("http://localhost:8000/sign-in/callback/")
        again = hub(world.parts, "organisation", "issuer", "leeds", "--issuer", issuer.issuer, "--client-id", "hub")
        assert again.code == 1
        assert "already" in again.err
    ran = hub(world.parts, "person", "add", "leeds/sam", "--name", "Sam", "--group", "administrators", "--json")
    first = ran.value["link"]
    assert first.startswith("http://localhost:8000/sign-in?link=")
    second = hub(world.parts, "person", "link", "leeds/sam", "--json").value["link"]
    assert second != first
    expected = hub(world.parts, "person", "add", "leeds/ann", "--name", "Ann", "--subject", "abc-123", "--json")
    assert expected.value["link"] is None
    with world.parts.database.reading() as session:
        rows = session.scalars(select(PendingBinding).where(PendingBinding.used_at.is_(None))).all()
        assert sorted((bool(row.link_hash), row.subject) for row in rows) == [(False, "abc-123"), (True, "")]


def test_an_organisation_that_is_there_gets_its_issuer_later(world: World) -> None:
    hub(world.parts, "organisation", "add", "leeds", "--name", "Leeds")
    with HostileIssuer() as issuer:
        ran = hub(world.parts, "organisation", "issuer", "leeds", "--issuer", issuer.issuer, "--client-id", "hub")
    assert ran.code == 0, ran.err
    assert "Register this redirect address there: http://localhost:8000/sign-in/callback/" in ran.out


def test_a_person_is_added_into_groups_and_told_how_to_sign_in(world: World) -> None:
    hub(world.parts, "organisation", "add", "leeds", "--name", "Leeds City Council")
    ran = hub(
        world.parts, "person", "add", "leeds/sam-okafor", "--name", "Sam Okafor", "--group", "administrators",
        "--group", "leeds/housing", "--json",
    )  # fmt: skip
    assert ran.code == 0
    assert ran.value == {
        "person": "person:leeds/sam-okafor",
        "name": "Sam Okafor",
        "new_groups": ["leeds/administrators", "leeds/housing"],
        "link": None,
    }
    ran = hub(world.parts, "person", "add", "leeds/ann", "--name", "Ann", "--group", "housing")
    assert "is new" not in ran.out
    assert "They cannot sign in yet" in ran.out
    with world.parts.database.reading() as session:
        assert len(session.scalars(select(GroupMember)).all()) == 3


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("leds/ann", "--name", "Ann"), "There is no organisation leds. Did you mean leeds?"),
        (("leeds/sam", "--name", "Sam"), "Handles are never given out again"),
        (("ann", "--name", "Ann"), "There is no organisation ann."),
        (("leeds/a_n", "--name", "Ann"), "A handle is the organisation and a name"),
        (("leeds/gus", "--name", "Gus", "--guest", "--group", "housing"), "Guests belong to no group"),
        (("leeds/ann", "--name", "Ann", "--subject", "123"), "has no issuer yet"),
    ],
)
def test_a_person_who_cannot_be_added_leaves_nothing(world: World, arguments: tuple[str, ...], sentence: str) -> None:
    hub(world.parts, "organisation", "add", "leeds", "--name", "Leeds City Council")
    hub(world.parts, "person", "add", "leeds/sam", "--name", "Sam")
    ran = hub(world.parts, "person", "add", *arguments)
    assert (ran.code, ran.out) == (1, "")
    assert sentence in ran.err
    with world.parts.database.reading() as session:
        assert session.scalars(select(Person.handle)).all() == ["leeds/sam"]


def test_a_space_is_added_and_wrong_ones_are_refused(world: World) -> None:
    hub(world.parts, "organisation", "add", "leeds", "--name", "Leeds City Council")
    ran = hub(world.parts, "space", "add", "leeds/housing", "--name", "Housing", "--audience", "private", "--json")
    assert ran.value == {
        "path": "leeds/housing",
        "name": "Housing",
        "audience": "private",
        "writers": "members",
        "url": "http://localhost:8000/places/leeds/housing",
    }
    for writers, kept in (((), "staff"), (("--writers", "organisation"), "organisation")):
        ran = hub(world.parts, "space", "add", f"leeds/{kept}", "--name", "News", *writers, "--json")
        assert (ran.value["audience"], ran.value["writers"]) == ("open", kept)
    cases = {
        ("leeds/x", "--name", "X", "--writers", "everybody"): "members, organisation, staff",
        ("leeds/x", "--name", "X", "--audience", "private", "--writers", "staff"): "Only in an open space",
        ("leeds/housing", "--name", "Again"): "There is already a place at leeds/housing",
        ("housing", "--name", "H"): "A space lies in an organisation",
        ("leeds/hosing/repairs", "--name", "R"): "Did you mean leeds/housing?",
        ("leeds/x", "--name", "X", "--audience", "secret"): "open, restricted, private, confidential",
        ("leeds/x", "--name", "X", "--marking", "SECRET"): "PUBLIC, OFFICIAL, OFFICIAL-SENSITIVE",
    }
    for arguments, sentence in cases.items():
        ran = hub(world.parts, "space", "add", *arguments)
        assert (ran.code, ran.out) == (1, "")
        assert sentence in ran.err


def test_help_is_quick() -> None:
    """The measure is the processor's time: other programs may keep it busy."""
    before = os.times()
    assert command("--version").code == 0
    after = os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    assert spent < 1.0
