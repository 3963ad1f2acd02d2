"""Issuers at the other end, as fixtures."""

from collections.abc import Iterator

import pytest

from tests.peers import keycloak as keycloaks
from tests.peers import providers as certified
from tests.peers.hostile import HostileIssuer


@pytest.fixture(scope="session")
def providers() -> tuple[certified.Provider, certified.Provider]:
    """Two certified OpenID providers on 127.0.0.2 and 127.0.0.3; skipped without Node, an error in CI."""
    return certified.running()


@pytest.fixture(scope="session")
def keycloak() -> keycloaks.Keycloak:
    """A Keycloak on 127.0.0.7, started once; skipped where it cannot be had, an error in CI."""
    return keycloaks.running()


@pytest.fixture
def hostile() -> Iterator[HostileIssuer]:
    """An issuer of our own that tells any lie it is given, on 127.0.0.1."""
    with HostileIssuer() as issuer:
        yield issuer
