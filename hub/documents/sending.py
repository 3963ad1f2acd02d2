"""Files on their way to a browser: as attachments of no type, or shown in place where that is safe."""

from urllib.parse import quote

from flask import Response

from hub.access.guard import parts
from hub.documents.models import Revision
from hub.errors import NotFound
from hub.extraction.formats import OCTETS
from hub.extraction.shown import HEAD, shown_as


def send_file(revision: Revision | None, *, show: bool = False) -> Response:
    """A revision's file; raises NotFound where it has none.

    Nothing in it ever runs on the hub's own address: it goes as an attachment of no type, or with `show`, if its
    content is that of a PDF, a picture or plain text, as just that; either way in a sandbox (hub/web/csp.py).
    """
    if revision is None or not revision.file_hash:
        raise NotFound
    files = parts().files
    kind = shown_as(_head(revision.file_hash), revision.file_name) if show else ""
    response = Response(files.read(revision.file_hash), content_type=kind or OCTETS, direct_passthrough=True)
    response.content_length = revision.file_size
    response.headers["Content-Disposition"] = disposition(revision.file_name, "inline" if kind else "attachment")
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _head(file_hash: str) -> bytes:
    return b"".join(parts().files.read_range(file_hash, 0, HEAD - 1))


def disposition(name: str, how: str = "attachment") -> str:
    """A Content-Disposition (RFC 6266): a plain name for old readers, the whole one in UTF-8."""
    plain = "".join(c if c.isascii() and (c.isalnum() or c in " .-_()") else "_" for c in name).strip() or "file"
    return f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
