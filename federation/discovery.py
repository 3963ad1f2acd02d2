"""What an issuer says about itself: fetched once, checked, pinned, and compared with the pin from then on.

Source: OpenID Connect Discovery 1.0 section 4; RFC 8414; RFC 9207; RFC 9126; notes on federation 4.4 "Register an IdP".
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

from federation.addresses import origin_of
from federation.errors import FederationError
from federation.safe_http import SafeHttp

# What an ID token may be signed with. Nothing symmetric: whoever can check such a token can also make one.
ASYMMETRIC = (
    "RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519".split()  # noqa: SIM905 - read as one line
)
_WELL_KNOWN = "/.well-known/openid-configuration"


@dataclass(frozen=True, slots=True)
class Metadata:
    """The checked part of an issuer's metadata: what is pinned and used. Empty text: not offered."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    end_session_endpoint: str
    par_endpoint: str
    par_required: bool
    iss_supported: bool
    algorithms: tuple[str, ...]
    auth_methods: tuple[str, ...]
    userinfo_endpoint: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return plain values that ``from_json`` reads back."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Metadata":
        """Read what ``to_json`` wrote."""
        lists = {"algorithms": tuple(value["algorithms"]), "auth_methods": tuple(value["auth_methods"])}
        return cls(**{**value, **lists})


@dataclass(frozen=True, slots=True)
class Drift:
    """How fresh metadata differ from the pin. ``quarantine`` names the differences that nobody may adopt unseen."""

    changed: tuple[str, ...]
    quarantine: tuple[str, ...]


def discover(issuer: str, http: SafeHttp, *, s256_waived: bool = False) -> Metadata:
    """Fetch and check an issuer's metadata.

    ``s256_waived``: an administrator has recorded that this issuer supports S256 although its list leaves it out. We
    send S256 in any case, and an issuer without a list may well check it (RFC 8414 section 2 asks for none; Entra has
    none). Raises ``FederationError``: ``issuer_url_refused``, ``issuer_template``, ``issuer_mismatch``,
    ``issuer_unfit`` and those of ``SafeHttp.get``.
    """
    http.check_url(issuer)
    if "?" in issuer:
        raise FederationError("issuer_url_refused", "an issuer has no query")
    # One trailing slash goes when the address is built (LemonLDAP::NG ends with one); the comparison stays exact.
    answer = http.get(issuer.removesuffix("/") + _WELL_KNOWN).json_object()
    return read_metadata(issuer, answer, http, s256_waived=s256_waived)


def read_metadata(issuer: str, answer: Mapping[str, Any], http: SafeHttp, *, s256_waived: bool = False) -> Metadata:
    """Check an issuer's metadata document against the issuer that was asked for. Raises as ``discover`` does."""
    named = answer.get("issuer")
    if named != issuer:
        templated = isinstance(named, str) and "{" in named
        raise FederationError("issuer_template" if templated else "issuer_mismatch", "the metadata name another issuer")
    if "code" not in _words(answer, "response_types_supported"):
        raise FederationError("issuer_unfit", "the code flow is not offered")
    listed = answer.get("code_challenge_methods_supported")
    if listed is not None and not s256_waived and "S256" not in _words(answer, "code_challenge_methods_supported"):
        raise FederationError("issuer_unfit", "S256 is not among the challenge methods that it lists")
    offered = _words(answer, "id_token_signing_alg_values_supported")
    algorithms = tuple(name for name in ASYMMETRIC if name in offered)
    if not algorithms:
        raise FederationError("issuer_unfit", "no asymmetric signature for ID tokens is offered")
    return Metadata(
        issuer=issuer,
        authorization_endpoint=_endpoint(answer, "authorization_endpoint", http),
        token_endpoint=_endpoint(answer, "token_endpoint", http),
        jwks_uri=_endpoint(answer, "jwks_uri", http),
        end_session_endpoint=_endpoint(answer, "end_session_endpoint", http, required=False),
        par_endpoint=_endpoint(answer, "pushed_authorization_request_endpoint", http, required=False),
        par_required=answer.get("require_pushed_authorization_requests") is True,
        iss_supported=answer.get("authorization_response_iss_parameter_supported") is True,
        algorithms=algorithms,
        # Left out means client_secret_basic (Discovery 1.0 section 3).
        auth_methods=_words(answer, "token_endpoint_auth_methods_supported") or ("client_secret_basic",),
        userinfo_endpoint=_endpoint(answer, "userinfo_endpoint", http, required=False),
    )


def drift(pinned: Metadata, fresh: Metadata) -> Drift:
    """Compare fresh metadata with the pin.

    A change of issuer, of an endpoint's origin, of the algorithms, or the loss of RFC 9207's ``iss`` goes to
    quarantine: each is what a taken-over issuer would do first. The pin stays in force meanwhile. That an issuer offers
    userinfo for the first time is no such change: what it says there is held against the subject that it signed.
    """
    before, after = pinned.to_json(), fresh.to_json()
    changed = tuple(name for name in before if before[name] != after[name])
    grave = [name for name in changed if name in {"issuer", "algorithms"}]
    for name in changed:
        moved = name.endswith(("_endpoint", "_uri")) and _origin(before[name]) != _origin(after[name])
        if moved and (before[name] or name != "userinfo_endpoint"):
            grave.append(name)
    if pinned.iss_supported and not fresh.iss_supported:
        grave.append("iss_supported")
    return Drift(changed, tuple(grave))


def _origin(url: str) -> str:
    return origin_of(urlsplit(url)) if url else ""


def _words(answer: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = answer.get(name)
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


def _endpoint(answer: Mapping[str, Any], name: str, http: SafeHttp, *, required: bool = True) -> str:
    value = answer.get(name)
    if value is None and not required:
        return ""
    if not isinstance(value, str):
        raise FederationError("issuer_unfit", f"{name} is missing")
    try:
        http.check_url(value)
    except FederationError as error:
        raise FederationError(error.code, f"{name}: {error.detail}") from error
    return value
