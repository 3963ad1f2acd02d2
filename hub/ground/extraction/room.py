"""How many files are read side by side: as many as the processors and the memory of this machine have room for."""

import os
from pathlib import Path
from typing import Final

from hub.ground.extraction.outcome import Limits

MOST: Final = 8
SHARE: Final = 0.75
"""Of the memory, that readers may take when each is at its limit; the rest is the hub's own."""
_CGROUP: Final = Path("/sys/fs/cgroup/memory.max")


def side_by_side(limits: Limits | None = None, *, processors: int | None = None, memory: int | None = None) -> int:
    """How many readers there may be, at least one; `processors` and `memory` (bytes) are this machine's by default."""
    there = processors or _processors()
    room = int((memory or _memory()) * SHARE) // (limits or Limits()).memory_bytes
    return max(1, min(there, room, MOST))


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _memory() -> int:
    """Bytes of the machine, or of the container where that has less."""
    whole = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    try:
        return min(whole, int(_CGROUP.read_text("ascii")))
    except (OSError, ValueError):  # no container, or one without a limit ("max")
        return whole
