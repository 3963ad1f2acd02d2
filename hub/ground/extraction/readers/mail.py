"""E-mail as files: single messages and mailboxes (RFC 5322, RFC 4155), by the standard library."""

import email.header
import email.message
import email.parser
import email.policy
import re
from pathlib import Path

from hub.ground.extraction.outcome import Limits, Sink
from hub.ground.extraction.readers import html, plain

_HEADERS = ("Subject", "From", "To", "Cc", "Date")
_BETWEEN = re.compile(rb"^From [^\r\n]*\r?\n", re.MULTILINE)
_MOST_PARTS = 1000
_LONGEST_HEADER = 20_000  # characters; decoding takes time that grows with the square


def read(path: Path, sink: Sink, limits: Limits) -> str | None:
    """One message: its main headers, its text, the names of its attachments. The title is the subject."""
    return message(_read(path, limits), sink)


def read_mailbox(path: Path, sink: Sink, limits: Limits) -> str | None:
    """Every message of a mailbox, one after the other."""
    for part in _BETWEEN.split(_read(path, limits)):
        if part.strip():
            message(part, sink)
            sink.add("\n\n")
    return None


def message(data: bytes, sink: Sink) -> str | None:
    """Put the words of one message into `sink`; returns its subject."""
    # compat32, since the newer policy raises on headers that real mail has.
    parsed = email.parser.BytesParser(policy=email.policy.compat32).parsebytes(data)
    sink.add(_head(parsed) + "\n")
    for part in list(_texts(parsed))[:_MOST_PARTS]:
        _add(part, sink)
    for name in _attachments(parsed):
        sink.add(f"Attachment: {name}\n")
    return header(parsed.get("Subject")) or None


def _head(parsed: email.message.Message) -> str:
    lines = ((name, header(parsed.get(name))) for name in _HEADERS)
    return "".join(f"{name}: {value}\n" for name, value in lines if value)


def header(value: object) -> str:
    """A header's words, its encoded parts decoded where that can be done (RFC 2047)."""
    text = " ".join(str(value or "")[:_LONGEST_HEADER].split())
    try:
        return str(email.header.make_header(email.header.decode_header(text)))
    except (LookupError, ValueError, email.errors.HeaderParseError):
        return text


def _texts(part: email.message.Message) -> "list[email.message.Message | str]":
    """The parts to read: of alternatives the plain one, else the last that has text; attachments are named only.

    Of a message that was forwarded, its head in words comes before its parts.
    """
    if part.get_content_type() == "message/rfc822":
        return [text for child in _children(part) for text in (_head(child), *_texts(child))]
    if part.get_content_type() == "multipart/alternative":
        choices = [_texts(choice) for choice in _children(part)]
        plain_ones = [texts for texts in choices if texts and all(_is_plain(t) for t in texts)]
        return (plain_ones or [texts for texts in choices if texts] or [[]])[-1]
    if part.is_multipart():
        return [text for child in _children(part) for text in _texts(child)]
    attached = part.get_content_disposition() == "attachment" or (part.get_filename() and not _is_body(part))
    return [] if attached or part.get_content_maintype() != "text" else [part]


def _is_body(part: email.message.Message) -> bool:
    return part.get_content_disposition() == "inline" and part.get_content_type() == "text/plain"


def _children(part: email.message.Message) -> "list[email.message.Message]":
    payload = part.get_payload()
    return [child for child in payload if isinstance(child, email.message.Message)] if isinstance(payload, list) else []


def _is_plain(part: "email.message.Message | str") -> bool:
    return isinstance(part, str) or part.get_content_type() == "text/plain"


def _add(part: "email.message.Message | str", sink: Sink) -> None:
    if isinstance(part, str):
        sink.add(f"\n{part}\n")
        return
    data = part.get_payload(decode=True)
    text = plain.decode(data if isinstance(data, bytes) else b"", part.get_content_charset())
    if part.get_content_type() == "text/html":
        html.words(text, sink)
    else:
        sink.add(text)
    sink.add("\n")


def _attachments(parsed: email.message.Message) -> list[str]:
    return [header(name) for part in parsed.walk() if (name := part.get_filename())][:_MOST_PARTS]


def _read(path: Path, limits: Limits) -> bytes:
    with path.open("rb") as stream:
        return stream.read(limits.file_bytes)
