"""A backup holds everything that was acknowledged before it began, and is whole or not there (D-BK 91, 93)."""

import gzip
import io
import random
import stat
import tarfile
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from hub.ground.errors import HubError
from hub.upkeep import restore as restoring
from hub.upkeep.archive import members, verified
from tests.hub.upkeep.conftest import Build
from tests.hub.upkeep.town import Town, lost, read_ledger

WRITERS, RATE, SECONDS = 2, 15, 4.0


@pytest.mark.long
def test_everything_acknowledged_before_a_backup_under_load_is_in_it(town: Town, build: Build, kind: str) -> None:
    """D-BK 91: about 30 writes a second asked for, at least 20 done, ledgers kept by the writers themselves."""
    file = town.data.parent / "night.hub"
    running = [town.start("-m", "tests.hub.upkeep.writer", str(RATE)) for _ in range(WRITERS)]
    lines: list[str] = []
    try:
        for writer in running:
            assert writer.stdout is not None
            assert writer.stdout.readline() == "ready\n"
        began = time.monotonic()
        time.sleep(SECONDS / 2)  # the load itself, not a wait for a condition
        made = town.hub("backup", str(file), "--json")
        time.sleep(max(0.0, SECONDS - (time.monotonic() - began)))
        took = time.monotonic() - began
    finally:
        for writer in running:
            writer.kill()
            lines += writer.communicate()[0].splitlines(keepends=True)
    ledger = read_ledger(lines)
    assert made.code == 0, made.err
    assert len(ledger) / took >= 20
    mark = datetime.fromisoformat(made.value["made_at"])
    before = [entry for entry in ledger if entry.at <= mark]
    assert 20 < len(before) < len(ledger)

    elsewhere = build(kind, "elsewhere")
    assert elsewhere.hub("restore", str(file)).code == 0
    assert lost(elsewhere, before) == []
    assert "fault" not in [line["level"] for line in elsewhere.hub("doctor", "--json").value["lines"]]
    hashes = verified(file)["files"]
    with elsewhere.house() as house:
        assert len(hashes) > len(before) // 4
        assert all(b"".join(house.files.read(file_hash)) for file_hash in hashes)  # whose hashes are checked


def test_a_backup_is_its_owners_alone_and_never_overwrites_one(small_town: Town) -> None:
    file = small_town.data.parent / "night.hub"
    made = small_town.hub("backup", str(file))
    assert made.code == 0
    assert "guard it" in made.out
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    before = file.read_bytes()
    again = small_town.hub("backup", str(file))
    assert (again.code, file.read_bytes() == before) == (1, True)
    assert "give another name" in again.err


def test_a_backup_that_fails_leaves_nothing_behind(small_town: Town) -> None:
    small_town.hub("doctor")
    (small_town.data / "keys.json").unlink()
    folder = small_town.data.parent / "backups"
    folder.mkdir()
    failed = small_town.hub("backup", str(folder / "night.hub"))
    assert failed.code == 1
    assert "keys.json is missing" in failed.err
    assert list(folder.iterdir()) == []


def test_a_backup_goes_into_a_folder_that_is_there(small_town: Town) -> None:
    """A disk that is not mounted, a slip of the pen: no folder is made for it. A folder alone is no name of a file."""
    there = small_town.data.parent
    for name, says in (
        (there / "not-mounted" / "night.hub", f"There is no folder {there / 'not-mounted'}, so nothing was written."),
        (there, f"{there} is a folder: name the file in it that is to be written, such as {there / 'night.hub'}."),
        (there / "hub.log" / "night.hub", "There is no folder"),
    ):
        (there / "hub.log").touch()
        refused = small_town.hub("backup", str(name))
        assert refused.code == 1
        assert says in " ".join(refused.err.split())
    assert not (there / "not-mounted").exists()


def test_a_table_that_a_backup_would_lose_is_said(small_town: Town) -> None:
    with small_town.house() as house, house.database.engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE notes_of_omar (id INTEGER)")
        connection.commit()
    failed = small_town.hub("backup", str(small_town.data.parent / "night.hub"))
    assert failed.code == 1
    assert "notes_of_omar" in failed.err


def test_a_damaged_stored_file_is_left_out_and_said(small_town: Town) -> None:
    file = small_town.data.parent / "night.hub"
    (stored,) = (small_town.data / "files").glob("??/*")
    stored.write_bytes(b"rotten")
    made = small_town.hub("backup", str(file), "--json")
    assert made.code == 1
    assert made.value["left_out"] == [stored.name]
    assert verified(file)["left_out"] == [stored.name]


@pytest.fixture
def night(small_town: Town) -> Path:
    """A backup."""
    file = small_town.data.parent / "night.hub"
    assert small_town.hub("backup", str(file)).code == 0
    return file


def _flipped(content: bytes, at: int) -> bytes:
    return content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :]


def test_a_flipped_byte_anywhere_is_found_before_anything_is_touched(small_town: Town, night: Path) -> None:
    """D-BK 93."""
    whole, before = night.read_bytes(), small_town.rows()
    places = [0, 3, 4, 8, 9, 10, len(whole) - 1, len(whole) - 8]
    places += random.Random(7).sample(range(len(whole)), 60)
    for at in places:
        night.write_bytes(_flipped(whole, at))
        if at in {8, 9}:  # how hard gzip tried, and on what: of no effect
            continue
        with pytest.raises(HubError):
            restoring.check(night)
    night.write_bytes(_flipped(whole, len(whole) // 2))
    refused = small_town.hub("restore", str(night), "--replace")
    assert refused.code == 1
    assert "Nothing was changed" in refused.err
    assert small_town.rows() == before


def test_a_cut_or_lengthened_backup_is_refused(small_town: Town, night: Path) -> None:
    whole = night.read_bytes()
    for length in [0, 1, 9, 10, 11, len(whole) // 2, len(whole) - 9, len(whole) - 1]:
        night.write_bytes(whole[:length])
        with pytest.raises(HubError):
            restoring.check(night)
    night.write_bytes(whole + b"more")
    with pytest.raises(HubError):
        restoring.check(night)
    refused = small_town.hub("restore", str(night), "--check")
    assert refused.code == 1
    night.write_bytes(whole)
    assert "is whole" in small_town.hub("restore", str(night), "--check").out


def _packed(fill: Callable[[tarfile.TarFile], None]) -> bytes:
    out = io.BytesIO()
    with (
        gzip.GzipFile(filename="", mode="wb", compresslevel=1, fileobj=out, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w|") as tar,
    ):
        fill(tar)
    return out.getvalue()


def _named(name: str) -> Callable[[tarfile.TarFile], None]:
    return lambda tar: tar.addfile(tarfile.TarInfo(name), io.BytesIO())


def _link(tar: tarfile.TarFile) -> None:
    info = tarfile.TarInfo("keys.json")
    info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
    tar.addfile(info)


@pytest.mark.parametrize(
    "content",
    [
        b"not a backup at all",
        gzip.compress(b"neither"),
        _packed(_named("../../etc/cron.d/evil")),
        _packed(_named("/etc/passwd")),
        _packed(_named("policies/organisations/../../keys.json")),
        _packed(_link),
        _packed(_named("header.json")),
    ],
    ids=["text", "gzip", "climbing", "absolute", "crooked", "link", "empty"],
)
def test_a_file_that_no_hub_wrote_is_refused(small_town: Town, content: bytes) -> None:
    file = small_town.data.parent / "foreign.hub"
    file.write_bytes(content)
    before = small_town.rows()
    refused = small_town.hub("restore", str(file), "--replace")
    assert refused.code == 1
    assert "is no whole backup of a hub" in refused.err
    assert small_town.rows() == before


def test_a_backup_of_another_version_says_what_to_do(small_town: Town, night: Path, monkeypatch: object) -> None:
    assert isinstance(monkeypatch, pytest.MonkeyPatch)
    monkeypatch.setattr("hub.upkeep.restore.HEAD", "9999")
    with pytest.raises(HubError, match="Restore it with that version, then upgrade"):
        restoring.check(night)


def test_a_backup_can_be_listed_member_by_member(night: Path) -> None:
    names = []
    for name, source in members(night):
        names.append(name)
        while source.read(1 << 16):
            pass
    assert names[0] == "header.json"
    assert names[-1] == "manifest.json"
    assert {"keys.json", "database/hub.sqlite3"} < set(names)
    assert [name for name in names if name.startswith("files/")]
