"""The formats that the hub tells apart, and how a file of each is shown and served."""

from dataclasses import dataclass

OCTETS = "application/octet-stream"
_OOXML = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."


@dataclass(frozen=True, slots=True)
class Format:
    """One row: `kind` is the display type (a facet of the search), `label` completes "a type … : …" in a sentence.

    `content_type` is safe to send. `inline` allows a browser to show it in place; all else is an attachment.
    """

    kind: str
    label: str
    content_type: str = OCTETS
    inline: bool = False


# Whatever a browser or an office program would run as script or macro, and whatever is unknown, goes out as octets.
FORMATS: dict[str, Format] = {
    "docx": Format("word", "a Word document", _OOXML + "wordprocessingml.document"),
    "docm": Format("word", "a Word document with macros"),
    "doc": Format("word", "a Word 97 document", "application/msword"),
    "odt": Format("word", "an OpenDocument text", _ODF + "text"),
    "rtf": Format("word", "a rich text document", "application/rtf"),
    "pdf": Format("pdf", "a PDF", "application/pdf", inline=True),
    "pdf-late": Format("pdf", "a PDF with something before its first line"),
    "xlsx": Format("spreadsheet", "an Excel workbook", _OOXML + "spreadsheetml.sheet"),
    "xlsm": Format("spreadsheet", "an Excel workbook with macros"),
    "xlsb": Format("spreadsheet", "a binary Excel workbook", "application/vnd.ms-excel.sheet.binary.macroEnabled.12"),
    "xls": Format("spreadsheet", "an Excel 97 workbook", "application/vnd.ms-excel"),
    "ods": Format("spreadsheet", "an OpenDocument spreadsheet", _ODF + "spreadsheet"),
    "csv": Format("spreadsheet", "a CSV table", "text/csv; charset=utf-8"),
    "pptx": Format("presentation", "a PowerPoint presentation", _OOXML + "presentationml.presentation"),
    "pptm": Format("presentation", "a PowerPoint presentation with macros"),
    "ppt": Format("presentation", "a PowerPoint 97 presentation", "application/vnd.ms-powerpoint"),
    "odp": Format("presentation", "an OpenDocument presentation", _ODF + "presentation"),
    "txt": Format("text", "plain text", "text/plain", inline=True),
    "md": Format("markdown", "Markdown", "text/plain", inline=True),
    "eml": Format("mail", "an e-mail"),
    "mbox": Format("mail", "a mailbox"),
    "msg": Format("mail", "an Outlook message", "application/vnd.ms-outlook"),
    "html": Format("web page", "a web page"),
    "xml": Format("other", "XML"),
    "svg": Format("other", "an SVG drawing"),
    "png": Format("other", "a PNG picture", "image/png", inline=True),
    "jpeg": Format("other", "a JPEG picture", "image/jpeg", inline=True),
    "gif": Format("other", "a GIF picture", "image/gif", inline=True),
    "webp": Format("other", "a WebP picture", "image/webp", inline=True),
    "zip": Format("other", "a ZIP archive", "application/zip"),
    "ole": Format("other", "a Microsoft compound file"),
    "unknown": Format("other", "an unknown type"),
}
KINDS = ("word", "pdf", "spreadsheet", "presentation", "text", "markdown", "mail", "web page", "other")


def served(name: str) -> Format:
    """How a file of the format `name` is served; an unknown name is served as octets, as an attachment."""
    return FORMATS.get(name, FORMATS["unknown"])
