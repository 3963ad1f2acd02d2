"""What a file is, by its content. A name only chooses among kinds of text (Markdown, CSV): content cannot tell them."""

import re
import zipfile
from pathlib import Path, PurePath

import olefile

from hub.ground.extraction.archive import BROKEN, judge_directory
from hub.ground.extraction.formats import FORMATS
from hub.ground.extraction.outcome import PROTECTED, Damaged, Limits, Unreadable
from hub.ground.extraction.readers import plain

HEAD = 65536
"""Bytes at the beginning of a file by which it is known."""
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
_PDF_WITHIN = 1024  # ISO 32000-1, Annex H.3.4.1: readers take a header within the first 1024 bytes
_MAGIC = (
    (b"{\\rtf", "rtf"), (b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpeg"),
    (b"GIF87a", "gif"), (b"GIF89a", "gif"),
)  # fmt: skip
_ODF = {"text": "odt", "spreadsheet": "ods", "presentation": "odp"}
_OOXML = {"wordprocessingml": "docx", "spreadsheetml": "xlsx", "presentationml": "pptx", "ms-excel": "xlsx",
          "ms-word": "docx", "ms-powerpoint": "pptx"}  # fmt: skip
_MAIN_PART = re.compile(
    r"ContentType\s*=\s*[\"'][^\"']{0,99}?(wordprocessingml|spreadsheetml|presentationml|ms-excel|ms-word|ms-powerpoint)"
    r"[^\"']{0,99}?\.main(\+xml)?[\"']",
    re.IGNORECASE,
)
_FOLDERS = {"word": "docx", "xl": "xlsx", "ppt": "pptx"}
_OLE_STREAMS = (
    ("EncryptedPackage", ""), ("WordDocument", "doc"), ("Workbook", "xls"), ("Book", "xls"),
    ("PowerPoint Document", "ppt"), ("PP40", "ppt"), ("PP97_DUALSTORAGE", "ppt"), ("__properties_version1.0", "msg"),
)  # fmt: skip
_HTML = re.compile(
    r"\s*(<\?xml[^>]*>\s*)?(?>(?><!--.*?-->)\s*)*+"
    r"<(!doctype html|html|head|body|title|script|table|div|p)\b",
    re.IGNORECASE | re.DOTALL,
)
_XML = re.compile(r"\s*<(\?xml|!DOCTYPE|[A-Za-z_][\w.-]*(:[\w.-]+)?\s+xmlns)")
_SVG = re.compile(r"<(\w+:)?svg[\s>]", re.IGNORECASE)
_HEADER_LINE = re.compile(r"[A-Za-z][A-Za-z0-9-]*\s*:(\s|$)")
_MAIL_HEADERS = re.compile(
    r"^(from|to|subject|date|received|message-id|mime-version|return-path|delivered-to|x-[a-z-]+|content-type|sender"
    r"|reply-to|cc|bcc|in-reply-to|references|content-transfer-encoding)\s*:",
    re.IGNORECASE | re.MULTILINE,
)
_NAMED = {".md": "md", ".markdown": "md", ".csv": "csv", ".tsv": "csv", ".html": "html", ".htm": "html",
          ".xhtml": "html", ".eml": "eml", ".mbox": "mbox", ".svg": "svg"}  # fmt: skip
_CONTROLS = re.compile(r"[\x00-\x06\x0e-\x1a\x1c-\x1f]")
_MOST_CONTROLS = 0.02


def sniff(path: Path, name: str) -> str:
    """The format (a row of `formats.FORMATS`) that the content of `path` shows. Raises Unreadable when it is locked."""
    with path.open("rb") as stream:
        head = stream.read(HEAD)
    if head.startswith(_ZIP):
        return _zip(path)
    if head.startswith(_OLE):
        return _ole(path)
    return format_of_head(head, name)


def format_of_head(head: bytes, name: str) -> str:
    """The format of a file that begins so; of a container ("unknown"), only the whole of it would tell."""
    if head.startswith((*_ZIP, _OLE)):
        return "unknown"
    if b"%PDF-" in head[:_PDF_WITHIN]:
        return "pdf" if head.lstrip(b"\xef\xbb\xbf\r\n\t ").startswith(b"%PDF-") else "pdf-late"
    for magic, found in _MAGIC:
        if head.startswith(magic):
            return found
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "webp"
    return _text(head, PurePath(name).suffix.lower())


def type_of(path: Path, name: str) -> str:
    """The display type of a file (one of `formats.KINDS`) at a glance, without reading it: "other" when locked."""
    return FORMATS[format_of(path, name)].kind


def format_of(path: Path, name: str) -> str:
    """The format that the content shows; "unknown" when it is locked or broken."""
    try:
        return sniff(path, name)
    except Unreadable:
        return "unknown"


def name_unknown(path: Path) -> str:
    """Words for a type that the hub does not read, from the list of magic numbers; "an unknown type" if none fits."""
    import puremagic

    with path.open("rb") as stream:
        head = stream.read(HEAD)
    try:
        found = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return "an unknown type"
    return found[0].name or found[0].extension or "an unknown type"


def _zip(path: Path) -> str:
    judge_directory(path, Limits())
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            if "mimetype" in names:
                return _opendocument(archive)
            found = _ooxml(archive, names)
            if found == "zip" and "content.xml" in names and "META-INF/manifest.xml" in names:
                return "odt"
            return found
    except BROKEN as error:
        raise Damaged("not a whole ZIP container") from error


def _opendocument(archive: zipfile.ZipFile) -> str:
    with archive.open("mimetype") as stream:
        words = stream.read(200).decode("ascii", "replace").strip()
    kind = words.removeprefix("application/vnd.oasis.opendocument.").removesuffix("-template").removesuffix("-master")
    return _ODF.get(kind, "zip")


def _ooxml(archive: zipfile.ZipFile, names: list[str]) -> str:
    types = next((name for name in names if name.lower().lstrip("/\\") == "[content_types].xml"), None)
    if types is None:
        return "zip"
    with archive.open(types) as stream:
        text = stream.read(500_000).decode("utf-8", "replace").replace("\0", "")
    main = _MAIN_PART.search(text)
    if main is None:
        folders = {name.lower().partition("/")[0] for name in names}
        return next((found for folder, found in _FOLDERS.items() if folder in folders), "zip")
    found = _OOXML[main[1].lower()]
    if main[2] is None:
        return "xlsb"
    macros = "macroenabled" in main[0].lower() or any(name.lower().endswith("vbaproject.bin") for name in names)
    return found[:-1] + "m" if macros else found


def _ole(path: Path) -> str:
    try:
        with olefile.OleFileIO(path) as ole:
            for stream, found in _OLE_STREAMS:
                if ole.exists(stream):
                    if not found:
                        raise Unreadable(PROTECTED)
                    return found
    except (OSError, IndexError, ValueError):
        return "ole"
    return "ole"


def _text(head: bytes, suffix: str) -> str:
    encoding = plain.encoding_of(head)
    text = head.decode(encoding, "ignore" if encoding.startswith("utf") else "replace")
    if len(_CONTROLS.findall(text)) > _MOST_CONTROLS * len(text):
        return "unknown"
    text = text.lstrip("\ufeff")
    if _HTML.match(text):
        return "html"
    if _XML.match(text):
        return "svg" if _SVG.search(text) else "html" if suffix in {".html", ".htm", ".xhtml"} else "xml"
    if suffix in _NAMED and suffix not in {".eml", ".mbox"}:
        return _NAMED[suffix]
    return _mail(text) or _NAMED.get(suffix, "txt")


def _mail(text: str) -> str | None:
    lines = text.lstrip("\r\n").splitlines()
    if not lines:
        return None
    mailbox = lines[0].startswith("From ")
    headers = "\n".join(lines[mailbox:]).partition("\n\n")[0]
    if not _HEADER_LINE.match(headers) or len(set(map(str.lower, _MAIL_HEADERS.findall(headers)))) < 2:  # noqa: PLR2004
        return None
    return "mbox" if mailbox else "eml"
