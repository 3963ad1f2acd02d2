"""The formats that the hub tells apart, and how a file of each is shown and served."""

from dataclasses import dataclass

OCTETS = "application/octet-stream"
_OOXML = "application/vnd.openxmlformats-officedocument."
_BINARY = "application/vnd.ms-excel.sheet.binary.macroEnabled.12"
_SLIDES = "PowerPoint"
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
    program: str = ""
    """By which people open and save it."""


# Whatever a browser or an office program would run as script or macro, and whatever is unknown, goes out as octets.
FORMATS: dict[str, Format] = {
    "docx": Format("word", "a Word document", _OOXML + "wordprocessingml.document", program="Word"),
    "docm": Format("word", "a Word document with macros", program="Word"),
    "doc": Format("word", "a Word 97 document", "application/msword", program="Word"),
    "odt": Format("word", "an OpenDocument text", _ODF + "text", program="LibreOffice"),
    "rtf": Format("word", "a rich text document", "application/rtf", program="Word"),
    "pdf": Format("pdf", "a PDF", "application/pdf", inline=True),
    "pdf-late": Format("pdf", "a PDF with something before its first line"),
    "xlsx": Format("spreadsheet", "an Excel workbook", _OOXML + "spreadsheetml.sheet", program="Excel"),
    "xlsm": Format("spreadsheet", "an Excel workbook with macros", program="Excel"),
    "xlsb": Format("spreadsheet", "a binary Excel workbook", _BINARY, program="Excel"),
    "xls": Format("spreadsheet", "an Excel 97 workbook", "application/vnd.ms-excel", program="Excel"),
    "ods": Format("spreadsheet", "an OpenDocument spreadsheet", _ODF + "spreadsheet", program="LibreOffice"),
    "csv": Format("spreadsheet", "a CSV table", "text/csv; charset=utf-8"),
    "pptx": Format(
        "presentation", "a PowerPoint presentation", _OOXML + "presentationml.presentation", program=_SLIDES
    ),
    "pptm": Format("presentation", "a PowerPoint presentation with macros", program=_SLIDES),
    "ppt": Format("presentation", "a PowerPoint 97 presentation", "application/vnd.ms-powerpoint", program=_SLIDES),
    "odp": Format("presentation", "an OpenDocument presentation", _ODF + "presentation", program="LibreOffice"),
    "txt": Format("text", "plain text", "text/plain", inline=True),
    "md": Format("markdown", "Markdown", "text/plain", inline=True),
    "eml": Format("mail", "an e-mail"),
    "mbox": Format("mail", "a mailbox"),
    "msg": Format("mail", "an Outlook message", "application/vnd.ms-outlook", program="Outlook"),
    "html": Format("web page", "a web page"),
    "xml": Format("other", "XML"),
    "svg": Format("other", "an SVG drawing"),
    "png": Format("other", "a PNG picture", "image/png", inline=True),
    "jpeg": Format("other", "a JPEG picture", "image/jpeg", inline=True),
    "gif": Format("other", "a GIF picture", "image/gif", inline=True),
    "webp": Format("other", "a WebP picture", "image/webp", inline=True),
    "zip": Format("other", "a ZIP archive", "application/zip"),
    "ole": Format("other", "a file of an older Microsoft program"),
    "unknown": Format("other", "an unknown type"),
}
KINDS = ("word", "pdf", "spreadsheet", "presentation", "text", "markdown", "mail", "web page", "other")


def damaged(format_: str, name: str) -> str:
    """What is wrong with a damaged file, and what to do: words that go on after "because".

    By its format, or where that cannot be told any more by the name that people know it by.
    """
    found = format_ if format_ != "unknown" else name.lower().rpartition(".")[2]
    program = served(found).program
    if program:
        return f"it is cut off or damaged. Open it in {program}, save it again, and upload that"
    if found.startswith("pdf"):
        return "it is cut off or damaged. Make the PDF anew from the document that it was made of, and upload that"
    return "it is cut off or damaged. Get it again from where it came from, and upload that"


def served(name: str) -> Format:
    """How a file of the format `name` is served; an unknown name is served as octets, as an attachment."""
    return FORMATS.get(name, FORMATS["unknown"])
