"""In which order tests run, and which are for every day.

All of them run in one lane, the files that take long first: whoever is left alone with one at the end keeps everybody
waiting. On a person's machine a test that has a case for each database, engine or window runs one of these, another
each time (the seed of the run draws it, and repeats it), and a test marked `long` that has more cases runs a third of
them; where CI is set all of them run (`tests.WHOLE`). With `--quick` a test of each sentence runs: no server, no
browser, no mark `long`, and of a test with many cases one.
"""

import re
from collections.abc import Callable, Generator, Hashable, Iterable

import pytest

from tests import WHOLE

LONG = {"long", "journey", "peers", "nightly"}
SERVERS = {"postgresql", "elasticsearch"}
PARTS = {
    "postgresql": "postgresql",
    "elasticsearch": "elasticsearch",
    "chromium": "journey",
    "providers": "peers",
    "keycloak": "peers",
}
"""First words of the names of fixtures, and the marks of who asks for them."""
WHERE = re.compile(r"\b(sqlite|postgresql|tantivy|elasticsearch|desk|keyboard|light|dark|phone|without-script)\b")
"""Words of a case that say where it runs, not what about."""
MUCH = 5.0
"""Seconds of a call after which a quick run names the test: on a quiet machine none of every day takes as long."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--quick", action="store_true", help="the everyday tests: see tests/lanes.py")


def pytest_configure(config: pytest.Config) -> None:
    """Let xdist hand out files in the order of this module, not by how many tests they hold."""
    config.option.loadscopereorder = False


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> Generator[None, None, None]:
    """After everybody else, pytest-randomly included, so that of many cases it is another one each time."""
    yield
    long = {item.path for item in items if marks(item) & LONG}
    items.sort(key=lambda item: item.path not in long)
    if config.getoption("quick"):
        keep(config, items, everyday(items))
    elif not WHOLE:
        keep(config, items, a_third(one_of_each(items, lambda item: WHERE.sub("", item.nodeid))))


def keep(config: pytest.Config, items: list[pytest.Item], chosen: dict[pytest.Item, None]) -> None:
    """Run these alone."""
    config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
    items[:] = list(chosen)


def marks(item: pytest.Item) -> set[str]:
    """What a test is marked as, by its author or by what it asks for."""
    asked = {name.partition("_")[0] for name in getattr(item, "fixturenames", ())}
    return {mark.name for mark in item.iter_markers()} | {PARTS[each] for each in asked & PARTS.keys()}


def everyday(items: list[pytest.Item]) -> dict[pytest.Item, None]:
    """One case of each test that needs no server and is not long."""
    some = [item for item in items if not marks(item) & (LONG | SERVERS)]
    return one_of_each(some, lambda item: item.nodeid.partition("[")[0])


def one_of_each(items: list[pytest.Item], told: Callable[[pytest.Item], Hashable]) -> dict[pytest.Item, None]:
    """The first of those of which the same is told."""
    found: dict[Hashable, pytest.Item] = {}
    for item in items:
        found.setdefault(told(item), item)
    return dict.fromkeys(found.values())


def a_third(items: Iterable[pytest.Item]) -> dict[pytest.Item, None]:
    """All that are not long; and of the cases of each that is a third, at least one."""
    cases: dict[str, list[pytest.Item]] = {}
    for item in items:
        cases.setdefault(item.nodeid.partition("[")[0], []).append(item)
    kept = (found[: -(-len(found) // 3)] if marks(found[0]) & LONG else found for found in cases.values())
    chosen = {item for each in kept for item in each}
    return dict.fromkeys(item for item in items if item in chosen)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """A quick run says what keeps it from being one."""
    reports = [each for each in terminalreporter.getreports("passed") if each.duration > MUCH]
    if config.getoption("quick") and reports:
        terminalreporter.section("not for every day: make it cheaper, or mark it long")
        for each in sorted(reports, key=lambda each: -each.duration):
            terminalreporter.line(f"{each.duration:.1f} s {each.nodeid}")
