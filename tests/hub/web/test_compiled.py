"""Templates are compiled once and kept; what is kept is never another template than the one that was written."""

import os
from pathlib import Path

import jinja2
import pytest

from hub.web import compiled
from hub.web.compiled import CompiledTemplates


class Start:
    """A process that starts: it knows nothing but what lies on the disk."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(compiled, "_LOADED", {})
        monkeypatch.setattr("sys.dont_write_bytecode", False)
        self.compiled: list[str] = []
        self.env = jinja2.Environment(loader=jinja2.FileSystemLoader(folder), bytecode_cache=CompiledTemplates())
        compile_one = self.env.compile

        def note(source: str, name: str, filename: str) -> object:
            self.compiled.append(name)
            return compile_one(source, name, filename)

        monkeypatch.setattr(self.env, "compile", note)

    def page(self) -> str:
        return self.env.get_template("page.html").render()


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "page.html").write_text("Bins are emptied on {{ 'Mondays' }}.")
    return folder


def test_the_second_process_compiles_nothing(templates: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = Start(templates, monkeypatch), Start(templates, monkeypatch)
    assert first.page() == "Bins are emptied on Mondays."
    monkeypatch.setattr(compiled, "_LOADED", {})
    assert second.page() == "Bins are emptied on Mondays."
    assert (first.compiled, second.compiled) == (["page.html"], [])


def test_a_second_application_of_a_process_does_not_even_read_what_is_kept(
    templates: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = Start(templates, monkeypatch), Start(templates, monkeypatch)
    first.page()
    monkeypatch.setattr(compiled, "_read", pytest.fail)
    assert second.page() == "Bins are emptied on Mondays."
    assert second.compiled == []


def test_a_template_that_was_changed_is_compiled_anew_even_within_one_second(
    templates: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = templates / "page.html"
    before = page.stat()
    Start(templates, monkeypatch).page()
    page.write_text("Bins are emptied on {{ 'Fridays' }}.")
    os.utime(page, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert Start(templates, monkeypatch).page() == "Bins are emptied on Fridays."


def test_what_another_version_compiled_is_compiled_anew(templates: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Start(templates, monkeypatch).page()
    monkeypatch.setattr(compiled, "_compiler", lambda: b"a newer Jinja, or other filters")
    later = Start(templates, monkeypatch)
    later.page()
    assert later.compiled == ["page.html"]


@pytest.mark.parametrize(
    "torn", [b"", b"\x00", b"N", b"(\x02\x00\x00\x00", b"no compiled template", b"i\x01\x00\x00\x00"]
)
def test_a_kept_file_that_is_torn_is_passed_over_and_mended(
    templates: Path, monkeypatch: pytest.MonkeyPatch, torn: bytes
) -> None:
    Start(templates, monkeypatch).page()
    (kept,) = (templates / "__pycache__").iterdir()
    whole = kept.read_bytes()
    kept.write_bytes(torn)
    assert Start(templates, monkeypatch).page() == "Bins are emptied on Mondays."
    assert kept.read_bytes() == whole


def test_where_nothing_may_be_written_the_page_is_shown_all_the_same(
    templates: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (templates / "__pycache__").write_text("no folder")
    assert Start(templates, monkeypatch).page() == "Bins are emptied on Mondays."


def test_an_operator_who_wants_no_compiled_files_gets_none(templates: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start = Start(templates, monkeypatch)
    monkeypatch.setattr("sys.dont_write_bytecode", True)
    assert start.page() == "Bins are emptied on Mondays."
    assert [path.name for path in templates.iterdir()] == ["page.html"]
