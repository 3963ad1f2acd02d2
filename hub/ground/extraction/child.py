"""The process that reads hostile files: `python -m hub.ground.extraction.child LIMITS`, killed without regret.

Jobs come as lines of JSON on standard input, answers go out as a length of eight bytes and JSON. It may not open a
socket, start a program or write a file; its memory and processor time are bounded by the system where the system can.
"""

import json
import os
import resource
import signal
import sys
import threading
import time
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO

from hub.ground.extraction.outcome import Limits
from hub.ground.extraction.read import read

OUT_OF_MEMORY = 75  # exit code
_GRACE = 5  # seconds after which a child whose parent is gone ends itself
_FORBIDDEN = ("socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.kill",
              "os.remove", "os.rename", "shutil.", "urllib.", "webbrowser.")  # fmt: skip
_WATCH = 0.05


def main(arguments: list[str]) -> int:
    """Serve jobs until standard input ends."""
    limits = Limits(**json.loads(arguments[0]))
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    sys.stdout = sys.stderr  # whatever a library prints must not be taken for an answer
    confine(limits)
    for line in sys.stdin.buffer:
        job = json.loads(line)
        _start_clocks(limits)
        try:
            _answer(answers, asdict(read(Path(job["path"]), job["name"], limits)))
        except MemoryError:
            return OUT_OF_MEMORY
        signal.setitimer(signal.ITIMER_REAL, 0)
    return 0


def confine(limits: Limits) -> None:
    """Take away what a reader of files does not need. A limit of memory that the system lacks is watched instead."""
    for limit, value in ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, 0)):
        resource.setrlimit(limit, (value, value))
    try:
        resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    except (ValueError, OSError):  # macOS knows the name and refuses the value
        threading.Thread(target=_watch_memory, args=(limits.memory_bytes,), daemon=True).start()
    sys.addaudithook(_refuse)


def _refuse(event: str, _arguments: tuple[object, ...]) -> None:
    if event.startswith(_FORBIDDEN):
        raise PermissionError(f"a reader of files may not do this: {event}")


def _watch_memory(most: int) -> None:
    unit = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss, in bytes
    while resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit < most:
        time.sleep(_WATCH)
    os._exit(OUT_OF_MEMORY)


def _start_clocks(limits: Limits) -> None:
    """Processor time from now on, and an alarm that ends this process even when no parent is left to do it."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(used.ru_utime + used.ru_stime)
    resource.setrlimit(resource.RLIMIT_CPU, (spent + limits.cpu_seconds, resource.getrlimit(resource.RLIMIT_CPU)[1]))
    signal.setitimer(signal.ITIMER_REAL, limits.seconds + _GRACE)


def _answer(stream: BinaryIO, answer: dict[str, object]) -> None:
    data = json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace")
    stream.write(len(data).to_bytes(8, "big") + data)
    stream.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
