"""The two halves of a sign-in: sending the browser to an issuer, and judging what it brings back.

Authlib carries the OAuth requests (``OAuth2Session``; this and ``federation.exchange`` alone use it). What may be
believed is decided here, because its client does not check enough by itself: unless it is told to, it takes tokens
that are unsigned, or meant for others. RFC 6749, 7636 (S256 always), 9126 (PAR), 9207 (``iss``), 7523.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import urlencode

from authlib.oauth2.rfc7636 import create_s256_code_challenge

from federation.client_auth import AuthMethod
from federation.discovery import Metadata
from federation.errors import FederationError
from federation.exchange import known, pushed, session_of, trade, trade_in_any_way, with_userinfo
from federation.jwks import KeySource, KeyStore
from federation.safe_http import SafeHttp
from federation.transaction import (
    LIFETIME,
    Purpose,
    Transaction,
    TransactionStore,
    digest,
    new_secret,
    safe_return_path,
)
from federation.validate import Expected, IdToken, verify_id_token

Pairs = Sequence[tuple[str, str]]


PROOF_LASTS = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Proof:
    """What an issuer is asked for where somebody has to prove anew who they are (OpenID Connect Core 1.0, 3.1.2.1).

    ``tells_auth_time``: it has said before when a person proved who they are, so it must say so now. Of one that never
    did, the time of the token counts: it was asked to let the person prove it (``prompt=login``).
    """

    max_age: timedelta = PROOF_LASTS
    acr_values: tuple[str, ...] = ()
    tells_auth_time: bool = False


@dataclass(frozen=True, slots=True)
class Registration:
    """What the hub and one issuer have agreed on. ``metadata`` is the pin; nothing is looked up during a sign-in.

    ``secret``: the client secret, or for private_key_jwt the private key as a JWK in JSON (``our_keys``).
    ``par``: "auto" pushes when it is offered, "require" refuses without, "off" never does.
    ``algorithms``: fewer than the metadata's, when set.
    """

    issuer_id: str
    metadata: Metadata
    client_id: str
    redirect_uri: str
    auth_method: AuthMethod = "client_secret_basic"
    secret: str = field(default="", repr=False)
    scope: str = "openid profile email"
    par: Literal["auto", "require", "off"] = "auto"
    require_iss: bool = False
    algorithms: tuple[str, ...] = ()
    trusted_audiences: frozenset[str] = frozenset()
    max_age: timedelta | None = None
    acr_values: tuple[str, ...] = ()
    tenant: tuple[str, str] | None = None
    proof: Proof = Proof()

    def asked_of(self, purpose: Purpose) -> "Asked":
        """What the request for a purpose asks of the proof."""
        if purpose == "prove":
            return Asked(
                self.proof.max_age, self.proof.acr_values, anew=True, iat_will_do=not self.proof.tells_auth_time
            )
        return Asked(self.max_age, self.acr_values)


@dataclass(frozen=True, slots=True)
class Asked:
    """What one request asks of how, and how lately, the person proved who they are."""

    max_age: timedelta | None
    acr_values: tuple[str, ...]
    anew: bool = False
    iat_will_do: bool = False


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The end of a sign-in that went well: who the issuer says it is, and the transaction that began it.

    ``method``: how the hub proved itself. ``from_userinfo``: the claims that the ID token had not and userinfo told.
    """

    token: IdToken
    transaction: Transaction
    method: AuthMethod
    from_userinfo: tuple[str, ...] = ()


class RelyingParty:
    """Signs people in through issuers. Holds no state of its own: that is in the two stores."""

    def __init__(self, http: SafeHttp, keys: KeyStore, transactions: TransactionStore) -> None:
        self._http, self._keys, self._transactions = http, keys, transactions

    def start(
        self,
        registration: Registration,
        *,
        browser_secret: str,
        return_path: str | None,
        now: datetime,
        purpose: Purpose = "sign-in",
        login_hint: str | None = None,
    ) -> str:
        """Begin a sign-in and return the address to send the browser to.

        ``browser_secret`` is what the binding cookie holds. Raises ``FederationError`` when the request has to be
        pushed to the issuer first and that fails; it is never sent the weaker way instead.
        """
        state, nonce, verifier = new_secret(), new_secret(), new_secret()
        self._transactions.add(
            Transaction(
                state_hash=digest(state),
                browser_hash=digest(browser_secret),
                issuer_id=registration.issuer_id,
                issuer=registration.metadata.issuer,
                redirect_uri=registration.redirect_uri,
                nonce=nonce,
                verifier=verifier,
                return_path=safe_return_path(return_path),
                purpose=purpose,
                created=now,
                expires=now + LIFETIME,
            )
        )
        asked = registration.asked_of(purpose)
        extra = {"nonce": nonce, "login_hint": login_hint or None}
        if asked.max_age is not None:
            extra["max_age"] = str(int(asked.max_age.total_seconds()))
        if asked.acr_values:
            extra["acr_values"] = " ".join(asked.acr_values)
        if asked.anew:
            extra["prompt"] = "login"
        if _pushes(registration):
            return self._push(registration, state, verifier, extra, now)
        with session_of(self._http, registration, now) as session:
            url, _ = session.create_authorization_url(
                registration.metadata.authorization_endpoint, state=state, code_verifier=verifier, **extra
            )
        return str(url)

    def finish(
        self, registration: Registration, answer: Pairs, *, browser_secret: str | None, now: datetime
    ) -> SignedIn:
        """Judge what the browser brought back from an issuer to that issuer's own redirect address.

        ``answer``: the query's pairs, as they came, doubled ones included. Raises ``FederationError`` with a code of
        the catalogue. The token endpoint hears nothing before transaction and ``iss`` have been found right.
        """
        fields = _once(answer)
        transaction = self._consume(registration, fields, browser_secret, now)
        _check_iss(registration, fields)
        if "error" in fields:
            said = known(fields["error"], fields.get("error_description"))
            raise FederationError("sign_in_declined" if fields["error"] == "access_denied" else "issuer_refused", said)
        if not fields.get("code"):
            raise FederationError("response_mismatch", "there is neither a code nor an error")
        method: AuthMethod = registration.auth_method
        if transaction.purpose == "test":
            method, tokens = trade_in_any_way(self._http, registration, fields["code"], transaction, now)
        else:
            tokens = trade(self._http, registration, fields["code"], transaction, now)
        access_token, asked = _text(tokens.get("access_token")), registration.asked_of(transaction.purpose)
        expected = Expected(
            issuer=registration.metadata.issuer,
            client_id=registration.client_id,
            nonce=transaction.nonce,
            algorithms=registration.algorithms or registration.metadata.algorithms,
            access_token=access_token,
            trusted_audiences=registration.trusted_audiences,
            max_age=asked.max_age,
            iat_will_do=asked.iat_will_do,
            acr_values=asked.acr_values,
            tenant=registration.tenant,
        )
        keys = KeySource(registration.metadata.jwks_uri, self._http, self._keys)
        token = verify_id_token(tokens.get("id_token"), expected, keys, now)
        whole, told = with_userinfo(self._http, registration, token, access_token)
        return SignedIn(whole, transaction, method, told)

    def _consume(
        self, registration: Registration, fields: Mapping[str, str], browser_secret: str | None, now: datetime
    ) -> Transaction:
        state = fields.get("state")
        if not state or not browser_secret:
            raise FederationError("response_mismatch", "no state, or no binding cookie")
        transaction = self._transactions.consume(
            state_hash=digest(state),
            browser_hash=digest(browser_secret),
            issuer_id=registration.issuer_id,
            now=now,
        )
        if transaction is None:
            raise FederationError("response_mismatch", "no open transaction of this state, browser and issuer")
        if transaction.issuer != registration.metadata.issuer or transaction.redirect_uri != registration.redirect_uri:
            raise FederationError("response_mismatch", "the issuer was registered anew meanwhile")
        return transaction

    def _push(
        self, registration: Registration, state: str, verifier: str, extra: Mapping[str, str | None], now: datetime
    ) -> str:
        """Push the request to the issuer (RFC 9126) and return the short address that stands for it."""
        if not registration.metadata.par_endpoint:
            raise FederationError("issuer_unfit", "requests must be pushed, but the issuer offers no address for that")
        form = {
            "response_type": "code",
            "redirect_uri": registration.redirect_uri,
            "scope": registration.scope,
            "state": state,
            "code_challenge": create_s256_code_challenge(verifier),
            "code_challenge_method": "S256",
            **{name: value for name, value in extra.items() if value is not None},
        }
        if registration.auth_method in {"client_secret_basic", "client_secret_basic_plain"}:
            form["client_id"] = registration.client_id  # the other ways of proving who we are bring it along
        request_uri = pushed(self._http, registration, form, now)
        query = urlencode({"client_id": registration.client_id, "request_uri": request_uri})
        start = registration.metadata.authorization_endpoint
        return f"{start}{'&' if '?' in start else '?'}{query}"


def _pushes(registration: Registration) -> bool:
    if registration.par == "off":
        return registration.metadata.par_required
    return registration.par == "require" or bool(registration.metadata.par_endpoint)


def _once(answer: Pairs) -> dict[str, str]:
    """Return the pairs as a mapping; a doubled name could be read two ways (RFC 6749, 3.1) and is refused."""
    fields = dict(answer)
    if len(fields) != len(answer):
        raise FederationError("response_mismatch", "a parameter stands twice in the answer")
    return fields


def _check_iss(registration: Registration, fields: Mapping[str, str]) -> None:
    """Check RFC 9207's ``iss``: exact when it is there, and there when the issuer says that it sends it."""
    needed = registration.metadata.iss_supported or registration.require_iss
    if "iss" not in fields and not needed:
        return
    if fields.get("iss") != registration.metadata.issuer:
        raise FederationError("response_mismatch", "the answer is not from the issuer that was asked")


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
