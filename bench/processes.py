"""What programs cost, as Linux counts it: processor time of a program with all that it started, and its memory."""

import os
from collections.abc import Iterator
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")


def seconds(root: int) -> float:
    """Processor seconds of a process and of all below it, those that have ended included."""
    return sum(_ticks(pid) for pid in family(root)) / TICK


def _ticks(pid: int) -> int:
    try:
        return sum(map(int, _stat(pid)[11:15]))
    except OSError:  # it has ended, and its parent has counted it
        return 0


def family(root: int) -> Iterator[int]:
    """The process and all below it."""
    above: dict[int, int] = {}
    for entry in PROC.iterdir():
        if entry.name.isdigit():
            try:
                above[int(entry.name)] = int(_stat(int(entry.name))[1])
            except OSError:  # it has ended
                continue
    found = {root}
    while more := {pid for pid, parent in above.items() if parent in found and pid not in found}:
        found |= more
    yield from sorted(found & above.keys())


def _stat(pid: int) -> list[str]:
    """The fields behind the name, which may have blanks: the first is the state."""
    return (PROC / str(pid) / "stat").read_text("latin-1").rpartition(") ")[2].split()


def megabytes(pid: int) -> tuple[float, float, float]:
    """What a process holds of its own, that lies in no file; its share of everything (Pss); what it holds alone (Uss).

    What it shares with the process that began it is in the first as a whole, and in the second by its part.
    The last two have pages of files in them, such as the embedded index: the system takes these back as it needs room.
    """
    lines = (PROC / str(pid) / "smaps_rollup").read_text().splitlines()[1:]
    held = {name: int(rest.split()[0]) for name, _, rest in (line.partition(":") for line in lines)}
    alone = held["Private_Clean"] + held["Private_Dirty"]
    return held["Anonymous"] / 1024, held["Pss"] / 1024, alone / 1024
