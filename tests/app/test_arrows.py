"""The arrows between packages: the contracts of setup.cfg hold, each broken by the fault that it is there for."""

import configparser
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import ROOT

PACKAGES = ("hub", "acl", "federation", "search", "config")
FAULTS = [
    ("packages", "acl/planted.py", "import search.words"),
    ("hub", "hub/access/planted.py", "import hub.nouns.people.service"),
    ("hub", "hub/nouns/planted.py", "import hub.features.find.forms"),
    ("hub", "hub/planted/__init__.py", "import os"),
    ("features", "hub/features/signin/planted.py", "import hub.features.find.forms"),
    ("features", "hub/features/planted/__init__.py", "import os"),
    ("nouns", "hub/nouns/organisations/planted.py", "import hub.nouns.documents.service"),
    ("running", "hub/running/worker.py", "import hub.running.command"),
    ("ground", "hub/ground/db.py", "import hub.ground.extraction.formats"),
    ("feature", "hub/features/policies/service.py", "import hub.features.policies.commands"),
    ("no-http", "hub/nouns/people/service.py", "import flask"),
    ("no-http", "acl/planted.py", "import werkzeug"),
    ("no-tables", "federation/planted.py", "import sqlalchemy"),
    ("casbin", "acl/planted.py", "import casbin"),
    ("authlib", "hub/features/signin/planted.py", "import authlib.oauth2"),
    ("dns", "hub/nouns/people/planted.py", "import dns.resolver"),
    ("elasticsearch", "hub/features/find/planted.py", "import elasticsearch"),
    ("tantivy", "search/planted.py", "import tantivy"),
    ("pillow", "hub/features/people/planted.py", "import PIL.Image"),
    ("dns", "hub/features/signin/planted.py", "import dns.resolver"),
    ("webauthn", "hub/features/signin/planted.py", "import webauthn"),
    ("settings", "hub/features/policies/planted.py", "import config.settings"),
]
"""The contract, where a line is planted, and the line."""


def check(folder: Path, cache: Path, *contracts: str) -> subprocess.CompletedProcess[str]:
    """Run the import linter over a copy of the packages."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-logo", "--cache-dir", str(cache)]
    for contract in contracts:
        command += ["--contract", contract]
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the linter remembers of unchanged modules."""
    return tmp_path_factory.mktemp("arrows")


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The packages' modules, copied."""
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            copy = tmp_path / path.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    (tmp_path / "setup.cfg").write_bytes((ROOT / "setup.cfg").read_bytes())
    return tmp_path


def test_the_arrows_hold(copied: Path, cache: Path) -> None:
    ran = check(copied, cache)
    assert ran.returncode == 0, ran.stdout


@pytest.mark.parametrize(("contract", "where", "line"), FAULTS)
def test_a_planted_arrow_is_noticed(copied: Path, cache: Path, contract: str, where: str, line: str) -> None:
    (copied / where).parent.mkdir(exist_ok=True)
    with (copied / where).open("a", encoding="utf-8") as module:
        module.write(f"{line}\n")
    ran = check(copied, cache, contract)
    assert ran.returncode != 0
    assert "planted" in ran.stdout or where.removesuffix(".py").replace("/", ".") in ran.stdout


def test_each_contract_has_its_fault() -> None:
    found = configparser.ConfigParser()
    found.read(ROOT / "setup.cfg", "utf-8")
    prefix = "importlinter:contract:"
    contracts = {section.removeprefix(prefix) for section in found.sections() if section.startswith(prefix)}
    assert contracts == {contract for contract, _, _ in FAULTS}
