"""Keycloak, started once for the run: realms, clients and people by its own administration."""

import atexit
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests

from tests import missing
from tools.keycloak.server import ADMIN, Missing, Server

HOST = "127.0.0.7"


@dataclass(frozen=True)
class Keycloak:
    """The running server. `url`: its address."""

    url: str

    def realm(self, name: str) -> str:
        """Make a realm; returns its issuer."""
        self._ask("POST", "", {"realm": name, "enabled": True, "sslRequired": "none"})
        return f"{self.url}/realms/{name}"

    def client(self, realm: str, client_id: str, redirect: str, signed_out: str, **more: Any) -> str:
        """Register the hub; returns its secret."""
        wish = {
            "clientId": client_id,
            "redirectUris": [redirect],
            "attributes": {"post.logout.redirect.uris": signed_out, **more.pop("attributes", {})},
            "standardFlowEnabled": True,
            "publicClient": False,
            **more,
        }
        self._ask("POST", f"/{realm}/clients", wish)
        (made,) = self._ask("GET", f"/{realm}/clients?clientId={client_id}").json()
        return str(self._ask("GET", f"/{realm}/clients/{made['id']}/client-secret").json().get("value", ""))

    def person(self, realm: str, name: str, email: str, last: str = "Keycloak") -> str:
        """Add somebody, whose address is verified; returns their subject."""
        self._ask(
            "POST",
            f"/{realm}/users",
            {
                "username": name,
                "enabled": True,
                "firstName": name.title(),
                "lastName": last,
                "email": email,
                "emailVerified": True,
                "credentials": [{"type": "password", "value": "any password", "temporary": False}],
            },
        )
        return str(self._ask("GET", f"/{realm}/users?username={name}").json()[0]["id"])

    def _ask(self, method: str, path: str, wish: Mapping[str, Any] | None = None) -> requests.Response:
        form = {"grant_type": "password", "client_id": "admin-cli", "username": ADMIN[0], "password": ADMIN[1]}
        token = requests.post(f"{self.url}/realms/master/protocol/openid-connect/token", data=form, timeout=30).json()
        answer = requests.request(
            method,
            f"{self.url}/admin/realms{path}",
            json=wish,
            headers={"Authorization": f"Bearer {token['access_token']}"},
            timeout=30,
        )
        assert answer.ok, answer.text
        return answer


@functools.cache
def running() -> Keycloak:
    """Return the server; where it cannot be had, say so."""
    try:
        server = Server(HOST)
    except Missing as part:
        missing("Keycloak", str(part))
        raise AssertionError from part
    atexit.register(server.stop)
    return Keycloak(server.url)
