"""Outlook messages (MS-OXMSG): the words of a .msg, read straight from its compound file.

Our own reader, since python-oxmsg takes Windows-1252 for the code page of every old message.
"""

import re
import struct
from pathlib import Path

from hub.ground.extraction.outcome import Damaged, Limits, Sink
from hub.ground.extraction.readers import html, plain, rtf
from hub.ground.extraction.readers.compound import Compound, opened

# Property ids (MS-OXPROPS).
_SUBJECT, _BODY, _HTML, _RTF = 0x0037, 0x1000, 0x1013, 0x1009
_SENDER, _SENDER_ADDRESS, _TO, _CC = 0x0C1A, 0x0C1F, 0x0E04, 0x0E03
_LONG_NAME, _SHORT_NAME, _DISPLAY_NAME = 0x3707, 0x3704, 0x3001
_MESSAGE_PAGE, _INTERNET_PAGE, _LOCALE = 0x3FFD, 0x3FDE, 0x3FF1
_UNICODE, _EIGHT_BIT, _BINARY = 0x001F, 0x001E, 0x0102
_EMBEDDED = "__substg1.0_3701000D"  # a message as an attachment (MS-OXMSG 2.2.2.1)
_PROPERTIES = "__properties_version1.0"
_TOP_HEADER, _ENTRY = 32, 16  # bytes (MS-OXMSG 2.4)
_ATTACHMENT = re.compile(r"__attach_version1\.0_#[0-9A-Fa-f]+")
_UTF_8 = 65001
# The code page of a language (MS-LCID, low ten bits), where a message names only that.
_PAGES = {0x01: 1256, 0x02: 1251, 0x04: 936, 0x05: 1250, 0x08: 1253, 0x0D: 1255, 0x0E: 1250, 0x11: 932, 0x12: 949,
          0x15: 1250, 0x18: 1250, 0x19: 1251, 0x1F: 1254, 0x22: 1251}  # fmt: skip
_HEAD, _WINDOW = 16, 4096
_LZFU, _STORED = 0x75465A4C, 0x414C454D
_RTF_START = (
    b"{\\rtf1\\ansi"
    b"\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript "
    b"\\fdecor MS Sans SerifSymbolArialTimes New RomanCourier"
    b"{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u"
    b"\\tab\\tx"
)  # MS-OXRTFCP 2.1.2.1


def read(path: Path, sink: Sink, limits: Limits) -> str | None:  # noqa: ARG001
    """Subject, people, text and names of attachments. The title is the subject."""
    with opened(path) as compound:
        numbers = _numbers(compound)
        subject = _text(compound, numbers, _SUBJECT)
        sender = (_text(compound, numbers, _SENDER), _text(compound, numbers, _SENDER_ADDRESS))
        people = {"From": " ".join(dict.fromkeys(filter(None, sender))), "To": _text(compound, numbers, _TO)}
        for name, value in ({"Subject": subject} | people | {"Cc": _text(compound, numbers, _CC)}).items():
            sink.add(f"{name}: {value}\n" if value.strip("\0 ") else "")
        sink.add("\n")
        _body(compound, numbers, sink)
        for storage in sorted({match[0] for name in compound.names if (match := _ATTACHMENT.match(name))}):
            names = (_text(compound, numbers, each, storage + "/") for each in (_LONG_NAME, _SHORT_NAME, _DISPLAY_NAME))
            sink.add(f"Attachment: {next(filter(None, names), 'without a name')}\n")
            _forwarded(compound, numbers, f"{storage}/{_EMBEDDED}/", sink)
    return subject.strip("\0 ") or None


def _forwarded(compound: Compound, numbers: dict[int, int], storage: str, sink: Sink) -> None:
    """Head and plain text of a message that is attached as a message; nothing of any other attachment."""
    told = {"Subject": _SUBJECT, "From": _SENDER, "To": _TO, "": _BODY}
    for name, property_id in told.items():
        if value := _text(compound, numbers, property_id, storage).strip("\0 "):
            sink.add(f"{name}: {value}\n" if name else f"\n{value}\n")


def _body(compound: Compound, numbers: dict[int, int], sink: Sink) -> None:
    if text := _text(compound, numbers, _BODY):
        sink.add(text + "\n")
    elif markup := _text(compound, numbers, _HTML):
        html.words(markup, sink)
    elif markup_bytes := _bytes(compound, _HTML):
        html.words(plain.decode(markup_bytes, html.charset(markup_bytes) or _internet_page(numbers)), sink)
    elif packed := _bytes(compound, _RTF):
        sink.add(rtf.words(unpack_rtf(packed)) + "\n")


def _text(compound: Compound, numbers: dict[int, int], property_id: int, storage: str = "") -> str:
    """A property of words; "" when the message lacks it."""
    stem = f"{storage}__substg1.0_{property_id:04X}"
    if f"{stem}{_UNICODE:04X}" in compound:
        return compound.read(f"{stem}{_UNICODE:04X}").decode("utf-16-le", "replace")
    if f"{stem}{_EIGHT_BIT:04X}" in compound:
        data = compound.read(f"{stem}{_EIGHT_BIT:04X}")
        text = plain.decode(data, _page(numbers))
        return plain.decode(data) if "\ufffd" in text else text
    return ""


def _bytes(compound: Compound, property_id: int) -> bytes:
    name = f"__substg1.0_{property_id:04X}{_BINARY:04X}"
    return compound.read(name) if name in compound else b""


def _numbers(compound: Compound) -> dict[int, int]:
    """The properties of fixed length that are kept in the message's own stream."""
    data = compound.read(_PROPERTIES)
    entries = (data[at : at + _ENTRY] for at in range(_TOP_HEADER, len(data) - _ENTRY + 1, _ENTRY))
    return {key: value for _, key, value in (struct.unpack("<HHxxxxIxxxx", entry) for entry in entries)}


def _page(numbers: dict[int, int]) -> str | None:
    """The code page of the message's eight-bit words; None leaves it to be guessed."""
    language = numbers.get(_LOCALE, 0) & 0x3FF
    number = numbers.get(_MESSAGE_PAGE) or _PAGES.get(language)
    return _encoding(number)


def _internet_page(numbers: dict[int, int]) -> str | None:
    """The code page of its HTML."""
    return _encoding(numbers.get(_INTERNET_PAGE))


def _encoding(number: int | None) -> str | None:
    return ("utf-8" if number == _UTF_8 else f"cp{number}") if number else None


def unpack_rtf(packed: bytes) -> bytes:
    """RTF as Outlook packs it (MS-OXRTFCP 2.2.2: a window of 4096 bytes, sixteen-bit references)."""
    if len(packed) < _HEAD:
        raise Damaged("its packed text is too short")
    size, kind = struct.unpack_from("<4xII", packed)
    if kind == _STORED:
        return packed[_HEAD : _HEAD + size]
    if kind != _LZFU:
        raise Damaged("its text is packed in a way that nobody wrote down")
    window, at, out = bytearray(_RTF_START.ljust(_WINDOW, b"\0")), len(_RTF_START), bytearray()
    position = _HEAD
    while position < len(packed):
        control, position = packed[position], position + 1
        for bit in range(8):
            width = 1 + (control >> bit & 1)
            item, position = packed[position : position + width], position + width
            if len(item) < width or (width > 1 and int.from_bytes(item, "big") >> 4 == at):
                return bytes(out)
            run = item if width == 1 else _copy(window, int.from_bytes(item, "big"), at)
            for byte in run:
                window[at], at = byte, (at + 1) % _WINDOW
            out += run
    return bytes(out)


def _copy(window: bytearray, reference: int, at: int) -> bytes:
    """What a reference points at; the run may reach into what it is itself writing at `at`."""
    start, length = reference >> 4, (reference & 0xF) + 2
    run = bytearray()
    for index in range(length):
        where = (start + index) % _WINDOW
        distance = (where - at) % _WINDOW
        run.append(run[distance] if distance < len(run) else window[where])
    return bytes(run)
