"""Outlook messages (MS-OXMSG) by python-oxmsg: the one module that knows it."""

import struct
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from oxmsg import Message

from hub.extraction.archive import in_short
from hub.extraction.outcome import Limits, Sink, Unreadable
from hub.extraction.readers import html, rtf

_BROKEN = (KeyError, IndexError, ValueError, LookupError, OSError, AssertionError, struct.error, TypeError)
_RTF = 0x1009  # PidTagRtfCompressed, MS-OXPROPS 2.941
_T = TypeVar("_T")
_HEAD, _WINDOW = 16, 4096
_LZFU, _STORED = 0x75465A4C, 0x414C454D
_RTF_START = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans "
    b"SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab"
    b"\\tx"
)  # MS-OXRTFCP 2.1.2.1


def read(path: Path, sink: Sink, limits: Limits) -> str | None:  # noqa: ARG001
    """Subject, people, text and names of attachments. The title is the subject."""
    try:
        message = Message.load(str(path))
    except _BROKEN as error:
        raise Unreadable(f"damaged: not a whole Outlook message ({in_short(error)})") from error
    subject = _try(lambda: message.subject) or ""
    for name, value in (("Subject", subject), ("From", _try(lambda: message.sender)), ("To", _try(lambda: _to(message)))):
        if value:
            sink.add(f"{name}: {value}\n")
    sink.add("\n")
    _body(message, sink)
    for name in _try(lambda: [attachment.file_name for attachment in message.attachments]) or []:
        sink.add(f"Attachment: {name}\n")
    return subject.strip() or None


def _body(message: Message, sink: Sink) -> None:
    if text := _try(lambda: message.body):
        sink.add(text + "\n")
    elif markup := _try(lambda: message.html_body):
        html.words(markup, sink)
    elif packed := _try(lambda: message.properties.binary_prop_value(_RTF)):
        sink.add(rtf.words(unpack_rtf(packed)) + "\n")


def _to(message: Message) -> str:
    return ", ".join(filter(None, (recipient.name or recipient.email_address for recipient in message.recipients)))


def _try(get: Callable[[], _T]) -> _T | None:
    """A property that is missing or bent leaves the others readable; a message without any is found out later."""
    try:
        return get()
    except _BROKEN:
        return None


def unpack_rtf(packed: bytes) -> bytes:
    """RTF as Outlook packs it (MS-OXRTFCP 2.2.2: a window of 4096 bytes, sixteen-bit references)."""
    if len(packed) < _HEAD:
        raise Unreadable("damaged: its packed text is too short")
    size, kind = struct.unpack_from("<4xII", packed)
    if kind == _STORED:
        return packed[_HEAD : _HEAD + size]
    if kind != _LZFU:
        raise Unreadable("damaged: its text is packed in a way that nobody wrote down")
    window, at, out = bytearray(_RTF_START.ljust(_WINDOW, b"\0")), len(_RTF_START), bytearray()
    position = _HEAD
    while position < len(packed):
        control, position = packed[position], position + 1
        for bit in range(8):
            if position + (control >> bit & 1) >= len(packed):
                return bytes(out)
            if not control >> bit & 1:
                run, position = packed[position : position + 1], position + 1
            else:
                reference, position = int.from_bytes(packed[position : position + 2], "big"), position + 2
                if reference >> 4 == at:
                    return bytes(out)
                run = _copy(window, reference >> 4, (reference & 0xF) + 2, at)
            for byte in run:
                window[at], at = byte, (at + 1) % _WINDOW
            out += run
    return bytes(out)


def _copy(window: bytearray, start: int, length: int, at: int) -> bytes:
    """`length` bytes from `start` on; the run may reach into what it is itself writing at `at`."""
    run = bytearray()
    for index in range(length):
        where = (start + index) % _WINDOW
        distance = (where - at) % _WINDOW
        run.append(run[distance] if distance < len(run) else window[where])
    return bytes(run)
