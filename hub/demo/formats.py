"""Makes real files out of the demo's texts: Word, OpenDocument, PDF, a workbook, a mail. Standard library only.

The smallest that Word, LibreOffice and a browser open without a complaint. The same text gives the same bytes, so a
second seeding stores nothing anew. Sources: ECMA-376 (docx, xlsx), ISO/IEC 26300 (odt), ISO 32000-1 (PDF), RFC 5322.
"""

import csv
import io
import re
import textwrap
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from email.message import EmailMessage
from email.policy import SMTP
from html import escape
from types import MappingProxyType

_EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The first moment that a ZIP can tell."""
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_ML = "application/vnd.openxmlformats-officedocument"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_ODF = "urn:oasis:names:tc:opendocument:xmlns"
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_PLAIN = re.compile(r"(?<!\w)[*_`](\S(?:.*?\S)?)[*_`](?!\w)")
_ITEM = re.compile(r"(?:[-*]|\d+\.) +")
_UNSAFE = re.compile(r'[\\/:*?"<>|]+')


@dataclass(frozen=True)
class Paper:
    """What a file is made of: a title, Markdown of the demo's plain kind, who wrote it (an address), and when."""

    title: str
    body: str
    author: str
    on: date


@dataclass(frozen=True)
class Block:
    """A heading, an item of a list or a paragraph, as runs of text, each with whether it is bold."""

    kind: str
    runs: tuple[tuple[str, bool], ...]

    @property
    def text(self) -> str:
        """The words alone."""
        return "".join(text for text, _ in self.runs)


def file_name(title: str, kind: str) -> str:
    """What the file of a paper is called."""
    return f"{_UNSAFE.sub(' -', title)}.{kind}"


def blocks(body: str) -> Iterator[Block]:
    """The blocks of a text: an item of a list is a block of its own, the lines of a paragraph are one."""
    held: list[str] = []
    for line in [*body.splitlines(), ""]:
        starts = _ITEM.match(line) or line.startswith(("#", "|"))
        if held and (starts or not line.strip() or held[0].startswith("#")):
            yield _block(" ".join(held))
            held = []
        if line.strip():
            held.append(line.strip())


def _block(line: str) -> Block:
    kind = "heading" if line.startswith("#") else "item" if _ITEM.match(line) else "text"
    words = line.lstrip("#").strip() if kind == "heading" else re.sub(r"^[-*] +", "• ", line)
    cut = _BOLD.split(words)  # what is bold stands at the odd places
    return Block(kind, tuple((_PLAIN.sub(r"\1", text), at % 2 == 1) for at, text in enumerate(cut) if text))


def docx(paper: Paper) -> bytes:
    """A Word document."""

    def paragraph(block: Block) -> str:
        style = {"heading": "Heading1", "title": "Title"}.get(block.kind, "")
        kind = f'<w:pStyle w:val="{style}"/>' if style else '<w:ind w:left="360"/>' if block.kind == "item" else ""
        runs = "".join(
            f'<w:r>{"<w:rPr><w:b/></w:rPr>" if bold else ""}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'
            for text, bold in block.runs
        )
        return f'<w:p><w:pPr>{kind}<w:spacing w:after="160"/></w:pPr>{runs}</w:p>'

    def style(key: str, name: str, size: int) -> str:
        return (
            f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/>'
            f'<w:rPr><w:b/><w:sz w:val="{size}"/></w:rPr></w:style>'
        )

    inside = "".join(map(paragraph, (Block("title", ((paper.title, False),)), *blocks(paper.body))))
    styles = style("Title", "Title", 40) + style("Heading1", "heading 1", 28)
    return _package(
        "word/document.xml",
        f"{_ML}.wordprocessingml.document.main+xml",
        f'<w:document xmlns:w="{_W}"><w:body>{inside}</w:body></w:document>',
        {"styles": f'<w:styles xmlns:w="{_W}">{styles}</w:styles>'},
        paper,
        f"{_ML}.wordprocessingml",
    )


def xlsx(paper: Paper) -> bytes:
    """A workbook of one sheet, from a body that is CSV; what looks like a number is one."""
    rows = list(csv.reader(io.StringIO(paper.body)))

    def cell(text: str) -> str:
        if re.fullmatch(r"-?(0|[1-9]\d{0,14})(\.\d+)?", text):
            return f"<c><v>{text}</v></c>"
        return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'

    inside = "".join(f'<row r="{at}">{"".join(map(cell, row))}</row>' for at, row in enumerate(rows, start=1))
    name = escape(re.sub(r"[\\/?*\[\]:]", " ", paper.title)[:31].strip())
    return _package(
        "xl/workbook.xml",
        f"{_ML}.spreadsheetml.sheet.main+xml",
        f'<workbook xmlns="{_S}" xmlns:r="{_OFFICE}"><sheets><sheet name="{name}" sheetId="1" r:id="r1"/></sheets>'
        "</workbook>",
        {"worksheet": f'<worksheet xmlns="{_S}"><sheetData>{inside}</sheetData></worksheet>'},
        paper,
        f"{_ML}.spreadsheetml",
    )


def odt(paper: Paper) -> bytes:
    """An OpenDocument text."""

    def paragraph(block: Block) -> str:
        runs = "".join(
            f'<text:span text:style-name="B">{escape(text)}</text:span>' if bold else escape(text)
            for text, bold in block.runs
        )
        if block.kind in {"title", "heading"}:
            return f'<text:h text:outline-level="{1 if block.kind == "title" else 2}">{runs}</text:h>'
        return f"<text:p>{runs}</text:p>"

    inside = "".join(map(paragraph, (Block("title", ((paper.title, False),)), *blocks(paper.body))))
    spaces = " ".join(
        f'xmlns:{key}="{_ODF}:{name}:1.0"'
        for key, name in (("office", "office"), ("text", "text"), ("style", "style"), ("fo", "xsl-fo-compatible"))
    )
    bold = (
        '<style:style style:name="B" style:family="text"><style:text-properties fo:font-weight="bold"/></style:style>'
    )
    content = (
        f'{_XML}<office:document-content {spaces} office:version="1.2"><office:automatic-styles>{bold}'
        f"</office:automatic-styles><office:body><office:text>{inside}</office:text></office:body>"
        "</office:document-content>"
    )
    meta = (
        f'{_XML}<office:document-meta xmlns:office="{_ODF}:office:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        f'office:version="1.2"><office:meta><dc:title>{escape(paper.title)}</dc:title></office:meta>'
        "</office:document-meta>"
    )
    kind = "application/vnd.oasis.opendocument.text"
    listed = "".join(
        f'<m:file-entry m:full-path="{path}" m:media-type="{media}"/>'
        for path, media in (("/", kind), ("content.xml", "text/xml"), ("meta.xml", "text/xml"))
    )
    manifest = f'{_XML}<m:manifest xmlns:m="{_ODF}:manifest:1.0" m:version="1.2">{listed}</m:manifest>'
    return _zipped(
        {"mimetype": kind, "content.xml": content, "meta.xml": meta, "META-INF/manifest.xml": manifest},
        stored="mimetype",
    )


def eml(paper: Paper) -> bytes:
    """A mail with the title as its subject. It goes to a list under a domain reserved for documentation."""
    message = EmailMessage(policy=SMTP)
    slug = paper.author.rpartition("@")[2].partition(".")[0]
    message["From"], message["To"] = paper.author, f"colleagues@{slug}.example"
    message["Subject"] = paper.title
    message["Date"] = paper.on.strftime("%a, %d %b %Y 09:12:00 +0000")
    message["Message-ID"] = f"<{paper.on:%Y%m%d}.{len(paper.body)}@{slug}.example>"
    said = "\n\n".join(textwrap.fill(block.text, 76) for block in blocks(paper.body))
    message.set_content(said + "\n", cte="quoted-printable")
    return bytes(message)


_PAGE, _MARGIN, _LEADING = (595, 842), 64, 15
_WRAP = 84
"""Characters of a line of 11 points: Helvetica is half as wide as high, on average."""


def pdf(paper: Paper) -> bytes:
    """A PDF of A4 pages, in Helvetica, which every reader has (ISO 32000-1, 9.6.2.2)."""
    lines: list[tuple[str, str]] = [("title", line) for line in textwrap.wrap(paper.title, 48)]
    for block in blocks(paper.body):
        font = "bold" if block.kind == "heading" else "text"
        lines += [("text", ""), *((font, line) for line in textwrap.wrap(block.text, _WRAP))]
    room = (_PAGE[1] - 2 * _MARGIN) // _LEADING
    pages = [lines[at : at + room] for at in range(0, len(lines), room)]
    fonts = "".join(
        f"/{key} << /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >> "
        for key, name in (("F1", "Helvetica"), ("F2", "Helvetica-Bold"))
    )
    first = 4
    kids = " ".join(f"{first + 2 * at} 0 R" for at in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (en-GB) >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Title (%s) >>" % _shown(paper.title),
    ]
    for at, page in enumerate(pages):
        stream = _drawn(page)
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {_PAGE[0]} {_PAGE[1]}] /Contents {first + 2 * at + 1} 0 R "
            f"/Resources << /Font << {fonts}>> >> >>".encode(),
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        ]
    return _numbered(objects)


def _drawn(lines: list[tuple[str, str]]) -> bytes:
    """The operators that write the lines from the top of a page (ISO 32000-1, 9.4)."""
    fonts = {"title": b"/F2 17 Tf", "bold": b"/F2 11 Tf", "text": b"/F1 11 Tf"}
    said = [b"BT", b"%d TL" % _LEADING, b"%d %d Td" % (_MARGIN, _PAGE[1] - _MARGIN)]
    for kind, line in lines:
        step = b"T* T*" if kind == "title" else b"T*"
        said.append(b"%s (%s) Tj %s" % (fonts[kind], _shown(line), step))
    return b"\n".join([*said, b"ET"])


def _shown(text: str) -> bytes:
    """A literal string in WinAnsiEncoding."""
    return re.sub(rb"([\\()])", rb"\\\1", text.encode("cp1252", "replace"))


def _numbered(objects: list[bytes]) -> bytes:
    """A file of these objects, the first the catalogue and the third the information, with their table."""
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, inside in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, inside)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R /Info 3 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table)
    return bytes(out)


def _package(main: str, main_type: str, content: str, beside: Mapping[str, str], paper: Paper, family: str) -> bytes:
    """An Open Packaging file (ECMA-376, part 2): a main part, the parts that it needs by their kind, a title."""
    folder, _, name = main.rpartition("/")
    core = f"{_PACKAGE}/metadata/core-properties"
    typed = {f"/{main}": main_type, "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml"}
    typed |= {f"/{folder}/{kind}.xml": f"{family}.{kind}+xml" for kind in beside}
    overrides = "".join(f'<Override PartName="{part}" ContentType="{media}"/>' for part, media in typed.items())
    rels = "application/vnd.openxmlformats-package.relationships+xml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        f'ContentType="{rels}"/><Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>',
        "_rels/.rels": _relations(
            (f"{_OFFICE}/officeDocument", main),
            (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
        ),
        main: content,
        f"{folder}/_rels/{name}.rels": _relations(*((f"{_OFFICE}/{kind}", f"{kind}.xml") for kind in beside)),
        "docProps/core.xml": f'<cp:coreProperties xmlns:cp="{core}" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(paper.title)}</dc:title></cp:coreProperties>",
    }
    parts |= {f"{folder}/{kind}.xml": inside for kind, inside in beside.items()}
    return _zipped({name: _XML + inside for name, inside in parts.items()})


def _relations(*targets: tuple[str, str]) -> str:
    each = "".join(f'<Relationship Id="r{n}" Type="{kind}" Target="{at}"/>' for n, (kind, at) in enumerate(targets, 1))
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{each}</Relationships>'


def _zipped(parts: Mapping[str, str], stored: str = "") -> bytes:
    """A ZIP that is the same every time; one part may be kept as it is (OpenDocument's type stands first, in clear)."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, _EARLIEST)
            entry.compress_type = zipfile.ZIP_STORED if name == stored else zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return out.getvalue()


FORMATS: Mapping[str, tuple[Callable[[Paper], bytes], str]] = MappingProxyType(
    {
        "docx": (docx, "word"),
        "odt": (odt, "word"),
        "pdf": (pdf, "pdf"),
        "eml": (eml, "mail"),
        "xlsx": (xlsx, "spreadsheet"),
    }
)
"""Who writes each format, and the type of document that it is (`hub/nouns/documents/words.py`)."""
