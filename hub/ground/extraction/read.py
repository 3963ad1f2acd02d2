"""From a path to a final state, in this process. Only the child calls it: it trusts nothing it reads to be kind."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path

from hub.ground.extraction.described import LONGEST
from hub.ground.extraction.formats import FORMATS, damaged
from hub.ground.extraction.outcome import NO_TEXT, Damaged, Enough, Extracted, Limits, Sink, Unreadable
from hub.ground.extraction.sniff import name_unknown, sniff

Reader = Callable[[Path, Sink, Limits], str | None]
# Format -> "module.function" of hub.ground.extraction.readers, imported when first needed: libraries take time to load.
_READERS = {
    "docx": "ooxml.read_word", "docm": "ooxml.read_word", "pptx": "ooxml.read_slides", "pptm": "ooxml.read_slides",
    "odt": "opendocument.read", "odp": "opendocument.read", "ods": "opendocument.read",
    "xlsx": "sheets.read_open_xml", "xlsm": "sheets.read_open_xml",
    "xlsb": "sheets.read_binary", "xls": "sheets.read_binary",
    "doc": "word97.read", "ppt": "powerpoint97.read", "rtf": "rtf.read", "pdf": "pdf.read", "pdf-late": "pdf.read",
    "txt": "plain.read", "csv": "plain.read", "md": "plain.read_markdown", "html": "html.read", "xml": "html.read_xml",
    "eml": "mail.read", "mbox": "mail.read_mailbox", "msg": "outlook.read",
}  # fmt: skip
_OF_ANY_SIZE = {"txt", "csv", "md", "html"}
_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*){2,}")
_LONGEST_TITLE = 300


def read(path: Path, name: str, limits: Limits) -> Extracted:
    """The final state of the file. Raises MemoryError and what kills a process, nothing else."""
    found, sink, title = "unknown", Sink(limits.text_bytes), None
    try:
        found = sniff(path, name)
        title = _reader(path, found, limits)(path, sink, limits)
    except Enough:
        pass
    except Damaged as refusal:
        return _unreadable(found, damaged(found, name), refusal.detail)
    except Unreadable as refusal:
        return _said_of_itself(_unreadable(found, str(refusal), refusal.detail), sink)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001  whatever a library trips over is a damaged file, said as such
        return _unreadable(found, damaged(found, name), type(error).__name__)
    text = tidy(sink.text())
    if not any(character.isalnum() for character in text):
        return _said_of_itself(_unreadable(found, NO_TEXT), sink)
    remark = f"only the first {limits.text_bytes / 1e6:.0f} MB of its text were read" if sink.cut else ""
    read = Extracted(
        text, _title(title), found, FORMATS[found].kind, "readable", "", remark, hidden=tidy(sink.hidden())
    )
    return _said_of_itself(read, sink)


def tidy(text: str) -> str:
    """Without control characters and halves of surrogates (databases refuse them), without towers of blank lines."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode("utf-8")
    text = "".join(c if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs", "Co"} else " " for c in text)
    return _BLANK_LINES.sub("\n\n", text).strip()


def _reader(path: Path, found: str, limits: Limits) -> Reader:
    if not (size := path.stat().st_size):
        raise Unreadable("it is empty. Save it again, and upload that")
    where = _READERS.get(found)
    if where is None:
        label = name_unknown(path) if found == "unknown" else FORMATS[found].label
        raise Unreadable(f"the hub reads no text in files of this kind: {label}")
    if size > limits.file_bytes and found not in _OF_ANY_SIZE:
        most = limits.file_bytes / 1e6
        raise Unreadable(f"it has {size / 1e6:,.0f} MB, and the hub reads up to {most:,.0f} MB")
    module, _, function = where.partition(".")
    reader: Reader = getattr(import_module(f"hub.ground.extraction.readers.{module}"), function)
    return reader


def _title(title: str | None) -> str | None:
    return " ".join(tidy(title or "").split())[:_LONGEST_TITLE] or None


def _said_of_itself(read: Extracted, sink: Sink) -> Extracted:
    said = sink.described
    author, created, changed = (
        " ".join(tidy(text).split())[:LONGEST] for text in (said.author, said.created, said.changed)
    )
    return replace(read, author=author, created=created, changed=changed)


def _unreadable(found: str, reason: str, detail: str = "") -> Extracted:
    said, more = (" ".join(tidy(text).split())[:400] for text in (reason, detail))
    return Extracted("", None, found, FORMATS[found].kind, "unreadable", said, detail=more)
