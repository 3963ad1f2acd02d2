"""What no form of ours sends and no page can do anything with is refused at the door, in one place."""

from collections.abc import Iterable
from typing import Final

from flask import Flask, request
from werkzeug.datastructures import ImmutableMultiDict

from hub.ground.errors import Invalid
from hub.ground.letters import is_unseen

_MOST_DIGITS: Final = 8
_NUL: Final = "\0"
"""PostgreSQL keeps none in a text, nor compares with one."""


def init_fields(app: Flask) -> None:
    """Look at the fields of every request before its view does; raises Invalid.

    To be called after the guard, which sends strangers away and says how much they may send.
    """
    app.before_request(_check)


def _check() -> None:
    if any(_NUL in text for text in _texts(request.args.items(multi=True))):  # a search for it finds nothing
        asked = ((name, text.replace(_NUL, "\ufffd")) for name, text in request.args.items(multi=True))
        request.args = ImmutableMultiDict(asked)
    names = (file.filename or "" for _, file in request.files.items(multi=True))
    for text in (*_texts(request.form.items(multi=True)), *names):
        if _NUL in text:
            raise Invalid("What was sent holds a NUL, which no text can hold. Take it out, and send it again.")
        if looks_empty(text):
            raise Invalid("One of the fields holds only characters that cannot be seen. Write something, or nothing.")


def looks_empty(text: str) -> bool:
    """Whether a text looks empty and is not: zero width, joiners, marks of direction. Spaces alone are left out."""
    kept = text.strip()
    return bool(kept) and all(map(is_unseen, kept))


def _texts(fields: Iterable[tuple[str, str]]) -> list[str]:
    return [text for pair in fields for text in pair]


def number_in(text: str | None) -> int | None:
    """The number that a field or a question of an address holds; None of what is none, or is longer than any here."""
    whole = text is not None and text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS
    return int(text) if text is not None and whole else None
