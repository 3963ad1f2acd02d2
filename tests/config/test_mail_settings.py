"""What an operator may write into HUB_SMTP_URL and HUB_MAIL_FROM, and what they are told of the rest."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from config.mail import SmtpServer, smtp_server
from config.settings import Settings


@pytest.mark.parametrize(
    ("url", "host", "port", "security", "user", "password"),
    [
        ("smtp://hub:p%40ss%2F@mail.example.gov.uk", "mail.example.gov.uk", 587, "starttls", "hub", "p@ss/"),
        ("smtp://mail.example.gov.uk:2525", "mail.example.gov.uk", 2525, "starttls", "", ""),
        ("smtps://hub:x@mail.example.gov.uk", "mail.example.gov.uk", 465, "tls", "hub", "x"),
        ("smtp://mail.example.gov.uk?tls=none", "mail.example.gov.uk", 25, "none", "", ""),
        ("smtp://localhost", "localhost", 25, "none", "", ""),
        ("smtp://[::1]:2525", "::1", 2525, "none", "", ""),
        ("smtp://127.0.0.1?tls=starttls", "127.0.0.1", 587, "starttls", "", ""),
    ],
)
def test_an_address_says_how_the_way_to_the_server_is_protected(
    url: str, host: str, port: int, security: str, user: str, password: str
) -> None:
    assert smtp_server(url) == SmtpServer(host, port, security, user, password)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("mail.example.gov.uk", "write smtp://"),
        ("https://mail.example.gov.uk", "write smtp://"),
        ("smtp://", "write smtp://"),
        ("smtp://mail.example.gov.uk/inbox", "write smtp://"),
        ("smtp://mail.example.gov.uk:twenty", "port that is no number"),
        ("smtp://mail.example.gov.uk?tls=maybe", "tls=none"),
        ("smtp://mail.example.gov.uk?verify=no", "tls=none"),
        ("smtps://mail.example.gov.uk?tls=none", "leave it out"),
        ("smtp://hub:KESTREL@mail.example.gov.uk?tls=none", "password unprotected"),
    ],
)
def test_an_address_that_cannot_be_meant_is_refused_without_its_password(url: str, says: str) -> None:
    with pytest.raises(ValueError, match=says) as caught:
        smtp_server(url)
    assert "KESTREL" not in str(caught.value)


def test_a_server_is_written_without_its_password() -> None:
    server = smtp_server("smtps://hub:KESTREL@mail.example.gov.uk")
    assert "KESTREL" not in f"{server} {server!r}"


def test_a_server_needs_an_address_to_send_from() -> None:
    with pytest.raises(ValidationError, match="HUB_MAIL_FROM"):
        Settings(smtp_url="smtps://mail.example.gov.uk")
    with pytest.raises(ValidationError, match="bare address"):
        Settings(smtp_url="smtps://mail.example.gov.uk", mail_from="The Hub <hub@example.gov.uk>")
    found = Settings(smtp_url="smtps://mail.example.gov.uk", mail_from="hub@example.gov.uk").mail
    assert (str(found.server), found.sender) == ("mail.example.gov.uk:465", "hub@example.gov.uk")


def test_without_a_server_letters_go_into_a_folder_of_the_data() -> None:
    found = Settings(data=Path("somewhere"), url="https://hub.example.gov.uk").mail
    assert (found.server, found.folder, found.sender) == (None, Path("somewhere/mail"), "hub@hub.example.gov.uk")


def test_a_demonstration_sends_nothing_whatever_is_set() -> None:
    found = Settings(demo=True, smtp_url="smtps://mail.example.gov.uk", mail_from="hub@example.gov.uk").mail
    assert found.server is None
