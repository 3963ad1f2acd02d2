"""The everyday tests are chosen by rule: what each of them needs and costs, and never a list of names."""

import os
import subprocess
import sys

import pytest

from tests import ROOT

pytestmark = pytest.mark.long
FILES = ("tests/hub/features/find/test_leaks.py", "tests/hub/access/test_where.py", "tests/hub/web/test_browser.py")


def collected(*options: str, ci: str = "") -> list[str]:
    """What pytest would run of these files, in its order."""
    command = [sys.executable, "-m", "pytest", "-q", "--collect-only", "-p", "no:cacheprovider", *options, *FILES]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, env=os.environ | {"CI": ci})
    return [line for line in ran.stdout.splitlines() if "::" in line]


@pytest.fixture(scope="module")
def every_test() -> list[str]:
    return collected(ci="true")


@pytest.fixture(scope="module")
def drawn() -> list[str]:
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


def test_on_a_person_s_machine_each_test_runs_in_one_place_and_none_is_left_out(
    every_test: list[str], drawn: list[str]
) -> None:
    """Cases that differ in what they are about are other tests."""
    assert len(drawn) < len(every_test)
    assert set(drawn) <= set(every_test)
    assert {each.partition("[")[0] for each in drawn} == {each.partition("[")[0] for each in every_test}
    mistakes = [each for each in drawn if "test_a_mistake_in_the_translation_is_found" in each]
    assert len(mistakes) == 3
    assert len([each for each in drawn if "stock_casbin_allows" in each]) == 1


def test_files_that_take_long_are_begun_first(every_test: list[str]) -> None:
    """`test_leaks.py` has most tests; nobody waits at the end for the two that take longer."""
    files = list(dict.fromkeys(each.partition("::")[0] for each in every_test))
    assert files[-1] == FILES[0]
