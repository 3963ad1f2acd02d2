"""What the hub asks an issuer directly: to trade a code for tokens, and what it says of a person (userinfo).

Source: RFC 6749 sections 2.3.1 and 4.1.3; OpenID Connect Core 1.0 section 5.3. Of what an issuer writes nothing leaves
but words of the standards and numbers of Microsoft's errors.
"""

import contextlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session

from federation.client_auth import BY_SECRET, Assertion, AuthMethod, form_encoded_basic, plain_basic
from federation.errors import FederationError
from federation.safe_http import SafeHttp, read_object
from federation.transaction import Transaction
from federation.validate import IdToken

if TYPE_CHECKING:
    from federation.client import Registration

# RFC 6749, 4.1.2.1 and 5.2; RFC 9126; Core, 3.1.2.6: the only words of an issuer that reach a log.
_KNOWN_ERRORS: Final = [
    "invalid_request",
    "invalid_client",
    "invalid_grant",
    "unauthorized_client",
    "unsupported_grant_type",
    "invalid_scope",
    "access_denied",
    "unsupported_response_type",
    "server_error",
    "temporarily_unavailable",
    "interaction_required",
    "login_required",
    "consent_required",
]
_MICROSOFT: Final = re.compile(r"\bAADSTS(\d{4,8})\b")
_NAMES: Final = ("name", "given_name", "family_name")
_ADDRESS: Final = ("email", "email_verified")


@contextlib.contextmanager
def session_of(http: SafeHttp, registration: "Registration", now: datetime) -> Iterator[OAuth2Session]:
    """Yield a guarded session that proves itself at an issuer as its registration says."""
    session = OAuth2Session(
        client_id=registration.client_id,
        client_secret=registration.secret,
        token_endpoint_auth_method=registration.auth_method,
        scope=registration.scope,
        redirect_uri=registration.redirect_uri,
        code_challenge_method="S256",
    )
    http.guard(session)
    session.register_client_auth_method(("client_secret_basic", form_encoded_basic))
    session.register_client_auth_method(("client_secret_basic_plain", plain_basic))
    session.register_client_auth_method(
        ("private_key_jwt", Assertion(registration.metadata.issuer, registration.secret, now))
    )
    try:
        yield session
    finally:
        session.close()


def trade(
    http: SafeHttp, registration: "Registration", code: str, transaction: Transaction, now: datetime
) -> Mapping[str, Any]:
    """Trade a code for tokens at the pinned token endpoint. Raises ``FederationError``."""
    with session_of(http, registration, now) as session:
        try:
            tokens = session.fetch_token(
                registration.metadata.token_endpoint,
                grant_type="authorization_code",
                code=code,
                code_verifier=transaction.verifier,
                redirect_uri=transaction.redirect_uri,
                allow_redirects=False,
            )
        except AuthlibBaseError as error:
            raise FederationError("code_refused", known(error.error, error.description)) from None
        except requests.HTTPError as error:
            raise FederationError("code_refused", f"status {error.response.status_code}") from None
        except (ValueError, RecursionError) as error:
            raise FederationError("issuer_answer_refused", "the token answer is not JSON") from error
        return dict(tokens)


def trade_in_any_way(
    http: SafeHttp, registration: "Registration", code: str, transaction: Transaction, now: datetime
) -> tuple[AuthMethod, Mapping[str, Any]]:
    """Trade a code by the registered way of proving ourselves, then by the others in which a secret can be shown.

    For a sign-in that an administrator tries out: a refused secret burns no code at issuers that check the client
    first, as RFC 6749 has it. Returns the way that worked; raises the first refusal where none did.
    """
    first = registration.auth_method
    ways = (first, *(way for way in BY_SECRET if way != first)) if first in BY_SECRET else (first,)
    refusal: FederationError | None = None
    for way in ways:
        try:
            return way, trade(http, replace(registration, auth_method=way), code, transaction, now)
        except FederationError as error:
            if error.code != "code_refused":
                raise
            refusal = refusal or error
            if error.detail.split()[:1] not in (["invalid_client"], ["unauthorized_client"], ["status"]):
                break
    raise refusal or FederationError("code_refused")


def with_userinfo(
    http: SafeHttp, registration: "Registration", token: IdToken, access_token: str | None
) -> tuple[IdToken, tuple[str, ...]]:
    """Add name and address from the userinfo endpoint where the ID token has none; name the claims that came so.

    Its ``sub`` must be the ID token's (Core, 5.3.2): raises ``token_invalid``. It replaces nothing that was signed, and
    an address and whether it is verified come from one source. An endpoint that does not answer adds nothing.
    """
    wanted: list[str] = []
    if not any(isinstance(token.claims.get(name), str) for name in _NAMES):
        wanted += _NAMES
    if "email" not in token.claims:
        wanted += _ADDRESS
    endpoint = registration.metadata.userinfo_endpoint
    if not wanted or not endpoint or not access_token:
        return token, ()
    try:
        said = http.get(endpoint, bearer=access_token).json_object()
    except FederationError:
        return token, ()
    if said.get("sub") != token.subject:
        raise FederationError("token_invalid", "userinfo: it speaks of another person than the ID token")
    added = {name: said[name] for name in wanted if name in said}
    kept = {name: value for name, value in token.claims.items() if name not in wanted}
    return replace(token, claims={**kept, **added}), tuple(added)


def known(error: object, description: object = "") -> str:
    """Return what may be kept of an issuer's error: a word of the standard, and the number of an error of Microsoft's.

    Everything else in it is written by somebody else.
    """
    word = error if isinstance(error, str) and error in _KNOWN_ERRORS else "an error that the standard does not name"
    number = _MICROSOFT.search(description) if isinstance(description, str) else None
    return f"{word} AADSTS{number[1]}" if number else word


def pushed(http: SafeHttp, registration: "Registration", form: Mapping[str, str], now: datetime) -> str:
    """Push a request to the issuer (RFC 9126) and return the ``request_uri`` that stands for it."""
    with session_of(http, registration, now) as session:
        response = session.post(
            registration.metadata.par_endpoint,
            data=form,
            auth=session.client_auth(registration.auth_method),
            withhold_token=True,
            headers={"Accept": "application/json"},
            allow_redirects=False,
        )
    answer = read_object(response.content)
    request_uri = answer.get("request_uri")
    if response.status_code != HTTPStatus.CREATED or not isinstance(request_uri, str) or not request_uri:
        said = known(answer.get("error"), answer.get("error_description"))
        raise FederationError("issuer_refused", f"the pushed request was refused: {said}")
    return request_uri
