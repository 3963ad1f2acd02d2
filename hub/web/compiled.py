"""Compiled templates, kept where Python keeps compiled modules: only the first start pays for compiling them.

Whoever may write there may change the program anyway. Where nobody may, templates are compiled at each start.
"""

import marshal
import os
import sys
from contextlib import suppress
from functools import cache
from hashlib import sha256
from importlib.util import MAGIC_NUMBER, cache_from_source
from pathlib import Path
from types import CodeType
from typing import Final

import jinja2
from jinja2.bccache import Bucket, BytecodeCache

from hub.web import filters

_LOADED: Final[dict[str, tuple[str, CodeType]]] = {}
"""What this process has already, by file: the checksum of its source, and the code."""


class CompiledTemplates(BytecodeCache):
    """The cache of an environment whose filters are those of `hub/web/filters.py`, for templates that lie in files."""

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """The file of a template."""
        return filename or name

    def get_source_checksum(self, source: str) -> str:
        """What the code depends on: the source, and who compiled it."""
        return sha256(_compiler() + source.encode()).hexdigest()

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill the bucket, where the very same was compiled before."""
        checksum, code = _LOADED.get(bucket.key) or _read(bucket.key)
        if code and checksum == bucket.checksum:
            bucket.code = code
            _LOADED[bucket.key] = (checksum, code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled just now."""
        assert bucket.code is not None
        _LOADED[bucket.key] = (bucket.checksum, bucket.code)
        if not sys.dont_write_bytecode:
            _write(bucket.key, bucket.checksum, bucket.code)


@cache
def _compiler() -> bytes:
    """Python, Jinja, and the filters, which are called for constants when a template is compiled."""
    return MAGIC_NUMBER + jinja2.__version__.encode() + Path(filters.__file__).read_bytes()


def _kept(filename: str) -> Path:
    return Path(cache_from_source(filename)).with_suffix(".template")


def _read(filename: str) -> tuple[str, CodeType | None]:
    with suppress(OSError, EOFError, ValueError, TypeError):
        checksum, code = marshal.loads(_kept(filename).read_bytes())  # noqa: S302  # as trusted as a .pyc beside it
        if isinstance(code, CodeType):
            return checksum, code
    return "", None


def _write(filename: str, checksum: str, code: CodeType) -> None:
    """Write the file whole, or not at all: another process may be reading it."""
    target = _kept(filename)
    partial = target.with_suffix(f".{os.getpid()}")
    with suppress(OSError):
        target.parent.mkdir(parents=True, exist_ok=True)
        partial.write_bytes(marshal.dumps((checksum, code)))
        partial.replace(target)
