"""The process that lays out long texts: `python -m hub.web.markdown.child LIMITS`, killed without regret.

Jobs come as lines of JSON on standard input, answers go out as a length of eight bytes and JSON. Its memory and its
processor time for one text are bounded by the system where the system can.
"""

import gc
import json
import os
import resource
import signal
import sys
from contextlib import suppress

from hub.web.markdown.reading import render

_BEHIND = 10  # steps of politeness: who waits for a short page goes first
_GRACE = 5  # seconds after which a child whose parent is gone ends itself


def main(arguments: list[str]) -> int:
    """Serve jobs until standard input ends."""
    seconds, memory = (int(argument) for argument in arguments)
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    sys.stdout = sys.stderr  # whatever a library prints must not be taken for an answer
    os.nice(_BEHIND)
    for limit, value in ((resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_AS, memory)):
        with suppress(ValueError, OSError):  # macOS knows the name of the last and refuses the value
            resource.setrlimit(limit, (value, value))
    gc.disable()  # a text makes no cycles, and much to look through for them
    for line in sys.stdin.buffer:
        _start_clocks(seconds)
        prose = render(json.loads(line))
        data = json.dumps({"html": prose.html, "sections": prose.sections}, ensure_ascii=False).encode()
        answers.write(len(data).to_bytes(8, "big") + data)
        answers.flush()
        signal.setitimer(signal.ITIMER_REAL, 0)
        gc.collect()
    return 0


def _start_clocks(seconds: int) -> None:
    """Processor time from now on, and an alarm that ends this process even when no parent is left to do it."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    most = int(used.ru_utime + used.ru_stime) + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (most, resource.getrlimit(resource.RLIMIT_CPU)[1]))
    signal.setitimer(signal.ITIMER_REAL, 2 * seconds + _GRACE)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
