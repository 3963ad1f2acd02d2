"""The link in a letter by which its reader gets no more of its kind, without signing in (RFC 8058).

It holds who and which kind, sealed by the keys that sign cookies, and nothing of it is kept: so it works for as long as
the letter lies in a mailbox. It gives no right but this one.
"""

from typing import Final

from itsdangerous import BadData, URLSafeSerializer

from hub.ground.keys import Keys
from hub.mail.models import SentLetter

PATH: Final = "/letters/stop/"


def stop_path(keys: Keys, letter: SentLetter) -> str:
    """The path that ends letters of this kind for its person; empty for letters that nobody can end."""
    return f"{PATH}{_seal(keys).dumps([letter.kind, letter.person_id])}" if letter.kind and letter.person_id else ""


def stopped_by(keys: Keys, token: str) -> tuple[str, str] | None:
    """The kind and the person's id of such a link; None for what this hub did not seal."""
    try:
        kind, person_id = _seal(keys).loads(token)
    except (BadData, TypeError, ValueError):
        return None
    return str(kind), str(person_id)


def _seal(keys: Keys) -> URLSafeSerializer:
    return URLSafeSerializer(list(reversed(keys.signing)), salt="letters")  # it signs with the last of a list
