"""The only way out: HTTP requests to issuers, with the guards that a stranger's address needs.

No redirects, no proxies, no cookies, at most 512 KiB, 3 s to connect, 5 s between bytes, 10 s in all, https only, and
the address of the machine that we are connected to is looked at after connecting, so that a name that changes its
address between check and use (DNS rebinding) gains nothing. OWASP Server-Side Request Forgery Prevention.
"""

import contextlib
import http.cookiejar
import json
import socket
import ssl
import threading
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Self

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError, NewConnectionError

from federation.addresses import Policy, origin_of
from federation.errors import FederationError

MAX_BYTES = 512 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds: to connect, between two bytes, and in all."""

    connect: float = 3.0
    read: float = 5.0
    total: float = 10.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status, header fields in lower case, body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json_object(self) -> dict[str, Any]:
        """Return the body as a JSON object, or raise ``issuer_answer_refused``."""
        return read_object(self.body)


def read_object(body: bytes | str) -> dict[str, Any]:
    """Read a JSON object strictly: no doubled names, no NaN, no depth that breaks the reader.

    Raises ``issuer_answer_refused``.
    """
    try:
        value = json.loads(body, object_pairs_hook=_without_doubles, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise FederationError("issuer_answer_refused", "the answer is not JSON, or can be read two ways") from error
    if not isinstance(value, dict):
        raise FederationError("issuer_answer_refused", "the answer is JSON, but not an object")
    return value


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a name stands twice")
    return result


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


class _Watch:
    """One request's time: the sockets that it opened are shut when the total has passed."""

    def __init__(self, policy: Policy, origin: str, limits: Limits) -> None:
        self.policy, self.origin, self.limits = policy, origin, limits
        self.ends = time.monotonic() + limits.total
        self._sockets: list[HTTPConnection] = []
        self._timer = threading.Timer(limits.total, self._stop)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self._stop()

    @property
    def over(self) -> bool:
        """Whether the total has passed."""
        return time.monotonic() >= self.ends

    def add(self, connection: HTTPConnection) -> None:
        self._sockets.append(connection)

    def _stop(self) -> None:
        for connection in self._sockets:
            sock = connection.sock
            if sock is not None:
                # The plain shutdown, also for TLS: the reader in the other thread wakes up with an end of file.
                with contextlib.suppress(OSError):
                    socket.socket.shutdown(sock, socket.SHUT_RDWR)

    def connect(self, host: str, port: int) -> socket.socket:
        """Open a socket to the first address of a host that the policy lets through and that answers."""
        try:
            found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise FederationError("issuer_unreachable", f"{self.origin}: the host name was not found") from error
        for _, _, _, _, sockaddr in found:
            self.policy.check_peer(self.origin, str(sockaddr[0]))
        last: OSError | None = None
        for family, kind, protocol, _, sockaddr in found[:3]:
            sock = socket.socket(family, kind, protocol)
            sock.settimeout(max(0.05, min(self.limits.connect, self.ends - time.monotonic())))
            try:
                sock.connect(sockaddr)
                self.policy.check_peer(self.origin, str(sock.getpeername()[0]))
            except OSError as error:
                sock.close()
                last = error
            except FederationError:
                sock.close()
                raise
            else:
                return sock
        code = "issuer_slow" if isinstance(last, TimeoutError) else "issuer_unreachable"
        raise FederationError(code, f"{self.origin}: no connection") from last


_current = threading.local()


class _Guarded(HTTPConnection):
    """A connection that opens its socket through the watch of the request it serves."""

    def _new_conn(self) -> socket.socket:
        watch = getattr(_current, "watch", None)
        if watch is None:
            raise NewConnectionError(self, "outbound connections are opened by the guarded adapter only")
        watch.add(self)
        opened: socket.socket = watch.connect(self._dns_host, self.port)
        return opened


class _GuardedTLS(_Guarded, HTTPSConnection):
    """The same over TLS."""


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Guarded


class _TLSPool(HTTPSConnectionPool):
    ConnectionCls = _GuardedTLS


class GuardedAdapter(HTTPAdapter):
    """The transport that every outbound request goes through; mount it on both schemes of a session."""

    def __init__(self, policy: Policy, limits: Limits, ca_file: str | None = None) -> None:
        self._policy, self._limits, self._ca_file = policy, limits, ca_file
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Use the guarded connections, and trust the further authorities."""
        if self._ca_file:
            trusted = ssl.create_default_context()
            trusted.load_verify_locations(self._ca_file)
            kwargs["ssl_context"] = trusted
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _TLSPool}

    def send(self, request: requests.PreparedRequest, *_: Any, **kwargs: Any) -> requests.Response:
        """Send within every limit; the body is read here and whole. Raises ``FederationError`` only."""
        origin = origin_of(self._policy.check_url(request.url or ""))
        request.headers["Accept-Encoding"] = "identity"  # a small body that unpacks to a large one is no use to us
        request.headers["Connection"] = "close"
        kwargs.update(stream=True, timeout=(self._limits.connect, self._limits.read), proxies=None)
        with _Watch(self._policy, origin, self._limits) as watch:
            _current.watch = watch
            try:
                response = super().send(request, **kwargs)
                _check_head(response, origin)
                response._content = _read(response, watch, origin)  # noqa: SLF001 - as requests itself sets it
            except (requests.RequestException, HTTPError, OSError) as error:
                slow = watch.over or isinstance(error, requests.Timeout) or "timed out" in str(error)
                raise FederationError("issuer_slow" if slow else "issuer_unreachable", origin) from error
            finally:
                _current.watch = None
        return response


def _check_head(response: requests.Response, origin: str) -> None:
    if response.is_redirect or response.status_code // 100 == HTTPStatus.MULTIPLE_CHOICES // 100:
        raise FederationError("issuer_answer_refused", f"{origin} answered with a redirect")
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise FederationError("issuer_answer_refused", f"{origin} packed its answer although we asked it not to")


def _read(response: requests.Response, watch: _Watch, origin: str) -> bytes:
    body = bytearray()
    while chunk := response.raw.read1(65536):
        body += chunk
        if len(body) > MAX_BYTES:
            raise FederationError("issuer_answer_refused", f"{origin} sent more than {MAX_BYTES} bytes")
        if watch.over:
            raise FederationError("issuer_slow", origin)
    if watch.over:
        raise FederationError("issuer_slow", origin)
    return bytes(body)


class SafeHttp:
    """Outbound HTTP.

    ``allowed_origins``: the exact origins that need not be https and public (tests, the demo, an inner network).
    ``ca_file``: certificates to trust beside the public ones (PEM), for a council with authorities of its own.
    """

    def __init__(
        self, allowed_origins: Collection[str] = (), limits: Limits | None = None, ca_file: str | None = None
    ) -> None:
        self.policy = Policy.allowing(allowed_origins)
        self._ca_file = ca_file
        self._limits = limits or Limits()

    def check_url(self, url: str) -> None:
        """Raise ``issuer_url_refused`` or ``issuer_template`` when an address would never be fetched."""
        self.policy.check_url(url)

    def guard(self, session: requests.Session) -> None:
        """Make a session of requests go through the guards: transport, no environment, no cookies, no redirects."""
        adapter = GuardedAdapter(self.policy, self._limits, self._ca_file)
        session.trust_env = False  # neither proxies nor a netrc file from the environment
        session.verify = True
        session.cookies.set_policy(http.cookiejar.DefaultCookiePolicy(allowed_domains=[]))
        session.adapters.clear()
        session.mount("https://", adapter)
        session.mount("http://", adapter)

    def get(self, url: str, *, bearer: str = "") -> Answer:
        """Fetch a JSON document, with an access token where one is needed (RFC 6750).

        Raises ``FederationError``; any status but 200 is ``issuer_answer_refused``.
        """
        self.check_url(url)
        with requests.Session() as session:
            self.guard(session)
            headers = {"Accept": "application/json", **({"Authorization": f"Bearer {bearer}"} if bearer else {})}
            response = session.get(url, headers=headers, allow_redirects=False)
        if response.status_code != HTTPStatus.OK:
            raise FederationError("issuer_answer_refused", f"status {response.status_code} instead of 200")
        told = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status_code, told, response.content)
