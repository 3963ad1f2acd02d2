"""What people see in a file is what is read of it: whole words, values under their headings, nothing that is hidden."""

import email.message
import struct
from pathlib import Path

import olefile
import pytest
import xlsxwriter

from hub.ground.extraction import Extractor
from hub.ground.extraction.outcome import HIDDEN, Sink
from hub.ground.extraction.readers import biff, powerpoint97
from hub.ground.extraction.readers.pdf import whole_words
from hub.ground.extraction.readers.rows import Rows
from tests import shared_data
from tests.hub.ground.extraction import made


@pytest.fixture(scope="module")
def reader() -> Extractor:
    with Extractor() as found:
        yield found


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def test_files_that_were_once_misread(reader: Extractor) -> None:
    """Comments, footnotes, deleted and hidden text, fields of forms, comments on slides, words cut by line ends."""
    wanted = {
        "odt-comment-footnote.odt": (
            ["The allotments are let yearly.", "check this", "The budget is balanced.", "Agreed in May"], ""
        ),
        "rtf-deleted.rtf": (["Pay report. The pay band is below."], "1 piece of hidden text"),
        "form-filled.pdf": (["Application form", "name: zqformvalue Okafor"], ""),
    }  # fmt: skip
    for name, (said, hidden) in wanted.items():
        found = reader.extract(shared_data("failing", name), name)
        assert (lines(found.text), found.hidden) == (said, hidden), name
    slides = reader.extract(shared_data("failing", "pptx-comment.pptx"), "pptx-comment.pptx")
    assert "add some content to this tps deck" in slides.text
    words = reader.extract(shared_data("failing", "hyphenated.pdf"), "hyphenated.pdf").text
    assert "safeguarding2" in words
    assert "extraordinary‐wombatting" in words


@pytest.mark.parametrize(
    ("text", "known", "said"),
    [
        ("safe-\r\nguarding and safeguarding", {"safeguarding"}, "safeguarding and safeguarding"),
        ("well-\nbeing", set(), "well-being"),
        ("Covid-\n19", set(), "Covid-19"),
        ("safe\ufffeguarding", set(), "safeguarding"),
        ("safe\u00ad\r\nguarding", set(), "safeguarding"),
        ("a list -\nof things", {"listof"}, "a list -\nof things"),
    ],
)
def test_a_word_over_the_end_of_a_line_is_one_word(text: str, known: set[str], said: str) -> None:
    assert whole_words(text, frozenset(known)) == said


def test_rich_text_hides_what_its_author_hid_and_puts_notes_below(reader: Extractor, tmp_path: Path) -> None:
    data = (
        rb"{\rtf1 The rent{\*\annotation ask Pat} is due{\footnote see lease}.\par "
        rb"Kept {\v secret}\v gone\v0  shown {\deleted old}new \v x\plain  y\par}"
    )
    (tmp_path / "a.rtf").write_bytes(data)
    found = reader.extract(tmp_path / "a.rtf", "a.rtf")
    assert lines(found.text) == ["The rent is due.", "ask Pat", "see lease", "Kept  shown new  y"]
    assert found.hidden == "3 pieces of hidden text"


def test_an_old_word_file_hides_what_its_author_hid_and_what_was_taken_out(reader: Extractor, tmp_path: Path) -> None:
    """A file of Word's own, whose page of formatting says so of some words (MS-DOC 2.6.1, 2.8.25)."""
    copy = tmp_path / "a.doc"
    copy.write_bytes(shared_data("office", "poi", "document", "SampleDoc.doc").read_bytes())
    hidden, opposite, deleted, shown = b"\x3c\x08\x01", b"\x3c\x08\x81", b"\x00\x08\x01", b"\x3c\x08\x00"
    with olefile.OleFileIO(str(copy), write_mode=True) as file:
        document = file.openstream("WordDocument").read()
        runs = [("a ", hidden), ("test ", opposite), ("This is page 1", deleted), ("Calibri (Body) ", hidden)]
        runs += [("11", shown), ("Arial Black", b"\x35\x08\x01" + hidden)]
        file.write_stream("WordDocument", formatted(document, 5, runs))
    found = reader.extract(copy, "a.doc")
    assert lines(found.text) == [
        "I am document",
        "I am in font size 11",
        "This is page two",
        "It’s  in 16 point",
        "It’s also in blue",
    ]
    assert found.hidden == "3 pieces of hidden text"


def formatted(document: bytes, page: int, runs: list[tuple[str, bytes]]) -> bytes:
    """The stream with another page of formatting: these properties for the first words that are so, in their order."""
    bounds, offsets, at, room = [2048], [], 2048, 510
    properties = b""
    for words, grpprl in runs:
        start = document.index(words.encode("cp1252"), at)
        room -= len(grpprl) + 1 + (len(grpprl) + 1) % 2
        for bound, offset in ((start, 0), (start + len(words), room // 2)):
            if bound > bounds[-1]:
                bounds.append(bound)
                offsets.append(offset)
        at = bounds[-1]
        properties = (bytes([len(grpprl)]) + grpprl).ljust(510 - len(properties) - room, b"\0") + properties
    head = struct.pack(f"<{len(bounds)}I", *bounds) + bytes(offsets)
    whole = head.ljust(room, b"\0") + properties + bytes([0, len(offsets)])
    assert len(whole) == 512
    return document[: page * 512] + whole + document[(page + 1) * 512 :]


W_TABLE = (
    "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Name</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>Phone</w:t></w:r></w:p></w:tc>"
    "<w:tc><w:p><w:r><w:t>Role</w:t></w:r></w:p></w:tc></w:tr>"
    "<w:tr><w:tc><w:p><w:r><w:t>Ann</w:t></w:r></w:p></w:tc><w:tc><w:p/></w:tc>"
    "<w:tc><w:p><w:r><w:t>Clerk</w:t></w:r></w:p></w:tc></w:tr>"
    '<w:tr><w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr><w:p><w:r><w:t>Both</w:t></w:r></w:p></w:tc>'
    "<w:tc><w:p><w:r><w:t>End</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
)


def test_values_of_a_word_table_stay_under_their_headings(reader: Extractor, tmp_path: Path) -> None:
    hidden = "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>SECRET</w:t></w:r><w:r><w:t>seen</w:t></w:r></w:p>"
    found = reader.extract(made.docx(tmp_path / "a.docx", W_TABLE + hidden), "a.docx")
    assert found.text == "Name\tPhone\tRole\nAnn\t\tClerk\nBoth\t\tEnd\nseen"
    assert found.hidden == "1 piece of hidden text"


def workbook(path: Path) -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Rents")
        for row, values in enumerate((("Name", "Flat", "Rent"), ("Ann", None, 90), ("Bo", 4, 80), ("Cy", 5, 70))):
            for column, value in enumerate(values):
                sheet.write(row, column, value)
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.write(0, 5, "Notes")
        sheet.write(1, 5, "SECRET")
        sheet.set_column(5, 5, None, None, {"hidden": True})
        for name in ("Salaries", "Old"):
            hidden = book.add_worksheet(name)
            hidden.write(0, 0, "SECRET")
            hidden.write_comment(0, 0, "SECRET")
            hidden.very_hidden() if name == "Old" else hidden.hide()
    return path


def test_hidden_sheets_rows_and_columns_are_left_out_and_named(reader: Extractor, tmp_path: Path) -> None:
    found = reader.extract(workbook(tmp_path / "a.xlsx"), "a.xlsx")
    assert lines(found.text) == ["Rents", "Name\tFlat\tRent", "Ann\t\t90", "Cy\t5\t70"]
    assert found.hidden == "1 hidden row (Rents 3), 1 hidden column (Rents F), 2 hidden sheets (Salaries, Old)"


def test_a_wide_workbook_too(tmp_path: Path) -> None:
    from hub.ground.extraction.outcome import Limits
    from hub.ground.extraction.readers import xlsx

    sink = Sink(10_000)
    xlsx.read(workbook(tmp_path / "a.xlsx"), sink, Limits())
    assert lines(sink.text()) == ["Name\tFlat\tRent", "Ann\t\t90", "Cy\t5\t70"]
    assert "2 hidden sheets (Salaries, Old)" in sink.hidden()


def test_a_hidden_slide_is_left_out_with_its_notes(reader: Extractor, tmp_path: Path) -> None:
    path = made.pptx(tmp_path / "a.pptx", "open", "SECRET", hidden="SECRET")
    found = reader.extract(path, "a.pptx")
    assert (found.text, found.hidden) == ("open", "1 hidden slide (2)")


ODS = """
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0">
<office:automatic-styles><style:style style:name="ta2"><style:table-properties table:display="false"/></style:style>
</office:automatic-styles><office:body><office:spreadsheet>
<table:table table:name="Open"><table:table-row><table:table-cell><text:p>a</text:p></table:table-cell>
<table:table-cell table:number-columns-repeated="2"/><table:table-cell><text:p>d</text:p></table:table-cell>
<table:table-cell table:number-columns-repeated="16380"/></table:table-row>
<table:table-row table:visibility="collapse"><table:table-cell><text:p>SECRET</text:p></table:table-cell>
</table:table-row>
</table:table>
<table:table table:name="Pay" table:style-name="ta2"><table:table-row><table:table-cell><text:p>SECRET</text:p>
</table:table-cell></table:table-row></table:table>
<text:section text:name="Draft" text:display="none"><text:p>SECRET</text:p></text:section><text:p>end</text:p>
</office:spreadsheet></office:body></office:document-content>
"""


def test_opendocument_hides_sheets_rows_and_sections(reader: Extractor, tmp_path: Path) -> None:
    path = made.packed(
        tmp_path / "a.ods",
        {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": ODS},
    )
    found = reader.extract(path, "a.ods")
    assert lines(found.text) == ["a\t\t\td", "end"]
    assert found.hidden == "1 hidden row, 1 hidden sheet (Pay), 1 hidden section (Draft)"


def test_a_web_page_hides_what_it_does_not_display(reader: Extractor, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(
        "<!DOCTYPE html><table><tr><th>A<th>B<th>C</tr><tr><td>1<td><td>3</tr></table>"
        "<p style='color:red; display : none'>SECRET <b>SECRET</b></p><p hidden>SECRET</p><p>seen<br>too</p>"
    )
    found = reader.extract(tmp_path / "a.html", "a.html")
    assert lines(found.text) == ["A\tB\tC", "1\t\t3", "seen", "too"]
    assert found.hidden == "2 pieces of hidden text"


def test_a_forwarded_mail_says_who_wrote_it(reader: Extractor, tmp_path: Path) -> None:
    inner = email.message.EmailMessage()
    inner["Subject"], inner["From"] = "Sluice", "Bo <bo@york.example>"
    inner.set_content("It is shut.")
    outer = email.message.EmailMessage()
    outer["Subject"], outer["From"] = "Fwd", "Ann <ann@leeds.example>"
    outer.set_content("See below.")
    outer.add_attachment(inner)
    (tmp_path / "a.eml").write_bytes(bytes(outer))
    found = lines(reader.extract(tmp_path / "a.eml", "a.eml").text)
    assert found == [
        "Subject: Fwd", "From: Ann <ann@leeds.example>", "See below.", "Subject: Sluice", "From: Bo <bo@york.example>",
        "It is shut.",
    ]  # fmt: skip


def record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def test_comments_of_an_old_workbook_are_read() -> None:
    """MS-XLS: a TxO says how long its text is, the records behind it hold it, narrow or wide."""
    head = bytes(10) + struct.pack("<H", 9) + bytes(6)
    wide = b"\x01" + "héllo".encode("utf-16-le")
    data = record(0x1B6, head) + record(0x3C, b"\x00Ann:") + record(0x3C, wide) + record(0x0A, b"")
    assert [kind for kind, _ in biff._records(data)] == [0x1B6, 0x3C, 0x3C, 0x0A]

    sink = Sink(1000)
    biff.texts(data, sink)
    assert lines(sink.text()) == ["Ann:", "héllo"]


def atom(kind: int, content: bytes, instance: int = 0, container: int = 0) -> bytes:
    return struct.pack("<HHI", instance << 4 | container, kind, len(content)) + content


def test_footers_and_comments_of_old_slides_are_read() -> None:
    """MS-PPT 2.4.15.1 and 2.5.21."""
    string = [text.encode("utf-16-le") for text in ("Ann", "check this", "AB", "Leeds 2026")]
    comment = atom(12000, b"".join(atom(4026, text, number) for number, text in enumerate(string[:3])), 0, 0xF)
    footer = atom(4057, atom(4026, string[3], 2), 0, 0xF)
    data = atom(1006, comment + footer, 0, 0xF)
    sink = Sink(1000)
    powerpoint97._all_words(data, sink)
    assert lines(sink.text()) == ["check this", "Leeds 2026"]


def test_rows_within_cells_and_rows_without_end() -> None:
    said: list[str] = []
    rows = Rows(said.append)
    rows.open_row()
    rows.open_cell()
    rows.add("a")
    rows.open_row()
    rows.open_cell()
    rows.add("inner")
    rows.close_row()
    rows.open_cell(100_000)
    rows.add("b")
    rows.close_row()
    rows.close_row()
    assert said == ["a" + "inner" + "\t" * 501 + "b\n"]
    rows.open_row()
    rows.open_cell()
    for _ in range(30):
        rows.add("x" * 100_000)
    assert sum(map(len, said)) > 2_000_000


def test_hidden_things_are_counted_in_words() -> None:
    sink = Sink(10)
    assert sink.hidden() == ""
    for number in range(7):
        sink.hide("sheet", f"S{number}")
    sink.hide("text")
    assert sink.hidden() == "7 hidden sheets (S0, S1, S2, S3, S4, …), 1 piece of hidden text"
    assert set(HIDDEN) == {"sheet", "row", "column", "slide", "section", "text"}
