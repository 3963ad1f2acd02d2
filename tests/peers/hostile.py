"""An issuer of our own that tells any lie it is given: real HTTP on loopback, its behaviour plain data.

Left alone it is a well-behaved OpenID provider (S256 checked, codes used once, RFC 9207 ``iss``), so that each test
changes the one thing it is about: the fields of ``behaviour``.
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, parse_qsl, unquote_plus, urlencode, urlsplit

from tests.peers.mint import DELETE, Mint


@dataclass(frozen=True)
class Raw:
    """An answer as bytes, for what no honest server sends. ``chunks`` are sent with ``pause`` seconds between."""

    chunks: Iterable[bytes]
    status: int = 200
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "application/json"),)
    pause: float = 0.0


@dataclass
class Behaviour:
    """What the issuer does. Overrides replace entries; ``DELETE`` leaves one out."""

    metadata: dict[str, Any] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    forge: Callable[[Mint], Any] | None = None
    answer: dict[str, Any] = field(default_factory=dict)
    callback: Callable[[list[tuple[str, str]]], list[tuple[str, str]]] = list
    keys: list[Mapping[str, Any]] | None = None
    raw: dict[str, Raw] = field(default_factory=dict)
    cache_control: str = "max-age=300"
    subject: str = "ann"
    proofs: tuple[str, ...] = ()
    """The ways of showing the client secret that it takes, of `WAYS`; none named, it takes anything, nothing too."""
    userinfo: dict[str, Any] | None = None
    """What its userinfo endpoint says to whoever brings the access token; None: it has no such endpoint."""


@dataclass(frozen=True)
class Seen:
    """A request that reached the issuer."""

    method: str
    path: str
    query: Mapping[str, str]
    form: Mapping[str, str]
    headers: Mapping[str, str]


def changed(honest: Mapping[str, Any], overrides: Mapping[str, Any]) -> dict[str, Any]:
    """Return a mapping with overrides laid over it."""
    return {name: value for name, value in {**honest, **overrides}.items() if value is not DELETE}


class HostileIssuer:
    """A running issuer. ``seen`` holds every request that reached it."""

    def __init__(self, address: str = "127.0.0.1", now: Callable[[], float] = time.time) -> None:
        self.behaviour = Behaviour()
        self.seen: list[Seen] = []
        self.codes: dict[str, dict[str, str]] = {}
        self.now = now
        self._stop = threading.Event()
        issuer = self

        class Handler(_Handler):
            peer = issuer

        self._server = ThreadingHTTPServer((address, 0), Handler)
        self._server.daemon_threads = True
        self.issuer = f"http://{address}:{self._server.server_address[1]}"
        self.mint = Mint(issuer=self.issuer)

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._server.shutdown()
        self._server.server_close()

    def count(self, path: str) -> int:
        """Return how many requests came for a path."""
        return sum(seen.path == path for seen in self.seen)

    def proven(self, form: Mapping[str, str], headers: Mapping[str, str]) -> bool:
        """Whether whoever asks for tokens showed the secret in one of the ways that this issuer takes."""
        if not self.behaviour.proofs:
            return True
        scheme, _, pair = headers.get("authorization", "").partition(" ")
        name, _, secret = base64.b64decode(pair).decode().partition(":") if scheme == "Basic" else ("", "", "")
        known, own = (self.mint.client_id, self.mint.client_secret)
        ways = {
            "plain": (name, secret) == (known, own),
            "encoded": (unquote_plus(name), unquote_plus(secret)) == (known, own),
            "post": (form.get("client_id"), form.get("client_secret")) == (known, own),
        }
        return any(ways[way] for way in self.behaviour.proofs)

    def metadata(self) -> dict[str, Any]:
        """Return the metadata document, lies included."""
        honest = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "end_session_endpoint": f"{self.issuer}/sign-out",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "code_challenge_methods_supported": ["S256"],
            "id_token_signing_alg_values_supported": ["RS256", "ES256", "PS256", "EdDSA", "Ed25519", "none", "HS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            "authorization_response_iss_parameter_supported": True,
        }
        if self.behaviour.userinfo is not None:
            honest["userinfo_endpoint"] = f"{self.issuer}/userinfo"
        return changed(honest, self.behaviour.metadata)

    def jwks(self) -> dict[str, Any]:
        """Return the key set, lies included."""
        return {"keys": self.mint.public_keys() if self.behaviour.keys is None else self.behaviour.keys}

    def authorize(self, query: Mapping[str, str]) -> str:
        """Sign the person in without a word, and return the address to send the browser back to."""
        code = secrets.token_urlsafe(16)
        self.codes[code] = dict(query)
        pairs = [("code", code), ("state", query.get("state", "")), ("iss", self.issuer)]
        return f"{query['redirect_uri']}?{urlencode(self.behaviour.callback(pairs))}"

    def tokens(self, form: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        """Trade a code for tokens: status and answer."""
        asked = self.codes.pop(form.get("code", ""), None)
        verifier = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(verifier).rstrip(b"=").decode()
        if asked is None or asked.get("code_challenge") != challenge or asked["redirect_uri"] != form["redirect_uri"]:
            return 400, {"error": "invalid_grant", "error_description": "<b>call 0800 to fix this</b>"}
        mint = self.mint.for_request(asked["client_id"], asked.get("nonce", ""), self.now())
        mint.base.update(sub=self.behaviour.subject)
        mint.base = changed(mint.base, self.behaviour.claims)
        forge = self.behaviour.forge
        token = forge(mint) if forge else mint.sign()
        honest = {"access_token": mint.access_token, "token_type": "Bearer", "expires_in": 300, "id_token": token}
        return 200, changed(honest, self.behaviour.answer)


class _Handler(BaseHTTPRequestHandler):
    """The wire."""

    peer: HostileIssuer

    def do_GET(self) -> None:
        self._serve("GET", {})

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        self._serve("POST", dict(parse_qsl(self.rfile.read(length).decode())))

    def log_message(self, *_: object) -> None:
        """Say nothing: a test that fails shows ``seen``."""

    def _serve(self, method: str, form: dict[str, str]) -> None:
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.peer.seen.append(Seen(method, parts.path, query, form, {k.lower(): v for k, v in self.headers.items()}))
        raw = self.peer.behaviour.raw.get(parts.path)
        if raw is not None:
            self._send_raw(raw)
        elif parts.path == "/.well-known/openid-configuration":
            self._send(200, self.peer.metadata())
        elif parts.path == "/jwks":
            self._send(200, self.peer.jwks())
        elif parts.path == "/authorize":
            self._redirect(self.peer.authorize(query))
        elif parts.path == "/token":
            proven = self.peer.proven(form, self.peer.seen[-1].headers)
            self._send(*(self.peer.tokens(form) if proven else (401, {"error": "invalid_client"})))
        elif parts.path == "/userinfo" and self.peer.behaviour.userinfo is not None:
            honest = self.headers.get("Authorization") == f"Bearer {self.peer.mint.access_token}"
            self._send(200 if honest else 401, self.peer.behaviour.userinfo)
        elif parts.path == "/sign-out":
            self._redirect(f"{query['post_logout_redirect_uri']}?state={query.get('state', '')}")
        else:
            self._send(404, {"error": "nothing here"})

    def _redirect(self, url: str) -> None:
        self.send_response(303)
        self.send_header("Location", url)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send(self, status: int, value: Mapping[str, Any]) -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Cache-Control", self.peer.behaviour.cache_control)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _send_raw(self, raw: Raw) -> None:
        self.send_response(raw.status)
        for name, value in raw.headers:
            self.send_header(name, value)
        self.end_headers()
        for chunk in raw.chunks:
            try:
                self.wfile.write(chunk)
                self.wfile.flush()
            except OSError:
                return
            if raw.pause and self.peer._stop.wait(raw.pause):
                return
