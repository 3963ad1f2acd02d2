"""The parent's side: a process for each picture, since people send one in a year."""

import base64
import json
from dataclasses import asdict
from typing import Final

import structlog

from hub.ground.errors import Invalid
from hub.ground.extraction.outcome import Limits
from hub.ground.killable import Endless, Gone, Killable, Late

log = structlog.get_logger(__name__)

SIDE: Final = 512
"""Pixels of a portrait's side, at the most."""
LARGEST: Final = 8_000_000
"""Bytes of a file that is looked at."""
PIXELS: Final = 40_000_000
"""Of a picture that is decoded: what a good camera takes."""
SECONDS: Final = 10.0
MEMORY: Final = 768_000_000
_MOST: Final = 1_000_000
_JPEG: Final = b"\xff\xd8\xff"
_MANY: Final = b"many"

NO_PICTURE: Final = "The photograph must be a JPEG, PNG or WebP picture that opens: choose another file"
TOO_LARGE: Final = f"The photograph must be {LARGEST // 1_000_000} MB or smaller: choose a smaller copy"
TOO_MANY: Final = f"The photograph must have {PIXELS // 1_000_000} million pixels or fewer: choose a smaller copy"


def portrait(data: bytes, field: str = "") -> bytes:
    """A square JPEG of at most `SIDE` pixels out of a JPEG, PNG or WebP; raises Invalid that says what to do."""
    if len(data) > LARGEST:
        raise Invalid(TOO_LARGE, field)
    answer = _asked(data)
    if answer == _MANY:
        raise Invalid(TOO_MANY, field)
    if not answer.startswith(_JPEG):
        raise Invalid(NO_PICTURE, field)
    return answer


def _asked(data: bytes) -> bytes:
    limits = Limits(seconds=SECONDS, memory_bytes=MEMORY)
    child = Killable("hub.ground.pictures.child", str(SIDE), str(PIXELS), json.dumps(asdict(limits)))
    try:
        return child.ask(base64.b64encode(data), within=SECONDS, most=_MOST)
    except (Late, Gone, Endless) as failed:
        log.info("a picture was not decoded", why=type(failed).__name__)
        return b""
    finally:
        child.kill()
