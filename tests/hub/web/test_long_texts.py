"""Nobody's text holds up anybody else: a dear one is dear to its author alone; too dear a one is refused in words."""

import gc
import json
import os
import signal
import threading
import time
from collections.abc import Callable

import pytest

from bench.patterns import MARKDOWN, Make
from hub.ground.errors import Invalid
from hub.web.markdown import Shown, check_weight, elsewhere, render
from hub.web.markdown.elsewhere import AT_ONCE as TEXTS_AT_ONCE
from hub.web.markdown.elsewhere import Elsewhere, Failed
from hub.web.markdown.shown import BUSY, FAILED, Kept
from hub.web.markdown.weight import AT_ONCE, MOST_UNITS, fits, weight

SHORT = 3_000
PER_CHARACTER = 1.6
"""How much dearer a character may be in a text four times as long: quadratic work makes it up to four times as dear."""
TRIES = 4
LONG = "# a\n" * 2_000
"""A text that is laid out elsewhere."""


def taken(run: Callable[[str], object], text: str) -> float:
    """Seconds of processor time, which other programs do not lengthen."""
    gc.collect()
    gc.disable()
    start = time.process_time()
    try:
        run(text)
    except Invalid:
        return 0.0
    finally:
        gc.enable()
    return time.process_time() - start


@pytest.mark.long
@pytest.mark.parametrize("make", [pytest.param(make, id=name) for name, make in MARKDOWN.items()])
def test_twice_the_text_takes_about_twice_the_time(make: Make) -> None:
    short, long = make(SHORT), make(4 * SHORT)
    ratios = []
    for _ in range(TRIES):
        ratios.append(taken(render, long) / max(0.001, taken(render, short)) * len(short) / len(long))
        if ratios[-1] <= PER_CHARACTER:
            return
    pytest.fail(f"a character of the longer text is dearer, times {ratios}")


@pytest.mark.parametrize("make", [pytest.param(make, id=name) for name, make in MARKDOWN.items()])
def test_what_a_request_lays_out_itself_takes_a_moment(make: Make) -> None:
    size = 200_000
    while weight(text := make(size)) > AT_ONCE:
        size = size * 3 // 4
    assert taken(render, text) < 0.3, f"{len(text)} characters, {weight(text)} units"


@pytest.mark.parametrize("make", [pytest.param(make, id=name) for name, make in MARKDOWN.items()])
def test_telling_how_much_a_text_is_takes_a_moment(make: Make) -> None:
    assert taken(weight, make(1_000_000)) < 0.5


def test_ann_s_text_beyond_the_bounds_is_refused_in_words_and_shown_as_she_typed_it() -> None:
    text = "# a\n" * (MOST_UNITS // 3)
    with pytest.raises(Invalid, match="Divide it into several documents"):
        check_weight(text)
    shown = Shown().show(f"<b>{text}", "ann", "1")
    assert "are possible" in shown.said
    assert shown.html.startswith("<pre><code>&lt;b&gt;# a\n# a")
    with pytest.raises(Invalid, match="1,000,000 characters or fewer"):
        check_weight("a" * 1_000_001)


def test_a_long_report_is_within_the_bounds() -> None:
    assert fits(MARKDOWN["prose"](1_000_000))
    assert fits(
        "| Post | Name | Number |\n|---|---|---|\n" + "| Duty officer | Jane of York | 0113 496 0001 |\n" * 15_000
    )


def test_a_long_text_is_laid_out_elsewhere_and_comes_out_the_same() -> None:
    shown = Shown()
    try:
        assert shown.show(LONG, "ann") == render(LONG)
        assert shown.show(LONG, "ann").sections[1] == ("h-a-2", "a")
        assert len(shown.elsewhere._idle) == 1, "the process waits for the next text"
    finally:
        shown.elsewhere.close()


def test_bob_s_page_does_not_wait_for_ann_s_long_texts() -> None:
    """Ann's texts are with processes that do not go on; she gets a third as she typed it, and he gets his laid out."""
    shown = Shown()
    stopped, waiting = [], []
    try:
        for _ in range(TEXTS_AT_ONCE):
            child = elsewhere._new()
            os.kill(child._process.pid, signal.SIGSTOP)
            stopped.append(child)
        shown.elsewhere._idle = list(stopped)
        for _ in stopped:
            waiting.append(threading.Thread(target=shown.show, args=(LONG, "ann")))
            waiting[-1].start()
        while shown.elsewhere._under_way["ann"] < TEXTS_AT_ONCE:
            time.sleep(0.01)
        assert shown.show(LONG, "ann", "1").said == BUSY
        assert shown.show("a short text", "ann").said == ""
        assert shown.show(LONG, "bob").said == ""
        assert shown.show("a short text", "bob").said == ""
    finally:
        for child in stopped:
            os.kill(child._process.pid, signal.SIGCONT)
        for thread in waiting:
            thread.join()
        shown.elsewhere.close()
    assert shown.show(LONG, "ann", "1").said == "", "busy is not kept"
    shown.elsewhere.close()


def test_a_text_that_takes_too_long_is_shown_as_it_was_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(elsewhere, "SECONDS", 0)
    shown = Shown()
    assert shown.show(LONG, "ann").said == FAILED
    with pytest.raises(Failed):
        Elsewhere().render(LONG, "ann")


def test_a_process_that_was_ended_is_replaced() -> None:
    shown = Shown()
    try:
        assert shown.show(LONG, "ann").said == ""
        shown.elsewhere._idle[0]._process.kill()
        shown.elsewhere._idle[0]._process.wait()
        assert shown.show(LONG, "ann").said == ""
    finally:
        shown.elsewhere.close()


def test_a_stored_text_is_laid_out_once_and_another_person_s_preview_of_it_says_nothing() -> None:
    shown = Shown()
    text = "A *plan* that is read often"
    first = shown.show(text, "ann", "doc:1 1")
    assert shown.show(text, "bob", "doc:1 1") is first
    assert shown.show(text, "mallory") is not first, "a faster answer would tell that the text is stored"
    assert shown.show(text, "mallory", "doc:2 1") is not first
    assert len(shown.kept._kept) == 2, "a preview is not kept"


def test_texts_are_kept_up_to_a_number_of_bytes_big_ones_too() -> None:
    kept = Kept(most=100_000)
    big, small = render("word " * 10_000), render("word")
    kept.put(b"big", big)
    kept.put(b"small", small)
    assert kept.get(b"big") is big
    kept.put(b"other", big)
    assert kept.get(b"small") is None, "it was not asked for the longest"
    assert kept._size <= 100_000
    kept.put(b"huge", render("word " * 30_000))
    assert kept.get(b"huge") is None
    assert json.dumps(sorted(key.decode() for key in kept._kept)) == '["other"]'
