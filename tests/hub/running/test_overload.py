"""A real server under a flood, by real sockets: who waits, who is told to come again, and who notices nothing."""

import contextlib
import http.client
import socket
import statistics
import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bench.serving import HERE, Served, Town, closed, serving, settings_for
from bench.town import Size, founded
from hub.access.turns import OWN_SHARE, Turns

pytestmark = pytest.mark.long

HAMLET = Size(documents=60, people=8, organisations=2, spaces_each=3, lookers=5, grants=5, crowded=20, members=3)
PLACES = 2
LINES = Turns(PLACES).room
OWN = LINES // OWN_SHARE
SOON = 5.0
"""Seconds in which an answer comes that waits for nobody, however busy the machine is."""


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    settings = settings_for(data=tmp_path_factory.mktemp("hamlet") / "data").model_copy(update={"web_threads": PLACES})
    parts = founded(settings, HAMLET)
    parts.engine.close()
    parts.database.close()
    return closed(settings, HAMLET, {})


@pytest.fixture
def served(town: Town) -> Iterator[Served]:
    with serving(town, 1) as found:
        yield found


@contextlib.contextmanager
def stuck(served: Served) -> Iterator[list[socket.socket]]:
    """Where forms are kept that were begun to be sent: whoever reads one waits for the rest of it."""
    kept: list[socket.socket] = []
    yield kept
    for sock in kept:
        sock.close()


def begin_to_send(served: Served, cookie: str, count: int, into: list[socket.socket]) -> None:
    """So many forms of one person, of each of which the last part does not come."""
    for _ in range(count):
        into.append(socket.create_connection((HERE, served.port)))
        into[-1].sendall(
            f"POST /documents/abcdefghijkl/edit HTTP/1.1\r\nHost: localhost:{served.port}\r\nCookie: {cookie}\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100000\r\n\r\nname=Half".encode()
        )


def ask(
    served: Served, address: str, cookie: str = "", *, sends: str = "", timeout: float = SOON
) -> tuple[int, dict[str, str], bytes]:
    """One answer, soon."""
    connection = http.client.HTTPConnection(HERE, served.port, timeout=timeout)
    headers = {"Cookie": cookie} | ({"Content-Type": "application/x-www-form-urlencoded"} if sends else {})
    with contextlib.closing(connection):
        connection.request("POST" if sends else "GET", address, body=sends or None, headers=headers)
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()


def until(
    status: int, served: Served, address: str, cookie: str, *, sends: str = ""
) -> tuple[int, dict[str, str], bytes]:
    """The first such answer: forms that are on their way fill the lines, or leave them, a moment later."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with contextlib.suppress(TimeoutError):  # it stands in a line, which it helps to fill
            if (found := ask(served, address, cookie, sends=sends, timeout=1.0))[0] == status:
                return found
    raise AssertionError(f"no answer is {status}")


def test_whoever_sends_too_much_at_once_is_told_so_and_nobody_else_notices(town: Town, served: Served) -> None:
    """Ann's lines are full; Bo's page, the watchman's question and the style sheet come at once."""
    ann, bo = town.cookies[:2]
    for cookie in (ann, bo):
        assert ask(served, "/", cookie)[0] == 200
    with stuck(served) as sockets:
        begin_to_send(served, ann, 1 + OWN + OWN // 2, sockets)
        status, headers, said = until(429, served, "/", ann)
        assert (status, headers["retry-after"]) == (429, "5")
        assert b"still at work on what you asked for" in said
        status, _, page = ask(served, "/", bo)
        assert (status, b"Hello, " in page) == (200, True)
        assert ask(served, "/healthz")[2] == b"ok\n"
        style = page.partition(b'rel="stylesheet" href="')[2].partition(b'"')[0].decode()
        assert ask(served, style)[0] == 200
    until(200, served, "/", ann)


def test_beyond_the_lines_everybody_gets_the_same_page_at_once(town: Town, served: Served) -> None:
    """It says when to come again, sets no cookie, is kept by nobody, and tells nothing of whoever asks."""
    for cookie in town.cookies:
        assert ask(served, "/", cookie)[0] == 200
    with stuck(served) as sockets:
        for cookie in town.cookies:
            begin_to_send(served, cookie, 1 + OWN, sockets)
        status, headers, said = until(503, served, "/", "")
        assert status == 503
        assert headers["retry-after"] == "5"
        assert headers["cache-control"] == "no-store"
        assert "set-cookie" not in headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert ask(served, "/search?q=flood", "hub=forged")[2] == said
        assert ask(served, "/healthz")[0] == 200
        begin_to_send(served, "", LINES, sockets)
        whole = "name=All+of+it&body=" + "x" * 200_000
        sent = until(503, served, "/documents/abcdefghijkl/edit", "", sends=whole)[2]
        assert b"Nothing of what you sent is saved, and nothing of it is lost." in sent
    until(200, served, "/", town.cookies[0])


def test_one_persons_flood_slows_that_person(town: Town) -> None:
    """Sixty-four requests of Ann's at a time: Bo, who asks for one after the other, waits less than she does."""
    page = {**town.asked(replace(town.mix.apart["home"], who=0)), "kind": "flood"}
    waits: list[float] = []
    answers: list[int] = []
    with serving(town, 1) as served:
        flood = threading.Thread(target=lambda: waits.append(served.drive([page], 6, clients=64).milliseconds(0.5)))
        flood.start()
        own: list[float] = []
        while flood.is_alive():
            begun = time.perf_counter()
            answers.append(ask(served, "/", town.cookies[1])[0])
            own.append((time.perf_counter() - begun) * 1000)
            answers.append(ask(served, "/healthz")[0])
        flood.join()
    assert set(answers) == {200}
    assert statistics.median(own) < waits[0]
