"""The process that reads: killed at its limits, replaced when it is gone, and able to do nothing but read."""

import gc
import os
import resource
import signal
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

import hub
from hub.ground.extraction import Extracted, Extractor, Limits
from hub.ground.extraction.outcome import NO_TEXT, TOO_LARGE
from hub.ground.extraction.worker import TOO_LONG, _answer, _Dead
from tests.hub.ground.extraction import made


def process_of(reader: Extractor) -> psutil.Process:
    assert reader._child is not None
    return psutil.Process(reader._child._process.pid)


def slow(path: Path) -> Path:
    """A Word file with 100 MB of XML and not a word in it: several seconds of work."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("[Content_Types].xml", made.types("word/document.xml", "wordprocessingml.document"))
        archive.writestr("_rels/.rels", made.relations(officeDocument="word/document.xml"))
        with archive.open("word/document.xml", "w") as part:
            part.write(f'<w:document xmlns:w="{made.W}"><w:body>'.encode())
            piece = b"".join(b"<w:p><w:t/><w:x w:y='%d'/></w:p>" % number for number in range(25_000))
            for _ in range(140_000_000 // len(piece)):
                part.write(piece)
            part.write(b"</w:body></w:document>")
    return path


@pytest.fixture(scope="module")
def slow_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return slow(tmp_path_factory.mktemp("slow") / "slow.docx")


@pytest.fixture
def note(tmp_path: Path) -> Path:
    path = tmp_path / "note.txt"
    path.write_text("Levels at the weir")
    return path


def wait_for(condition: Callable[[], object], seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        threading.Event().wait(0.005)


def test_a_file_that_takes_too_long_is_given_up_and_the_next_is_read(slow_file: Path, note: Path) -> None:
    with Extractor(Limits(seconds=3)) as reader:
        reader.extract(note, "note.txt")
        first = process_of(reader)
        begun = time.monotonic()
        found = reader.extract(slow_file, "slow.docx")
        assert time.monotonic() - begun < 6
        assert (found.status, found.reason, found.detail) == ("unreadable", TOO_LONG, "more than 3 seconds")
        assert not first.is_running()
        assert reader.extract(note, "note.txt").status == "readable"


def test_processor_time_is_bounded_as_well(slow_file: Path, note: Path) -> None:
    with Extractor(Limits(cpu_seconds=1)) as reader:
        for _ in range(2):  # the limit is for each file, not for the life of the child
            assert reader.extract(note, "note.txt").status == "readable"
        found = reader.extract(slow_file, "slow.docx")
        assert (found.reason, found.detail) == (TOO_LONG, "more than 1 s of processor time")


def test_a_file_that_needs_too_much_memory_is_given_up(tmp_path: Path, note: Path) -> None:
    """D-FA 107: only that unit dies."""
    path = tmp_path / "large.rtf"
    with path.open("wb") as stream:
        stream.write(b"{\\rtf1 ")
        stream.writelines(b"words " * 1_000_000 for _ in range(15))
    with Extractor(Limits(memory_bytes=400_000_000)) as reader:
        assert reader.extract(note, "note.txt").status == "readable"
        found = reader.extract(path, "large.rtf")
        assert (found.reason, found.detail) == (TOO_LARGE, "more memory than the 400 MB that there are")
        assert reader.extract(note, "note.txt").status == "readable"


def test_where_the_system_bounds_no_memory_a_watch_does(tmp_path: Path) -> None:
    """As on macOS, which knows RLIMIT_AS and does not hold it."""
    code = """
import resource, sys
from hub.ground.extraction import child
from hub.ground.extraction.outcome import Limits
real = resource.setrlimit
def without(limit, value):
    if limit == resource.RLIMIT_AS:
        raise ValueError("not here")
    real(limit, value)
resource.setrlimit = without
child.confine(Limits(memory_bytes=200_000_000))
hoard = []
while True:
    hoard.append(bytearray(b"x" * 1_000_000))
"""
    environment = {"PYTHONPATH": str(Path(hub.__file__).parent.parent)}
    run = subprocess.run([sys.executable, "-c", code], env=environment, timeout=60, check=False)
    assert run.returncode == 75


def killed_while_reading(reader: Extractor, path: Path, times: int) -> Extracted:
    """Read `path` while somebody kills the child, `times` times."""
    found: list[Extracted] = []
    thread = threading.Thread(target=lambda: found.append(reader.extract(path, path.name)))
    thread.start()
    killed: set[int] = set()
    for _ in range(times):
        wait_for(lambda: reader._child is not None and reader._child._process.pid not in killed)
        child = process_of(reader)
        wait_for(lambda child=child: child.cpu_times().user > 0.3)  # it is at work on the file
        killed.add(child.pid)
        child.send_signal(signal.SIGKILL)
    thread.join(60)
    assert len(killed) == times
    return found[0]


@pytest.mark.long
def test_a_child_that_dies_is_replaced_and_the_file_read_after_all(slow_file: Path) -> None:
    """D-UP 43: a death may have been another file's doing, so there is one more try."""
    with Extractor() as reader:
        assert killed_while_reading(reader, slow_file, 1).reason == NO_TEXT


def test_a_file_that_brings_down_two_children_is_given_up(slow_file: Path, note: Path) -> None:
    """D-UP 43: retried at most twice."""
    with Extractor() as reader:
        found = killed_while_reading(reader, slow_file, 2)
        assert (found.status, found.reason[:25]) == ("unreadable", "it is cut off or damaged.")
        assert reader.extract(note, "note.txt").status == "readable"


def test_a_child_killed_between_two_files_is_not_noticed(note: Path) -> None:
    with Extractor() as reader:
        reader.extract(note, "note.txt")
        process_of(reader).kill()
        assert reader.extract(note, "note.txt").text == "Levels at the weir"


def test_one_child_reads_many_files_and_then_makes_room_for_another(note: Path) -> None:
    with Extractor(Limits(files_per_child=3)) as reader:
        seen = []
        for _ in range(7):
            reader.extract(note, "note.txt")
            seen.append(process_of(reader).pid)
        assert [len(set(seen[:3])), len(set(seen[3:6])), len(set(seen))] == [1, 1, 3]
        assert not psutil.pid_exists(seen[0])


def test_eight_people_at_once_each_get_their_own_text(tmp_path: Path) -> None:
    with Extractor() as reader:
        wrong: list[object] = []

        def read(person: int) -> None:
            path = tmp_path / f"{person}.txt"
            path.write_text(f"the note of person {person}")
            for _ in range(20):
                found = reader.extract(path, path.name)
                if found.text != f"the note of person {person}":
                    wrong.append((person, found))

        people = [threading.Thread(target=read, args=(person,)) for person in range(8)]
        for thread in people:
            thread.start()
        for thread in people:
            thread.join()
        assert wrong == []


def test_a_fork_of_the_process_has_a_child_of_its_own(note: Path) -> None:
    """As web servers do: the child of the parent process must not be shared, nor killed."""
    code = """
import os, sys
from pathlib import Path
from hub.ground.extraction import Extractor
reader, note = Extractor(), Path(sys.argv[1])
reader.extract(note, "note.txt")
parents = reader._child._process.pid
fork = os.fork()
if not fork:
    found = reader.extract(note, "note.txt")
    own = reader._child._process.pid
    reader.close()
    os._exit(0 if found.text == "Levels at the weir" and own != parents else 1)
assert os.waitpid(fork, 0)[1] == 0
assert reader.extract(note, "note.txt").text == "Levels at the weir"
assert reader._child._process.pid == parents
"""
    environment = {"PYTHONPATH": str(Path(hub.__file__).parent.parent), "PYTHONWARNINGS": "ignore"}
    subprocess.run([sys.executable, "-c", code, str(note)], env=environment, check=True, timeout=60)


def test_a_child_ends_when_its_parent_is_killed(note: Path) -> None:
    code = """
import sys
from pathlib import Path
from hub.ground.extraction import Extractor
reader = Extractor()
reader.extract(Path(sys.argv[1]), "note.txt")
print(reader._child._process.pid, flush=True)
sys.stdin.read()
"""
    parent = subprocess.Popen(
        [sys.executable, "-c", code, str(note)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        env={"PYTHONPATH": str(Path(hub.__file__).parent.parent)},
    )  # fmt: skip
    assert parent.stdout is not None
    child = psutil.Process(int(parent.stdout.readline()))
    parent.kill()
    parent.wait()
    wait_for(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE)


def test_a_closed_reader_leaves_no_process(note: Path) -> None:
    reader = Extractor()
    reader.extract(note, "note.txt")
    child = process_of(reader)
    reader.close()
    assert not child.is_running()
    reader.close()


def test_the_child_knows_nothing_of_the_hub(note: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUB_DATABASE_URL", "postgresql://somebody:secret@database/hub")
    with Extractor() as reader:
        reader.extract(note, "note.txt")
        environment = process_of(reader).environ()
    assert not any("secret" in value or name.startswith("HUB") for name, value in environment.items())


_FORBIDDEN = {
    "socket": "import socket; socket.create_connection(('127.0.0.1', 9))",
    "name": "import socket; socket.getaddrinfo('example.org', 80)",
    "program": "import subprocess; subprocess.run(['true'])",
    "shell": "import os; os.system('true')",
    "fork": "import os; os.fork()",
    "kill": "import os; os.kill(os.getppid(), 0)",
    "remove": "import os, sys; os.remove(sys.argv[1])",
    "write": "import sys; stream = open(sys.argv[1], 'w'); stream.write('x' * 100000); stream.flush()",
}


@pytest.mark.parametrize("what", _FORBIDDEN)
def test_the_child_may_not_do_anything_but_read(what: str, note: Path) -> None:
    code = f"""
from hub.ground.extraction import child
from hub.ground.extraction.outcome import Limits
import socket, subprocess
child.confine(Limits())
try:
    {_FORBIDDEN[what]}
except OSError as error:
    raise SystemExit(75)
"""
    environment = {"PYTHONPATH": str(Path(hub.__file__).parent.parent)}
    run = subprocess.run(
        [sys.executable, "-c", code, str(note)], env=environment, capture_output=True, timeout=60, check=False
    )
    assert run.returncode == 75, run.stderr
    assert what == "write" or note.read_text() == "Levels at the weir"


@pytest.mark.parametrize(
    "said",
    [b"", b"null", b"[]", b'{"text": 1}', b'{"text":"","title":null,"format":"evil","kind":"word","status":"readable"}',
     b'{"text":"","title":null,"format":"docx","kind":"pdf","status":"readable"}',
     b'{"text":7,"title":null,"format":"docx","kind":"word","status":"readable"}',
     b'{"text":"","title":null,"format":["x"],"kind":"word","status":"readable"}',
     b'{"text":"","title":null,"format":"docx","kind":"word","status":"fine"}'],
)  # fmt: skip
def test_what_a_taken_over_child_says_is_checked(said: bytes) -> None:
    with pytest.raises(_Dead, match="no answer that makes sense"):
        _answer(said)


def test_an_answer_without_end_is_not_read(note: Path) -> None:
    """A child that a file took over might send gigabytes."""
    with Extractor() as reader:
        reader.extract(note, "note.txt")
        assert reader._child is not None
        read_end, write_end = os.pipe()
        os.dup2(read_end, reader._child._process.stdout.fileno())  # type: ignore[union-attr]
        os.write(write_end, (2**40).to_bytes(8, "big"))
        found = reader.extract(note, "note.txt")
        os.close(read_end)
        os.close(write_end)
    assert found.detail == "reading it gave an answer without end"


def test_an_absent_file_is_the_callers_mistake(tmp_path: Path) -> None:
    with Extractor() as reader, pytest.raises(FileNotFoundError):
        reader.extract(tmp_path / "absent.txt", "absent.txt")


@pytest.mark.long
def test_memory_of_the_asking_process_stays_flat(tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_bytes(b"words and more words " * 20_000_000)
    with Extractor() as reader:
        reader.extract(path, "long.txt")
        gc.collect()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for _ in range(10):
            assert reader.extract(path, "long.txt").remark
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown * (1 if sys.platform == "darwin" else 1024) < 20_000_000


@pytest.fixture(autouse=True)
def no_child_left() -> Iterator[None]:
    """Every test of this module ends the children that it started."""
    before = {child.pid for child in psutil.Process().children(recursive=True)}
    yield
    left = [child for child in psutil.Process().children(recursive=True) if child.pid not in before]
    assert [child.cmdline() for child in left if "hub.ground.extraction.child" in child.cmdline()] == []
