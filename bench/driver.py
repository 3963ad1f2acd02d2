"""Asks a server for pages over real sockets, in a process and one thread of its own, as cheaply as Python can.

`python -m bench.driver` reads a plan (a line of JSON) from standard input and answers with what it saw (another). Open
loop: so many requests a second begin, answered or not, and each is timed from when it was due. Closed loop: so many
people ask, each for the next page as soon as they have one.
"""

import heapq
import json
import random
import re
import select
import socket
import sys
import time
from collections import Counter, deque
from collections.abc import Generator
from dataclasses import dataclass, field
from html import unescape
from http import HTTPStatus
from typing import Any

Answer = tuple[int, bytes, bytes]
"""Status, head and body."""
Talk = Generator[bytes, Answer, str]
"""What is sent, one after the other, each after the answer to the one before; returns what was wrong, or nothing."""
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
LOCATION = re.compile(rb"\r\nlocation: *(\S+)", re.IGNORECASE)
BOUNDARY = "-----------------------------hubloaddriver"
COOKIE = re.compile(rb"\r\nset-cookie: *([^;]+)", re.IGNORECASE)
HIDDEN = re.compile(rb'<input type="hidden" name="([^"]+)" value="([^"]*)">')
BUSY = b"<title>The hub is very busy"
PATIENCE = 60.0
"""Seconds after the end in which what is under way may still be answered."""


def read(host: str, page: dict[str, Any]) -> Talk:
    """Ask for a page; the answer must have its words."""
    status, _, body = yield _head("GET", page["address"], host, page["cookie"])
    if status != HTTPStatus.OK:
        return _refused(status, body)
    return "" if page["expects"].encode() in body else "another page"


def send(host: str, page: dict[str, Any]) -> Talk:
    """Open the form at an address, fill it in, and send it: it must lead to a page that tells of what was made."""
    status, head, body = yield _head("GET", page["address"], host, page["cookie"])
    if status != HTTPStatus.OK:
        return f"form {_refused(status, body)}"
    cookie = given[1].decode() if (given := COOKIE.search(head)) else page["cookie"]  # it holds what the form needs
    own = re.search(rb'<form action="%b".*?</form>' % re.escape(page["address"].encode()), body, re.DOTALL)
    if own is None:
        return "no form"
    hidden = {name.decode(): unescape(value.decode()) for name, value in HIDDEN.findall(own[0])}
    content = _multipart(hidden | page["fields"], page.get("file"))
    kind = f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n"
    status, head, body = yield _head("POST", page["address"], host, cookie, kind, content)
    found = LOCATION.search(head)
    if status != HTTPStatus.SEE_OTHER or found is None:
        return f"sent {_refused(status, body)}"
    page["kept"] = found[1].decode()
    return ""


def _refused(status: int, body: bytes) -> str:
    """The status, and whether it is the page of a hub that has too much to do."""
    return f"{status}, busy" if BUSY in body else str(status)


def _multipart(fields: dict[str, str], file: str | None) -> bytes:
    parts = [f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}' for name, value in fields.items()]
    if file:
        said = 'Content-Disposition: form-data; name="file"; filename="report.txt"\r\nContent-Type: text/plain'
        parts.append(f"{said}\r\n\r\n{file}")
    return ("".join(f"--{BOUNDARY}\r\n{part}\r\n" for part in parts) + f"--{BOUNDARY}--\r\n").encode()


def _head(method: str, address: str, host: str, cookie: str, more: str = "", content: bytes = b"") -> bytes:
    length = f"Content-Length: {len(content)}\r\n" if method == "POST" else ""
    return f"{method} {address} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\n{more}{length}\r\n".encode() + content


@dataclass
class _Line:
    """A connection, and the talk that goes over it."""

    sock: socket.socket
    talk: Talk
    page: dict[str, Any]
    due: float
    buffer: bytearray = field(default_factory=bytearray)


class Driver:
    """One run of a plan."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self._plan, self._host = plan, f"{plan['host']}:{plan['port']}"
        self._address = (plan["host"], plan["port"])
        self._poll, self._lines = select.epoll(), dict[int, _Line]()
        self._idle: deque[socket.socket] = deque()
        self._waiting: deque[tuple[float, dict[str, Any]]] = deque()
        self._next = 0
        self.seconds: dict[str, list[float]] = {}
        self.faults: Counter[str] = Counter()
        self.faulty: list[tuple[str, float]] = []
        """What was wrong, and when it was found (seconds since 1970)."""
        self._never = [words.encode() for words in plan.get("never", ())]
        self.kept: list[dict[str, Any]] = []
        """Forms that were acknowledged, each with the address that it led to."""

    def run(self) -> dict[str, Any]:
        """Drive; returns seconds by kind of page, faults, and what the driving itself took."""
        for _ in range(self._plan["connections"]):
            self._idle.append(socket.create_connection(self._address))
        begun, cost = time.perf_counter(), time.process_time()
        end = begun + self._plan["seconds"]
        due = self._arrivals(begun, end) if "rate" in self._plan else []
        for _ in range(self._plan.get("clients", 0)):
            self._ask(time.perf_counter())
        while (now := time.perf_counter()) < end or self._lines or self._waiting:
            while due and due[0] <= now:
                self._ask(heapq.heappop(due))
            if now > end + PATIENCE:
                self.faults["no answer"] += len(self._lines) + len(self._waiting)
                break
            pause = min(0.1, max(0.0, (due[0] if due else now + 0.1) - now))
            for number, _ in self._poll.poll(pause):
                self._hear(self._lines[number], again=now < end and "clients" in self._plan)
        return {
            "seconds": self.seconds,
            "faults": self.faults,
            "faulty": self.faulty,
            "kept": [{"address": page["kept"], "fields": page["fields"]} for page in self.kept],
            "took": min(time.perf_counter(), end) - begun if "rate" in self._plan else time.perf_counter() - begun,
            "driving": time.process_time() - cost,
        }

    def _arrivals(self, begun: float, end: float) -> list[float]:
        draw, at, found = random.Random(3), begun, []
        while (at := at + draw.expovariate(self._plan["rate"])) < end:
            found.append(at)
        return found

    def _ask(self, due: float) -> None:
        """The next page of the plan, on the connection that has rested longest."""
        page = self._plan["pages"][self._next % len(self._plan["pages"])]
        if "fields" in page:  # each time another text
            said = f" lap {self._next // len(self._plan['pages'])}"
            fields = {name: value + said * (name == "body") for name, value in page["fields"].items()}
            page = page | {"fields": fields, "file": page["file"] and page["file"] + said}
        self._next += 1
        if self._idle or len(self._lines) < self._plan["most"]:
            self._begin(page, due)
        else:
            self._waiting.append((due, page))

    def _begin(self, page: dict[str, Any], due: float) -> None:
        try:
            sock = self._idle.popleft() if self._idle else socket.create_connection(self._address)
        except OSError:
            self._note(f"{page['kind']}: no connection")
            return
        talk = (send if "fields" in page else read)(self._host, page)
        line = self._lines[sock.fileno()] = _Line(sock, talk, page, due)
        self._poll.register(sock.fileno(), select.EPOLLIN)
        self._send(line, next(talk))

    def _send(self, line: _Line, content: bytes) -> None:
        try:
            line.sock.sendall(content)
        except OSError:
            self._end(line, "broken off", fresh=True)

    def _hear(self, line: _Line, *, again: bool) -> None:
        try:
            heard = line.sock.recv(262_144)
        except OSError:
            heard = b""
        line.buffer += heard
        answer = _whole(line.buffer)
        if answer is None:
            if not heard:
                self._end(line, "broken off", fresh=True)
                self._go_on(again=again)
            return
        line.buffer = bytearray()
        if any(words in answer[2] for words in self._never):
            self._note(f"{line.page['kind']}: LEAK at {line.page['address']}")
        try:
            self._send(line, line.talk.send(answer))
        except StopIteration as ended:
            self._end(line, ended.value, fresh=b"\r\nconnection: close" in answer[1].lower())
            self._go_on(again=again)

    def _note(self, fault: str) -> None:
        self.faults[fault] += 1
        self.faulty.append((fault, time.time()))

    def _go_on(self, *, again: bool) -> None:
        if self._waiting:
            due, page = self._waiting.popleft()
            self._begin(page, due)
        elif again:
            self._ask(time.perf_counter())

    def _end(self, line: _Line, fault: str, *, fresh: bool) -> None:
        """Note how it went; `fresh`: the connection is of no more use."""
        if self._lines.pop(line.sock.fileno(), None) is None:
            return
        self._poll.unregister(line.sock.fileno())
        kind = line.page["kind"]
        if fault:
            self._note(f"{kind}: {fault}")
        else:
            self.seconds.setdefault(kind, []).append(time.perf_counter() - line.due)
        if "kept" in line.page:
            self.kept.append(line.page)
        if fresh:
            line.sock.close()
        else:
            self._idle.append(line.sock)


def _whole(buffer: bytearray) -> Answer | None:
    """The answer, once all of it is there."""
    at = buffer.find(b"\r\n\r\n")
    if at < 0:
        return None
    head, body = bytes(buffer[:at]), buffer[at + 4 :]
    if CHUNKED.search(head):
        whole = body.endswith(b"0\r\n\r\n")
    else:
        length = LENGTH.search(head)
        whole = len(body) >= (int(length[1]) if length else 0)
    return (int(head[9:12]), head, bytes(body)) if whole else None


def main() -> None:
    """One plan."""
    print(json.dumps(Driver(json.loads(sys.stdin.readline())).run()), flush=True)


if __name__ == "__main__":
    main()
