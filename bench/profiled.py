"""What a request costs in processor time, in one process by its WSGI interface, and where that goes.

Nothing stands between: no sockets, no server, one thread. First each kind of page alone, without a profiler; then the
whole mix under cProfile, by the clock on the wall: those figures are dearer, and are there to be compared.
"""

import cProfile
import pstats
import re
import statistics
import time
from collections.abc import Iterable, Sequence
from http import HTTPStatus
from pathlib import Path

from flask import Flask
from sqlalchemy import event
from werkzeug.test import EnvironBuilder

from bench.mix import SHARES, Mix, Page
from bench.town import ROOT, Size, cookies, town_of
from config.settings import Settings
from hub.access.parts import Parts
from hub.app import build_parts, create_app
from hub.running.garbage import settle

UNBOUNDED = 10**9
WARM, ROUNDS, PROFILED, TOP = 400, 150, 400, 25
OURS = re.compile(r"\.html$|/(?:hub|search|acl|sqlalchemy|jinja2)/")


def profile(size: Size, kinds: Sequence[str] = ()) -> None:
    """Print milliseconds and statements for each kind of page, then the dearest functions of those kinds together."""
    with town_of(size) as data:
        settings = Settings(data=data, searches_a_minute=UNBOUNDED, checks_a_minute=UNBOUNDED)
        parts = build_parts(settings)
        try:
            asked = InProcess(settings, parts, size)
            _print_costs(asked, kinds or tuple(SHARES))
            _print_profile(asked, kinds)
        finally:
            parts.engine.close()
            parts.database.close()


class InProcess:
    """A hub that is asked by its WSGI interface, by all the lookers of a town."""

    def __init__(self, settings: Settings, parts: Parts, size: Size, *, warm: int = WARM) -> None:
        self.app: Flask = create_app(settings, parts)
        self.mix = Mix(parts, size)
        self.statements = 0
        self._host = settings.public_url
        self._cookies = cookies(self.app, parts, size.handles)
        event.listen(parts.database.engine, "before_cursor_execute", self._count)
        for page in self.mix.pages(warm):
            self.get(page)
        settle()

    def _count(self, *_: object) -> None:
        self.statements += 1

    def environ(self, page: Page) -> dict[str, object]:
        """The request, as a server hands it over."""
        builder = EnvironBuilder(page.address, self._host, headers={"Cookie": self._cookies[page.who]})
        return builder.get_environ() | {"REMOTE_ADDR": "127.0.0.1"}

    def get(self, page: Page) -> None:
        """Ask for it; raises RuntimeError for any answer but the right one."""
        self.answer(page, self.environ(page))

    def answer(self, page: Page, environ: dict[str, object]) -> None:
        """The same, of a request that is made already."""
        seen: list[str] = []
        content = b"".join(self.app.wsgi_app(environ, lambda status, *_: seen.append(status)))  # type: ignore[arg-type, return-value]
        if int(seen[0][:3]) != HTTPStatus.OK or page.expects.encode() not in content:
            raise RuntimeError(f"{page.address} answered {seen[0]}: {content[:2000].decode()}")


def _print_costs(asked: InProcess, kinds: Sequence[str]) -> None:
    print(f"{'processor time of a request, in process':<44}{'mean':>10}{'p50':>10}{'p95':>10}{'statements':>12}")
    total, shares = 0.0, sum(SHARES[kind] for kind in kinds)
    for kind in kinds:
        mean = _print_cost(asked, f"{kind} ({SHARES[kind]} of 100)", asked.mix.pages(ROUNDS, [kind]))
        total += mean * SHARES[kind] / shares
    for name, page in asked.mix.apart.items():
        _print_cost(asked, f"  {name}, the same each time", [page] * 20)
    print(f"{'the mix':<44}{total:>7.1f} ms\n", flush=True)


def _print_cost(asked: InProcess, name: str, pages: Iterable[Page]) -> float:
    taken, before = [], asked.statements
    for page in pages:
        environ = asked.environ(page)
        begun = time.thread_time()
        asked.answer(page, environ)
        taken.append((time.thread_time() - begun) * 1000)
    mean, statements = statistics.mean(taken), (asked.statements - before) / len(taken)
    middle, late = statistics.median(taken), sorted(taken)[int(len(taken) * 0.95)]
    print(f"{name:<44}{mean:>7.1f} ms{middle:>7.1f} ms{late:>7.1f} ms{statements:>12.1f}", flush=True)
    return mean


def _print_profile(asked: InProcess, kinds: Sequence[str]) -> None:
    pages = list(asked.mix.pages(PROFILED, kinds))
    requests = [(page, asked.environ(page)) for page in pages]
    profiler = cProfile.Profile()
    profiler.enable()
    for page, environ in requests:
        asked.answer(page, environ)
    profiler.disable()
    found = pstats.Stats(profiler).stats  # type: ignore[attr-defined]
    rows = [(place, calls, own, whole) for place, (_, calls, own, whole, _) in found.items()]
    _print_top("own time", sorted(rows, key=lambda row: -row[2]))
    ours = [row for row in rows if OURS.search(row[0][0])]
    _print_top("time with what it calls: hub, search, acl, sqlalchemy, jinja2", sorted(ours, key=lambda row: -row[3]))


def _print_top(by: str, rows: Sequence[tuple[tuple[str, int, str], int, float, float]]) -> None:
    print(f"{'a request, by ' + by:<78}{'calls':>8}{'own':>10}{'whole':>10}")
    for (file, line, name), calls, own, whole in rows[:TOP]:
        shown = f"{_short(file)}:{line} {name}" if line else name
        each = (calls / PROFILED, own * 1000 / PROFILED, whole * 1000 / PROFILED)
        print("{:<78}{:>8.1f}{:>7.2f} ms{:>7.2f} ms".format(shown[-76:], *each))
    print(flush=True)


def _short(file: str) -> str:
    path = Path(file)
    if "site-packages" in path.parts:
        return "/".join(path.parts[path.parts.index("site-packages") + 1 :])
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else file
