"""One hub, one set of keys: a machine with others does not start, and says what to do; keys are renewed anyway."""

import json
from pathlib import Path

import pytest

from config.settings import Settings
from hub.access.keys_in_force import keys_of, settle_keys
from hub.ground.db import Database
from hub.ground.errors import Unavailable
from hub.ground.keys import OtherKeys, load_keys
from tests.databases import address_of


def machine(database: Database, data: Path, **more: str) -> Settings:
    """A machine with a data folder of its own."""
    data.mkdir(exist_ok=True)
    address = address_of(database)
    return Settings(data=data, database_url=address, **more)  # type: ignore[arg-type]


def keys_in(path: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = json.loads(path.read_text("utf-8"))
    return found


def test_a_second_machine_needs_the_keys_of_the_first(database: Database, tmp_path: Path) -> None:
    one, two = machine(database, tmp_path / "one"), machine(database, tmp_path / "two")
    settle_keys(one, database)
    with pytest.raises(OtherKeys, match=r"two/keys\.json is not there\. Copy the key file from a machine"):
        settle_keys(two, database)
    assert not two.key_path.exists()  # none were made that nobody can use

    load_keys(two.key_path)  # made by a hub of its own
    for ask in (keys_of, settle_keys):
        with pytest.raises(OtherKeys, match=r"two/keys\.json are not those that this hub works with"):
            ask(two, database)
    two.key_path.write_bytes(one.key_path.read_bytes())
    settle_keys(two, database)
    assert keys_of(two, database).decrypt(keys_of(one, database).encrypt("a secret")) == "a secret"


def test_looking_at_a_hub_that_never_started_settles_nothing(sqlite_database: Database, tmp_path: Path) -> None:
    keys_of(machine(sqlite_database, tmp_path / "one"), sqlite_database)
    settle_keys(machine(sqlite_database, tmp_path / "two"), sqlite_database)


def test_keys_are_renewed_machine_by_machine(sqlite_database: Database, tmp_path: Path) -> None:
    """First every machine learns the new ones, then they come first, then the old ones go."""
    database = sqlite_database
    one, two = machine(database, tmp_path / "one"), machine(database, tmp_path / "two")
    settle_keys(one, database)
    sealed = keys_of(one, database).encrypt("a secret")
    old, new = keys_in(one.key_path), keys_in(machine_with_new_keys(tmp_path))
    for first, second in ((old, new), (new, old)):
        for each in (one, two):
            both = {name: first[name] + second[name] for name in first}
            each.key_path.write_text(json.dumps(both), "utf-8")
            settle_keys(each, database)
            assert keys_of(each, database).decrypt(sealed) == "a secret"
    two.key_path.write_text(json.dumps(new), "utf-8")
    settle_keys(two, database)
    one.key_path.write_text(json.dumps(old), "utf-8")
    with pytest.raises(OtherKeys):
        settle_keys(one, database)


def machine_with_new_keys(tmp_path: Path) -> Path:
    path = tmp_path / "new" / "keys.json"
    load_keys(path)
    return path


def test_keys_come_by_file_or_by_the_environment(sqlite_database: Database, tmp_path: Path) -> None:
    database = sqlite_database
    one = machine(database, tmp_path / "one")
    settle_keys(one, database)
    content = one.key_path.read_text("utf-8")
    two = machine(database, tmp_path / "two", key_file=str(one.key_path))
    three = machine(database, tmp_path / "three", keys=content)
    for each in (two, three):
        settle_keys(each, database)
        assert not (each.data / "keys.json").exists()
    assert content not in repr(three)
    assert "signing" not in repr(three)
    for wrong in ("{}", "nonsense", '{"signing": [], "encryption": []}', '{"signing": ["a"], "encryption": ["b"]}'):
        with pytest.raises(Unavailable, match="HUB_KEYS holds no keys"):
            keys_of(machine(database, tmp_path / "four", keys=wrong), database)
