"""Writing, committing and rebuilding, the same on both engines."""

import pytest

from search.engine import Engine
from search.entry import Entry
from search.reindex import reindex
from tests.search.things import Deletion, ask, entry, fill, ids


def test_an_entry_written_again_is_one_entry(engine: Engine) -> None:
    fill(engine, entry(1, "Flood"))
    fill(engine, entry(1, "Drought", version=2))
    assert ids(ask(engine, "flood")) == []
    assert ids(ask(engine, "drought")) == ["1"]
    assert engine.count() == 1


def test_an_older_version_changes_nothing(engine: Engine) -> None:
    fill(engine, entry(1, "Secret", version=7))
    fill(engine, entry(1, "Open", version=6), entry(1, "Open", version=7))
    assert ids(ask(engine, "open")) == []
    assert ids(ask(engine, "secret")) == ["1"]


def test_of_two_versions_in_one_batch_the_newer_stays(engine: Engine) -> None:
    fill(engine, entry(1, "New", version=3), entry(1, "Old", version=2))
    assert ids(ask(engine, "new")) == ["1"]
    assert engine.count() == 1


def test_what_is_deleted_does_not_come_back_by_a_late_write(engine: Engine) -> None:
    """L24."""
    fill(engine, entry(1, "Flood", version=4), entry(2, "Flood"))
    fill(engine, Deletion("doc:1", 5), Deletion("doc:3", 5))
    fill(engine, entry(1, "Flood", version=4), entry(3, "Flood", version=4))
    assert ids(ask(engine, "flood")) == ["2"]
    assert engine.count() == 1
    assert ask(engine).facets["kind"] == (("document", 1),)
    fill(engine, entry(1, "Flood", version=6))
    assert sorted(ids(ask(engine, "flood"))) == ["1", "2"]


def test_one_bad_entry_is_named_and_the_others_are_taken(engine: Engine) -> None:
    bad = entry(2, "Flood")
    object.__setattr__(bad, "within", ("x" * 40_000,))  # what no Entry lets through
    errors = engine.write([entry(1, "Flood"), bad, entry(3, "Flood")])
    engine.commit()
    assert [error.id for error in errors] == ["doc:2"]
    assert errors[0].reason
    assert sorted(ids(ask(engine, "flood"))) == ["1", "3"]


def test_a_rebuild_replaces_what_is_there_while_it_answers(engine: Engine) -> None:
    fill(engine, entry(1, "Flood one"), entry(2, "Flood two"))
    seen = []
    made = reindex(
        engine,
        (entry(n, "Flood anew", version=9) for n in range(5, 12)),
        batch=3,
        between=lambda read, _errors: seen.append((read, sorted(ids(ask(engine, "flood"))))),
    )
    assert made == engine.count() == 7
    assert seen == [(3, ["1", "2"]), (6, ["1", "2"]), (7, ["1", "2"])]
    assert len(ids(ask(engine, "anew"))) == 7


def test_what_changes_during_a_rebuild_is_in_both(engine: Engine) -> None:
    """L34: old reads of the rebuild never win over a change made meanwhile."""
    fill(engine, entry(1, "Flood"), entry(2, "Flood"), entry(3, "Flood"))

    def entries() -> list[Entry]:
        return [entry(n, "Flood", version=1) for n in (1, 2, 3)]

    rebuild = engine.begin_rebuild()
    old = entries()
    fill(engine, entry(1, "Marked", version=2), Deletion("doc:2", 2), entry(4, "Flood"))
    assert sorted(ids(ask(engine, "flood"))) == ["3", "4"]
    assert rebuild.write(old) == ()
    assert rebuild.finish() == 3
    assert sorted(ids(ask(engine, "flood"))) == ["3", "4"]
    assert ids(ask(engine, "marked")) == ["1"]
    fill(engine, entry(5, "Flood"))
    assert sorted(ids(ask(engine, "flood"))) == ["3", "4", "5"]


def test_a_rebuild_that_breaks_leaves_the_index_as_it_was(engine: Engine) -> None:
    fill(engine, entry(1, "Flood"))

    def broken() -> object:
        yield entry(2, "Flood")
        raise ConnectionError("the database went away")

    with pytest.raises(ConnectionError):
        reindex(engine, broken(), batch=1)  # type: ignore[arg-type]
    assert ids(ask(engine, "flood")) == ["1"]
    fill(engine, entry(3, "Flood"))
    assert reindex(engine, [entry(3, "Flood")]) == 1


def test_a_rebuild_left_by_a_crash_is_swept_away_by_the_next(engine: Engine) -> None:
    fill(engine, entry(1, "Flood"))
    engine.begin_rebuild().write([entry(2, "Flood")])
    assert reindex(engine, [entry(3, "Flood")]) == 1
    assert ids(ask(engine, "flood")) == ["3"]


def test_an_empty_index_answers(engine: Engine) -> None:
    fill(engine)
    answer = ask(engine, "flood")
    assert (answer.total, answer.total_is_exact, answer.hits) == (0, True, ())
    assert set(answer.facets.values()) == {()}
    engine.healthy()
