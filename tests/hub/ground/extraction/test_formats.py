"""Ann stores files of every kind and finds their words."""

from pathlib import Path

import pytest

from hub.ground.extraction import KINDS, Extractor, served, type_of
from hub.ground.extraction.outcome import NO_TEXT, PROTECTED
from tests.hub.ground.extraction import made

NOT_READ = "the hub reads no text in files of this kind"
SENTENCE = "The weir at Kirkstall opens at 1.4 metres"


def test_a_word_file_gives_what_its_reader_sees(reader: Extractor, tmp_path: Path) -> None:
    body = (
        made.paragraph(SENTENCE)
        + "<w:p><w:r><w:t>one</w:t><w:tab/><w:t>two</w:t><w:br/><w:t>three</w:t></w:r></w:p>"
        + "<w:p><w:del><w:r><w:delText>deleted</w:delText></w:r></w:del>"
        + "<w:ins><w:r><w:t>inserted</w:t></w:r></w:ins></w:p>"
        + "<w:p><w:moveFrom><w:r><w:t>moved away</w:t></w:r></w:moveFrom></w:p>"
        + "<w:p><w:r><w:instrText>HYPERLINK secret</w:instrText></w:r></w:p>"
        + "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>left</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    )
    extra = {
        "word/_rels/document.xml.rels": made.relations(footnotes="footnotes.xml", comments="comments.xml"),
        "word/footnotes.xml": f'<w:footnotes xmlns:w="{made.W}">{made.paragraph("a note below")}</w:footnotes>',
        "word/comments.xml": f'<w:comments xmlns:w="{made.W}">{made.paragraph("a remark")}</w:comments>',
    }
    found = reader.extract(made.docx(tmp_path / "Weir.docx", body, extra=extra), "Weir.docx")
    assert (found.status, found.kind, found.format, found.reason) == ("readable", "word", "docx", "")
    for words in (SENTENCE, "one\ttwo\nthree", "inserted", "left", "a note below", "a remark"):
        assert words in found.text
    for words in ("deleted", "moved away", "HYPERLINK"):
        assert words not in found.text


def test_slides_come_in_the_order_in_which_they_are_shown(reader: Extractor, tmp_path: Path) -> None:
    found = reader.extract(made.pptx(tmp_path / "a.pptx", "first", "second", "third"), "a.pptx")
    assert found.kind == "presentation"
    assert found.text.split() == ["first", "second", "third"]


def test_an_opendocument_text_leaves_out_what_was_deleted(reader: Extractor, tmp_path: Path) -> None:
    body = (
        "<text:tracked-changes><text:p>deleted long ago</text:p></text:tracked-changes>"
        f'<text:h>Weirs</text:h><text:p>{SENTENCE}<text:s text:c="3"/>today</text:p>'
    )
    found = reader.extract(made.odt(tmp_path / "a.odt", body), "a.odt")
    assert (found.kind, found.text) == ("word", f"Weirs\n{SENTENCE}   today")


def test_a_workbook_gives_its_sheets_cells_and_dates(reader: Extractor, tmp_path: Path) -> None:
    found = reader.extract(made.xlsx(tmp_path / "a.xlsx", [["Weir", "Level"], ["Kirkstall", 2.0]]), "a.xlsx")
    assert (found.kind, found.text) == ("spreadsheet", "Plan\nWeir\tLevel\nKirkstall\t2")


def test_one_cell_in_the_last_corner_does_not_cost_the_sheet(reader: Extractor, tmp_path: Path) -> None:
    """A full rectangle of it would hold 17 thousand million cells."""
    path = made.xlsx(tmp_path / "a.xlsx", [["Kirkstall"]], stray=(1_048_575, 16_383))
    found = reader.extract(path, "a.xlsx")
    assert found.status == "readable"
    assert "Kirkstall" in found.text
    assert "far out" in found.text


def test_a_pdf_gives_its_words_and_a_scan_says_why_not(reader: Extractor, tmp_path: Path) -> None:
    found = reader.extract(made.pdf(tmp_path / "a.pdf", SENTENCE), "a.pdf")
    assert (found.kind, found.text) == ("pdf", SENTENCE)
    scan = reader.extract(made.pdf(tmp_path / "b.pdf", ""), "b.pdf")
    assert (scan.status, scan.kind, scan.reason) == (
        "unreadable",
        "pdf",
        f"{NO_TEXT}: its pages may be scanned. Let a program recognise the text, and upload that",
    )


def test_a_mail_gives_its_text_once_and_names_what_is_attached(reader: Extractor, tmp_path: Path) -> None:
    found = reader.extract(made.eml(tmp_path / "a.eml", "Weir – levels", SENTENCE, "levels.pdf"), "a.eml")
    assert (found.kind, found.title) == ("mail", "Weir – levels")
    assert found.text.count(SENTENCE) == 1
    assert "Attachment: levels.pdf" in found.text
    assert "steal" not in found.text


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"{\\rtf1\\ansi\\ansicpg1252 caf\\'e9 \\u8211? done\\par next}", "café – done\nnext"),
        (b"{\\rtf1{\\fonttbl{\\f0\\fcharset204 Arial;}}\\f0 \\'ef\\'f0\\'e8\\'e2\\'e5\\'f2}", "привет"),
        (b"{\\rtf1{\\*\\generator Word}{\\info{\\title T}}shown{\\pict\\bin4 {}{}}{\\b\\*\\cs7 too}}", "showntoo"),
        (b"{\\rtf1{\\field{\\*\\fldinst HYPERLINK x}{\\fldrslt link}}}", "link"),
        (b"{\\rtf1\\u-10240?\\u-8398?}", "\U00010332"),
    ],
)
def test_rich_text(reader: Extractor, tmp_path: Path, data: bytes, text: str) -> None:
    (tmp_path / "a.rtf").write_bytes(data)
    found = reader.extract(tmp_path / "a.rtf", "a.rtf")
    assert (found.kind, found.text) == ("word", text)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_text_in_any_of_the_usual_encodings(reader: Extractor, tmp_path: Path, encoding: str) -> None:
    words = "Café, 20 £, naïve: the quick brown fox — every day"
    (tmp_path / "a.txt").write_bytes(words.encode(encoding))
    found = reader.extract(tmp_path / "a.txt", "a.txt")
    assert (found.kind, found.text) == ("text", words)


def test_a_web_page_gives_its_words_without_scripts(reader: Extractor, tmp_path: Path) -> None:
    page = "<!DOCTYPE html><title>Weirs</title><style>p{}</style><script>bad()</script><p>Levels<p>today"
    (tmp_path / "a.html").write_text(page)
    found = reader.extract(tmp_path / "a.html", "a.html")
    assert (found.kind, found.title) == ("web page", "Weirs")
    assert found.text.split() == ["Weirs", "Levels", "today"]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("---\ntitle: 'Weir levels'\ndate: 2012-12-12\n---\n# Not this\nwords", "Weir levels"),
        ("Before\n\n# Weir levels #\nwords", "Weir levels"),
        ("no heading", None),
    ],
)
def test_markdown_names_itself(reader: Extractor, tmp_path: Path, text: str, title: str | None) -> None:
    (tmp_path / "a.md").write_text(text)
    found = reader.extract(tmp_path / "a.md", "a.md")
    assert (found.kind, found.title) == ("markdown", title)


def test_what_a_database_refuses_is_gone(reader: Extractor, tmp_path: Path) -> None:
    """PostgreSQL takes neither NUL nor half a surrogate."""
    path = made.docx(tmp_path / "a.docx", made.paragraph("a&#x9;b") + made.paragraph("c\u0085d"))
    assert reader.extract(path, "a.docx").text == "a\tb\nc d"
    (tmp_path / "b.rtf").write_bytes(b"{\\rtf1 a\\u0?\\u-10240?b}")
    text = reader.extract(tmp_path / "b.rtf", "b.rtf").text
    assert "\0" not in text
    text.encode("utf-8")


def test_very_long_text_is_cut_with_a_remark(reader: Extractor, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(("é" * 99 + "\n") * 100_000)
    found = reader.extract(tmp_path / "a.txt", "a.txt")
    assert found.status == "readable"
    assert len(found.text.encode()) <= 2_000_000
    assert found.remark == "only the first 2 MB of its text were read"


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda p: p.write_bytes(b""), "it is empty."),
        (lambda p: p.write_text(" \n\t "), NO_TEXT),
        (lambda p: made.packed(p, {"a.txt": "x"}), f"{NOT_READ}: a ZIP archive"),
        (lambda p: made.png(p, 8, 8), f"{NOT_READ}: a PNG picture"),
        (
            lambda p: p.write_bytes(b"PK\x03\x04 and no more"),
            "it is cut off or damaged. Open it in Word, save it again, and upload that",
        ),
        (
            lambda p: p.write_bytes(b"%PDF-1.4 and no more"),
            "it is cut off or damaged. Make the PDF anew from the document that it was made of",
        ),
        (lambda p: p.write_bytes(bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 600), NOT_READ),
        (lambda p: p.write_bytes(bytes(range(256)) * 40), NOT_READ),
    ],
)
def test_what_cannot_be_read_says_why(reader: Extractor, tmp_path: Path, make, reason: str) -> None:
    make(tmp_path / "a.docx")
    found = reader.extract(tmp_path / "a.docx", "a.docx")
    assert found.status == "unreadable"
    assert found.reason.startswith(reason)
    assert found.text == ""


def test_an_encrypted_opendocument_is_password_protected(reader: Extractor, tmp_path: Path) -> None:
    manifest = '<m:manifest xmlns:m="urn:x"><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>'
    path = made.odt(tmp_path / "a.odt", "", extra={"META-INF/manifest.xml": manifest})
    assert reader.extract(path, "a.odt").reason == PROTECTED


@pytest.mark.parametrize(
    ("name", "make", "kind", "content_type", "inline"),
    [
        ("html as a PDF", lambda p: p.write_text("<html><script>1</script>"), "web page",
         "application/octet-stream", False),
        ("svg as a PNG", lambda p: p.write_text('<svg xmlns="http://www.w3.org/2000/svg"/>'), "other",
         "application/octet-stream", False),
        ("a PDF that is also html", lambda p: p.write_bytes(b"<html><script>1</script>%PDF-1.4\n"), "pdf",
         "application/octet-stream", False),
        ("docm as docx", lambda p: made.docx(p, made.paragraph("x"), macros=True), "word",
         "application/octet-stream", False),
        ("a PDF", lambda p: made.pdf(p, "x"), "pdf", "application/pdf", True),
        ("a picture", lambda p: made.png(p, 8, 8), "other", "image/png", True),
        ("xml", lambda p: p.write_text('<?xml version="1.0"?><a/>'), "other", "application/octet-stream", False),
        ("mail", lambda p: made.eml(p, "s", "t", "a.pdf"), "mail", "application/octet-stream", False),
        ("a Word file", lambda p: made.docx(p, made.paragraph("x")), "word",
         "application/vnd.openxmlformats-officedocument.wordprocessingml.document", False),
    ],
)  # fmt: skip
def test_the_type_comes_from_the_content(
    reader: Extractor, tmp_path: Path, name: str, make, kind: str, content_type: str, inline: bool
) -> None:
    """D-UP 39, L47: what can run a script is never shown in place, whatever it is called."""
    for ending in (".pdf", ".png", ".docx", ".txt", ""):
        path = tmp_path / f"file{ending}"
        make(path)
        found = reader.extract(path, path.name)
        how = served(found.format)
        assert (found.kind, how.content_type, how.inline) == (kind, content_type, inline)
        assert type_of(path, path.name) == kind


def test_an_unknown_format_is_served_as_octets() -> None:
    assert (served("nonsense").content_type, served("nonsense").inline) == ("application/octet-stream", False)


def test_every_format_has_a_kind_that_people_know() -> None:
    from hub.ground.extraction import FORMATS
    from hub.ground.extraction.read import _READERS

    assert {row.kind for row in FORMATS.values()} == set(KINDS)
    assert set(_READERS) <= set(FORMATS)
    shown_in_place = {name for name, row in FORMATS.items() if row.inline}
    assert shown_in_place == {"pdf", "png", "jpeg", "gif", "webp", "txt", "md"}


def test_the_text_of_outlook_is_unpacked_as_its_specification_says() -> None:
    """MS-OXRTFCP, section 4.1.1 and 4.1.2."""
    from hub.ground.extraction.readers.outlook import unpack_rtf

    packed = "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c09002062770 5b06c647d0a800fa0"
    assert unpack_rtf(bytes.fromhex(packed.replace(" ", ""))) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
    repeating = "1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0"
    assert unpack_rtf(bytes.fromhex(repeating)) == b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}"
