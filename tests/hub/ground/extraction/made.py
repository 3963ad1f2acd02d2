"""Small files of every format, made here: nothing is copied from anyone."""

import email.message
import struct
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

import xlsxwriter

_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
P = "http://schemas.openxmlformats.org/presentationml/2006/main"
ODF_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
ODF_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"


def packed(path: Path, parts: Mapping[str, str | bytes]) -> Path:
    """A ZIP container."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def with_parts(path: Path, parts: Mapping[str, str | bytes]) -> Path:
    """The container with some parts more, or others."""
    with zipfile.ZipFile(path) as archive:
        kept = {name: archive.read(name) for name in archive.namelist()}
    return packed(path, {**kept, **parts})


def relations(**targets: str) -> str:
    inside = "".join(
        f'<Relationship Id="{name}" Type="{OFFICE}/{name.rstrip("0123456789")}" Target="{target}"/>'
        for name, target in targets.items()
    )
    return f'<Relationships xmlns="{_RELS}">{inside}</Relationships>'


def types(part: str, kind: str) -> str:
    return (
        f'<Types xmlns="{_TYPES}"><Override PartName="/{part}" '
        f'ContentType="application/vnd.openxmlformats-officedocument.{kind}.main+xml"/></Types>'
    )


def docx(
    path: Path, body: str, *, before: str = "", macros: bool = False, extra: Mapping[str, str] | None = None
) -> Path:
    """A Word file whose document.xml holds `body` between its tags, and `before` in front of them."""
    kind = "wordprocessingml.document"
    content = types("word/document.xml", kind)
    if macros:
        content = content.replace(
            f"vnd.openxmlformats-officedocument.{kind}.main+xml", "vnd.ms-word.document.macroEnabled.main+xml"
        )
    document = f'{before}<w:document xmlns:w="{W}" xmlns:a="{A}"><w:body>{body}</w:body></w:document>'
    parts = {
        "[Content_Types].xml": content,
        "_rels/.rels": relations(officeDocument="word/document.xml"),
        "word/document.xml": document,
    }
    return packed(path, parts | dict(extra or {}))


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def pptx(path: Path, *slides: str, before: str = "", hidden: str = "") -> Path:
    """A presentation; the order of the slides is told only by presentation.xml, and that of `hidden` is not shown."""
    names = [f"ppt/slides/slide{len(slides) - at}.xml" for at in range(len(slides))]
    listed = "".join(f'<p:sldId r:id="slide{at}"/>' for at in range(len(slides)))
    parts = {
        "[Content_Types].xml": types("ppt/presentation.xml", "presentationml.presentation"),
        "_rels/.rels": relations(officeDocument="ppt/presentation.xml"),
        "ppt/presentation.xml": f'<p:presentation xmlns:p="{P}" xmlns:r="{OFFICE}">{listed}</p:presentation>',
        "ppt/_rels/presentation.xml.rels": relations(
            **{f"slide{at}": name.removeprefix("ppt/") for at, name in enumerate(names)}
        ),
    }
    for name, text in zip(names, slides, strict=True):
        show = ' show="0"' if text == hidden else ""
        parts[name] = (
            f'{before}<p:sld xmlns:p="{P}" xmlns:a="{A}"{show}><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:sld>'
        )
    return packed(path, parts)


def odt(path: Path, body: str, *, before: str = "", kind: str = "text", extra: Mapping[str, str] | None = None) -> Path:
    """An OpenDocument file."""
    content = f'{before}<o:document-content xmlns:o="{ODF_OFFICE}" xmlns:text="{ODF_TEXT}">{body}</o:document-content>'
    parts = {"mimetype": f"application/vnd.oasis.opendocument.{kind}", "content.xml": content}
    return packed(path, parts | dict(extra or {}))


def xlsx(path: Path, rows: list[list[object]], *, sheet: str = "Plan", stray: tuple[int, int] | None = None) -> Path:
    """A workbook, with one stray cell far out if asked."""
    book = xlsxwriter.Workbook(str(path))
    page = book.add_worksheet(sheet)
    for number, row in enumerate(rows):
        page.write_row(number, 0, row)
    if stray:
        page.write(*stray, "far out")
    book.close()
    return path


def pdf(path: Path, text: str, *, said: bytes = b"") -> Path:
    """One page of text, or a page without any; `said` is what the file says of itself."""
    stream = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode("latin-1") if text else b""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
            b" /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>"
        ),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< %s >>" % said,
    ]
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, inside in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, inside)
    start = len(out)
    out += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size 6 /Root 1 0 R /Info 5 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start
    path.write_bytes(out)
    return path


def png(path: Path, width: int, height: int) -> Path:
    """A white picture of one bit a pixel: huge when unpacked, small on disk."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    line = b"\0" + b"\xff" * ((width + 7) // 8)
    packer = zlib.compressobj(9)
    data = b"".join(packer.compress(line) for _ in range(height)) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b""))
    return path


def eml(path: Path, subject: str, text: str, attachment: str) -> Path:
    """A message with plain text, its HTML twin, and an attached file."""
    message = email.message.EmailMessage()
    message["From"], message["To"], message["Subject"] = "Ann Lee <ann@leeds.example>", "sam@york.example", subject
    message.set_content(text)
    message.add_alternative(f"<p>{text}</p><script>steal()</script>", subtype="html")
    message.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename=attachment)
    path.write_bytes(bytes(message))
    return path
