"""The hub's own secrets: made at the first start, kept in a file that only its owner may read."""

import base64
import hashlib
import hmac
import json
import os
import secrets
from pathlib import Path
from typing import Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from hub.ground.errors import Unavailable

_CHECKED: Final = b"knowledge-hub: by what a key is known"


class OtherKeys(Unavailable):
    """The keys of this machine are not those that the hub works with; the sentence says what to do."""


class Keys:
    """Secrets for signing cookies and for encrypting what lies in the database. The newest comes first."""

    def __init__(self, signing: tuple[str, ...], encryption: tuple[str, ...]) -> None:
        if not signing:
            raise ValueError("there is no key to sign with")
        self.signing = signing
        self._encryption = encryption
        self._fernet = MultiFernet([Fernet(key) for key in encryption])

    @property
    def check(self) -> str:
        """By what the newest keys are known to machines that should have the same; it tells nothing of the keys."""
        return f"{_check_of(self.signing[0])} {_check_of(self._encryption[0])}"

    def know(self, check: str) -> bool:
        """Whether the keys of which that is the `check` are among these, new or old."""
        signing, _, encryption = check.partition(" ")
        return signing in map(_check_of, self.signing) and encryption in map(_check_of, self._encryption)

    def encrypt(self, text: str) -> str:
        """The text, readable only with this hub's keys."""
        return self._fernet.encrypt(text.encode()).decode("ascii")

    def decrypt(self, sealed: str) -> str:
        """What `encrypt` was given; raises Unavailable when it was sealed with keys that are gone."""
        try:
            return self._fernet.decrypt(sealed.encode("ascii")).decode()
        except InvalidToken:
            raise Unavailable(
                "A secret in the database was sealed with keys that the key file no longer has."
            ) from None


def load_keys(path: Path) -> Keys:
    """Read the key file; the first start writes it (mode 0600). Raises Unavailable when it cannot be read."""
    try:
        return keys_in(path.read_text("utf-8"))
    except FileNotFoundError:
        return _first_keys(path)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Unavailable(f"The key file {path} cannot be read ({error}): restore it from a backup.") from error


def keys_in(content: str) -> Keys:
    """The keys in the content of a key file; raises ValueError, KeyError or TypeError for anything else."""
    found = json.loads(content)
    return Keys(tuple(found["signing"]), tuple(found["encryption"]))


def _check_of(key: str) -> str:
    return hmac.new(key.encode(), _CHECKED, hashlib.sha256).hexdigest()


def _first_keys(path: Path) -> Keys:
    fresh = {
        "signing": [secrets.token_hex(32)],
        "encryption": [base64.urlsafe_b64encode(secrets.token_bytes(32)).decode("ascii")],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    whole = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(whole, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(fresh, file)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(whole, path)  # unlike a rename, this never replaces the keys of a process that was first
    except FileExistsError:
        return load_keys(path)
    finally:
        whole.unlink()
    return Keys(tuple(fresh["signing"]), tuple(fresh["encryption"]))
