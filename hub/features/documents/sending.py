"""Files on their way to a browser, whole or in part: attachments of no type, or shown in place where that is safe."""

import hmac
from collections.abc import Iterable
from http import HTTPStatus
from urllib.parse import quote

from flask import Response, request

from hub.access.costs import held_until_sent
from hub.access.guard import parts
from hub.ground.errors import NotFound
from hub.ground.extraction.formats import OCTETS
from hub.ground.extraction.shown import HEAD, shown_as
from hub.ground.files import FileDamaged
from hub.nouns.documents.models import Revision
from hub.web.ranges import Part, is_known, part_asked_for

LARGE = 1_000_000
"""Bytes that are on their way at once, however slowly they are taken."""


def send_file(revision: Revision | None, *, show: bool = False) -> Response:
    """A revision's file, or the part of it that the request asks for; raises NotFound where it has none.

    Nothing in it ever runs on the hub's own address: it goes as an attachment of no type, or with `show`, if its
    content is that of a PDF, a picture or plain text, as just that; either way in a sandbox (hub/web/csp.py).
    """
    if revision is None or not revision.file_hash:
        raise NotFound
    size, tag = revision.file_size, _tag(revision)
    if parts().files.size(revision.file_hash) != size:
        raise FileDamaged(f"File {revision.file_hash} is damaged: it is not as long as what was stored.")
    kind = shown_as(_head(revision.file_hash), revision.file_name) if show else ""
    known = is_known(request, tag)
    response = (
        Response(status=HTTPStatus.NOT_MODIFIED) if known else _answer(revision, part_asked_for(request, size, tag))
    )
    response.content_type = kind or OCTETS
    response.headers["Content-Disposition"] = disposition(revision.file_name, "inline" if kind else "attachment")
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["ETag"] = tag
    return response


def _answer(revision: Revision, part: Part | None) -> Response:
    size = revision.file_size
    first, last = part or (0, size - 1)
    response = Response(_content(revision, first, last), direct_passthrough=True)
    response.content_length = last - first + 1
    if part:
        response.status_code = HTTPStatus.PARTIAL_CONTENT
        response.headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    return response


def _content(revision: Revision, first: int, last: int) -> Iterable[bytes]:
    """What is sent. The whole, and what carries a download on to its end, is checked against the hash before."""
    if request.method == "HEAD":
        return ()
    files, file_hash = parts().files, revision.file_hash
    whole = last == revision.file_size - 1
    content = files.read(file_hash, first) if whole else files.read_range(file_hash, first, last)
    return held_until_sent(content) if last - first >= LARGE else content


def _tag(revision: Revision) -> str:
    """A strong entity tag: of these bytes in this document, so that it tells nobody who else holds them."""
    named = f"file {revision.document_id} {revision.file_hash}"
    return f'"{hmac.new(parts().keys.signing[0].encode(), named.encode(), "sha256").hexdigest()[:32]}"'


def _head(file_hash: str) -> bytes:
    return b"".join(parts().files.read_range(file_hash, 0, HEAD - 1))


def disposition(name: str, how: str = "attachment") -> str:
    """A Content-Disposition (RFC 6266): a plain name for old readers, the whole one in UTF-8."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in " .-_()") else "_" for c in name).strip() or "file"
    return f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
