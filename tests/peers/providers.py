"""Certified OpenID providers: installed from the committed lock file, started once, ended with the tests."""

import atexit
import functools
import hashlib
import json
import select
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from tests import missing

FOLDER = Path(__file__).parent / "oidc-provider"
PEOPLE: Mapping[str, Mapping[str, Any]] = {
    "ann": {"name": "Ann Archer", "email": "ann.archer@leeds.example", "email_verified": True},
    "bob": {"name": "Bob Brook", "email": "bob.brook@york.example", "email_verified": True},
    "sam": {"name": "Sam Okafor"},
}


@dataclass(frozen=True)
class Client:
    """A client as a provider registered it."""

    client_id: str
    client_secret: str
    auth_method: str


@dataclass(frozen=True)
class Provider:
    """One running provider. ``people`` may sign in, with any password."""

    issuer: str
    pid: int

    def register(
        self,
        redirect_uri: str,
        post_logout_redirect_uri: str,
        *,
        auth_method: str = "client_secret_basic",
        public_jwk: Mapping[str, Any] | None = None,
        **more: Any,
    ) -> Client:
        """Register a client (RFC 7591) and return what the provider gave it."""
        wish = {
            "redirect_uris": [redirect_uri],
            "post_logout_redirect_uris": [post_logout_redirect_uri],
            "token_endpoint_auth_method": auth_method,
            "response_types": ["code"],
            "grant_types": ["authorization_code"],
            **({"jwks": {"keys": [public_jwk]}} if public_jwk else {}),
            **more,
        }
        answer = requests.post(f"{self.issuer}/reg", json=wish, timeout=10)
        assert answer.status_code == 201, answer.text
        given = answer.json()
        return Client(given["client_id"], given.get("client_secret", ""), auth_method)


def install() -> None:
    """Install what the lock file names, unless it is there already."""
    if not shutil.which("node") or not shutil.which("npm"):
        missing("Node", "install Node 20 or newer with npm: the certified OpenID provider runs on it")
    stamp = FOLDER / "node_modules" / ".installed-from"
    wanted = hashlib.sha256((FOLDER / "package-lock.json").read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    command = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline"]
    done = subprocess.run(command, cwd=FOLDER, capture_output=True, text=True, timeout=240, check=False)
    if done.returncode:
        missing("the certified OpenID provider", f"npm ci said: {done.stderr[-500:]}")
    stamp.write_text(wanted)


def start(host: str, *, par: bool, conform: bool) -> Provider:
    """Start one provider and wait until it listens."""
    try:
        with socket.socket() as probe:
            probe.bind((host, 0))
    except OSError:
        missing(f"the loopback address {host}", f"on macOS: sudo ifconfig lo0 alias {host}")
    errors = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the process
    options = json.dumps({"host": host, "par": par, "conform": conform, "people": PEOPLE})
    process = subprocess.Popen(
        ["node", "provider.mjs", options], cwd=FOLDER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors
    )
    atexit.register(_end, process)
    ready, _, _ = select.select([process.stdout], [], [], 30)
    line = process.stdout.readline() if ready and process.stdout else b""
    if not line:
        process.kill()
        errors.seek(0)
        pytest.fail(f"the OpenID provider did not start: {errors.read()[-1000:]!r}")
    return Provider(json.loads(line)["issuer"], process.pid)


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    process.wait(10)


@functools.cache
def running() -> tuple[Provider, Provider]:
    """Return the two providers.

    The first offers pushed requests (PAR) and puts names and addresses into the ID token. The second does neither: as
    the standard has it (Core, 5.4), it tells them by userinfo alone.
    """
    install()
    return start("127.0.0.2", par=True, conform=False), start("127.0.0.3", par=False, conform=True)
