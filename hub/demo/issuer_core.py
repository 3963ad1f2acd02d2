"""One demo issuer without HTTP: authorization requests, single-use codes, ID tokens, and who is signed in.

OpenID Connect Core 1.0 (code flow), RFC 7636 (S256 only, for every client), RFC 9207 (`iss` on success and error) and
RP-Initiated Logout 1.0, on joserfc. All state is in memory: restarting the issuers signs everybody out of them.
"""

import hashlib
import hmac
import re
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from urllib.parse import urlencode

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from hub.demo.world import DemoOrganisation, DemoPerson
from hub.ground.clock import Clock

CODE_SECONDS = 60
REQUEST_SECONDS = 600
TOKEN_SECONDS = 300
ALGORITHM = "RS256"
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_SECONDS = re.compile(r"[0-9]{0,9}")
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
_MAX_PENDING = 1000
_PROMPTS = frozenset({"none", "login", "consent", "select_account"})

UNKNOWN_CLIENT = "This issuer does not know the application that sent you here."
UNKNOWN_ADDRESS = "The application asked to send you to an address that it has not registered."


def _prompt_is_wrong(params: Mapping[str, str]) -> bool:
    prompts = set(params.get("prompt", "").split())
    return bool(prompts - _PROMPTS) or ("none" in prompts and len(prompts) > 1)


Check = Callable[[Mapping[str, str]], bool]
REFUSALS: tuple[tuple[str, str, Check], ...] = (
    ("request_not_supported", "request objects are not supported", lambda p: "request" in p),
    ("request_uri_not_supported", "request_uri is not supported", lambda p: "request_uri" in p),
    ("unsupported_response_type", "only response_type=code", lambda p: p.get("response_type") != "code"),
    ("invalid_request", "only response_mode=query", lambda p: p.get("response_mode", "query") != "query"),
    ("invalid_scope", "scope must hold openid", lambda p: "openid" not in p.get("scope", "").split()),
    ("invalid_request", "only S256 challenges", lambda p: p.get("code_challenge_method") != "S256"),
    ("invalid_request", "no S256 challenge", lambda p: not _CHALLENGE.fullmatch(p.get("code_challenge", ""))),
    ("invalid_request", "prompt cannot be used", _prompt_is_wrong),
    ("invalid_request", "max_age is in seconds", lambda p: not _SECONDS.fullmatch(p.get("max_age", ""))),
)
"""What is wrong with a request from the right client, first match first: error, description, test."""


class OAuthError(Exception):
    """A refusal in OAuth's words. `redirect` is where to send the browser with it; empty: show it on a page instead."""

    def __init__(self, error: str, description: str, redirect: str = "") -> None:
        super().__init__(description)
        self.error = error
        self.description = description
        self.redirect = redirect


@dataclass(frozen=True)
class Client:
    """The one relying party that an issuer knows: the hub. Addresses are compared exactly."""

    client_id: str
    secret: str
    redirect_uris: frozenset[str]
    post_logout_redirect_uris: frozenset[str]


@dataclass(frozen=True)
class AuthRequest:
    """An authorization request that passed every check."""

    redirect_uri: str
    state: str
    nonce: str
    challenge: str
    silent: bool
    """`prompt=none`: answer without showing a page."""
    max_age: int | None
    made: float


@dataclass(frozen=True)
class Session:
    """Somebody signed in at this issuer in one browser. `since` is in seconds since 1970."""

    person: DemoPerson
    since: float
    sid: str


@dataclass(frozen=True)
class _Code:
    request: AuthRequest
    session: Session
    made: float


@dataclass
class Issuer:
    """The issuer of one organisation. `url` is its identifier; the key is shared by all demo issuers."""

    url: str
    organisation: DemoOrganisation
    people: tuple[DemoPerson, ...]
    client: Client
    key: RSAKey
    clock: Clock
    _lock: Lock = field(default_factory=Lock)
    _pending: dict[str, AuthRequest] = field(default_factory=dict)
    _codes: dict[str, _Code] = field(default_factory=dict)
    _sessions: dict[str, Session] = field(default_factory=dict)

    def metadata(self) -> dict[str, object]:
        """The discovery document (OpenID Connect Discovery 1.0, section 3)."""
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/jwks",
            "end_session_endpoint": f"{self.url}/logout",
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": [ALGORITHM],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "code_challenge_methods_supported": ["S256"],
            "scopes_supported": ["openid", "profile", "email"],
            "claims_supported": ["sub", "name", "email", "email_verified", "auth_time", "sid"],
            "prompt_values_supported": ["none", "login", "select_account"],
            "authorization_response_iss_parameter_supported": True,
            "request_parameter_supported": False,
            "request_uri_parameter_supported": False,
            "claims_parameter_supported": False,
        }

    def check_request(self, params: Mapping[str, str]) -> AuthRequest:
        """Judge an authorization request. OAuthError without `redirect` until client and address are known good."""
        if not hmac.compare_digest(params.get("client_id", "").encode(), self.client.client_id.encode()):
            raise OAuthError("invalid_client", UNKNOWN_CLIENT)
        redirect_uri = params.get("redirect_uri", "")
        if redirect_uri not in self.client.redirect_uris:
            raise OAuthError("invalid_request", UNKNOWN_ADDRESS)
        state = params.get("state", "")
        for error, description, is_wrong in REFUSALS:
            if is_wrong(params):
                raise OAuthError(error, description, self._answer(redirect_uri, state, error=error))
        return AuthRequest(
            redirect_uri,
            state,
            params.get("nonce", ""),
            params["code_challenge"],
            "none" in params.get("prompt", "").split(),
            int(params["max_age"]) if params.get("max_age") else None,
            self._seconds(),
        )

    def hold(self, request: AuthRequest) -> str:
        """Keep a request while the person chooses who they are; returns the id that the page posts back."""
        with self._lock:
            horizon = self._seconds() - REQUEST_SECONDS
            self._pending = {key: kept for key, kept in self._pending.items() if kept.made > horizon}
            while len(self._pending) >= _MAX_PENDING:
                self._pending.pop(next(iter(self._pending)))
            held = secrets.token_urlsafe(24)
            self._pending[held] = request
        return held

    def take(self, held: str) -> AuthRequest:
        """The request kept under this id, once. OAuthError when it is unknown, used or too old."""
        with self._lock:
            request = self._pending.pop(held, None)
        if request is None or request.made < self._seconds() - REQUEST_SECONDS:
            raise OAuthError("invalid_request", "This page is too old. Go back to the hub and sign in again.")
        return request

    def person(self, handle: str) -> DemoPerson:
        """One of this organisation's people. OAuthError when there is no such person here."""
        for person in self.people:
            if person.handle == handle:
                return person
        raise OAuthError("invalid_request", f"{self.organisation.name} has nobody of that name.")

    def hinted(self, hint: str) -> DemoPerson | None:
        """Whom a `login_hint` names: in a demo, where nobody has a password, a hint is as good as a choice."""
        return next((person for person in self.people if hint and person.handle == hint), None)

    def sign_in(self, person: DemoPerson) -> tuple[str, Session]:
        """Begin a session at the issuer; returns its cookie's value and the session."""
        cookie = secrets.token_urlsafe(32)
        session = Session(person, self._seconds(), secrets.token_urlsafe(16))
        with self._lock:
            self._sessions[cookie] = session
        return cookie, session

    def session(self, cookie: str) -> Session | None:
        """The session of a browser, if it has one here."""
        return self._sessions.get(cookie)

    def sign_out(self, cookie: str) -> None:
        """End a browser's session here; nothing happens where there is none."""
        with self._lock:
            self._sessions.pop(cookie, None)

    def grant(self, request: AuthRequest, session: Session) -> str:
        """The address that carries a fresh code back to the application."""
        code = secrets.token_urlsafe(32)
        with self._lock:
            horizon = self._seconds() - CODE_SECONDS
            self._codes = {key: kept for key, kept in self._codes.items() if kept.made > horizon}
            self._codes[code] = _Code(request, session, self._seconds())
        return self._answer(request.redirect_uri, request.state, code=code)

    def without_asking(self, request: AuthRequest, cookie: str) -> str:
        """The answer to `prompt=none`: a code when somebody is signed in recently enough, else `login_required`."""
        session = self.session(cookie)
        fresh = session and (request.max_age is None or self._seconds() - session.since <= request.max_age)
        return self.grant(request, session) if session and fresh else self.refuse(request, "login_required")

    def refuse(self, request: AuthRequest, error: str) -> str:
        """The address that carries an error back to the application."""
        return self._answer(request.redirect_uri, request.state, error=error)

    def redeem(self, params: Mapping[str, str], client_id: str, secret: str) -> dict[str, object]:
        """The token response for a code. OAuthError otherwise; whatever is wrong, the code is used up by the try."""
        known = hmac.compare_digest(client_id.encode(), self.client.client_id.encode())
        if not (hmac.compare_digest(secret.encode(), self.client.secret.encode()) and known):
            raise OAuthError("invalid_client", "client authentication failed")
        if params.get("grant_type") != "authorization_code":
            raise OAuthError("unsupported_grant_type", "only authorization_code")
        with self._lock:
            code = self._codes.pop(params.get("code", ""), None)
        if code is None or code.made <= self._seconds() - CODE_SECONDS:
            raise OAuthError("invalid_grant", "the code is unknown, used or expired")
        if params.get("redirect_uri") != code.request.redirect_uri:
            raise OAuthError("invalid_grant", "redirect_uri is not the one that the code was issued for")
        verifier = params.get("code_verifier", "")
        if not _VERIFIER.fullmatch(verifier) or not hmac.compare_digest(_s256(verifier), code.request.challenge):
            raise OAuthError("invalid_grant", "code_verifier does not fit the challenge")
        access_token = secrets.token_urlsafe(32)
        return {
            "access_token": access_token,
            "token_type": "Bearer",
            "expires_in": TOKEN_SECONDS,
            "scope": "openid profile email",
            "id_token": self._id_token(code, access_token),
        }

    def logout_address(self, params: Mapping[str, str]) -> str:
        """Where to go after signing out: a registered address, or empty. OAuthError when it cannot be trusted."""
        address = params.get("post_logout_redirect_uri", "")
        hint = params.get("id_token_hint", "")
        if hint:
            self._check_hint(hint)
        if params.get("client_id", self.client.client_id) != self.client.client_id:
            raise OAuthError("invalid_request", UNKNOWN_CLIENT)
        if not address:
            return ""
        if not hint or address not in self.client.post_logout_redirect_uris:
            raise OAuthError("invalid_request", UNKNOWN_ADDRESS)
        state = params.get("state", "")
        return f"{address}?{urlencode({'state': state})}" if state else address

    def _check_hint(self, hint: str) -> None:
        """Refuse a hint that this issuer did not sign for this client; an expired one is as good (RP-Initiated 1.0)."""
        try:
            token = jwt.decode(hint, self.key, algorithms=[ALGORITHM])
        except (JoseError, ValueError) as error:
            raise OAuthError("invalid_request", "The id_token_hint was not issued here.") from error
        if token.claims.get("iss") != self.url or token.claims.get("aud") != self.client.client_id:
            raise OAuthError("invalid_request", "The id_token_hint was not issued here.")

    def _id_token(self, code: _Code, access_token: str) -> str:
        person, now = code.session.person, int(self._seconds())
        half = hashlib.sha256(access_token.encode()).digest()[:16]
        claims: dict[str, object] = {
            "iss": self.url,
            "sub": person.subject,
            "aud": self.client.client_id,
            "iat": now,
            "exp": now + TOKEN_SECONDS,
            "auth_time": int(code.session.since),
            "at_hash": urlsafe_b64encode(half).rstrip(b"=").decode(),
            "sid": code.session.sid,
            "name": person.name,
            "email": person.email,
            "email_verified": True,
        }
        if code.request.nonce:
            claims["nonce"] = code.request.nonce
        return jwt.encode({"alg": ALGORITHM, "kid": self.key.kid, "typ": "JWT"}, claims, self.key)

    def _answer(self, redirect_uri: str, state: str, **values: str) -> str:
        fields = values | ({"state": state} if state else {}) | {"iss": self.url}
        return f"{redirect_uri}{'&' if '?' in redirect_uri else '?'}{urlencode(fields)}"

    def _seconds(self) -> float:
        return self.clock.now().timestamp()


def _s256(verifier: str) -> str:
    return urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
