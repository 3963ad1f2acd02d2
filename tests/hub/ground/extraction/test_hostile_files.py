"""Mallory stores bombs and traps: they end as "text not readable" within the limits, and nobody else notices."""

import copy
import io
import resource
import socket
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hub.ground.extraction import Extracted, Extractor, Limits, type_of
from hub.ground.extraction.outcome import NO_TEXT, TOO_LARGE
from tests.hub.ground.extraction import made

SECRET = "the-line-that-only-this-file-holds"
LIMITS = Limits(seconds=20, cpu_seconds=15)


@pytest.fixture(scope="module")
def reader() -> Iterator[Extractor]:
    with Extractor(LIMITS) as extractor:
        yield extractor


def most_memory() -> int:
    """The most memory that this process ever had, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def zeros(path: Path, name: str, megabytes: int) -> Path:
    """A container whose part `name` is `megabytes` of zeros: a thousandth of that on disk."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", made.types("word/document.xml", "wordprocessingml.document"))
        archive.writestr("_rels/.rels", made.relations(officeDocument="word/document.xml"))
        with archive.open(name, "w", force_zip64=True) as part:
            for _ in range(megabytes):
                part.write(bytes(1_000_000))
    return path


def ten_gigabytes(path: Path) -> Path:
    """A hundred entries that share the same hundred megabytes of zeros: 100 KB on disk."""
    zeros(path, "word/document.xml", 100)
    with zipfile.ZipFile(path, "a") as archive:
        shared = archive.getinfo("word/document.xml")
        for number in range(99):
            another = copy.copy(shared)
            another.filename = f"word/media/{number}.bin"
            archive.filelist.append(another)
        archive.writestr("end.txt", "")  # so that the table is written anew
    return path


def half_a_gigabyte_of_xml(path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("[Content_Types].xml", made.types("word/document.xml", "wordprocessingml.document"))
        archive.writestr("_rels/.rels", made.relations(officeDocument="word/document.xml"))
        with archive.open("word/document.xml", "w") as part:
            part.write(f'<w:document xmlns:w="{made.W}"><w:body>'.encode())
            piece = b"".join(b"<w:p><w:pPr><w:x w:y='%d'/></w:pPr></w:p>" % number for number in range(25_000))
            for _ in range(500_000_000 // len(piece)):
                part.write(piece)
            part.write(b"</w:body></w:document>")
    return path


def many_parts(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", made.types("word/document.xml", "wordprocessingml.document"))
        for number in range(25_000):
            archive.writestr(f"word/{number}.xml", b"")
    return path


def lying_size(path: Path) -> Path:
    """A part that declares 100 bytes and unpacks to 140 MB."""
    zeros(path, "word/document.xml", 140)
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        true = archive.getinfo("word/document.xml").file_size
    at = data.find(true.to_bytes(4, "little"))
    while at >= 0:
        data[at : at + 4] = (100).to_bytes(4, "little")
        at = data.find(true.to_bytes(4, "little"), at + 4)
    path.write_bytes(data)
    return path


def million_empty_rows(path: Path) -> Path:
    rows = "".join(f'<row r="{number}"><c r="A{number}"/></row>' for number in range(1, 1_000_001))
    sheet = f'<worksheet xmlns="{made.S}"><sheetData>{rows}</sheetData></worksheet>'
    sheets = '<sheets><sheet name="S" sheetId="1" r:id="worksheet1"/></sheets>'
    book = f'<workbook xmlns="{made.S}" xmlns:r="{made.OFFICE}">{sheets}</workbook>'
    return made.packed(path, {
        "[Content_Types].xml": made.types("xl/workbook.xml", "spreadsheetml.sheet"),
        "_rels/.rels": made.relations(officeDocument="xl/workbook.xml"),
        "xl/workbook.xml": book,
        "xl/_rels/workbook.xml.rels": made.relations(worksheet1="worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": sheet,
    })  # fmt: skip


def stray_cell_undeclared(path: Path) -> Path:
    """Two cells, one in the last corner, in a sheet that does not say how large it is."""
    million_empty_rows(path)
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    parts = {name: zipfile.ZipFile(path).read(name) for name in zipfile.ZipFile(path).namelist()}
    parts["xl/worksheets/sheet1.xml"] = (
        f'<worksheet xmlns="{made.S}"><sheetData>{cells}</sheetData></worksheet>'
    ).encode()
    return made.packed(path, parts)


def nested_deep(path: Path) -> Path:
    data = b"the heart of it"
    for depth in range(50):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr(f"{depth}.zip", data)
        data = packed.getvalue()
    path.write_bytes(data)
    return path


def laughs(path: Path) -> Path:
    entities = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    return made.docx(path, made.paragraph("&a9;"), before=f"<!DOCTYPE x [{entities}]>")


def huge_table_of_contents(path: Path) -> Path:
    """An end record that promises 60,000 entries in 100 MB of table."""
    entry = b"PK\x01\x02" + bytes(24) + (1).to_bytes(2, "little") + bytes(16) + b"x"
    table = entry * 60_000
    end = b"PK\x05\x06" + bytes(4) + (60_000).to_bytes(2, "little") * 2
    path.write_bytes(
        b"PK\x03\x04" + table + end + len(table).to_bytes(4, "little") + (4).to_bytes(4, "little") + b"\0\0"
    )
    return path


def endless_references(path: Path) -> Path:
    """A PDF whose table of objects is as large as its numbers allow."""
    lines = b"xref\n0 4000000\n" + b"0000000000 65535 f \n" * 400_000
    path.write_bytes(b"%PDF-1.4\n" + lines + b"trailer << /Size 2147483647 /Root 1 0 R >>\nstartxref\n9\n%%EOF")
    return path


def deep_brackets(path: Path) -> Path:
    path.write_bytes(b"{\\rtf1" + b"{" * 2_000_000 + b"in the middle")
    return path


def deep_tags(path: Path) -> Path:
    return made.docx(path, "<w:p>" * 200_000)


def deep_page(path: Path) -> Path:
    path.write_text("<html>" + "<div>" * 500_000 + "in the middle")
    return path


def evil_header(path: Path) -> Path:
    path.write_bytes(b"From: a@b.example\nSubject: " + b"=?utf-8?q?" * 200_000 + b"\n\nwords")
    return path


def evil_comments(path: Path) -> Path:
    path.write_text("<!-- -->" * 8_000 + "<")
    return path


DAMAGED = "it is cut off or damaged. "
BOMBS: list[tuple[Callable[[Path], Path], str]] = [
    (lambda p: zeros(p, "word/document.xml", 300), TOO_LARGE),
    (ten_gigabytes, TOO_LARGE),
    (half_a_gigabyte_of_xml, TOO_LARGE),
    (many_parts, TOO_LARGE),
    (lying_size, DAMAGED),
    (nested_deep, "the hub reads no text in files of this kind: a ZIP archive"),
    (laughs, DAMAGED),
    (huge_table_of_contents, TOO_LARGE),
    (million_empty_rows, NO_TEXT),
    (stray_cell_undeclared, TOO_LARGE),
    (lambda p: made.png(p, 50_000, 50_000), "the hub reads no text in files of this kind: a PNG picture"),
    (endless_references, DAMAGED),
    (deep_tags, DAMAGED),
    (deep_brackets, ""),
    (deep_page, ""),
    (evil_header, ""),
    (evil_comments, ""),
]


@pytest.mark.parametrize(("make", "reason"), BOMBS, ids=[f"bomb {at}" for at in range(len(BOMBS))])
def test_a_bomb_ends_within_the_limits(
    reader: Extractor, tmp_path: Path, make: Callable[[Path], Path], reason: str
) -> None:
    """D-UP 41: and the memory of the process that asked stays where it was."""
    path = make(tmp_path / "bomb.docx")
    before, begun = most_memory(), time.monotonic()
    type_of(path, path.name)
    found = reader.extract(path, path.name)
    assert time.monotonic() - begun < LIMITS.seconds + 5
    assert most_memory() - before < 50_000_000
    if reason:
        assert (found.status, found.reason[: len(reason)]) == ("unreadable", reason)
    (tmp_path / "fine.txt").write_text("the next file")
    assert reader.extract(tmp_path / "fine.txt", "fine.txt").text == "the next file"


@pytest.fixture
def listener() -> Iterator[tuple[str, list[object]]]:
    """A server on the loopback that notes every caller."""
    calls: list[object] = []
    server = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        while True:
            try:
                connection, address = server.accept()
            except OSError:
                return
            calls.append(address)
            connection.close()

    thread = threading.Thread(target=answer, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.getsockname()[1]}", calls
    # prove that the trap was set: our own call is seen
    seen = len(calls)
    socket.create_connection(server.getsockname()).close()
    until = time.monotonic() + 5
    while len(calls) == seen and time.monotonic() < until:
        threading.Event().wait(0.01)
    assert len(calls) == seen + 1
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    thread.join(5)


def traps(url: str, secret: Path) -> dict[str, Callable[[Path], Path]]:
    """Files that ask their reader to fetch `url` or to take in the text of `secret`."""
    inside = f'<!DOCTYPE r [<!ENTITY s SYSTEM "file://{secret}"><!ENTITY u SYSTEM "{url}/e">]>'
    outside = f'<!DOCTYPE r SYSTEM "{url}/r.dtd">'
    parameter = f'<!DOCTYPE r [<!ENTITY % p SYSTEM "{url}/p.dtd"> %p;]>'
    html = f'<html><head><link rel=stylesheet href="{url}/c"><base href="{url}"></head><img src="{url}/i">words'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{url}/i"/><text>&s;&u;words</text></svg>'
    feed = "<rss><item>&s;&u;words</item></rss>"
    include = (
        f'<a xmlns:x="http://www.w3.org/2001/XInclude"><x:include href="{secret.as_uri()}" parse="text"/>words</a>'
    )
    linked = {"word/_rels/document.xml.rels": made.relations(header=f"{url}/h", footer=secret.as_uri())}
    made_by: dict[str, Callable[[Path], Path]] = {}
    for name, before in (("inside", inside), ("outside", outside), ("parameter", parameter)):
        made_by |= {
            f"docx {name}": lambda p, b=before: made.docx(p, made.paragraph("&s;&u;words"), before=b),
            f"pptx {name}": lambda p, b=before: made.pptx(p, "&s;&u;words", before=b),
            f"odt {name}": lambda p, b=before: made.odt(p, "<text:p>&s;&u;words</text:p>", before=b),
            f"xml {name}": lambda p, b=before: _text(p, f"<?xml version='1.0'?>{b}{feed}"),
            f"svg {name}": lambda p, b=before: _text(p, f"<?xml version='1.0'?>{b}{svg}"),
            f"xlsx {name}": lambda p, b=before: _sheet(p, b),
        }
    return made_by | {
        "html": lambda p: _text(p, html),
        "xinclude": lambda p: _text(p, f"<?xml version='1.0'?>{include}"),
        "linked parts": lambda p: made.docx(p, made.paragraph("words"), extra=linked),
        "linked template": lambda p: _text(
            p, f"{{\\rtf1{{\\*\\template {url}}}{{\\field{{\\*\\fldinst INCLUDEPICTURE {url}}}}}words}}"
        ),
    }


def _text(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def _sheet(path: Path, before: str) -> Path:
    made.xlsx(path, [["words"]])
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    strings = parts["xl/sharedStrings.xml"].decode()
    head, _, rest = strings.partition("?>")
    parts["xl/sharedStrings.xml"] = (head + "?>" + before + rest.replace("words", "&s;&u;words")).encode()
    return made.packed(path, parts)


def test_no_file_makes_the_reader_fetch_anything(
    reader: Extractor, tmp_path: Path, listener: tuple[str, list[object]]
) -> None:
    """D-UP 42, L48: no connection, and no text of a file of this machine."""
    url, calls = listener
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET)
    found: dict[str, Extracted] = {}
    for name, make in traps(url, secret).items():
        path = make(tmp_path / f"trap-{len(found)}")
        found[name] = reader.extract(path, path.name)
    assert len(found) == 22
    assert calls == []
    assert [
        name for name, extracted in found.items() if SECRET in extracted.text + extracted.reason + extracted.detail
    ] == []
    assert "words" in found["html"].text


def test_links_and_devices_in_a_container_are_only_names(reader: Extractor, tmp_path: Path) -> None:
    """D-UP 48: nothing is ever unpacked to disk."""
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET)
    path = tmp_path / "link.docx"
    made.docx(path, made.paragraph("words"))
    with zipfile.ZipFile(path, "a") as archive:
        for number, mode in enumerate((0o120777, 0o020666)):
            info = zipfile.ZipInfo(f"word/header{number}.xml")
            info.external_attr = mode << 16
            archive.writestr(info, str(secret))
        archive.writestr("../../escaped.txt", SECRET)
    before = sorted(tmp_path.iterdir())
    assert reader.extract(path, "link.docx").text == "words"
    assert sorted(tmp_path.iterdir()) == before
