"""What a web process holds, and when Python looks through it for garbage: between requests, not in the middle of one.

Looking through everything takes some 350 ms where 500 people are remembered, and Python does it after so many new
objects, whoever is being served then. Here it looks at what is young by itself; at what grew old when nobody waits.
"""

import ctypes
import gc
import sys
import threading
import time
from collections.abc import Callable
from typing import Final

TURN: Final = 0.001
"""Seconds that a thread may compute before another one has its turn."""
YOUNG: Final = 10_000
"""New objects after which Python looks at those; a page that reads 2,000 rows makes so many."""
YOUNG_OFTEN: Final = 10
"""So many such looks until what outlived them is looked at once more, and is old then."""
NEVER: Final = 1_000_000_000
PAUSE: Final = 1.0
"""Seconds between two tries to find nobody waiting."""
MUCH: Final = 100
"""So many times something grew old: then it is looked at although somebody waits."""
GROWN, AT_LEAST = 1.25, 100_000
"""What was set aside is looked through again when it is so many times what it was, and so many objects more."""


def give_back() -> None:
    """Let the C library give back to the system what was freed and lies between what is used (malloc_trim(3)).

    What reading the policies takes for a moment would else stay with the process. Only glibc knows how.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def settle() -> None:
    """Let what is there now stay without being looked at again, and leave what grows old to `Tidying`.

    And turns are short: a page that asks the database thirty times waits as often for whoever computes beside it.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, YOUNG_OFTEN, NEVER)
    sys.setswitchinterval(TURN)


class Tidying:
    """Looks through what grew old, and sets aside what is still used, so that the next look is short.

    Of what is set aside, most goes as soon as nothing leads to it. What leads to itself stays until everything is
    looked through: that is done when much has been set aside since.
    """

    def __init__(self, is_quiet: Callable[[], bool]) -> None:
        self._is_quiet = is_quiet
        self._after_whole = gc.get_freeze_count()

    def look(self) -> bool:
        """Do it if there is something to look at and nobody waits, or it is much; returns whether it was done."""
        grown = gc.get_count()[2]
        if not grown or (grown < MUCH and not self._is_quiet()):
            return False
        whole = gc.get_freeze_count() > max(self._after_whole * GROWN, self._after_whole + AT_LEAST)
        if whole:
            gc.unfreeze()
        gc.collect()
        gc.freeze()
        if whole:
            self._after_whole = gc.get_freeze_count()
            give_back()
        return True

    def go_on(self) -> None:
        """Do it for as long as the process lives, in a thread that nobody waits for."""
        threading.Thread(target=self._go_on, name="garbage", daemon=True).start()

    def _go_on(self) -> None:
        while True:
            time.sleep(PAUSE)
            self.look()
