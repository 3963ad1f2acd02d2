"""The everyday tests are chosen by rule: what each of them needs and costs, and never a list of names."""

import subprocess
import sys

import pytest

from tests import ROOT

FILES = ("tests/hub/features/find/test_leaks.py", "tests/hub/access/test_where.py", "tests/hub/web/test_browser.py")


def collected(*options: str) -> list[str]:
    """What pytest would run of these files, in its order."""
    command = [sys.executable, "-m", "pytest", "-q", "--collect-only", "-p", "no:cacheprovider", *options, *FILES]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [line for line in ran.stdout.splitlines() if "::" in line]


@pytest.fixture(scope="module")
def every_test() -> list[str]:
    return collected()


@pytest.fixture(scope="module")
def quick() -> list[str]:
    return collected("--quick")


def test_a_quick_run_needs_no_server_no_browser_and_nothing_long(quick: list[str]) -> None:
    assert quick
    words = ("postgresql", "elasticsearch", "test_browser.py", "stock_casbin_allows")
    assert [each for each in quick if any(word in each for word in words)] == []


def test_it_runs_one_case_of_each_test(every_test: list[str], quick: list[str]) -> None:
    names = [each.partition("[")[0] for each in quick]
    assert len(names) == len(set(names))
    short = {each.partition("[")[0] for each in every_test if "test_leaks.py" in each and "tantivy" in each}
    assert short <= set(names)


def test_files_that_take_long_are_begun_first(every_test: list[str]) -> None:
    """`test_leaks.py` has most tests; nobody waits at the end for the two that take longer."""
    files = list(dict.fromkeys(each.partition("::")[0] for each in every_test))
    assert files[-1] == FILES[0]
