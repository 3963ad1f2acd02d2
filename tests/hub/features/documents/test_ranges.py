"""A download that broke off goes on where it stopped, while it is the same file still (RFC 9110, sections 13, 14)."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from obstore.store import MemoryStore

from hub.ground.db import Database
from hub.ground.files import FileStore, ObjectFileStore
from search.embedded import EmbeddedEngine
from tests.hub.features.documents.test_pages import LEEDS, send, upload_address
from tests.hub.world import World, make_parts

PLAN = bytes(range(256)) * 4_000
SIZE = len(PLAN)


@pytest.fixture(params=["disk", "bucket"])
def town(request: pytest.FixtureRequest, sqlite_database: Database, tmp_path: Path) -> Iterator[World]:
    """Hana of Leeds adds files to the housing space; Ann reads them; Bo of York does not."""
    folder = tmp_path / "files"
    store = FileStore(folder) if request.param == "disk" else ObjectFileStore(MemoryStore(), folder)
    with EmbeddedEngine(tmp_path / "index") as engine:
        world = World(make_parts(sqlite_database, engine, tmp_path, files=store))
        world.add_organisation("leeds", *LEEDS)
        world.add_organisation("york", "allow,org:york,read,york,up to OFFICIAL,published,-,Staff read our work")
        world.add_person("leeds/hana", "leeds/housing")
        world.add_person("leeds/ann")
        world.add_person("york/bo")
        world.add_space("leeds/housing", "restricted")
        world.app.config["WTF_CSRF_ENABLED"] = False
        yield world


def added(world: World, content: bytes = PLAN, name: str = "plan.bin") -> str:
    """The address of a file that Hana has uploaded."""
    return send(world.client("leeds/hana"), upload_address(world, "leeds/housing"), file=(io.BytesIO(content), name))


PARTS = [
    ("bytes=0-0", 0, 0),
    ("bytes=0-", 0, SIZE - 1),
    ("bytes=500-999", 500, 999),
    ("bytes=300000-900000", 300_000, 900_000),
    (f"bytes={SIZE - 5}-", SIZE - 5, SIZE - 1),
    ("bytes=-7", SIZE - 7, SIZE - 1),
    (f"bytes=-{SIZE * 3}", 0, SIZE - 1),
    (f"bytes=10-{SIZE * 3}", 10, SIZE - 1),
    ("Bytes=10-20 ", 10, 20),
]
WHOLE = [
    "bytes=0-1,5-9",
    "bytes=9-5",
    "bytes=-",
    "bytes=x-",
    "lines=1-2",
    "bytes 1-2",
    "bytes=1",
    "bytes=" + "9" * 40 + "-",
]
BEYOND = [f"bytes={SIZE}-", f"bytes={SIZE * 9}-{SIZE * 10}", "bytes=-0"]


def test_a_part_is_the_bytes_asked_for_and_a_download_goes_on_where_it_stopped(town: World) -> None:
    there = added(town)
    ann = town.client("leeds/ann")
    for address in (f"{there}/file", f"{there}/view", f"{there}/revisions/1/file", f"{there}/revisions/1/view"):
        whole = ann.get(address)
        assert (whole.status_code, whole.data, whole.headers["Accept-Ranges"]) == (200, PLAN, "bytes")
        tag = whole.headers["ETag"]
        assert tag.startswith('"')
        for asked, first, last in PARTS:
            part = ann.get(address, headers={"Range": asked, "If-Range": tag})
            assert (part.status_code, part.headers["Content-Range"]) == (206, f"bytes {first}-{last}/{SIZE}"), asked
            assert part.data == PLAN[first : last + 1], asked
            assert int(part.headers["Content-Length"]) == len(part.data)
            assert part.headers["ETag"] == tag
            assert "sandbox" in part.headers["Content-Security-Policy"]
            assert "no-store" in part.headers["Cache-Control"]
    for asked in WHOLE:
        answer = ann.get(f"{there}/file", headers={"Range": asked})
        assert (answer.status_code, answer.data == PLAN) == (200, True), asked
    for asked in BEYOND:
        answer = ann.get(f"{there}/file", headers={"Range": asked})
        assert (answer.status_code, answer.headers["Content-Range"]) == (416, f"bytes */{SIZE}"), asked
        assert "shorter than that" in answer.get_data(as_text=True)
    head = ann.head(f"{there}/file", headers={"Range": "bytes=5-9"})
    assert (head.status_code, head.data, head.headers["Content-Length"]) == (200, b"", str(SIZE))
    assert (head.headers["ETag"], head.headers["Accept-Ranges"]) == (tag, "bytes")
    assert "Content-Range" not in head.headers


def test_nobody_gets_the_rest_of_another_file(town: World) -> None:
    """Revised meanwhile: the whole of the new one. A weak tag or a date proves nothing."""
    there = added(town)
    ann, hana = town.client("leeds/ann"), town.client("leeds/hana")
    tag = ann.get(f"{there}/file").headers["ETag"]
    for other in ('"other"', f"W/{tag}", tag.strip('"'), "Wed, 21 Oct 2026 07:28:00 GMT", "", "*"):
        answer = ann.get(f"{there}/file", headers={"Range": "bytes=5-", "If-Range": other})
        assert (answer.status_code, answer.data == PLAN) == (200, True), other
    assert ann.get(f"{there}/file", headers={"If-None-Match": tag}).status_code == 304
    assert ann.get(f"{there}/file", headers={"If-None-Match": '"other"'}).status_code == 200
    assert ann.get(f"{there}/file", headers={"If-Match": tag}).status_code == 200
    assert ann.get(f"{there}/file", headers={"If-Match": '"other"'}).status_code == 412
    fields = {"name": "Plan", "based_on": "1", "note": "", "file": (io.BytesIO(PLAN[::-1]), "plan.bin")}
    revised = hana.post(f"{there}/edit", data=fields, content_type="multipart/form-data")
    assert revised.status_code == 303
    answer = ann.get(f"{there}/file", headers={"Range": "bytes=5-", "If-Range": tag})
    assert (answer.status_code, answer.data == PLAN[::-1]) == (200, True)
    assert answer.headers["ETag"] != tag


def test_a_tag_tells_nothing_of_what_others_hold(town: World) -> None:
    """The same bytes twice are stored once, and have two tags, of which neither holds their hash."""
    one, two = added(town), added(town)
    hana = town.client("leeds/hana")
    tags = [hana.get(f"{there}/file").headers["ETag"] for there in (one, two)]
    assert tags[0] != tags[1]
    stored = next(iter(town.parts.files.hashes()))
    assert not any(tag.strip('"')[:8] in stored for tag in tags)


def test_each_part_is_judged_anew(town: World) -> None:
    """Taken back in the middle of a download, the rest is not there, as for anybody else."""
    there = added(town)
    ann, bo = town.client("leeds/ann"), town.client("york/bo")
    tag = ann.get(f"{there}/file", headers={"Range": "bytes=0-99"}).headers["ETag"]
    town.mark(there.rpartition("/")[2], state="withdrawn")
    sent = {"Range": "bytes=100-", "If-Range": tag}
    refused, absent = ann.get(f"{there}/file", headers=sent), ann.get("/documents/abcdefghijkl/file", headers=sent)
    assert (refused.status_code, absent.status_code) == (404, 404)
    for asked in (sent, {"Range": f"bytes={SIZE}-"}, {"If-None-Match": tag}, {"If-Match": '"x"'}):
        assert bo.get(f"{there}/file", headers=asked).status_code == 404
    assert "ETag" not in refused.headers


def test_an_empty_file_and_a_damaged_one(town: World, tmp_path: Path) -> None:
    there = added(town, b"x")
    ann = town.client("leeds/ann")
    assert ann.get(f"{there}/file", headers={"Range": "bytes=0-5"}).data == b"x"
    if isinstance(town.parts.files, ObjectFileStore):
        return
    plan = added(town)
    stored = max((tmp_path / "files").rglob("*"), key=lambda path: path.stat().st_size if path.is_file() else 0)
    stored.write_bytes(b"!" + PLAN[1:])
    assert ann.get(f"{plan}/file", headers={"Range": "bytes=5-"}).status_code == 503
    stored.write_bytes(PLAN[:-1])
    assert ann.get(f"{plan}/file", headers={"Range": "bytes=5-9"}).status_code == 503


def test_slow_downloads_of_one_person_take_two_threads_at_most(town: World) -> None:
    """Whoever takes three large files at once waits for one of them to end; others, and small parts, go on."""
    there = added(town, PLAN * 2)
    ann, hana = town.client("leeds/ann"), town.client("leeds/hana")
    under_way = [ann.get(f"{there}/file") for _ in range(2)]
    refused = ann.get(f"{there}/file")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "2")
    assert "still at work" in refused.get_data(as_text=True)
    assert hana.get(f"{there}/file").data == PLAN * 2
    assert ann.get(f"{there}/file", headers={"Range": "bytes=0-99"}).status_code == 206
    assert ann.head(f"{there}/file").status_code == 200
    assert under_way.pop().data == PLAN * 2  # taken to its end
    again = ann.get(f"{there}/file")
    assert again.status_code == 200
    again.close()  # the browser has gone away
    assert ann.get(f"{there}/file").data == PLAN * 2
