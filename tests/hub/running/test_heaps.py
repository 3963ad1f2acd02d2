"""How many heaps the C library begins in a web process, which works on many threads."""

import ctypes
import subprocess
import sys

import pytest

SIXTEEN_THREADS = """
import ctypes, os, threading
from hub.running.web_server import _keep_few_heaps

if {few}:
    _keep_few_heaps()
if os.fork():
    raise SystemExit(os.waitstatus_to_exitcode(os.wait()[1]))
library, together = ctypes.CDLL(None), threading.Barrier(16)
library.malloc.restype = ctypes.c_void_p

def work():
    together.wait()
    library.malloc(ctypes.c_size_t(50_000))
    together.wait()

threads = [threading.Thread(target=work) for _ in range(16)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
library.malloc_info(0, ctypes.c_void_p.in_dll(library, "stdout"))
library.fflush(None)
os._exit(0)
"""


def heaps(*, few: bool) -> int:
    """In a process that is forked, as web processes are, while sixteen threads use memory."""
    done = subprocess.run(
        [sys.executable, "-c", SIXTEEN_THREADS.format(few=few)], capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout.count("<heap nr=")


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_info"), reason="glibc alone says how many heaps it has")
def test_a_web_process_has_two_heaps_however_many_threads_it_has() -> None:
    assert heaps(few=True) == 2
    assert heaps(few=False) > 2
