"""A disk that loses power: what a program has done to a folder, recorded with strace, and what may be left of it.

The program is the hub itself, with the SQLite that it uses; every write, truncation, sync, rename and unlink that it
asks the system for is recorded in order, and so is each acknowledgement (what it wrote to its standard output). A crash
keeps what was synced, and of everything since any part: each write or not, or some of its sectors, each change of a
folder's names or not. That is more than any file system does to its users, and all that POSIX promises.
"""

import random
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests import missing

SECTOR = 512
CALLS = (
    "openat,open,creat,write,pwrite64,writev,pwritev,pwritev2,fsync,fdatasync,ftruncate,truncate,fallocate,rename,"
    "renameat,renameat2,unlink,unlinkat,mkdir,mkdirat,rmdir,link,linkat,symlink,copy_file_range,sendfile,msync"
)
UNKNOWN = ("writev", "pwritev", "truncate(", "fallocate", "link(", "linkat(", "copy_file_range", "sendfile", "msync")
"""Calls that this model does not know: it must not pretend to when the hub begins to use one on what it keeps."""
VOLATILE = "-shm"
"""SQLite's shared memory: after a crash it is made anew."""


@dataclass(frozen=True)
class Event:
    """A call that went well: `path` and, of a rename, `to` are within the folder; of an acknowledgement neither."""

    call: str
    path: str = ""
    to: str = ""
    at: int = -1
    data: bytes = b""


def recorded(command: list[str], folder: Path, trace: Path, environment: dict[str, str], cwd: Path) -> list[Event]:
    """Run a program under strace; returns what it did to `folder`, and what it said on its standard output."""
    if not shutil.which("strace"):
        missing("strace", "apt-get install strace")
    run = ["strace", "-f", "-y", "-xx", "-s", "1000000000", "--seccomp-bpf", "-e", f"trace={CALLS}", "-o", str(trace)]
    done = subprocess.run(
        [*run, *command], env=environment, cwd=cwd, capture_output=True, text=True, timeout=240, check=False
    )
    if done.returncode and "ptrace" in done.stderr:
        missing("leave to trace processes", done.stderr.strip()[-200:])
    assert done.returncode == 0, done.stderr[-3000:]
    with trace.open("r", encoding="ascii") as lines:
        return list(read(lines, str(folder)))


_CALL = re.compile(r"^\d+ +(\w+)\((.*)\) += (-?\d+)(?:<([^>]*)>)?")
_FIRST = re.compile(r"^(?:AT_FDCWD<[^>]*>, )?(?:(\d+)<([^>]*)>|\"([^\"]*)\")")
_TEXT = re.compile(r'"([^"]*)"')


def read(lines: Iterable[str], folder: str) -> Iterator[Event]:
    """The events of a trace that concern the folder."""
    inside = "".join(f"\\x{byte:02x}" for byte in folder.encode())
    open_at: dict[str, int] = {}
    """How far each file that is written from its beginning has come."""
    for line in lines:
        is_told = " write(1<" in line
        if not is_told and inside not in line:
            continue
        found = _CALL.match(line)
        if found is None or int(found[3]) < 0:
            assert found is not None or "unfinished" in line or "resumed" in line or "+++" in line, line[:200]
            assert "unfinished" not in line, f"calls of two threads are mixed: {line[:200]}"
            continue
        call, arguments, result = found[1], found[2], int(found[3])
        if is_told:
            yield Event("told", data=_bytes(_TEXT.search(arguments)))
            continue
        assert not any(f"{call}(".startswith(unknown) for unknown in UNKNOWN), f"not known to this model: {line[:200]}"
        yield from _event(call, arguments, result, open_at)


def _event(call: str, arguments: str, result: int, open_at: dict[str, int]) -> Iterator[Event]:
    first = _FIRST.match(arguments)
    assert first is not None, arguments[:200]
    path = _hex(first[2] if first[2] is not None else first[3])
    texts = [_hex(text) for text in _TEXT.findall(arguments)] if not first[2] else []
    if call in {"openat", "open", "creat"}:
        if "O_CREAT" in arguments or call == "creat":
            open_at[path] = 0
            yield Event("create", path)
        if "O_TRUNC" in arguments:
            yield Event("truncate", path, at=0)
    elif call in {"write", "pwrite64"}:
        data = _bytes(_TEXT.search(arguments))[:result]
        at = int(arguments.rpartition(", ")[2]) if call == "pwrite64" else open_at.get(path, 0)
        if call == "write":
            open_at[path] = at + result
        yield Event("write", path, at=at, data=data)
    elif call == "ftruncate":
        yield Event("truncate", path, at=int(arguments.rpartition(", ")[2]))
    elif call in {"fsync", "fdatasync"}:
        yield Event("sync", path)
    elif call.startswith("rename"):
        open_at[texts[1]] = open_at.pop(texts[0], 0)
        yield Event("rename", texts[0], to=texts[1])
    elif call in {"unlink", "unlinkat", "rmdir"}:
        yield Event("unlink", texts[0])
    elif call in {"mkdir", "mkdirat"}:
        yield Event("mkdir", texts[0])


def _hex(text: str) -> str:
    return bytes.fromhex(text.replace("\\x", "")).decode() if text.startswith("\\x") else text


def _bytes(found: "re.Match[str] | None") -> bytes:
    assert found is not None
    return bytes.fromhex(found[1].replace("\\x", ""))


@dataclass
class Inode:
    """A file: what is on the platter, and what has been asked for since, in order: (where, bytes), or a new length."""

    kept: bytes = b""
    since: list[tuple[int, bytes | None]] = field(default_factory=list)

    def sync(self) -> None:
        """All of it is on the platter now."""
        self.kept = self.after(self.since)
        self.since = []

    def after(self, changes: Iterable[tuple[int, bytes | None]]) -> bytes:
        """What it holds after some of the changes."""
        found = bytearray(self.kept)
        for at, data in changes:
            if data is None:
                del found[at:]
                found.extend(bytes(at - len(found)))
            else:
                found.extend(bytes(max(0, at - len(found))))
                found[at : at + len(data)] = data
        return bytes(found)

    def left(self, draw: random.Random) -> bytes:
        """What a crash leaves: nothing of what came since, all of it, or any part, down to single sectors."""
        if not self.since:
            return self.kept
        part = draw.choice([0.0, 1.0, 0.5, draw.random()])
        return self.after(change for one in self.since if draw.random() < part for change in _torn(one, draw))


def _torn(change: tuple[int, bytes | None], draw: random.Random) -> list[tuple[int, bytes | None]]:
    at, data = change
    if data is None or len(data) <= SECTOR or draw.random() < 0.7:
        return [change]
    pieces = [(at + place, data[place : place + SECTOR]) for place in range(0, len(data), SECTOR)]
    return [piece for piece in pieces if draw.random() < 0.5]


class Disk:
    """A folder as the program sees it, as the platter has it, and what may have been kept of the difference."""

    def __init__(self, folder: Path) -> None:
        self._root = str(folder)
        self._files: dict[str, Inode] = {}
        self._kept: dict[str, Inode | None] = {}
        """By path, of folders None."""
        self._since: dict[str, list[tuple[str, Inode | None, bool]]] = {}
        """By folder: names that came (True) or went, in order."""
        for path in folder.rglob("*"):
            inode = None if path.is_dir() else Inode(path.read_bytes())
            self._kept[str(path)] = inode
            if inode is not None:
                self._files[str(path)] = inode

    def do(self, event: Event) -> None:
        """One call of the program's."""
        path = event.path
        if not path.startswith(self._root):
            return
        if event.call == "create" and path not in self._files:
            self._files[path] = Inode()
            self._name(path, self._files[path], came=True)
        elif event.call == "mkdir":
            self._name(path, None, came=True)
        elif event.call == "unlink":
            self._name(path, self._files.pop(path, None), came=False)
        elif event.call == "rename":
            inode = self._files.pop(path)
            self._files[event.to] = inode
            self._name(event.to, inode, came=True)
            self._name(path, inode, came=False)
        elif event.call == "sync" and path in self._files:
            self._files[path].sync()
        elif event.call == "sync":
            _apply(self._kept, self._since.pop(path, ()))
        elif event.call in {"write", "truncate"} and path in self._files:
            self._files[path].since.append((event.at, event.data if event.call == "write" else None))

    def _name(self, path: str, inode: Inode | None, *, came: bool) -> None:
        self._since.setdefault(path.rpartition("/")[0], []).append((path, inode, came))

    def left(self, draw: random.Random) -> dict[str, bytes]:
        """The files that a crash at this moment leaves, by path, with what is in them."""
        names = dict(self._kept)
        for changes in self._since.values():
            part = draw.choice([0.0, 1.0, 0.5])
            _apply(names, (change for change in changes if draw.random() < part))
        found: dict[int, bytes] = {}
        return {
            path: found.setdefault(id(inode), inode.left(draw))
            for path, inode in names.items()
            if inode is not None and not path.endswith(VOLATILE) and self._is_reached(path, names)
        }

    def _is_reached(self, path: str, names: dict[str, Inode | None]) -> bool:
        above = path.rpartition("/")[0]
        return above == self._root or (above in names and self._is_reached(above, names))


def _apply(names: dict[str, Inode | None], changes: Iterable[tuple[str, Inode | None, bool]]) -> None:
    for path, inode, came in changes:
        if came:
            names[path] = inode
        else:
            names.pop(path, None)


@dataclass
class Crashes:
    """What many crashes did: how many, how much had been acknowledged before them, and what was wrong afterwards."""

    count: int = 0
    acknowledged: int = 0
    faults: list[str] = field(default_factory=list)


def crashed(
    events: list[Event],
    before: Path,
    after: Path,
    number: int,
    seed: int,
    faults: Callable[[list[str]], list[str]],
    *,
    enough: int = 1,
) -> Crashes:
    """Crash `number` times at moments drawn from `events`, which began with the folder `before`.

    Each time what is left is laid into the folder `after`, and `faults` is asked what is wrong with it, given the lines
    that the program had said. Stops after `enough` crashes with faults.
    """
    draw, found, disk = random.Random(seed), Crashes(), Disk(before)
    moments = sorted(draw.randrange(len(events)) for _ in range(number))
    laid: dict[Path, bytes] = {}
    told: list[str] = []
    done = 0
    for moment in moments:
        for event in events[done : moment + 1]:
            if event.call == "told":
                told += event.data.decode().splitlines(keepends=True)
            disk.do(event)
        done = moment + 1
        _lay(disk.left(draw), before, after, laid)
        found.count += 1
        found.acknowledged += sum('"ok"' in line for line in told)
        wrong = faults(told)
        found.faults += [
            f"crash after event {moment} ({events[moment].call} {events[moment].path}): {w}" for w in wrong
        ]
        if len(found.faults) >= enough:
            break
    return found


def _lay(files: dict[str, bytes], before: Path, after: Path, laid: dict[Path, bytes]) -> None:
    """Make a folder hold these files. A database is always written anew, for it was opened; others if they differ."""
    wanted = {after / Path(path).relative_to(before): content for path, content in files.items()}
    opened = {path for path in {*laid, *after.glob("*.sqlite3*")} if ".sqlite3" in path.name}
    for path in opened | (laid.keys() - wanted.keys()):
        path.unlink(missing_ok=True)
        laid.pop(path, None)
    for path, content in wanted.items():
        if laid.get(path) != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            laid[path] = content
