"""What one sheet of a form sends is done once, however often and from wherever it is sent.

The database decides, by one row for each sheet and content: it is written in the transaction of the act, so that of
two at once one waits, and finds that it is done. A repeated answer is judged again: views call `check_sheet` after
they have judged, and what it leads to is a page that judges for itself.
"""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

from flask import Flask, g, make_response, redirect, request
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from hub.access.guard import parts
from hub.access.parts import Parts
from hub.ground.forgetting import forget as forget_rows
from hub.ground.unit_of_work import UnitOfWork
from hub.keeping.drafts import address_of, forget
from hub.keeping.models import AnsweredSheet
from hub.web.flash import say
from hub.web.form_tokens import FIELD
from hub.web.kept import form_token

KEPT: Final = timedelta(days=2)
"""How long a sheet is known to be answered."""
TWICE: Final = "That was sent twice. It was done once, and this is what came of it."


class SentTwice(Exception):
    """This sheet did already what it says."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class Answer:
    """Where the answer of a form leads to."""

    location = "/"


def init_once(app: Flask) -> None:
    """Answer what was sent twice with what came of it the first time."""
    app.register_error_handler(SentTwice, _answer)


def check_sheet() -> None:
    """Raise SentTwice where the sheet that was sent is answered already. To be called once the viewer was judged."""
    key = _key()
    if key and g.db.get(AnsweredSheet, key) is not None:
        raise SentTwice(key)


@contextmanager
def once(uow: UnitOfWork) -> Iterator[Answer]:
    """Do in this unit of work what a sheet says, and note where the answer leads to; raises SentTwice."""
    answer, key = Answer(), _key()
    row = AnsweredSheet(key=key, location="", at=uow.now)
    if key:
        uow.session.add(row)
        try:
            uow.session.flush()
        except IntegrityError:
            raise SentTwice(key) from None
    yield answer
    row.location = answer.location
    token = form_token()
    if token is not None:
        forget(uow, token.person, address_of(request.full_path))


def tidy(parts: Parts) -> int:
    """Forget sheets that nobody sends again; returns how many."""
    return forget_rows(parts.database, parts.clock, AnsweredSheet, AnsweredSheet.at < parts.clock.now() - KEPT)


def _key() -> str:
    """What tells this sheet with this content from every other; empty where the form has no sheet."""
    token = form_token()
    if token is None or not token.sheet:
        return ""
    if "sheet_key" not in g:
        fields = [(n, t) for n, t in request.form.items(multi=True) if n not in {"csrf_token", FIELD}]
        files = []
        for name, file in request.files.items(multi=True):
            files.append((name, file.filename, hashlib.file_digest(file.stream, "sha256").hexdigest()))  # type: ignore[arg-type]
            file.stream.seek(0)
        whole = [token.person, request.full_path, token.sheet, sorted(fields), files]
        g.sheet_key = hashlib.sha256(json.dumps(whole).encode("utf-8", "surrogatepass")).hexdigest()
    return str(g.sheet_key)


def _answer(twice: SentTwice) -> Response:
    with parts().database.reading() as session:
        row = session.get(AnsweredSheet, twice.key)
    say(TWICE, "info")
    return make_response(redirect(row.location if row else "/", code=303))
