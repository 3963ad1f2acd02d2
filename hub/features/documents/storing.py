"""Keeping a file that was sent."""

from pathlib import PurePath

from werkzeug.datastructures import FileStorage

from hub.access.guard import parts
from hub.ground.files import CHUNK
from hub.nouns.documents.service import StoredUpload


def store_upload(file: FileStorage) -> StoredUpload:
    """Keep a file that was sent; raises Invalid where it is too large, Unavailable where there is no room."""
    stream = file.stream
    kept = parts().files.put(iter(lambda: stream.read(CHUNK), b""), limit=parts().upload_limit)
    return StoredUpload(kept.hash, name_of(file), kept.size)


def name_of(file: FileStorage) -> str:
    """The name of a file that was sent, without the folders that some browsers send along."""
    return PurePath((file.filename or "file").replace("\\", "/")).name
