"""Which part of a file is asked for, and whether the asker's copy is still right (RFC 9110, sections 13 and 14)."""

import re
from typing import Final

from flask import Request
from werkzeug.exceptions import PreconditionFailed, RequestedRangeNotSatisfiable

Part = tuple[int, int]
"""The first and the last byte, both included."""

_ONE: Final = re.compile(r"bytes=\s*([0-9]{0,18})-([0-9]{0,18})\s*", re.IGNORECASE)


def part_asked_for(request: Request, size: int, tag: str) -> Part | None:
    """The part of a file of `size` bytes that a request asks for; None for the whole.

    `tag` is the file's strong entity tag, quotation marks included. What is no single range of bytes is passed over,
    as the RFC allows, and so is a range that comes with another tag than this, or with a date: the whole is sent then.
    Raises RequestedRangeNotSatisfiable for a part beyond the end.
    """
    found = _ONE.fullmatch(request.headers.get("Range", ""))
    if request.method != "GET" or found is None or request.headers.get("If-Range", tag).strip() != tag:
        return None
    first, last = found.groups()
    if not first:
        return _the_last(int(last), size) if last else None
    start, end = int(first), int(last) if last else size - 1
    if last and end < start:
        return None
    if start >= size:
        raise RequestedRangeNotSatisfiable(size)
    return start, min(end, size - 1)


def _the_last(count: int, size: int) -> Part:
    if not count or not size:
        raise RequestedRangeNotSatisfiable(size)
    return max(0, size - count), size - 1


def is_known(request: Request, tag: str) -> bool:
    """Whether the asker says that they have just this; raises PreconditionFailed where they want another."""
    wanted = request.if_match
    if "If-Match" in request.headers and not (wanted.star_tag or wanted.is_strong(tag.strip('"'))):
        raise PreconditionFailed
    held = request.if_none_match
    return "If-None-Match" in request.headers and bool(held.star_tag or held.contains_weak(tag.strip('"')))
