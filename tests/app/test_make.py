"""`make run` on a machine that lacks something says one sentence with the cure."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests import ROOT, missing


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What `make` needs of a checkout."""
    if shutil.which("make") is None:
        missing("make", "install it")
    for name in ("Makefile", "tools/venv.sh", "setup.cfg", "requirements/run.txt", "requirements/test.txt"):
        copy = tmp_path / name
        copy.parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, copy)
    return tmp_path


def python(folder: Path, *lines: str) -> str:
    """A Python interpreter that does what these lines of shell say."""
    path = folder / "python"
    path.write_text("\n".join(("#!/bin/sh", *lines)) + "\n", "utf-8")
    path.chmod(0o755)
    return str(path)


def make_run(checkout: Path, interpreter: str) -> tuple[int, list[str]]:
    """The exit code, and what was said besides make's own words."""
    command = ["make", "--silent", "run", f"PYTHON={interpreter}"]
    ran = subprocess.run(command, cwd=checkout, capture_output=True, text=True, check=False)
    return ran.returncode, [line for line in ran.stderr.splitlines() if not line.startswith("make")]


def test_too_old_a_python_is_one_sentence_with_the_cure(checkout: Path) -> None:
    code, said = make_run(checkout, python(checkout, '[ "$1" = --version ] && echo Python 3.9.2 && exit', "exit 1"))
    assert code != 0
    assert len(said) == 1
    assert "needs Python 3.11 or newer, and this machine has Python 3.9.2" in said[0]
    assert "apt install python3" in said[0]
    assert not (checkout / ".venv").exists()


def test_a_missing_venv_module_is_one_sentence_with_the_cure(checkout: Path) -> None:
    lines = (
        'case "$2" in',
        "  *ensurepip*) exit 1;;",
        "  *sys.version_info*print*|*print*) echo python3.12-venv;;",
        "esac",
    )
    code, said = make_run(checkout, python(checkout, *lines))
    assert code != 0
    assert said == [
        "Python's venv module is missing: install it (Debian, Ubuntu: apt install python3.12-venv) and try again."
    ]
    assert not (checkout / ".venv").exists()


def test_no_python_at_all_is_one_sentence(checkout: Path) -> None:
    code, said = make_run(checkout, str(checkout / "nowhere"))
    assert code != 0
    assert len(said) == 1
    assert "needs Python 3.11 or newer, and this machine has no Python 3: install one" in said[0]


def test_a_venv_of_a_python_that_is_gone_is_one_sentence(checkout: Path) -> None:
    (checkout / ".venv" / "bin").mkdir(parents=True)
    code, said = make_run(checkout, "python3")
    assert code != 0
    assert said == [
        "The folder .venv was made with a Python that is gone or too old: delete it (rm -r .venv) and try again."
    ]


def test_help_names_every_target(checkout: Path) -> None:
    said = subprocess.run(["make"], cwd=checkout, capture_output=True, text=True, check=True).stdout
    for target in ("help", "run", "test", "lint", "lock", "assets", "bench", "migration", "ci-parts"):
        assert f"make {target}: " in said
