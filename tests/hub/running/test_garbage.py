"""Nobody's page waits while Python looks for garbage, and no garbage stays."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from hub.access.turns import Caller, Turns
from hub.running import garbage
from hub.running.garbage import Tidying, settle


class Knot:
    """Something that leads to itself: only the collector finds that nobody uses it."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """The collector is everybody's."""
    thresholds = gc.get_threshold()
    settle()
    yield
    gc.unfreeze()
    gc.set_threshold(*thresholds)


def grown_old(count: int = 1) -> "list[weakref.ref[Knot]]":
    """Knots that were used for a while, and are not any more."""
    used = [Knot() for _ in range(count)]
    gc.collect(1)
    return [weakref.ref(knot) for knot in used]


def test_python_by_itself_never_looks_through_all_that_a_process_holds() -> None:
    """However much is made and kept meanwhile, as where many people come."""
    whole = gc.get_stats()[2]["collections"]
    kept = [[n] for n in range(garbage.YOUNG * 30)]
    assert gc.get_stats()[1]["collections"]
    assert gc.get_stats()[2]["collections"] == whole
    assert kept


def test_what_nobody_uses_goes_when_nobody_waits() -> None:
    """While somebody is served it stays; nothing is looked at where nothing grew old."""
    turns = Turns(4)
    tidying = Tidying(turns.are_free)
    (knot,) = grown_old()
    turn = turns.join(Caller("ann"))
    assert not tidying.look()
    assert knot()
    turns.end(turn)
    assert tidying.look()
    assert not knot()
    assert not tidying.look()


def test_a_hub_that_is_never_quiet_is_tidied_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """When much grew old."""
    monkeypatch.setattr(garbage, "MUCH", 3)
    tidying = Tidying(lambda: False)
    (knot,) = grown_old()
    gc.collect(1)
    assert not tidying.look()
    gc.collect(1)
    assert tidying.look()
    assert not knot()


def test_what_was_set_aside_and_is_garbage_now_goes_when_much_has_come_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not looked through each time; but as often as it grows by a part."""
    monkeypatch.setattr(garbage, "AT_LEAST", 0)
    tidying = Tidying(lambda: True)
    used = Knot()
    knot = weakref.ref(used)
    gc.collect(1)
    assert tidying.look()
    del used
    gc.collect(1)
    assert tidying.look()
    assert knot()
    more = [Knot() for _ in range(gc.get_freeze_count())]
    gc.collect(1)
    assert tidying.look()
    gc.collect(1)
    assert tidying.look()
    assert not knot()
    assert more
