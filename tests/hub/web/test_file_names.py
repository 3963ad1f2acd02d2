"""Names of files in archives: safe on every system, and each once in its folder."""

import io
import zipfile
from datetime import UTC, datetime

import pytest

from hub.web.file_names import LONGEST, Names, ending_of, safe_name
from hub.web.zipped import Packed, zipped


@pytest.mark.parametrize(
    ("title", "ending", "name"),
    [
        ("Flood plan", ".pdf", "Flood plan.pdf"),
        ("Flood plan.PDF", ".pdf", "Flood plan.pdf"),
        ("../../etc/passwd", "", "-..-etc-passwd"),
        ("..", "", "untitled"),
        ("", ".md", "untitled.md"),
        ("C:\\windows\\x", ".txt", "C--windows-x.txt"),
        ("CON", ".md", "_CON.md"),
        ("com1", "", "_com1"),
        ("LPT²", ".txt", "_LPT².txt"),
        ("aux.backup", "", "_aux.backup"),
        ("Consent", ".md", "Consent.md"),
        ("ends in dots... ", "", "ends in dots"),
        ('a<b>c"d|e?f*g', "", "a-b-c-d-e-f-g"),
        ("line\nbreak\x07", "", "line break"),
        ("x" * 300, ".docx", "x" * LONGEST + ".docx"),
        ("Café", "", "Café"),
        ("/", "", "-"),
    ],
)
def test_a_title_becomes_a_name_that_every_system_can_keep(title: str, ending: str, name: str) -> None:
    assert safe_name(title, ending) == name


def test_each_name_is_given_once_in_a_folder_whatever_its_letters() -> None:
    """Large and small letters, and an é in one character or in two, are one name on some systems."""
    names = Names()
    given = [names.new(title, ".md") for title in ("Plan", "plan", "PLAN", "Plan (2)", "Café", "Café")]
    assert given == ["Plan.md", "plan (2).md", "PLAN (3).md", "Plan (2) (2).md", "Café.md", "Café (2).md"]
    long = [Names.new(names, "y" * 300, ".md") for _ in range(3)]
    assert len(set(long)) == 3
    assert max(map(len, long)) <= LONGEST + 3


def test_only_what_is_an_ending_is_one() -> None:
    assert [ending_of(name) for name in ("a.pdf", "a", "a.tar.gz", "a.", "a.p/../x", "a.verylongending1")] == [
        ".pdf", "", ".gz", "", "", "",
    ]  # fmt: skip


def test_an_archive_is_whole_for_who_reads_it_and_is_asked_for_file_by_file() -> None:
    asked: list[str] = []

    def files():  # type: ignore[no-untyped-def]
        for n in range(3):
            asked.append(f"file {n}")
            yield Packed(f"Räume/file {n}.txt", datetime(1975, 1, 1, tzinfo=UTC), (b"x" * 70_000, b"end"))

    content = zipped(files())
    first = next(chunk for chunk in content if chunk)
    assert asked == ["file 0"], "nothing is read before its turn"
    with zipfile.ZipFile(io.BytesIO(first + b"".join(content))) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [f"Räume/file {n}.txt" for n in range(3)]
        assert archive.read("Räume/file 1.txt") == b"x" * 70_000 + b"end"
