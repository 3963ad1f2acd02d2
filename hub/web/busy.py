"""What people are told while the hub has more to do than it can: pages that are made once, when it starts.

They hold nothing of whoever asks, set no cookie and touch no session. A form that was refused was not read: a browser
still has it, and sends it again when the page is loaded anew, which the page says.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from flask import Flask

from hub.web.csp import page_headers

RETRY_SECONDS: Final = 5
_TITLE: Final = "The hub is very busy"
_SAID: Final = "More people are asking for something just now than the hub can answer at once."
_OWN: Final = "The hub is still at work on what you asked for just now."
_AGAIN: Final = "Wait a few seconds, then load this page again."
_SENT: Final = (
    "Nothing of what you sent is saved, and nothing of it is lost. Wait a few seconds, then load this page again: your "
    "browser asks whether to send it once more. Say yes."
)


@dataclass(frozen=True)
class Busy:
    """Why there is no answer: whether by one's own requests, and whether something was sent that is to be kept."""

    own: bool
    sends: bool


@dataclass(frozen=True)
class Refusal:
    """An answer, ready to be sent."""

    status: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


def refusals(app: Flask, *, https: bool) -> Mapping[Busy, Refusal]:
    """Every answer that there can be; to be called when templates are set up."""
    whys = [Busy(own=own, sends=sends) for own in (False, True) for sends in (False, True)]
    return {why: _refusal(app, why, https=https) for why in whys}


def _refusal(app: Flask, why: Busy, *, https: bool) -> Refusal:
    template = app.jinja_env.get_template("layout/errors/busy.html")
    sentences = (_OWN if why.own else _SAID, _SENT if why.sends else _AGAIN)
    body = template.render(title=_TITLE, sentences=sentences).encode()
    status = HTTPStatus.TOO_MANY_REQUESTS if why.own else HTTPStatus.SERVICE_UNAVAILABLE
    headers = page_headers(https=https) | {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Length": str(len(body)),
        "Retry-After": str(RETRY_SECONDS),
    }
    return Refusal(f"{status.value} {status.phrase}", tuple(headers.items()), body)
