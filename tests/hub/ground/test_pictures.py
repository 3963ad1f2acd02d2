"""A portrait holds nothing of the file that was sent but what one sees, and no file brings down what takes it."""

import io
import struct
import zlib

import pytest
from PIL import Image

from hub.ground.errors import Invalid
from hub.ground.pictures import LARGEST, SIDE, portrait

RED, BLUE = (200, 30, 30), (30, 30, 200)
WHERE = "53.7997 north"
ORIENTATION, WORDS = 0x0112, 0x010E


def picture(kind: str, size: tuple[int, int] = (900, 600), **more: object) -> bytes:
    """A picture whose left half is red and whose right half is blue."""
    image = Image.new("RGB", size, BLUE)
    image.paste(RED, (0, 0, size[0] // 2, size[1]))
    written = io.BytesIO()
    image.save(written, kind, **more)
    return written.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def near(found: object, wanted: tuple[int, int, int]) -> bool:
    assert isinstance(found, tuple)
    return all(abs(one - other) < 24 for one, other in zip(found, wanted, strict=True))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_each_kind_becomes_a_square_jpeg_of_its_middle(kind: str) -> None:
    found = opened(portrait(picture(kind)))
    assert (found.format, found.size, found.mode) == ("JPEG", (SIDE, SIDE), "RGB")
    assert near(found.getpixel((40, 256)), RED)
    assert near(found.getpixel((470, 256)), BLUE)


def test_a_small_picture_is_not_blown_up() -> None:
    assert opened(portrait(picture("PNG", (90, 64)))).size == (64, 64)


def test_nothing_that_was_written_into_the_file_is_kept_and_it_stands_upright() -> None:
    exif = Image.Exif()
    exif[ORIENTATION], exif[WORDS] = 6, WHERE  # the camera was held on its side
    sent = picture("JPEG", exif=exif, comment=WHERE.encode())
    assert WHERE.encode() in sent
    data = portrait(sent)
    assert WHERE.encode() not in data
    assert dict(opened(data).getexif()) == {}
    assert near(opened(data).getpixel((256, 40)), RED)
    assert near(opened(data).getpixel((256, 470)), BLUE)


def test_what_is_see_through_stands_on_white() -> None:
    written = io.BytesIO()
    Image.new("RGBA", (80, 80), (0, 0, 0, 0)).save(written, "PNG")
    assert near(opened(portrait(written.getvalue())).getpixel((40, 40)), (255, 255, 255))


def bomb(width: int, height: int) -> bytes:
    """A small PNG that says it is vast."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 1_000_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "JPEG, PNG or WebP"),
        (b"hello", "JPEG, PNG or WebP"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "JPEG, PNG or WebP"),
        (b"GIF89a" + b"\0" * 40, "JPEG, PNG or WebP"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 400, "JPEG, PNG or WebP"),
        (picture("JPEG")[:900], "JPEG, PNG or WebP"),
        (picture("GIF"), "JPEG, PNG or WebP"),
        (picture("TIFF"), "JPEG, PNG or WebP"),
        (bomb(60_000, 60_000), "40 million pixels"),
        (bomb(6_000, 6_000), "JPEG, PNG or WebP"),
        (b"\0" * (LARGEST + 1), "8 MB"),
    ],
)  # fmt: skip
def test_whatever_else_is_sent_is_refused_with_what_to_do(data: bytes, says: str) -> None:
    with pytest.raises(Invalid, match=says) as refused:
        portrait(data, "photo")
    assert refused.value.field == "photo"
