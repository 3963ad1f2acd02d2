"""Documentation is grown from the code, and fails when it is stale."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy.pool import QueuePool

from hub.cli import hub
from hub.ground.db import OVERFLOW, POOL, Database
from tests import ROOT
from tools import reference


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The reference, written by a process of its own: click remembers how its commands were first asked."""
    folder = tmp_path_factory.mktemp("reference")
    subprocess.run([sys.executable, ROOT / "tools" / "reference.py", folder], check=True)
    return folder


@pytest.mark.parametrize("name", reference.PAGES)
def test_the_reference_is_what_the_code_says(written: Path, name: str) -> None:
    """Run `make docs` when this fails."""
    assert (ROOT / "docs" / "reference" / name).read_text("utf-8") == (written / name).read_text("utf-8")


def pages() -> list[Path]:
    """Every page of documentation."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def test_no_link_between_pages_is_broken() -> None:
    """Each relative link leads to a file."""
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages()
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text("utf-8"))
        if not (page.parent / target).exists()
    ]
    assert broken == []


def test_the_connections_that_operators_allow_for_are_those_that_processes_open() -> None:
    """The formula for `max_connections`, and its example."""
    page = (ROOT / "docs" / "operate" / "production.md").read_text("utf-8")
    most = POOL + OVERFLOW
    assert f"up to {most} connections ({POOL} that it keeps, and {OVERFLOW} more" in page
    assert f"machines × (HUB_WEB_PROCESSES + 1) × {most}, and {most} for commands" in page
    assert f": {2 * (3 + 1) * most + most} for two machines with three web processes each" in page
    pool = Database("postgresql://hub@127.0.0.1:9/hub").engine.pool
    assert isinstance(pool, QueuePool)
    assert (pool.size(), pool._max_overflow) == (POOL, OVERFLOW)


def test_the_readme_begins_with_the_two_commands() -> None:
    """A newcomer finds them first."""
    first = re.search(r"```\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    assert first is not None
    assert [line.partition("#")[0].strip() for line in first[1].splitlines()] == ["make run", "make test"]


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_every_command_that_the_pages_name_is_there(page: Path) -> None:
    """`hub …` in documentation is a command that this hub has."""
    runner = CliRunner()
    for words in set(re.findall(r"^\s*(?:\.venv/bin/)?hub ((?:[a-z]+ ?){1,2})", page.read_text("utf-8"), re.MULTILINE)):
        first = words.split()[0]
        assert runner.invoke(hub, [first, "--help"]).exit_code == 0, words
