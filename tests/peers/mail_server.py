"""A real mail server on this machine (aiosmtpd): STARTTLS or TLS, signing in, and bad days on request."""

import datetime as dt
import email
import email.policy
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "hub", "p@ss:wörd/1"


@dataclass
class MailServer:
    """A server on one port of loopback that can be started and stopped; what it took lies in `taken`."""

    port: int
    folder: Path
    security: str = "none"
    """`none`, `starttls` (required) or `tls`."""
    signing_in: bool = False
    password: str = PASSWORD
    refuses: dict[str, str] = field(default_factory=dict)
    """Answers to recipients who are not taken, such as `550 5.1.1 No such mailbox`."""
    refused_sender: str = ""
    refused_text: str = ""
    """Answer to the text of every letter."""
    after_taking: Callable[[], None] | None = None
    """Done once when a letter was taken, before the server says so."""
    drops: int = 0
    """So many letters are taken, and the connection dropped before the server says so."""
    taken: list[EmailMessage] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)
    """Of each letter, to whom it is to be returned."""
    secured: list[bool] = field(default_factory=list)
    """Of each letter, whether it came over TLS."""
    _controller: Controller | None = None

    @property
    def certificate(self) -> Path:
        """Its certificate, which vouches for itself."""
        return self.folder / "mail-server.pem"

    @property
    def subjects(self) -> list[str]:
        """Of the letters that it took."""
        return [str(message["Subject"]) for message in self.taken]

    def texts(self) -> list[str]:
        """Of the letters that it took."""
        return [message.get_content().replace("\r\n", "\n") for message in self.taken]

    def start(self) -> "MailServer":
        """Begin to answer."""
        context = self._context() if self.security != "none" else None
        options: dict[str, Any] = {"enable_SMTPUTF8": False, "ident": "test"}
        if self.signing_in:
            options |= {"authenticator": self._authenticate, "auth_required": True}
            options |= {"auth_require_tls": self.security == "starttls"}
        if self.security == "starttls":
            options |= {"tls_context": context, "require_starttls": True}
        ssl_context = context if self.security == "tls" else None
        handler = _Handler(self)
        self._controller = Controller(handler, hostname="localhost", port=self.port, ssl_context=ssl_context, **options)
        self._controller.start()
        return self

    def stop(self) -> None:
        """Answer no more."""
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    def _authenticate(self, _server: SMTP, _session: Session, _envelope: Envelope, _way: str, given: Any) -> AuthResult:
        known = LoginPassword(USER.encode(), self.password.encode())
        return AuthResult(success=cast("LoginPassword", given) == known, handled=False)

    def _context(self) -> ssl.SSLContext:
        key_file = self.folder / "mail-server.key"
        if not self.certificate.exists():
            _write_certificate(self.certificate, key_file)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, key_file)
        return context


class _Handler:
    """What the server answers."""

    def __init__(self, server: MailServer) -> None:
        self._server = server

    async def handle_MAIL(  # noqa: N802  # aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self._server.refused_sender:
            return self._server.refused_sender
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self._server.refuses:
            return self._server.refuses[address]
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  # aiosmtpd's name
        own = self._server
        if own.refused_text:
            return own.refused_text
        content = cast("bytes", envelope.original_content)
        own.taken.append(cast("EmailMessage", email.message_from_bytes(content, policy=email.policy.default)))
        own.senders.append(cast("str", envelope.mail_from))
        own.secured.append(session.ssl is not None or own.security == "tls")
        if own.after_taking is not None:
            after, own.after_taking = own.after_taking, None
            after()
        if own.drops:
            own.drops -= 1
            assert server.transport is not None
            server.transport.abort()
        return "250 Taken"


def free_port() -> int:
    """A port on which nothing answers."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _write_certificate(certificate: Path, key_file: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
