"""The tests: sentences about people, run against real parts."""

import os
import random
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import pytest

T = TypeVar("T")
WHOLE = os.environ.get("CI") == "true"
"""Whether every part is required, every case runs, and properties are tried on all their worlds."""
ROOT = Path(__file__).resolve().parent.parent


def missing(part: str, cure: str) -> None:
    """A part that a test needs is not there: a printed reason on a person's machine, a failure where CI is set."""
    sentence = f"{part} is not here: {cure}"
    if WHOLE:
        pytest.fail(sentence)
    pytest.skip(sentence)


def worlds_to_try(count: int) -> int:
    """So many random worlds where CI is set; an eighth of them on a person's machine."""
    return count if WHOLE else count // 8


def some(things: Sequence[T]) -> Sequence[T]:
    """All of them where CI is set; on a person's machine every fourth, beginning with a drawn one."""
    return things if WHOLE else things[random.randrange(4) :: 4]


def shared_data(*parts: str) -> Path:
    """A folder of real files beside the checkout; tests that want them are skipped where there are none at all."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.exists():
        pytest.skip("no real files at shared/data beside the checkout")
    found = folder.joinpath(*parts)
    if not found.exists():
        missing(f"{found.relative_to(ROOT.parent)}", "the other real files are there: bring this one too")
    return found
