"""The packages are this repository's own, nobody else brings their names, and only one Casbin is there."""

import importlib
import importlib.metadata
import sys
from collections.abc import Iterable, Mapping
from configparser import ConfigParser
from pathlib import Path

import pytest

from hub.wiring import FEATURES
from tests import ROOT

INSTALLED = ("acl", "config", "federation", "hub", "search")
PACKAGES = (*INSTALLED, "tests")
"""`tests` is found by where it lies; other distributions leave theirs about, so the name is nobody's."""
OURS = "knowledge-hub"


def strangers(packages: Iterable[str], root: Path) -> list[str]:
    """Packages that import from elsewhere."""
    homes = {name: Path(str(importlib.import_module(name).__file__)).resolve() for name in packages}
    return sorted(name for name, home in homes.items() if root not in home.parents)


def claimed(packages: Iterable[str], distributions: Mapping[str, list[str]]) -> list[str]:
    """Our names that another installed distribution brings."""
    return sorted(f"{name}: {who}" for name in packages for who in distributions.get(name, []) if who != OURS)


def casbins(names: Iterable[str]) -> list[str]:
    """Distributions that install the module `casbin`, other than the maintained one."""
    return sorted(name for name in names if name.lower().replace("_", "-") == "casbin")


def unlisted(folder: Path, listed: Iterable[str]) -> list[str]:
    """Feature folders that are not in the list, and listed features without a folder."""
    found = {path.parent.name for path in folder.glob("*/**/wiring.py")}
    return sorted(found ^ set(listed))


def test_every_package_imports_from_this_repository() -> None:
    assert strangers(PACKAGES, ROOT) == []


def test_a_package_from_elsewhere_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "planted_stranger").mkdir()
    (tmp_path / "planted_stranger" / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(sys.modules, "planted_stranger", importlib.import_module("planted_stranger"))
    assert strangers([*PACKAGES, "planted_stranger"], ROOT) == ["planted_stranger"]


def test_nobody_else_brings_our_names() -> None:
    assert claimed(INSTALLED, importlib.metadata.packages_distributions()) == []


def test_a_distribution_that_brings_our_name_is_noticed() -> None:
    assert claimed(INSTALLED, {"search": [OURS, "web-search"], "flask": ["Flask"]}) == ["search: web-search"]


def test_only_the_maintained_casbin_is_installed() -> None:
    """`casbin` and `pycasbin` share one module folder: uninstalling one breaks the other."""
    names = {distribution.name for distribution in importlib.metadata.distributions()}
    assert "pycasbin" in names
    assert casbins(names) == []


def test_the_other_casbin_is_noticed() -> None:
    assert casbins(["pycasbin", "Casbin", "casbin-sqlalchemy-adapter"]) == ["Casbin"]


def test_the_list_of_features_is_the_list_of_folders() -> None:
    assert unlisted(ROOT / "hub", [feature.name for feature in FEATURES]) == []


def test_a_folder_that_is_not_listed_is_noticed(tmp_path: Path) -> None:
    for name in ("find", "planted"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "wiring.py").touch()
    assert unlisted(tmp_path, ["find", "gone"]) == ["gone", "planted"]


def test_every_feature_and_job_has_a_name_of_its_own() -> None:
    for names in ([f.name for f in FEATURES], [job.name for f in FEATURES for job in f.jobs]):
        assert len(names) == len(set(names))


def left_behind(files: Iterable[Path], patterns: Iterable[str]) -> list[str]:
    """Files beside the code that an installed hub would lack, since no pattern of `package_data` takes them along."""
    wanted = list(patterns)
    return sorted(path.name for path in files if not any(path.match(pattern) for pattern in wanted))


def data_files() -> list[Path]:
    """Everything in the packages that is not code."""
    found = (path for name in INSTALLED for path in (ROOT / name).rglob("*") if path.is_file())
    return [path for path in found if path.suffix != ".py" and path.parent.name != "__pycache__"]


def test_an_installed_hub_has_every_file_that_lies_beside_the_code() -> None:
    """In a container nothing but what setup.cfg names is there: without the migrations' HEAD it does not start."""
    setup = ConfigParser(interpolation=None)
    setup.read(ROOT / "setup.cfg")
    patterns = [pattern.strip() for pattern in setup["options.package_data"]["*"].split(",")]
    assert left_behind(data_files(), patterns) == []
    assert left_behind([ROOT / "hub" / "planted.xyz"], patterns) == ["planted.xyz"]
