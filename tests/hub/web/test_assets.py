"""Static files, and that what is committed is what the sources make."""

import gzip
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hub.web.assets import FOLDER, TYPES, init_assets, read_assets
from tests import ROOT, missing
from tests.browser import npm_ci

ASSETS = read_assets(FOLDER)


@pytest.mark.parametrize("name", sorted(ASSETS))
def test_a_browser_keeps_a_file_for_ever_because_its_address_changes_with_it(client: FlaskClient, name: str) -> None:
    answer = client.get(ASSETS[name].href)
    assert answer.status_code == 200
    assert answer.data == (FOLDER / name).read_bytes()
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert client.get(ASSETS[name].href, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_the_stylesheet_travels_compressed(client: FlaskClient) -> None:
    answer = client.get(ASSETS["dist/hub.css"].href, headers={"Accept-Encoding": "gzip, br"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert gzip.decompress(answer.data) == (FOLDER / "dist/hub.css").read_bytes()


def test_a_first_visit_weighs_less_than_120_kilobytes(client: FlaskClient) -> None:
    page = gzip.compress(client.get("/examples/search").data)
    assert len(page) + sum(len(asset.squeezed or asset.body) for asset in ASSETS.values()) < 120_000


def test_style_sheet_and_script_stay_small_to_read_too() -> None:
    """What a browser has to take apart: before compression."""
    assert len(ASSETS["dist/hub.css"].body) < 150_000
    assert len(ASSETS["dist/hub.js"].body) < 12_000
    assert len(ASSETS["dist/files.js"].body) < 12_000, "for the pages where files are sent"
    assert len(ASSETS["dist/talk.js"].body) < 20_000, "for the pages where people write to one another"


@pytest.mark.parametrize(
    "path", ["dist/hub.css", "0000000000000000/dist/hub.css", "../../pages.py", "dist/THIRD-PARTY-NOTICES"]
)
def test_any_other_address_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(f"/static/{path}").status_code == 404


def test_every_file_that_a_page_names_is_there(client: FlaskClient) -> None:
    named = re.findall(r'(?:href|src)="(/static/[^"]+)"', client.get("/examples/home").text)
    assert len(named) == 6
    assert all(client.get(href).status_code == 200 for href in named)


def test_nothing_of_the_government_s_brand_is_shipped() -> None:
    """GDS Transport, the crown and the crest belong to GOV.UK services alone."""
    css = (FOLDER / "dist/hub.css").read_text()
    own = re.compile(r"url\(\.\./\.\.(/[0-9a-f]{16}/dist/[\w-]+\.woff2)\)")
    assert not re.search(r"GDS Transport|crest|crown|url\(", own.sub("", css))
    assert {path.suffix for path in FOLDER.rglob("*") if path.is_file()} <= {*TYPES, ""}
    assert {f"/static{there}" for there in own.findall(css)} == {a.href for a in ASSETS.values() if "woff2" in a.name}
    notices = (FOLDER / "dist/THIRD-PARTY-NOTICES").read_text()
    assert "MIT License" in notices
    assert "SIL OPEN FONT LICENSE" in notices


def test_an_application_with_flask_s_own_static_folder_is_refused() -> None:
    with pytest.raises(RuntimeError, match="static_folder=None"):
        init_assets(Flask("stranger"))


@pytest.mark.long
def test_what_is_committed_is_what_the_sources_make(tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        missing("Node", "install Node 20 or newer to rebuild the assets")
    npm_ci(ROOT / "assets")
    subprocess.run([str(node), "build.mjs", str(tmp_path)], cwd=ROOT / "assets", check=True, timeout=120)
    for path in sorted((FOLDER / "dist").iterdir()):
        assert path.read_bytes() == (tmp_path / path.name).read_bytes(), f"{path.name} is stale: run tools/assets.sh"
