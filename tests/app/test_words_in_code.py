"""What may be written in one place only (commits, the time of day, text that a template does not escape) or nowhere."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import ROOT

PACKAGES = ("acl", "config", "federation", "hub", "search")
GENERATED = "hub/ground/migrations/versions"
CLOCKS = {
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "time.time",
    "func.now",
    "func.current_date",
}
"""What tells the time of day. `time.monotonic` measures, and may."""
ESCAPES = re.compile(r"\|\s*safe\b|autoescape\s+false|\bMarkup\(|\bmark_safe\b", re.IGNORECASE)

PAPERS = re.compile(
    r"\bnotes? on \w+, |\bof the notes\b|-search notes\b|\b[DN]-[A-Z]{2,5} \d|\bN-\d\d\b|\(L\d{1,2}\)|DESIGN\.md"
)
"""How a paper outside the project was once cited. Tests may number what they prove."""


def calls(source: str) -> Iterator[tuple[int, str]]:
    """Each call in a module: its line, and the last two parts of what is called (`session.commit`)."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            yield node.lineno, ".".join(ast.unparse(node.func).split(".")[-2:])


def commits(source: str) -> list[int]:
    """Lines that commit a transaction."""
    return [line for line, name in calls(source) if name.split(".")[-1] == "commit"]


def clocks(source: str) -> list[int]:
    """Lines that ask a machine what time it is."""
    return [line for line, name in calls(source) if name in CLOCKS]


def escapes(source: str) -> list[int]:
    """Lines on which text escapes escaping."""
    return [number for number, line in enumerate(source.splitlines(), start=1) if ESCAPES.search(line)]


def papers(source: str) -> list[int]:
    """Lines that send the reader to a paper which is not in the project."""
    return [number for number, line in enumerate(source.splitlines(), start=1) if PAPERS.search(line)]


def sources(*patterns: str) -> dict[str, str]:
    """Our files, by path from the top."""
    paths = [path for package in PACKAGES for pattern in patterns for path in (ROOT / package).rglob(pattern)]
    named = {path.relative_to(ROOT).as_posix(): path for path in paths}
    return {name: path.read_text("utf-8") for name, path in named.items() if not name.startswith(GENERATED)}


def where(found: dict[str, list[int]], allowed: tuple[str, ...]) -> list[str]:
    """`file:line` of everything that is not in an allowed place."""
    return [f"{name}:{line}" for name, lines in sorted(found.items()) for line in lines if not name.startswith(allowed)]


def test_only_the_unit_of_work_commits() -> None:
    """What `search` commits is an index: it holds no tables."""
    found = {name: commits(source) for name, source in sources("*.py").items()}
    assert where(found, ("hub/ground/unit_of_work.py", "search/")) == []
    assert found["hub/ground/unit_of_work.py"]


def test_only_the_clock_tells_the_time() -> None:
    """Peers of the tests and the demo's issuers live in a world of their own, and get a clock all the same."""
    found = {name: clocks(source) for name, source in sources("*.py").items()}
    assert where(found, ("hub/ground/clock.py",)) == []
    assert found["hub/ground/clock.py"]


def test_only_the_web_shell_writes_text_unescaped() -> None:
    found = {name: escapes(source) for name, source in sources("*.py", "*.html").items()}
    assert where(found, ("hub/web/",)) == []
    assert any(found.values())


def test_no_reader_is_sent_to_a_paper_that_is_not_here() -> None:
    found = {name: papers(source) for name, source in sources("*.py", "*.html", "*.toml", "*.conf").items()}
    assert where(found, ()) == []


@pytest.mark.parametrize(
    "planted", ["notes on federation, A15", "section 4.5 of the notes", "(L47)", "D-WEB 53", "N-01"]
)
def test_a_planted_reference_is_noticed(planted: str) -> None:
    assert papers(f"x\n# {planted}.\n") == [2]
    assert papers("# RFC 9110, section 5; a note on its own\n") == []


@pytest.mark.parametrize(
    "planted", ["session.commit()", "uow.session.commit()", "self._connection.commit()", "with x: a.b.commit()"]
)
def test_a_planted_commit_is_noticed(planted: str) -> None:
    assert commits(f"import x\n{planted}\n") == [2]
    assert commits("# session.commit()\ncommit = 1\n") == []


@pytest.mark.parametrize(
    "planted",
    [
        "datetime.now(UTC)",
        "datetime.datetime.now()",
        "date.today()",
        "time.time()",
        "sa.func.now()",
        "datetime.utcnow()",
    ],
)
def test_a_planted_look_at_the_clock_is_noticed(planted: str) -> None:
    assert clocks(f"x = 1\ny = [{planted}]\n") == [2]
    assert clocks("parts.clock.now()\ntime.monotonic()\n") == []


@pytest.mark.parametrize(
    "planted",
    ["{{ body|safe }}", "{{ body | safe }}", "{% autoescape false %}", "Markup(body)", "markupsafe.Markup(b)"],
)
def test_a_planted_escape_is_noticed(planted: str) -> None:
    assert escapes(f"<p>\n{planted}\n") == [2]
    assert escapes("{{ body }} is safe\nfrom markupsafe import Markup\n") == []


def test_no_file_is_passed_over() -> None:
    found = sources("*.py")
    assert len(found) > 150
    assert all(Path(ROOT / name).is_file() for name in found)
