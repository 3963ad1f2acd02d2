"""Who wrote a file and when, as it says itself: words that are kept as words."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import xlsxwriter

from hub.ground.extraction import Extractor
from hub.ground.extraction.described import moment_said
from tests import shared_data
from tests.hub.ground.extraction.made import docx, odt, paragraph, pdf, pptx, relations, with_parts

NOW = datetime(2026, 6, 1, tzinfo=UTC)
CORE = (
    '<cp:coreProperties xmlns:cp="urn:cp" xmlns:dc="urn:dc" xmlns:dcterms="urn:dcterms">'
    "<dc:title>Rota</dc:title><dc:creator>{author}</dc:creator><cp:lastModifiedBy>Somebody else</cp:lastModifiedBy>"
    "<dcterms:created>2011-02-03T04:05:06Z</dcterms:created><dcterms:modified>2012-03-04T05:06:07Z</dcterms:modified>"
    "</cp:coreProperties>"
)
ROOT = "_rels/.rels"


def _described(path: Path, main: str, author: str = "Hana Novak") -> Path:
    return with_parts(
        path,
        {
            ROOT: relations(officeDocument=main, core="docProps/core.xml").replace('/core"', '/core-properties"'),
            "docProps/core.xml": CORE.format(author=author),
        },
    )


def test_word_and_powerpoint_name_their_author_and_their_days(reader: Extractor, tmp_path: Path) -> None:
    word = _described(docx(tmp_path / "a.docx", paragraph("Sandbags")), "word/document.xml")
    slides = _described(pptx(tmp_path / "a.pptx", "Sandbags"), "ppt/presentation.xml")
    for path in (word, slides):
        found = reader.extract(path, path.name)
        assert (found.status, found.author, found.title) == ("readable", "Hana Novak", "Rota")
        assert (found.created, found.changed) == ("2011-02-03T04:05:06Z", "2012-03-04T05:06:07Z")


def test_a_workbook_and_an_opendocument_text_do_too(reader: Extractor, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.set_properties({"author": "Hana Novak", "created": datetime(2011, 2, 3, 4, 5, 6, tzinfo=UTC)})
        book.add_worksheet().write(0, 0, "Sandbags")
    found = reader.extract(path, path.name)
    assert (found.author, found.created) == ("Hana Novak", "2011-02-03T04:05:06Z")
    meta = (
        '<o:document-meta xmlns:o="urn:o" xmlns:meta="urn:meta" xmlns:dc="urn:dc">'
        "<meta:initial-creator>Hana Novak</meta:initial-creator><dc:creator>Who saved it last</dc:creator>"
        "<meta:creation-date>2011-02-03T04:05:06.123456789</meta:creation-date><dc:date>2012-03-04T05:06:07</dc:date>"
        "</o:document-meta>"
    )
    text = odt(tmp_path / "a.odt", "<text:p>Sandbags</text:p>", extra={"meta.xml": meta})
    found = reader.extract(text, text.name)
    assert (found.author, found.created[:19]) == ("Hana Novak", "2011-02-03T04:05:06")
    assert found.changed == "2012-03-04T05:06:07"


def test_a_pdf_does_too_and_a_scan_of_which_nothing_can_be_read(reader: Extractor, tmp_path: Path) -> None:
    said = b"/Author (Hana Novak) /CreationDate (D:20110203040506Z) /ModDate (D:20120304050607Z)"
    for text in ("Sandbags", ""):
        path = pdf(tmp_path / "a.pdf", text, said=said)
        found = reader.extract(path, path.name)
        assert (found.status == "readable", found.author) == (bool(text), "Hana Novak")
        assert (found.created, found.changed) == ("D:20110203040506Z", "D:20120304050607Z")


def test_real_files_name_real_people(reader: Extractor) -> None:
    folder = shared_data("office", "pdf")
    found = {path.name: reader.extract(path, path.name) for path in sorted(folder.glob("*.pdf"))}
    named = [each for each in found.values() if each.author]
    assert named, "some of these files say who wrote them"
    assert any(moment_said(each.created, NOW) for each in named)


def test_what_a_file_says_of_itself_is_one_bounded_line(reader: Extractor, tmp_path: Path) -> None:
    """Nobody writes a page into the line that says who wrote it."""
    path = _described(
        docx(tmp_path / "a.docx", paragraph("Words")), "word/document.xml", "a\n\nb &lt;b&gt; " + "x" * 900
    )
    author = reader.extract(path, path.name).author
    assert author.startswith("a b <b> xxx")
    assert len(author) == 200


def test_a_description_that_is_damaged_costs_no_text(reader: Extractor, tmp_path: Path) -> None:
    path = _described(docx(tmp_path / "a.docx", paragraph("Sandbags")), "word/document.xml")
    with_parts(path, {"docProps/core.xml": "<cp:coreProperties"})
    found = reader.extract(path, path.name)
    assert ("Sandbags" in found.text, found.author) == (True, "")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2011-02-03T04:05:06Z", datetime(2011, 2, 3, 4, 5, 6, tzinfo=UTC)),
        ("2011-07-03T04:05:06", datetime(2011, 7, 3, 3, 5, 6, tzinfo=UTC)),
        ("2011-02-03", datetime(2011, 2, 3, tzinfo=UTC)),
        ("2011-02-03T04:05:06.123456789", datetime(2011, 2, 3, 4, 5, 6, tzinfo=UTC)),
        ("D:20110203040506+02'00'", datetime(2011, 2, 3, 2, 5, 6, tzinfo=UTC)),
        ("D:20110203040506-05'30", datetime(2011, 2, 3, 9, 35, 6, tzinfo=UTC)),
        ("D:20110203040506Z", datetime(2011, 2, 3, 4, 5, 6, tzinfo=UTC)),
        ("D:20110203040506Z07'46'", datetime(2011, 2, 3, 4, 5, 6, tzinfo=UTC)),
        ("D:20110203", datetime(2011, 2, 3, tzinfo=UTC)),
        ("", None),
        ("yesterday", None),
        ("1601-01-01T00:00:00Z", None),
        ("2026-06-02T00:00:00Z", None),
        ("2011-13-45T00:00:00Z", None),
        ("2011-02-03T25:00:00Z", None),
        ("2011-02-03T04:05:06+99:00", None),
        ("9" * 60, None),
    ],
)
def test_a_moment_is_read_or_it_is_none(said: str, meant: datetime | None) -> None:
    assert moment_said(said, NOW) == meant
