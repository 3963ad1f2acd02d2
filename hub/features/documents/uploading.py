"""Addresses to which a script sends a large file part by part: draft-ietf-httpbis-resumable-upload-10.

An upload is begun for a place, asked how far it is, gone on with and given up; what then becomes of the whole is the
business of the form that names it (`adding.py`). What is somebody else's is not there.
"""

import base64
import binascii
from collections.abc import Iterator
from http import HTTPStatus
from typing import Final

from flask import Response, g, jsonify, redirect, request
from werkzeug.http import parse_dict_header, parse_options_header
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import declares, parts, viewer
from hub.access.models import Place
from hub.features.documents.models import Upload
from hub.features.documents.service import (
    FULL,
    KEPT,
    LARGEST,
    SMALLEST,
    Announced,
    Elsewhere,
    StoredPart,
    append_part,
    begin_upload,
    end_upload,
    own_upload,
)
from hub.features.documents.storing import plain_name
from hub.features.documents.views import blueprint
from hub.ground.errors import Conflict, NotFound
from hub.ground.files import CHUNK
from hub.ground.unit_of_work import unit_of_work
from hub.nouns.spaces.queries import place_by_id
from hub.web.filters import size as in_words
from hub.web.flash import say

PARTIAL: Final = "application/partial-upload"
PROBLEM: Final = "application/problem+json"
TYPES: Final = "https://iana.org/assignments/http-problem-types#"
COMPLETE: Final = {"?0": False, "?1": True}
LONGEST_KEY: Final = 200
_SHA_256: Final = 32


class Refused(Exception):
    """A request is answered with a status and a sentence."""

    def __init__(self, status: HTTPStatus, said: str, **more: object) -> None:
        super().__init__(said)
        self.status, self.said, self.more = status, said, more


@blueprint.errorhandler(Refused)
def refused(error: Refused) -> Response:
    """The sentence as a problem (RFC 9457), and, where it is told, how far the hub has come."""
    answer = jsonify(title=error.said, status=error.status, **error.more)
    answer.status_code = error.status
    answer.content_type = PROBLEM
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Upload-Limit"] = _limits()
    if "expected-offset" in error.more:
        answer.headers["Upload-Offset"] = str(error.more["expected-offset"])
    return answer


@blueprint.post("/upload/<id:place_id>/parts")
@declares("document:add", costs="part")
def begin_parts(place_id: str) -> Response:
    """Begin to send a file to a place; the same file goes on where it is."""
    place = viewer().require("edit", _place(place_id))
    said = _announced()
    try:
        with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow:
            found = begin_upload(uow, viewer().person.id, place.id, said, limit=parts().upload_limit)
    except Conflict:
        raise Refused(HTTPStatus.CONFLICT, FULL) from None
    answer = _told(found, HTTPStatus.CREATED)
    answer.headers["Location"] = f"/uploads/{found.id}"
    return answer


@blueprint.route("/uploads/<id:upload_id>", methods=["HEAD"])
@declares("document:add")
def how_far(upload_id: str) -> Response:
    """How far it is."""
    return _told(_own(upload_id), HTTPStatus.NO_CONTENT)


@blueprint.patch("/uploads/<id:upload_id>")
@declares("document:add", costs="part")
def go_on(upload_id: str) -> Response:
    """Take the next part: stored first, then noted, if nobody else has sent it meanwhile."""
    found = _own(upload_id)
    start, size = _checked(found)
    person, files = viewer().person, parts().files
    kept = files.put_apart(_read(size), limit=size)
    try:
        with unit_of_work(parts().database, parts().clock, person.handle) as uow:
            noted = append_part(uow, upload_id, person.id, StoredPart(start, kept.size, kept.hash))
    except Elsewhere as elsewhere:
        files.remove(kept.hash)
        raise _elsewhere(elsewhere.came, start) from None
    except Exception:
        files.remove(kept.hash)
        raise
    return _told(noted, HTTPStatus.NO_CONTENT)


@blueprint.delete("/uploads/<id:upload_id>")
@declares("document:add")
def give_up(upload_id: str) -> Response:
    """Give it up."""
    _end(upload_id)
    return Response(status=HTTPStatus.NO_CONTENT)


@blueprint.post("/uploads/<id:upload_id>/discard")
@declares("document:add")
def discard(upload_id: str) -> BaseResponse:
    """The same by a button."""
    found = _end(upload_id)
    say(f"What was here of “{found.name}” is discarded.")
    return redirect(f"/upload/{found.place_id}", code=303)


def _end(upload_id: str) -> Upload:
    """Giving it up takes no right to its place: it frees what it takes."""
    person = viewer().person
    viewer().asked = True  # it is decided by whose it is
    with unit_of_work(parts().database, parts().clock, person.handle) as uow:
        found = own_upload(uow.session, upload_id, person.id, uow.now, lock=True)
        if found is None:
            raise NotFound
        end_upload(uow, upload_id, person.id)
    return found


def _own(upload_id: str) -> Upload:
    """The viewer's upload, while they may still add to where it goes; raises NotFound, or NotPermitted to readers."""
    found = own_upload(g.db, upload_id, viewer().person.id, parts().clock.now())
    viewer().asked = True
    if found is None:
        raise NotFound
    viewer().require("edit", _place(found.place_id))
    return found


def _place(place_id: str) -> Place | None:
    place = place_by_id(g.db, place_id)
    return place if place is None or place.kind in ("space", "folder") else None


def _announced() -> Announced:
    """What the head of a request that begins one says of the file."""
    if request.content_length or "Transfer-Encoding" in request.headers:
        raise Refused(HTTPStatus.BAD_REQUEST, "Begin without content, then send the first part.")
    size = _number("Upload-Length")
    if _flag():
        raise Refused(HTTPStatus.BAD_REQUEST, "It cannot be complete before it is sent.")
    if not size:
        raise Refused(HTTPStatus.BAD_REQUEST, "The file is empty.")
    if size > parts().upload_limit:
        said = f"The file is larger than the {in_words(parts().upload_limit)} that the hub takes."
        raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, said)
    _, options = parse_options_header(request.headers.get("Content-Disposition", ""))
    name = plain_name(options.get("filename", ""))[:300]
    key = request.headers.get("Idempotency-Key", "").strip('"')
    if len(key) > LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise Refused(HTTPStatus.BAD_REQUEST, "The key of the file is too long, or holds more than plain letters.")
    return Announced(name, size, key, _digest())


def _digest() -> str:
    """The SHA-256 of the whole in hex, as Repr-Digest tells it (RFC 9530); empty where it tells none."""
    said = parse_dict_header(request.headers.get("Repr-Digest", "")).get("sha-256")
    if said is None:
        return ""
    try:
        found = base64.b64decode(said.strip().removeprefix(":").removesuffix(":"), validate=True)
    except binascii.Error:
        found = b""
    if len(found) != _SHA_256:
        raise Refused(HTTPStatus.BAD_REQUEST, "The check sum of the file is none.")
    return found.hex()


def _checked(found: Upload) -> tuple[int, int]:
    """Where the part begins that is sent, and how long it is, if it fits where the file is; raises Refused."""
    if request.mimetype != PARTIAL:
        raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"A part is sent as {PARTIAL}.")
    size = request.content_length
    if size is None:
        raise Refused(HTTPStatus.LENGTH_REQUIRED, "Say how long the part is.")
    if size > LARGEST:
        raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"A part has {in_words(LARGEST)} at most.")
    start, last = _number("Upload-Offset"), _flag()
    if start is None:
        raise Refused(HTTPStatus.BAD_REQUEST, "Say where the part begins.")
    if start != found.came:
        for _ in _read(size):  # a browser that is not done sending hears no answer
            pass
        raise _elsewhere(found.came, start)
    if start + size > found.size or last != (start + size == found.size):
        said = "The part ends where the file does not, or does not end where the file does."
        raise Refused(HTTPStatus.BAD_REQUEST, said, type=f"{TYPES}inconsistent-upload-length")
    if not size or (size < SMALLEST and not last):
        raise Refused(HTTPStatus.BAD_REQUEST, f"A part has {in_words(SMALLEST)} at least, but for the last.")
    return start, size


def _elsewhere(came: int, start: int) -> Refused:
    more = {"type": f"{TYPES}mismatching-upload-offset", "expected-offset": came, "provided-offset": start}
    return Refused(HTTPStatus.CONFLICT, "The file is at another part.", **more)


def _read(size: int) -> Iterator[bytes]:
    """Just so many bytes of what is sent; raises Refused where it breaks off."""
    stream, left = request.stream, size
    while left:
        chunk = stream.read(min(CHUNK, left))
        if not chunk:
            raise Refused(HTTPStatus.BAD_REQUEST, "The part broke off.")
        left -= len(chunk)
        yield chunk


def _number(name: str) -> int | None:
    """A count of bytes in a head; None where there is none that can be one."""
    said = request.headers.get(name, "").strip()
    return int(said) if said.isascii() and said.isdecimal() and len(said) <= 15 else None  # noqa: PLR2004


def _flag() -> bool:
    """Whether it is said that the whole is there with this request; raises Refused where nothing is said of it."""
    said = COMPLETE.get(request.headers.get("Upload-Complete", "").strip())
    if said is None:
        raise Refused(HTTPStatus.BAD_REQUEST, "Say whether the file is complete with this.")
    return said


def _told(found: Upload, status: HTTPStatus) -> Response:
    left = found.touched_at + KEPT - parts().clock.now()
    answer = Response(status=status)
    answer.headers["Upload-Offset"] = str(found.came)
    answer.headers["Upload-Complete"] = "?1" if found.came == found.size else "?0"
    answer.headers["Upload-Length"] = str(found.size)
    answer.headers["Upload-Limit"] = f"{_limits()}, max-age={max(0, int(left.total_seconds()))}"
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _limits() -> str:
    return f"max-size={parts().upload_limit}, min-append-size={SMALLEST}, max-append-size={LARGEST}"
