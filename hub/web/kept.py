"""What a person sent and the hub could not take is given back with the answer: in full, to them alone.

Only what comes under a sealed form token for just this address is given back. Where nobody is signed in any more, it
goes into the answer for whoever holds the form; where somebody else is, it is sealed, and nobody but its writer can
open it. The hub stores none of it.
"""

import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import flask
from flask import Flask, g, request
from werkzeug.exceptions import HTTPException

from hub.ground.errors import Unavailable
from hub.web.form_tokens import FIELD, FormToken, FormTokens
from hub.web.typed import Kept, KeptField

SEALED: Final = "sealed"
"""The field that holds what somebody else wrote."""
MOST_READ: Final = 500_000_000
"""Bytes of a refused form that are read, so that its words come back; of files only the names are kept."""
WORDS: Final[Mapping[str, str]] = {
    "about": "Description",
    "address": "Address",
    "answer_within": "Working days to answer",
    "at": "Time",
    "at_once": "Sessions at once",
    "ask_about": "Ask me about",
    "body": "Text",
    "called": "How to say your name",
    "closes": "Last day",
    "client_id": "Client id",
    "contact": "How people reach the administrators",
    "description": "Description",
    "done-note": "What was done",
    "done_on": "Since when it is done",
    "domain": "Mail domain",
    "domains": "Mail domains",
    "email": "E-mail address",
    "from": "From",
    "handle": "Short name",
    "hours": "Hours",
    "idle_minutes": "Minutes without use",
    "issuer": "Address of the issuer",
    "job": "Job title",
    "languages": "Languages",
    "leave-note": "Why it stays",
    "learning": "What you want to learn",
    "months": "Months",
    "name": "Name or title",
    "note": "Note",
    "place": "Place",
    "reason": "Reason",
    "skill": "Another skill",
    "skills": "Skills",
    "slug": "Short name in addresses",
    "span": "Words to remove",
    "sponsor": "Sponsor",
    "stand_in": "Whom to ask meanwhile",
    "team": "Team",
    "tell": "Whom to tell",
    "text": "Text",
    "to": "Until",
    "until": "Last day",
    "withdraw-note": "Why it is withdrawn",
    "words": "More about it",
    "venue": "Where",
    "working_days": "Working days",
    "worth": "What it was worth",
}
"""The fields in which people write, and what an error page calls them. Others travel along unseen."""
SECRETS: Final = frozenset({"carried", "code", "passkey", "secret"})
"""Fields that are never shown again."""
_LONG: Final = frozenset({"body", "domains", "text"})
_OWN: Final = frozenset({"csrf_token", FIELD, SEALED})
_AHEAD: Final = 8_192
_TOKEN_AHEAD: Final = re.compile(FIELD.encode() + rb'(?:"\r?\n\r?\n|=)([\w.-]+)')
_KEY: Final = "hub.web.form_tokens"


@dataclass(frozen=True, slots=True)
class SentForm:
    """A form as it was sent by whoever it was given to, but for secrets and the content of files."""

    address: str
    """Where it was sent, with the query."""
    token: str
    fields: list[tuple[str, str]]
    """Secrets with empty values."""
    files: list[tuple[str, str]]
    """Fields with the names of files."""


class SignedOut(Exception):
    """Nobody is signed in who could send what was sent."""


class OtherPerson(Exception):
    """What was sent is a form of somebody else than who is signed in."""


class SentBefore(Exception):
    """What comes is what could not be taken before, to be looked at again."""


class Request(flask.Request):
    """A request that can do without the content of the files that come with it."""

    passes_over_files = False

    def make_form_data_parser(self) -> Any:
        """The parser of forms."""
        parser = super().make_form_data_parser()
        if self.passes_over_files:
            parser.stream_factory = _nowhere  # type: ignore[assignment]  # all that the parser does with it is writing
        return parser


def init_kept(app: Flask, tokens: FormTokens) -> None:
    """Let each form carry a token, and refuse what is not a form of whoever sends it."""
    app.request_class = Request
    app.extensions[_KEY] = tokens
    app.jinja_env.globals["form_token"] = tokens.new
    app.before_request(_check)


def form_token() -> FormToken | None:
    """The token of the form that was sent, if it is one of ours for this address."""
    token = opened_token()
    return token if token is not None and token.address == request.path else None


def opened_token() -> FormToken | None:
    """The token that came along, for whichever address; None where it is none of ours."""
    tokens: FormTokens = flask.current_app.extensions[_KEY]
    return tokens.opened(request.form.get(FIELD, ""))


def is_signed_out_form() -> bool:
    """Whether a stranger sends a form that was given to somebody. Of any other only the beginning is read."""
    tokens: FormTokens = flask.current_app.extensions[_KEY]
    if request.method != "POST" or "form" in vars(request) or not request.content_length:
        return False
    stream = request.environ["wsgi.input"]
    ahead = stream.read(min(_AHEAD, request.content_length))
    request.environ["wsgi.input"] = _Continued(ahead, stream)
    found = _TOKEN_AHEAD.search(ahead)
    token = tokens.opened(found[1].decode()) if found else None
    return token is not None and token.address == request.path and kept() is not None


def kept(*, again: bool = True) -> Kept | None:
    """What was sent, for the answer that refuses it; None where there is nothing in it that somebody wrote.

    `again` says whether it may be sent again from there.
    """
    tokens: FormTokens = flask.current_app.extensions[_KEY]
    if request.method != "POST" or not _read():
        return None
    token = form_token()
    if token is None:
        return None
    here, viewer = request.full_path.rstrip("?"), tokens.person()
    sealed = request.form.get(SEALED, "")
    if viewer and viewer == token.person and sealed:
        fields, files = _unsealed(tokens, token, sealed)
    else:
        fields = [(name, text) for name, text in request.form.items(multi=True) if name not in _OWN]
        files = [(name, file.filename) for name, file in request.files.items(multi=True) if file.filename]
    if not sealed and not files and not any(text.strip() for name, text in fields if name in WORDS):
        return None
    if sealed and viewer != token.person:
        return Kept(here, tokens.sealed(token), sealed=sealed, signed_out=not viewer)
    if viewer and viewer != token.person:
        whole = json.dumps([token.person, token.address, fields, files])
        return Kept(here, tokens.sealed(token), sealed=tokens.keys.encrypt(whole))
    return _shown(here, tokens.sealed(token), fields, files, signed_out=not viewer, again=again)


def sent_form() -> SentForm | None:
    """What was sent by the person who is signed in, in a form of theirs for just this address; None for all else."""
    tokens: FormTokens = flask.current_app.extensions[_KEY]
    if request.method != "POST" or not _read():
        return None
    token = form_token()
    if token is None or token.person != tokens.person() or SEALED in request.form:
        return None
    fields = [(n, "" if n in SECRETS else t) for n, t in request.form.items(multi=True) if n not in _OWN]
    files = [(name, file.filename) for name, file in request.files.items(multi=True) if file.filename]
    return SentForm(request.full_path.rstrip("?"), tokens.sealed(token), fields, files)


def given_back(form: SentForm) -> tuple[Kept, tuple[str, ...]]:
    """The form as a page gives it back, and the fields of secrets that have to be typed again."""
    fields = [(name, text) for name, text in form.fields if name not in SECRETS]
    kept = _shown(form.address, form.token, fields, form.files, signed_out=False, again=True)
    return kept, tuple(name for name, _ in form.fields if name in SECRETS)


def _check() -> None:
    if request.method != "POST" or g.get("user") is None:
        return
    tokens: FormTokens = flask.current_app.extensions[_KEY]
    token = form_token()
    if token is not None and token.person != tokens.person():
        raise OtherPerson
    if token is not None and SEALED in request.form:
        raise SentBefore


def _read() -> bool:
    """Whether the form is there. One that was refused unread, for its length or for who sends it, is read now."""
    if "form" not in vars(request):
        request.passes_over_files = True  # type: ignore[attr-defined]
        request.max_content_length = MOST_READ
        try:
            _ = request.form
        except (HTTPException, OSError):
            return False
    return True


def _unsealed(tokens: FormTokens, token: FormToken, sealed: str) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    try:
        person, address, fields, files = json.loads(tokens.keys.decrypt(sealed))
    except (Unavailable, UnicodeEncodeError, ValueError):
        return [], []
    if (person, address) != (token.person, token.address):
        return [], []
    return [(str(n), str(t)) for n, t in fields], [(str(n), str(t)) for n, t in files]


def _shown(
    here: str, token: str, fields: list[tuple[str, str]], files: list[tuple[str, str]], *, signed_out: bool, again: bool
) -> Kept:
    words: dict[str, KeptField] = {}
    rest = []
    for name, text in fields:
        whole = text.replace("\0", "\ufffd")
        if name in WORDS and name not in words and whole.strip():
            words[name] = KeptField(name, WORDS[name], whole, long=name in _LONG or "\n" in text)
        elif name not in SECRETS:
            rest.append((name, whole))
    return Kept(
        here, token, tuple(words.values()), tuple(rest), tuple(dict(files).items()), signed_out=signed_out, again=again
    )


def _nowhere(*_: object, **__: object) -> "_Nowhere":
    return _Nowhere()


class _Nowhere(io.RawIOBase):
    """Where the content of files goes that nobody keeps."""

    def write(self, given: Any) -> int:
        """Take it, and forget it."""
        return len(given)

    def seekable(self) -> bool:
        """Parsers go back to the beginning."""
        return True

    def seek(self, offset: int, _whence: int = 0) -> int:
        """There is only the beginning."""
        return offset


class _Continued:
    """A stream of which the beginning was read already."""

    def __init__(self, ahead: bytes, rest: Any) -> None:
        self._ahead, self._rest = ahead, rest

    def read(self, size: int = -1) -> bytes:
        """The next bytes."""
        if not self._ahead:
            return bytes(self._rest.read(size))
        if size < 0:
            size = len(self._ahead)
        given, self._ahead = self._ahead[:size], self._ahead[size:]
        return given
