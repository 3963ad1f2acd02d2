"""Keeping a file that was sent, at once with its form or part by part before it."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import PurePath
from typing import Any

from flask import g, request
from werkzeug.datastructures import FileStorage, MultiDict

from hub.access.guard import parts, viewer
from hub.access.models import Place
from hub.features.documents.models import Upload
from hub.features.documents.service import content_of, end_upload, own_upload
from hub.ground.files import CHUNK
from hub.ground.unit_of_work import UnitOfWork
from hub.nouns.documents.kind import PAGES
from hub.nouns.documents.service import NewDocument, StoredUpload, add_document
from hub.nouns.spaces.queries import place_for_writing
from hub.things.thing import Lying

Filing = Callable[[UnitOfWork, Lying], str]
"""Files something beside a thing, marked and standing as that does, and tells its address."""
FIELD = "upload"
"""The field of a form that names a file which came in parts, in place of the file."""


class InParts(FileStorage):
    """A file that came part by part before its form."""

    def __init__(self, upload: Upload) -> None:
        super().__init__(_Joined(content_of(g.db, parts().files, upload)), filename=upload.name)  # type: ignore[arg-type]
        self.upload_id, self.size = upload.id, upload.size


class _Joined:
    """Its parts as something that is read from beginning to end."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks

    def read(self, _size: int = -1) -> bytes:
        """The next bytes, as many as come together; raises Altered at the end of what is another file."""
        return next(self._chunks, b"")

    def close(self) -> None:
        """There is nothing to close."""


def files_sent(place: Place) -> MultiDict[str, Any]:
    """The files of the form that is answered: those that came with it, or else one that came in parts for this place.

    One that is not the viewer's, not for this place or not whole is as if it were not there.
    """
    upload_id = request.form.get(FIELD, "")
    if not upload_id or any(file.filename for file in request.files.getlist("file")):
        return request.files
    found = own_upload(g.db, upload_id, viewer().person.id, parts().clock.now())
    if found is None or found.place_id != place.id or found.came != found.size:
        return request.files
    return MultiDict([("file", InParts(found))])


def store_upload(file: FileStorage) -> StoredUpload:
    """Keep a file that was sent; raises Invalid where it is too large or another one, Unavailable without room."""
    stream = file.stream
    kept = parts().files.put(iter(lambda: stream.read(CHUNK), b""), limit=parts().upload_limit)
    return StoredUpload(kept.hash, name_of(file), kept.size)


def filing(file: FileStorage) -> Filing:
    """Keep a file that was sent; what comes back files it beside a thing, as a document of the viewer's.

    Raises as `store_upload` does.
    """
    kept = store_upload(file)

    def add(uow: UnitOfWork, thing: Lying) -> str:
        title, owner = PurePath(kept.name).stem, viewer().subject.id
        new = NewDocument(title, thing.marking, thing.state, owner, file=kept)
        return f"{PAGES}{add_document(uow, place_for_writing(uow.session, thing.place_id), new).id}"

    return add


def end_uploads(uow: UnitOfWork, files: Iterable[FileStorage | None]) -> None:
    """In the transaction that adds them: those that came in parts are over; raises Conflict where one was already."""
    for file in files:
        if isinstance(file, InParts):
            end_upload(uow, file.upload_id, viewer().person.id)


def name_of(file: FileStorage) -> str:
    """The name of a file that was sent, without the folders that some browsers send along."""
    return plain_name(file.filename or "")


def plain_name(name: str) -> str:
    """A file's name without folders."""
    return PurePath((name or "file").replace("\\", "/")).name or "file"
