"""Whose turn it is: nobody takes every place or stands before others by asking more often, and lines have an end."""

import threading
from collections.abc import Iterable

import pytest

from hub.access.turns import AT_ONCE, OWN_SHARE, Caller, Overload, Turn, Turns, threads_for

ANN, BO, CY = Caller("ann"), Caller("bo"), Caller("cy")


def begun(turns: Iterable[Turn]) -> list[str]:
    """Whose have begun."""
    return [turn.caller.who for turn in turns if turn.begun.is_set()]


def flood(turns: Turns, caller: Caller, kind: str = "", *, sends: bool = False) -> tuple[list[Turn], Overload]:
    """Somebody asks until they are refused."""
    joined: list[Turn] = []
    while True:
        try:
            joined.append(turns.join(caller, kind, sends=sends))
        except Overload as refusal:
            return joined, refusal


def done(turns: Turns, joined: list[Turn]) -> None:
    """All end, one after the other, as they begin; nothing is left of any."""
    while joined:
        first = next(turn for turn in joined if turn.begun.is_set())
        joined.remove(first)
        turns.end(first)
    assert not turns._lines
    assert turns._running == turns._waiting == turns._costly == 0


@pytest.mark.parametrize(("places", "own"), [(1, 1), (2, 1), (4, 3), (8, 6)])
def test_one_person_never_takes_every_place(places: int, own: int) -> None:
    """A quarter is left to others, who begin at once; what one person asks for too much waits, or is refused."""
    turns = Turns(places)
    joined, refusal = flood(turns, ANN)
    assert (begun(joined), refusal.own) == (["ann"] * own, True)
    assert len(joined) == own + turns.room // OWN_SHARE
    other = turns.join(BO)
    assert other.begun.is_set() == (places > 1)
    done(turns, [*joined, other])


def test_whoever_asks_once_waits_for_one_request_of_each_who_asks_often() -> None:
    turns = Turns(1)
    first = turns.join(ANN)
    often = [turns.join(caller) for _ in range(3) for caller in (ANN, BO)]
    once = turns.join(CY)
    joined, order = [first, *often, once], []
    while joined:
        turn = next(each for each in joined if each.begun.is_set())
        joined.remove(turn)
        order.append(turn.caller.who)
        turns.end(turn)
    assert order[0] == "ann"
    assert order.index("cy") <= 3
    assert sorted(order) == ["ann"] * 4 + ["bo"] * 3 + ["cy"]


def test_costly_requests_leave_places_to_cheap_ones() -> None:
    """Of one person two of a kind, of all people three quarters; a cheap one goes past those that wait."""
    turns = Turns(4)
    anns = [turns.join(ANN, "check") for _ in range(3)]
    bos = [turns.join(BO, "check"), turns.join(BO, "write")]
    assert begun(anns) == ["ann"] * AT_ONCE
    assert begun(bos) == ["bo"]
    cheap = turns.join(CY)
    assert cheap.begun.is_set()
    done(turns, [*anns, *bos, cheap])


def test_a_slow_upload_is_in_nobodys_way_who_searches_meanwhile() -> None:
    turns = Turns(8)
    joined = [turns.join(ANN, kind) for kind in ("write", "write", "write", "search")]
    assert [turn.kind for turn in joined if turn.begun.is_set()] == ["write", "write", "search"]
    done(turns, joined)


def test_the_lines_have_an_end_and_what_is_sent_to_be_kept_is_refused_last() -> None:
    turns, joined = Turns(4), []
    for number in range(100):
        more, refusal = flood(turns, Caller(f"p{number}"))
        joined += more
        if not refusal.own:
            break
    assert turns._waiting == turns.room
    with pytest.raises(Overload):
        turns.join(ANN)
    sent = [turns.join(Caller(f"s{number}"), "write", sends=True) for number in range(turns.room // 2)]
    with pytest.raises(Overload):
        turns.join(ANN, "write", sends=True)
    assert len(joined) + len(sent) < threads_for(4), "each that waits has a thread, and some are left"
    done(turns, [*joined, *sent])


def test_a_council_behind_one_address_signs_in_beside_those_who_are_signed_in() -> None:
    """Its line has room for many, four of which are served while each of the others has one."""
    turns = Turns(1)
    first = turns.join(CY)
    council, refusal = flood(turns, Caller("192.0.2.7", many=True))
    assert (len(council), refusal.own) == (turns.room // 2, False)
    others = [turns.join(ANN) for _ in range(2)]
    joined, order = [first, *council, *others], []
    while joined:
        turn = next(each for each in joined if each.begun.is_set())
        joined.remove(turn)
        order.append(turn.caller.who)
        turns.end(turn)
    assert [at for at, who in enumerate(order) if who == "ann"] == [5, 10]


def test_whoever_waited_long_enough_is_told_so_and_leaves_the_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.access.turns.PATIENCE", 0.1)
    turns = Turns(1)
    first, second = turns.join(ANN), turns.join(BO)
    with pytest.raises(Overload):
        turns.wait(second)
    assert turns._waiting == 0
    third = turns.join(BO)
    threading.Timer(0.02, turns.end, [first]).start()
    turns.wait(third)
    done(turns, [third])
