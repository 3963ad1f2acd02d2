"""Outbound requests: where they may go, and how much they may cost."""

import datetime as dt
import ipaddress
import socket
import ssl
import threading
import time

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from federation.addresses import Policy, is_public
from federation.errors import FederationError
from federation.safe_http import MAX_BYTES, Limits, SafeHttp
from tests.peers.hostile import Raw

QUICK = Limits(connect=0.5, read=0.5, total=1.0)


def refusal(http: SafeHttp, url: str) -> str:
    with pytest.raises(FederationError) as refused:
        http.get(url)
    return refused.value.code


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "192.0.2.1",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a00:1",
        "64:ff9b:1::1",
        "2002:7f00:1::",
        "2002:a00:1::1",
        "2001:0:1:2::3",
        "nonsense",
    ],
)
def test_an_inner_address_is_not_public(address) -> None:
    """N-26, A10: NAT64 and 6to4 carry an inner address inside a global one."""
    assert not is_public(address)
    with pytest.raises(FederationError, match="issuer_address_refused"):
        Policy.allowing([]).check_peer("https://issuer.example:443", address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:4700::1111", "::ffff:93.184.216.34"])
def test_a_public_address_is_public(address) -> None:
    assert is_public(address)
    Policy.allowing([]).check_peer("https://issuer.example:443", address)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "127.1",
        "2130706433",
        "0x7f000001",
        "017700000001",
        "0.0.0.0",
        "[::1]",
        "[::ffff:127.0.0.1]",
    ],
)
def test_no_spelling_of_this_machine_is_connected_to(host) -> None:
    """N-26: nothing reaches the listener, not even a connection."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.05)
        code = refusal(SafeHttp(), f"https://{host}:{listener.getsockname()[1]}/x")
        assert code in {"issuer_address_refused", "issuer_unreachable"}
        with pytest.raises(TimeoutError):
            listener.accept()


def test_an_inner_origin_needs_the_allow_list_and_http_stays_on_this_machine() -> None:
    """A10: an exact origin opens an inner address, never the link-local one where clouds keep their keys."""
    policy = Policy.allowing(["https://idp.inner.example", "http://127.0.0.2:9000"])
    policy.check_peer("https://idp.inner.example:443", "10.1.2.3")
    policy.check_peer("http://127.0.0.2:9000", "127.0.0.2")
    for origin, address in [
        ("https://idp.inner.example:443", "169.254.169.254"),
        ("https://idp.inner.example:8443", "10.1.2.3"),
        ("http://127.0.0.2:9000", "10.1.2.3"),
        ("http://127.0.0.2:9000", "93.184.216.34"),
        ("http://127.0.0.2:9001", "127.0.0.2"),
    ]:
        with pytest.raises(FederationError, match="issuer_address_refused"):
            policy.check_peer(origin, address)


def test_a_name_that_turns_to_this_machine_while_we_connect_is_left_at_once(monkeypatch, hostile) -> None:
    """A10, DNS rebinding: the machine that we are connected to is looked at, not only what the name said."""
    port = int(hostile.issuer.rpartition(":")[2])
    real = socket.socket.connect
    public = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: public)
    monkeypatch.setattr(socket.socket, "connect", lambda sock, _: real(sock, ("127.0.0.1", port)))
    assert refusal(SafeHttp(limits=QUICK), "https://issuer.example/") == "issuer_address_refused"
    assert hostile.seen == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308, 300])
def test_a_redirect_is_not_followed(hostile, status) -> None:
    """A10: not to the address of a cloud's keys, not to anywhere."""
    hostile.behaviour.raw["/x"] = Raw([b"{}"], status, (("Location", f"{hostile.issuer}/secret"),))
    assert refusal(SafeHttp([hostile.issuer]), f"{hostile.issuer}/x") == "issuer_answer_refused"
    assert hostile.count("/secret") == 0


@pytest.mark.parametrize("status", [204, 400, 401, 404, 500, 503])
def test_only_200_is_an_answer(hostile, status) -> None:
    hostile.behaviour.raw["/x"] = Raw([b"{}"], status)
    assert refusal(SafeHttp([hostile.issuer]), f"{hostile.issuer}/x") == "issuer_answer_refused"


def test_a_huge_answer_is_cut_off(hostile) -> None:
    """N-25: 10 MB are never read whole."""
    sent = []

    def chunks():
        for _ in range(160):
            sent.append(1)
            yield b" " * 65536

    hostile.behaviour.raw["/x"] = Raw(chunks())
    assert refusal(SafeHttp([hostile.issuer]), f"{hostile.issuer}/x") == "issuer_answer_refused"
    hostile.behaviour.raw["/y"] = Raw([b"{" + b" " * (MAX_BYTES - 2) + b"}"])
    assert SafeHttp([hostile.issuer]).get(f"{hostile.issuer}/y").json_object() == {}


def test_a_packed_answer_is_not_unpacked(hostile) -> None:
    hostile.behaviour.raw["/x"] = Raw([b"\x1f\x8b"], 200, (("Content-Encoding", "gzip"),))
    assert refusal(SafeHttp([hostile.issuer]), f"{hostile.issuer}/x") == "issuer_answer_refused"


def test_a_body_that_drips_ends_at_the_total(hostile) -> None:
    """N-25, D-AN 2: each byte comes in time, the whole does not."""
    hostile.behaviour.raw["/x"] = Raw([b" "] * 100, pause=0.2)
    began = time.monotonic()
    assert refusal(SafeHttp([hostile.issuer], QUICK), f"{hostile.issuer}/x") == "issuer_slow"
    assert time.monotonic() - began < 2.0


def drip_headers(listener: socket.socket, stop: threading.Event) -> None:
    connection, _ = listener.accept()
    with connection:
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
        while not stop.wait(0.1):
            try:
                connection.sendall(b"x")
            except OSError:
                return


def test_headers_that_drip_end_at_the_total() -> None:
    """N-25: no single wait is long, so only a limit on the whole ends it."""
    stop = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=drip_headers, args=(listener, stop), daemon=True)
        thread.start()
        origin = f"http://127.0.0.1:{listener.getsockname()[1]}"
        began = time.monotonic()
        assert refusal(SafeHttp([origin], QUICK), f"{origin}/x") == "issuer_slow"
        assert time.monotonic() - began < 2.0
        stop.set()
        thread.join(5)


def test_an_issuer_that_accepts_and_says_nothing_is_slow() -> None:
    """R-73."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        origin = f"http://127.0.0.1:{listener.getsockname()[1]}"
        assert refusal(SafeHttp([origin], QUICK), f"{origin}/x") == "issuer_slow"


def test_an_issuer_that_is_down_is_unreachable() -> None:
    """R-73."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        origin = f"http://127.0.0.1:{listener.getsockname()[1]}"
    assert refusal(SafeHttp([origin], QUICK), f"{origin}/x") == "issuer_unreachable"
    assert refusal(SafeHttp(), "https://no-such-name.invalid/") == "issuer_unreachable"


def test_neither_proxies_nor_cookies_come_from_anywhere(monkeypatch, hostile) -> None:
    """A proxy of the environment would stand between us and the address that we check."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    hostile.behaviour.raw["/x"] = Raw([b"{}"], 200, (("Set-Cookie", "a=b"),))
    http = SafeHttp([hostile.issuer])
    http.get(f"{hostile.issuer}/x")
    http.get(f"{hostile.issuer}/x")
    assert "cookie" not in hostile.seen[1].headers


def certificate(folder, host: str):
    """Write a self-signed certificate for an address and its key, and return both paths."""
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(private, hashes.SHA256())
    )
    pem, key = folder / "cert.pem", folder / "key.pem"
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    key.write_bytes(private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
    return str(pem), str(key)


def test_https_is_spoken_and_an_unknown_certificate_is_refused(tmp_path, hostile) -> None:
    """R-73: the guards hold over TLS too, and a wrong certificate is an issuer that cannot be reached."""
    pem, key = certificate(tmp_path, "127.0.0.1")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, key)
    hostile._server.socket = context.wrap_socket(hostile._server.socket, server_side=True)
    url = hostile.issuer.replace("http:", "https:")
    hostile.behaviour.raw["/x"] = Raw([b'{"a": 1}'])
    assert refusal(SafeHttp([url]), f"{url}/x") == "issuer_unreachable"
    assert SafeHttp([url], ca_file=pem).get(f"{url}/x").json_object() == {"a": 1}
    hostile.behaviour.raw["/y"] = Raw([b" "] * 100, pause=0.2)
    assert refusal(SafeHttp([url], QUICK, ca_file=pem), f"{url}/y") == "issuer_slow"


def test_twenty_slow_requests_leave_no_thread_behind(hostile) -> None:
    """D-AN 1: no worker stays stuck."""
    hostile.behaviour.raw["/x"] = Raw([b" "] * 100, pause=0.1)
    http = SafeHttp([hostile.issuer], QUICK)
    codes: list[str] = []
    threads = [threading.Thread(target=lambda: codes.append(refusal(http, f"{hostile.issuer}/x"))) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)
    assert codes == ["issuer_slow"] * 20
