"""Every real file of the sample data ends in a final state, and nothing falls over on the way."""

import re
import time
from collections import Counter
from pathlib import Path

import pytest

from hub.ground.extraction import FORMATS, Extracted, Extractor
from hub.ground.extraction.outcome import PROTECTED
from tests import shared_data

REASONS = re.compile(
    r"it is protected by a password\. .+|there is no text in it(: its pages may be scanned\. .+)?|it is empty\. .+"
    r"|it is cut off or damaged\. .+|the hub reads no text in files of this kind: .+|it was made by PowerPoint 95\. .+"
)
# What a person would not expect to read either, looked at one by one.
UNREADABLE_MINUTES = {
    "Schematron Schema Constraints_10.zip": "the hub reads no text in files of this kind: a ZIP archive"
}


@pytest.fixture(scope="module")
def read() -> dict[Path, Extracted]:
    """Every file of the three folders, read by one reader."""
    root = shared_data()
    begun = time.monotonic()
    with Extractor() as reader:
        files = [path for folder in ("minutes", "guidance", "office") for path in sorted((root / folder).rglob("*"))]
        found = {path.relative_to(root): reader.extract(path, path.name) for path in files if path.is_file()}
    count = Counter(extracted.status for extracted in found.values())
    print(f"\n{len(found)} files in {time.monotonic() - begun:.1f} s: {dict(count)}")
    return found


def test_every_file_reaches_a_final_state(read: dict[Path, Extracted]) -> None:
    """D-UP 43."""
    assert len(read) > 900
    for path, found in read.items():
        assert FORMATS[found.format].kind == found.kind, path
        if found.status == "readable":
            assert any(map(str.isalnum, found.text)), path
            assert found.reason == "", path
        else:
            assert REASONS.fullmatch(found.reason), (path, found.reason)
            assert found.text == "", path


def test_all_old_word_minutes_are_readable(read: dict[Path, Extracted]) -> None:
    old = {path: found for path, found in read.items() if path.parts[0] == "minutes" and path.suffix == ".doc"}
    assert len(old) == 39
    assert {found.status for found in old.values()} == {"readable"}
    agenda = next(found.text for path, found in old.items() if path.name.startswith("101214 Local Public Data Panel"))
    assert "Redbridge vision and experience from London\n" in agenda, "the word after it was deleted by its writer"
    assert "HYPERLINK" not in "".join(found.text for found in old.values())


def test_minutes_and_guidance_are_readable_but_for_those_we_know(read: dict[Path, Extracted]) -> None:
    ours = {path.name: found for path, found in read.items() if path.parts[0] in {"minutes", "guidance"}}
    assert {name: found.reason for name, found in ours.items() if found.status != "readable"} == UNREADABLE_MINUTES


def test_of_the_office_files_only_locked_empty_and_broken_ones_stay_unread(read: dict[Path, Extracted]) -> None:
    office = {path: found for path, found in read.items() if path.parts[0] == "office"}
    unread = {path: found.reason for path, found in office.items() if found.status != "readable"}
    assert len(office) > 500
    assert len(unread) < 0.2 * len(office)
    locked = {path.name for path, reason in unread.items() if reason == PROTECTED}
    assert {"PasswordProtected.doc", "bug53475-password-is-pass.docx", "libreoffice-writer-password.pdf",
            "Password_Protected-hello.ppt", "xor-encryption-abc.xls", "testODTEncrypted.odt"} <= locked  # fmt: skip
    stumbled = [
        path
        for path, reason in unread.items()
        if read[path].detail.endswith("Error") and "clusterfuzz" not in path.name
    ]
    assert stumbled == [], "an error that no reader foresaw"
