"""The process that decodes one hostile picture: `python -m hub.ground.pictures.child SIDE PIXELS LIMITS`.

The picture comes as a line of base64. The answer is a JPEG, or empty where it is no picture that is taken, or one of
too many pixels (`MANY`). It may not open a socket, start a program or write a file.
"""

import base64
import io
import json
import os
import sys
from typing import BinaryIO, Final

from PIL import Image, ImageOps

from hub.ground.extraction.child import OUT_OF_MEMORY, confine
from hub.ground.extraction.outcome import Limits

FORMATS: Final = ("JPEG", "PNG", "WEBP")
MANY: Final = b"many"
QUALITY: Final = 85
WHITE: Final = (255, 255, 255)


def main(arguments: list[str]) -> int:
    """Answer one line."""
    side, pixels, limits = int(arguments[0]), int(arguments[1]), Limits(**json.loads(arguments[2]))
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    sys.stdout = sys.stderr  # whatever a library prints must not be taken for an answer
    Image.init()
    confine(limits)
    try:
        _answer(answers, _taken(base64.b64decode(sys.stdin.buffer.readline()), side, pixels))
    except MemoryError:
        return OUT_OF_MEMORY
    return 0


def _taken(data: bytes, side: int, pixels: int) -> bytes:
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
            if opened.width * opened.height > pixels:
                return MANY
            opened.draft("RGB", (2 * side, 2 * side))  # of a JPEG no more than is needed is decoded
            return _written(opened, side)
    except Image.DecompressionBombError:
        return MANY
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  # whatever a decoder says of a hostile file
        return b""


def _written(opened: Image.Image, side: int) -> bytes:
    """The middle of a picture as it is held upright, square, on white where it is see-through."""
    upright = ImageOps.exif_transpose(opened)
    edge = min(side, *upright.size)
    square = ImageOps.fit(upright.convert("RGBA"), (edge, edge))
    ground = Image.new("RGB", square.size, WHITE)
    ground.paste(square, mask=square.getchannel("A"))
    found = io.BytesIO()
    ground.save(found, "JPEG", quality=QUALITY)
    return found.getvalue()


def _answer(stream: BinaryIO, data: bytes) -> None:
    stream.write(len(data).to_bytes(8, "big") + data)
    stream.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
