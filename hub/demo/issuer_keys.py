"""What the demo issuers keep on disk with mode 0600: one signing key, and the hub's secret at each of them."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path

from joserfc.jwk import RSAKey

_KEY_BITS = 2048


def load_key(folder: Path) -> RSAKey:
    """The signing key of the demo issuers, made at the first start."""
    return RSAKey.import_key(_kept(folder / "issuer-key.pem", _new_key))


def load_secret(folder: Path, slug: str) -> str:
    """The secret with which the hub signs in at an organisation's demo issuer, made at the first start."""
    return _kept(folder / f"client-secret-{slug}", lambda: secrets.token_urlsafe(32)).strip()


def _new_key() -> str:
    key = RSAKey.generate_key(_KEY_BITS)
    return key.as_pem(private=True).decode()


def _kept(path: Path, make: Callable[[], str]) -> str:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        _write_once(path, make())
    return path.read_text("ascii")


def _write_once(path: Path, text: str) -> None:
    """Write beside, then link into place: a reader never sees half, and of two writers the first wins."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(beside, path)
    except FileExistsError:
        pass  # another process made it in the same moment: theirs is the one to use
    finally:
        beside.unlink()
