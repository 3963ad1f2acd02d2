"""How the hub's mail leaves: the mail server's address taken apart and checked, and what stands in every letter."""

import re
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

TLS, STARTTLS, NO_TLS = "tls", "starttls", "none"
LONGEST_ADDRESS = 254
LONGEST_LOCAL = 24
"""Of its 64, what the part before the @ may have where letters come back."""
_PORTS = {TLS: 465, STARTTLS: 587, NO_TLS: 25}
_ATOM = r"[^\s.@<>()\[\],;:\\\"\x00-\x1f\x7f]+"
_PART = rf"{_ATOM}(?:\.{_ATOM})*"
_ADDRESS = re.compile(f"{_PART}@{_PART}")
_HELP = "write smtp://user:password@mail.example.gov.uk:587 (STARTTLS) or smtps://user:password@mail.example.gov.uk"


@dataclass(frozen=True)
class SmtpServer:
    """A mail server that takes the hub's letters, and how the way to it is protected."""

    host: str
    port: int
    security: str
    """`tls` from the first byte, `starttls` before anything is said, or `none`."""
    user: str = ""
    password: str = field(default="", repr=False)

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True)
class Mailing:
    """What letters are sent with: the server (None: they go into the folder) and the name that they are sent in."""

    server: SmtpServer | None
    sender: str
    """Address that letters come from."""
    name: str
    folder: Path
    """Letters lie here as .eml files while no server is set."""
    a_minute: int = 600
    """How many letters the server is given within a minute, at most."""
    returns: str = ""
    """Address to which letters come back, each with its own part behind a plus; empty: to `sender`, as it is."""


def smtp_server(url: str) -> SmtpServer:
    """The server of an address `smtp://…` or `smtps://…`; raises ValueError that says what to write, no password.

    `smtp` needs STARTTLS, except to this machine itself or with `?tls=none`; a password never goes unprotected to
    another machine.
    """
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        raise ValueError(f"HUB_SMTP_URL has a port that is no number: {_HELP}") from None
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    unknown = options.keys() - {"tls"} or options.get("tls", NO_TLS) not in {STARTTLS, NO_TLS}
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or parts.path not in {"", "/"} or unknown:
        raise ValueError(f"HUB_SMTP_URL cannot be read: {_HELP}, and ?tls=none only where a server has no TLS")
    if parts.scheme == "smtps" and options:
        raise ValueError("HUB_SMTP_URL: smtps is TLS from the first byte, so ?tls= says nothing there: leave it out")
    near = _is_this_machine(parts.hostname)
    security = TLS if parts.scheme == "smtps" else options.get("tls") or (NO_TLS if near else STARTTLS)
    if parts.username and security == NO_TLS and not near:
        raise ValueError("HUB_SMTP_URL would send the password unprotected: leave ?tls=none or the password out")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    return SmtpServer(parts.hostname, port or _PORTS[security], security, user, password)


def takes_returns(text: str) -> bool:
    """Whether letters can come back to an address: in ASCII, and short enough for a plus and what names a letter."""
    local = text.partition("@")[0]
    return is_address(text) and text.isascii() and "+" not in local and len(local) <= LONGEST_LOCAL


def is_address(text: str) -> bool:
    """Whether a text can stand as the one address of a letter: something, an @, something, and no room for tricks."""
    return len(text) <= LONGEST_ADDRESS and _ADDRESS.fullmatch(text) is not None


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
