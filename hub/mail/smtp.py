"""The one module that speaks to mail servers (RFC 5321), over the standard library's client.

What goes wrong has one of four names, by whom it concerns: `Trouble` the server, so that every letter waits;
`TryLater` one letter, this time; `Refused` one letter, for good; `RefusedForGood` every letter to that address.
"""

import smtplib
import ssl
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage

from config.mail import NO_TLS, STARTTLS, TLS, SmtpServer

PATIENCE = 20.0
"""Seconds that the server has for each answer."""
PERMANENT = 500
NOT_YET = 400
"""The least code of an answer that is no."""
OF_RULES = "5.7."
REASON_KEPT = 300


class Trouble(Exception):
    """The server cannot be used now; the text is a sentence for the operator."""


class TryLater(Exception):
    """This letter was not taken this time, or nobody knows whether it was."""


class Refused(Exception):
    """This letter will never be taken."""


class RefusedForGood(Refused):
    """The server knows no such mailbox: no letter to this address will be taken."""


class Line:
    """An open connection to the server, signed in."""

    def __init__(self, client: smtplib.SMTP) -> None:
        self._client = client

    @property
    def is_open(self) -> bool:
        """Whether another letter can be sent over it."""
        return self._client.sock is not None

    def send(self, message: EmailMessage, sender: str, to: str) -> None:
        """Hand over one letter; returns when the server has taken it. Raises Trouble, TryLater or Refused."""
        try:
            self._client.send_message(message, sender, [to])
        except smtplib.SMTPSenderRefused as error:
            raise Trouble(f"The mail server refuses the sender {sender}: {_said(error)}.") from error
        except smtplib.SMTPRecipientsRefused as error:
            code, words = error.recipients[to]
            said = f"The mail server refuses the address: {_said((code, words))}."
            raise _refusal(code, said) from error
        except smtplib.SMTPNotSupportedError as error:
            raise Refused("The mail server takes no address with letters outside ASCII.") from error
        except smtplib.SMTPServerDisconnected as error:
            self._client.close()
            raise TryLater("The mail server ended the connection before it had answered.") from error
        except smtplib.SMTPResponseException as error:
            said = f"The mail server did not take the letter: {_said(error)}."
            raise Refused(said) if error.smtp_code >= PERMANENT else TryLater(said) from error
        except OSError as error:
            self._client.close()
            raise TryLater(f"The connection to the mail server broke: {error}.") from error


def _refusal(code: int, said: str) -> Exception:
    """What the answer to a recipient means: codes 5.7 are about the sender and the rules of the server (RFC 3463)."""
    if code < PERMANENT:
        return TryLater(said)
    return Refused(said) if f": {code} {OF_RULES}" in said else RefusedForGood(said)


@contextmanager
def connected(server: SmtpServer, own_name: str) -> Iterator[Line]:
    """A connection that is protected as asked for, its certificate verified, and signed in. Raises Trouble."""
    client = _reached(server, own_name)
    try:
        yield Line(client)
    finally:
        _leave(client)


def _reached(server: SmtpServer, own_name: str) -> smtplib.SMTP:
    try:
        client = _opened(server, own_name)
    except ssl.SSLError as error:
        reason = getattr(error, "verify_message", "") or error.reason or error
        raise Trouble(f"The mail server {server} cannot be trusted: {reason}.") from error
    except (OSError, smtplib.SMTPException) as error:
        raise Trouble(f"The mail server {server} does not answer: {_said(error)}.") from error
    try:
        _sign_in(client, server)
    except Trouble:
        _leave(client)
        raise
    return client


def _opened(server: SmtpServer, own_name: str) -> smtplib.SMTP:
    if server.security == TLS:
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(server.host, server.port, own_name, timeout=PATIENCE, context=context)
    return smtplib.SMTP(server.host, server.port, own_name, timeout=PATIENCE)


def _sign_in(client: smtplib.SMTP, server: SmtpServer) -> None:
    try:
        if server.security == STARTTLS:
            client.starttls(context=ssl.create_default_context())  # refuses where the server does not offer it
        client.ehlo_or_helo_if_needed()
        if server.user:
            _login(client, server)
    except ssl.SSLError as error:
        reason = getattr(error, "verify_message", "") or error.reason or error
        raise Trouble(f"The mail server {server} cannot be trusted: {reason}.") from error
    except smtplib.SMTPAuthenticationError as error:
        raise Trouble(f"The mail server {server} does not let the hub sign in: {_said(error)}.") from error
    except smtplib.SMTPNotSupportedError as error:
        lacks = "STARTTLS" if server.security != NO_TLS and "STARTTLS" in str(error) else "signing in with a password"
        raise Trouble(f"The mail server {server} does not offer {lacks}.") from error
    except (OSError, smtplib.SMTPException) as error:
        raise Trouble(f"The mail server {server} broke off: {_said(error)}.") from error


def _login(client: smtplib.SMTP, server: SmtpServer) -> None:
    """Sign in. The standard library's own way stops at letters outside ASCII, which RFC 4616 sends as UTF-8."""
    if (server.user + server.password).isascii():
        client.login(server.user, server.password)
        return
    told = b64encode(f"\0{server.user}\0{server.password}".encode()).decode("ascii")
    code, words = client.docmd("AUTH", f"PLAIN {told}")
    if code >= NOT_YET:
        raise smtplib.SMTPAuthenticationError(code, words)


def _leave(client: smtplib.SMTP) -> None:
    """Say goodbye if there is still somebody to say it to: what was sent stays sent either way."""
    try:
        if client.sock is not None:
            client.quit()
    except (OSError, smtplib.SMTPException):
        client.close()


def _said(error: object) -> str:
    """What a server answered, or why there is no answer, short and on one line."""
    if isinstance(error, smtplib.SMTPResponseException):
        error = (error.smtp_code, error.smtp_error)
    if isinstance(error, tuple):
        code, words = error
        text = f"{code} {words.decode('utf-8', 'replace') if isinstance(words, bytes) else words}"
    else:
        text = str(getattr(error, "strerror", None) or error)
    return one_line_of(text).rstrip(".")


def one_line_of(text: str) -> str:
    """What a server says, short and on one line."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:REASON_KEPT]
