"""The embedded engine between processes: one writer, many readers, generations, and a damaged index."""

import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from acl.visibility import is_in
from search.embedded import EmbeddedEngine
from search.embedded import answer as answers
from search.embedded import engine as module
from search.embedded.writer import _BOUNDED, Writer
from search.engine import EngineDown, SecondIndexer
from search.reindex import reindex
from tests import ROOT
from tests.search.things import Deletion, ask, entry, fill, ids

WRITER = """
import sys
from pathlib import Path
from search.embedded import EmbeddedEngine
from search.engine import SecondIndexer
from tests.search.things import entry, fill

with EmbeddedEngine(Path(sys.argv[1])) as engine:
    try:
        fill(engine, entry(99, "Flood from elsewhere"))
    except SecondIndexer as error:
        sys.exit(str(error))
    print("written", flush=True)
    sys.stdin.read()
"""

FULL = """
import resource, sys
from pathlib import Path
from search.embedded import EmbeddedEngine
from search.engine import EngineDown
from tests.search.things import ask, entry, fill

with EmbeddedEngine(Path(sys.argv[1])) as engine:
    fill(engine, entry(1, "Flood"))
    resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, resource.RLIM_INFINITY))
    many = [entry(n, "Flood", " ".join(f"w{n}x{i}" for i in range(5_000))) for n in range(2, 30)]
    try:
        fill(engine, *many)
    except EngineDown as error:
        print(error)
    print(ask(engine, "flood").total)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    fill(engine, *many)
    print(ask(engine, "flood").total)
"""


def other_process(folder: Path) -> "subprocess.Popen[str]":
    """A process that writes one document, says so or why not, and holds its lock until its standard input closes."""
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder)],
        cwd=ROOT,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def test_a_second_indexer_is_told_so_and_the_first_goes_on(tmp_path: Path) -> None:
    with EmbeddedEngine(tmp_path) as first, EmbeddedEngine(tmp_path) as second:
        fill(first, entry(1, "Flood"))
        with pytest.raises(SecondIndexer, match="one indexer only"):
            second.write([entry(2)])
        with pytest.raises(SecondIndexer, match="another process writes"):
            second.begin_rebuild()
        out, err = other_process(tmp_path).communicate(timeout=60)
        assert (out, err.strip()[:23]) == ("", "another process writes ")
        fill(first, entry(3, "Flood"))
        assert sorted(ids(ask(first, "flood"))) == ["1", "3"]
        first.close()
        fill(second, entry(4, "Flood"))


def test_a_reader_sees_what_another_process_committed_when_it_is_told_a_later_sequence(tmp_path: Path) -> None:
    with EmbeddedEngine(tmp_path) as reader:
        assert ids(ask(reader, "flood")) == []
        with other_process(tmp_path) as writer:
            assert writer.stdout
            assert writer.stdout.readline() == "written\n"
            assert ids(ask(reader, "flood")) == []
            reader.reload_if_behind(1)
            assert ids(ask(reader, "flood")) == ["99"]
            writer.communicate(timeout=60)


def test_a_writer_that_is_killed_leaves_no_lock(tmp_path: Path) -> None:
    with other_process(tmp_path) as writer:
        assert writer.stdout
        assert writer.stdout.readline() == "written\n"
        writer.kill()
        writer.communicate(timeout=60)
    with EmbeddedEngine(tmp_path) as engine:
        fill(engine, entry(1, "Flood"))
        assert sorted(ids(ask(engine, "flood"))) == ["1", "99"]


def test_readers_follow_a_rebuild_at_once(tmp_path: Path) -> None:
    with EmbeddedEngine(tmp_path) as writer, EmbeddedEngine(tmp_path) as reader:
        fill(writer, entry(1, "Flood"))
        reader.reload_if_behind(1)
        assert ids(ask(reader, "flood")) == ["1"]
        for number in range(2, 6):
            reindex(writer, [entry(number, "Flood")])
            assert ids(ask(reader, "flood")) == [str(number)]
        generations = [path.name for path in tmp_path.iterdir() if path.is_dir()]
        assert len(generations) <= 2  # the one in force, and the one before for readers that still have it open


def test_readers_are_never_without_an_answer_during_rebuilds(tmp_path: Path) -> None:
    with EmbeddedEngine(tmp_path) as writer, EmbeddedEngine(tmp_path) as reader:
        fill(writer, entry(1, "Flood"))
        wrong: list[object] = []
        over = threading.Event()

        def read() -> None:
            sequence = 0
            while not over.is_set():
                sequence += 1
                try:
                    reader.reload_if_behind(sequence)
                    found = ids(ask(reader, "flood"))
                except Exception as error:
                    wrong.append(error)
                    return
                if found != ["1"]:
                    wrong.append(found)

        readers = [threading.Thread(target=read) for _ in range(3)]
        for thread in readers:
            thread.start()
        for version in range(2, 8):
            reindex(writer, [entry(1, "Flood", version=version)])
        over.set()
        for thread in readers:
            thread.join()
        assert wrong == []


def test_two_processes_that_start_at_once_make_one_index(tmp_path: Path) -> None:
    engines = [EmbeddedEngine(tmp_path) for _ in range(8)]
    threads = [threading.Thread(target=engine.count) for engine in engines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([path for path in tmp_path.iterdir() if path.is_dir()]) == 1
    for engine in engines:
        engine.close()


def test_a_damaged_index_says_what_to_do_and_a_rebuild_mends_it(tmp_path: Path) -> None:
    with EmbeddedEngine(tmp_path) as engine:
        fill(engine, entry(1, "Flood"))
    (generation,) = (path for path in tmp_path.iterdir() if path.is_dir())
    (generation / "meta.json").write_text("{")
    with EmbeddedEngine(tmp_path) as engine:
        for act in (engine.healthy, engine.count, lambda: ask(engine, "flood"), lambda: engine.write([entry(2)])):
            with pytest.raises(EngineDown, match="hub index rebuild"):
                act()
        assert reindex(engine, [entry(3, "Flood")]) == 1
        assert ids(ask(engine, "flood")) == ["3"]


def test_an_index_of_another_layout_asks_to_be_rebuilt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with EmbeddedEngine(tmp_path) as engine:
        fill(engine, entry(1, "Flood"))
    monkeypatch.setattr(module, "LAYOUT", module.LAYOUT + 1)
    with EmbeddedEngine(tmp_path) as engine:
        with pytest.raises(EngineDown, match="another version of the hub: run `hub index rebuild`"):
            engine.healthy()
        assert reindex(engine, [entry(2, "Flood")]) == 1
        engine.healthy()
        assert ids(ask(engine, "flood")) == ["2"]


def test_a_rebuilt_index_is_of_few_pieces(tmp_path: Path) -> None:
    """A search looks each value of a filter up in every piece, for as long as the index is in force."""
    with EmbeddedEngine(tmp_path) as engine:
        rebuild = engine.begin_rebuild()
        assert isinstance(rebuild, module._EmbeddedRebuild)
        for number in range(40):
            assert rebuild.write([entry(number, "Flood")]) == ()
            rebuild.writer._writer.commit()
        assert rebuild.finish() == 40
        assert engine._searcher().num_segments < 8


def test_what_is_written_while_a_rebuilt_index_settles_is_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By another thread: it is neither refused nor lost, and a search meanwhile is answered."""
    with EmbeddedEngine(tmp_path) as engine:
        fill(engine, entry(1, "Flood"), entry(2, "Flood"))
        settle = Writer.settle

        def slowly(writer: Writer) -> None:
            settle(writer)
            other = threading.Thread(target=fill, args=(engine, entry(1, "Drought", version=2), entry(3, "Flood")))
            other.start()
            other.join(timeout=30)
            assert ids(ask(engine, "drought")) == ["1"]

        monkeypatch.setattr(Writer, "settle", slowly)
        assert reindex(engine, [entry(1, "Flood"), entry(2, "Flood")]) == 3
        assert sorted(ids(ask(engine, "flood"))) == ["2", "3"]
        assert ids(ask(engine, "drought")) == ["1"]


def test_a_rebuild_that_is_given_up_while_it_settles_is_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with EmbeddedEngine(tmp_path) as engine:
        fill(engine, entry(1, "Flood"))
        rebuild = engine.begin_rebuild()
        rebuild.write([entry(2, "Flood")])
        settle = Writer.settle

        def given_up(writer: Writer) -> None:
            settle(writer)
            rebuild.abandon()

        monkeypatch.setattr(Writer, "settle", given_up)
        with pytest.raises(EngineDown, match="given up"):
            rebuild.finish()
        monkeypatch.undo()
        assert ids(ask(engine, "flood")) == ["1"]
        assert reindex(engine, [entry(3, "Flood")]) == 1


def test_what_was_not_committed_is_not_there_after_a_restart(tmp_path: Path) -> None:
    with EmbeddedEngine(tmp_path) as engine:
        fill(engine, entry(1, "Flood"))
        engine.write([entry(2, "Flood")])
    with EmbeddedEngine(tmp_path) as engine:
        assert ids(ask(engine, "flood")) == ["1"]
        fill(engine, entry(2, "Flood"))
        assert sorted(ids(ask(engine, "flood"))) == ["1", "2"]


def test_an_abandoned_rebuild_takes_nothing_more(tmp_path: Path) -> None:
    with EmbeddedEngine(tmp_path) as engine:
        first = engine.begin_rebuild()
        second = engine.begin_rebuild()
        with pytest.raises(EngineDown, match="given up"):
            first.write([entry(1)])
        with pytest.raises(EngineDown, match="given up"):
            first.finish()
        second.write([entry(2, "Flood")])
        assert second.finish() == 1


def test_a_full_disk_is_told_loses_nothing_and_mends_itself(tmp_path: Path) -> None:
    """Full, as far as the process can tell: no file may grow past 40,000 bytes."""
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path)], cwd=ROOT, text=True, capture_output=True, check=False, timeout=120
    )
    told, before, after = done.stdout.splitlines() or [done.stderr, "", ""]
    assert "check the disk's space and rights" in told
    assert (before, after) == ("1", "29")


def test_the_keywords_whose_length_the_writer_does_not_look_at_are_bounded_by_the_entry() -> None:
    """Tantivy leaves a longer one out in silence, and a deny with it."""
    texts, dated = {"title", "body", "impact", "often"}, {"year", "date", "acl_v"}
    named = {"kind": "kind", "type": "type", "org": "organisation", "marking": "marking", "state": "state"}
    named |= {"owner": "owner"}
    assert named.keys() | texts | dated == _BOUNDED
    for name in named.values():
        with pytest.raises(ValueError, match=f"its {name} is longer than 300 characters"):
            replace(entry(1), **{name: "x" * 301})  # type: ignore[arg-type]


def test_what_is_counted_of_a_few_is_what_is_counted_of_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    many = [
        entry(n, "Flood", "Water. " * (n % 3), organisation=("leeds", "york")[n % 2], date=f"202{n % 5}-03-14")
        for n in range(90)
    ]
    leeds = is_in("org", ["leeds"])
    asked: list[dict[str, object]] = [{}, {"sort": "newest"}, {"sort": "oldest", "page": 3}, {"page": 4}, {"page": 9}]
    with EmbeddedEngine(tmp_path) as engine:
        fill(engine, *many)
        few = [ask(engine, words, leeds, **rest) for words in ("flood", "water", "") for rest in asked]
        monkeypatch.setattr(answers, "FEW", 0)
        assert few == [ask(engine, words, leeds, **rest) for words in ("flood", "water", "") for rest in asked]
        assert few[0].total == 45
        assert few[0].facets["organisation"] == (("leeds", 45),)


def test_somebody_who_sees_one_of_two_things_with_the_same_key_is_told_of_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.entry.order_key", lambda *_: 7)
    with EmbeddedEngine(tmp_path) as engine:
        fill(engine, entry(1, "Flood"), entry(2, "Flood", organisation="york", space="flood-york", marking="PUBLIC"))
        answer = ask(engine, "flood", is_in("org", ["leeds"]))
        assert (ids(answer), answer.total) == (["1"], 1)
        assert {name: values for name, values in answer.facets.items() if len(values) > 1} == {}
        assert answer.facets["marking"] == (("OFFICIAL", 1),)


def test_entries_are_counted_anew_when_some_came_or_went(tmp_path: Path) -> None:
    with EmbeddedEngine(tmp_path) as writer, EmbeddedEngine(tmp_path) as reader:
        assert (writer.count(), reader.count()) == (0, 0)
        fill(writer, entry(1), entry(2))
        assert (writer.count(), reader.count()) == (2, 0)
        reader.reload_if_behind(1)
        assert reader.count() == 2
        fill(writer, Deletion("doc:1", 2))
        reader.reload_if_behind(2)
        assert (writer.count(), reader.count()) == (1, 1)
        rebuild = writer.begin_rebuild()
        rebuild.write([entry(3), entry(4), entry(5)])
        assert rebuild.finish() == 3
        assert reader.count() == 3
