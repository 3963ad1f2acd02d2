"""Texts of lines and words that people send are read in a time that grows with their length alone, or refused."""

import time
from contextlib import suppress

import pytest

from bench.lines import LINES
from hub.ground.errors import Invalid

SIZE = 300_000
LONGEST = 4.0
"""Seconds of processor time: some ten times what the dearest takes, and far less than the square of its length."""


@pytest.mark.parametrize("number", range(len(LINES)), ids=[name for name, *_ in LINES])
def test_a_long_text_is_read_in_a_moment_or_refused_in_words(number: int) -> None:
    """What `python -m bench texts` measures; here only that nothing is quadratic or worse."""
    _, make, run = LINES[number]
    text = make(SIZE)
    began = time.process_time()
    with suppress(Invalid):
        run(text)
    assert time.process_time() - began < LONGEST
