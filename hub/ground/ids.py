"""Opaque ids: short, lower case, unguessable enough that nobody walks through them. And letters for readable ones."""

import hashlib
import hmac
import secrets
import string
import unicodedata

_ALPHABET = string.ascii_lowercase + string.digits
LENGTH = 12
TAIL = 4
# Letters that Unicode does not take apart into a plain one and a mark; without this Łukasz would become "ukasz".
_WHOLE = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ŧ": "t", "ı": "i"}
)


def new_id() -> str:
    """Twelve characters of `[a-z0-9]` (62 bits), the first a letter, so that no id reads as a number."""
    return secrets.choice(string.ascii_lowercase) + "".join(secrets.choice(_ALPHABET) for _ in range(LENGTH - 1))


def id_of(key: str, *words: str) -> str:
    """An id as `new_id` makes them, the same each time for the same words; without the key nobody can work it out."""
    number = int.from_bytes(hmac.digest(key.encode(), "\0".join(words).encode(), "sha256"))
    number, first = divmod(number, len(string.ascii_lowercase))
    rest = ((number // len(_ALPHABET) ** place) % len(_ALPHABET) for place in range(LENGTH - 1))
    return string.ascii_lowercase[first] + "".join(_ALPHABET[digit] for digit in rest)


def with_tail(slug: str, longest: int) -> str:
    """A readable part of an address with four letters behind it that nobody guesses: lantern becomes lantern-x7q2."""
    tail = "".join(secrets.choice(_ALPHABET) for _ in range(TAIL))
    return f"{slug[: longest - TAIL - 1].rstrip('-')}-{tail}"


def new_secret() -> str:
    """An unguessable token for links, cookies and handles (256 bits, URL-safe)."""
    return secrets.token_urlsafe(32)


def hash_of(secret: str) -> str:
    """What the database keeps of a secret (SHA-256, hex)."""
    return hashlib.sha256(secret.encode()).hexdigest()


LONGEST_NAME = 1_000
"""Characters of a name that are looked at; no form takes so many."""


def plain_letters(name: str) -> str:
    """A name in lower case without accents, in ASCII; what has no likeness there is left out. Łukasz gives lukasz."""
    whole = name[:LONGEST_NAME].casefold().translate(_WHOLE)
    return unicodedata.normalize("NFKD", whole).encode("ascii", "ignore").decode().casefold()
