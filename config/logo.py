"""The logo of an installation: a small picture that does nothing but be seen."""

import re
from pathlib import Path
from typing import Final

LARGEST: Final = 200_000
"""Bytes."""
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_ACTIVE: Final = re.compile(
    rb"<script|<foreignobject|<!entity|\son[a-z]+\s*=|(?:href\s*=|url\()\s*[\"']?https?:", re.IGNORECASE
)


def check_logo(path: Path) -> Path:
    """The path again; raises ValueError with a sentence for what is no SVG or PNG, too large, or no mere picture."""
    if path.suffix.lower() not in {".svg", ".png"}:
        raise ValueError("the logo is a file that ends in .svg or .png")
    try:
        body = path.read_bytes()
    except OSError as error:
        raise ValueError(f"the logo cannot be read: {error.strerror}") from error
    if len(body) > LARGEST:
        raise ValueError(
            f"the logo has {len(body):,} bytes, and every page carries it: make it smaller than {LARGEST:,}"
        )
    if path.suffix.lower() == ".png":
        if not body.startswith(_PNG):
            raise ValueError("the logo is no PNG picture, although its name says so")
    elif b"<svg" not in body[:2000].lower():
        raise ValueError("the logo is no SVG picture, although its name says so")
    elif _ACTIVE.search(body):
        raise ValueError("the logo holds a script, an entity or an address elsewhere: save it as plain SVG")
    return path
