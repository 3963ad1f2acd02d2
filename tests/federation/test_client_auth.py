"""How the hub proves that it is the hub: by a secret in each way that issuers take, or by a key of its own."""

import json
import ssl
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from joserfc.jwk import ECKey, OKPKey, import_key

from federation.client_auth import best_method
from federation.errors import FederationError
from federation.our_keys import BadKey, make_private_key, published, read_private_key
from tests.federation.support import Hub, follow
from tests.peers.mail_server import _write_certificate
from tests.peers.mint import key

ODD = "p%41s+w/rd:=&"
"""A secret of which each way of writing it down is another text."""


def _pem(made: rsa.RSAPrivateKey) -> str:
    kind = serialization.PrivateFormat.PKCS8
    return made.private_bytes(serialization.Encoding.PEM, kind, serialization.NoEncryption()).decode()


@pytest.fixture
def hub(hostile) -> Hub:
    hostile.mint.client_secret = ODD
    return Hub([hostile.issuer])


@pytest.mark.parametrize(
    ("taken", "method"),
    [("encoded", "client_secret_basic"), ("plain", "client_secret_basic_plain"), ("post", "client_secret_post")],
)
def test_each_way_of_showing_a_secret_is_taken_by_an_issuer_that_wants_just_that(hostile, hub, taken, method) -> None:
    """RFC 6749, 2.3.1 and RFC 7617: `+`, `%` and `/` arrive as they are, or nobody comes in."""
    hostile.behaviour.proofs = (taken,)
    right = hub.registration(hostile.issuer, secret=ODD, auth_method=method)
    assert hub.sign_in(right).method == method
    for other in {"client_secret_basic", "client_secret_basic_plain", "client_secret_post"} - {method}:
        wrong = hub.registration(hostile.issuer, secret=ODD, auth_method=other)
        with pytest.raises(FederationError, match="invalid_client"):
            hub.sign_in(wrong)


@pytest.mark.parametrize(
    ("taken", "method"),
    [("encoded", "client_secret_basic"), ("plain", "client_secret_basic_plain"), ("post", "client_secret_post")],
)
def test_a_sign_in_that_is_tried_out_finds_the_way_that_works(hostile, hub, taken, method) -> None:
    """P-06: whatever is registered, and says which it was; a sign-in of everyday tries nothing else."""
    hostile.behaviour.proofs = (taken,)
    registration = hub.registration(hostile.issuer, secret=ODD, auth_method="client_secret_post")
    tried = hub.finish(registration, follow(hub.start(registration, purpose="test")))
    assert tried.method == method
    before = hostile.count("/token")
    if taken != "post":
        with pytest.raises(FederationError):
            hub.sign_in(registration)
        assert hostile.count("/token") == before + 1


def test_a_wrong_secret_is_said_to_be_wrong_after_every_way(hostile, hub) -> None:
    hostile.behaviour.proofs = ("encoded", "plain", "post")
    registration = hub.registration(hostile.issuer, secret="another")
    with pytest.raises(FederationError, match="invalid_client"):
        hub.finish(registration, follow(hub.start(registration, purpose="test")))
    assert hostile.count("/token") == 3


def test_the_way_is_chosen_by_what_we_hold_and_what_is_offered() -> None:
    every = ("client_secret_basic", "client_secret_post", "private_key_jwt")
    assert best_method(has_secret=True, has_key=True, offered=every) == "private_key_jwt"
    assert best_method(has_secret=True, has_key=False, offered=every) == "client_secret_basic"
    assert best_method(has_secret=True, has_key=False, offered=("client_secret_post",)) == "client_secret_post"
    assert best_method(has_secret=False, has_key=False, offered=every) == "none"


@pytest.mark.parametrize("made", ["rsa-hub", "ec-hub", "ed-hub"])
def test_a_private_key_is_read_as_pem_and_as_jwk_with_its_line_ends_or_without(made) -> None:
    """A field of one line loses them."""
    whole = key(made)
    pem = whole.as_pem(private=True).decode()
    for text in (pem, pem.replace("\n", ""), pem.replace("\n", "\r\n"), json.dumps(whole.as_dict(private=True))):
        assert import_key(json.loads(read_private_key(text))).thumbprint() == whole.thumbprint()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (key("ec-hub").as_pem(private=False).decode(), "This is a public key"),
        (json.dumps(key("ec-hub").as_dict(private=False)), "no private key"),
        ('{"kty": "oct", "k": "c2VjcmV0"}', "no private key of a pair"),
        ('{"keys": []}', "a set of keys"),
        ('{"kty": "RSA"}', "lacks something"),
        ('{"kty"', "cannot be read"),
        ("-----BEGIN CERTIFICATE-----abc-----END CERTIFICATE-----", "This is a certificate"),
        ("-----BEGIN ENCRYPTED PRIVATE KEY-----abc-----END ENCRYPTED PRIVATE KEY-----", "locked by a password"),
        ("-----BEGIN PRIVATE KEY-----abc", "does not end like one"),
        ("-----BEGIN PRIVATE KEY-----abc-----END PRIVATE KEY-----", "cannot be read"),
        (_pem(rsa.generate_private_key(65537, 1024)), "too short"),
        (ECKey.generate_key("secp256k1").as_pem(private=True).decode(), "signs nothing here"),
        (OKPKey.generate_key("X25519").as_pem(private=True).decode(), "signs nothing here"),
    ],
    ids=lambda value: value[:12],  # keys are made anew in each process
)
@pytest.mark.filterwarnings("ignore:Key size")
def test_what_is_no_key_to_sign_with_is_refused_in_words(text, words) -> None:
    with pytest.raises(BadKey, match=words):
        read_private_key(text)


def test_a_key_of_our_own_is_published_without_its_secret_half() -> None:
    made = make_private_key()
    (shown,) = published(made)["keys"]
    assert shown["kid"] == json.loads(made)["kid"]
    assert {"use", "alg", "n", "e"} <= set(shown)
    assert set(shown).isdisjoint({"d", "p", "q", "dp", "dq", "qi"})


def test_a_private_authority_is_trusted_beside_the_public_ones(tmp_path: Path) -> None:
    """N-26: what it is not named for is refused as before."""
    from federation.safe_http import SafeHttp

    certificate, secret = tmp_path / "cert.pem", tmp_path / "key.pem"
    _write_certificate(certificate, secret)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, secret)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    origin = f"https://localhost:{server.server_address[1]}"
    try:
        with pytest.raises(FederationError, match="issuer_unreachable"):
            SafeHttp([origin]).get(f"{origin}/x")
        trusting = SafeHttp([origin], ca_file=str(certificate))
        assert trusting.get(f"{origin}/x").json_object() == {}
        with requests.Session() as session:
            trusting.guard(session)
            context = session.get_adapter(origin).poolmanager.connection_pool_kw["ssl_context"]  # type: ignore[attr-defined]
        assert len(context.get_ca_certs()) > 1, "the public ones are there too"
    finally:
        server.shutdown()
        server.server_close()
