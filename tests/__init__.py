"""The tests: sentences about people, run against real parts."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def missing(part: str, cure: str) -> None:
    """A part that a test needs is not there: a printed reason on a person's machine, a failure where CI is set."""
    sentence = f"{part} is not here: {cure}"
    if os.environ.get("CI") == "true":
        pytest.fail(sentence)
    pytest.skip(sentence)


def shared_data(*parts: str) -> Path:
    """A folder of real files beside the checkout; tests that want them are skipped where there are none."""
    folder = ROOT.parent / "shared" / "data"
    found = folder.joinpath(*parts)
    if not found.exists():
        pytest.skip(f"no real files at {found.relative_to(ROOT.parent)} beside the checkout")
    return found
