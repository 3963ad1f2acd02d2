"""The demo issuers: real OpenID Connect, one path and cookie path for each organisation, on loopback only.

Anyone who reaches them can become anyone in the demo, so they refuse to start outside a demo, to listen anywhere but
on a loopback address, and to answer a peer, a host name or a proxy that is not this machine.
"""

import ipaddress
import json
import os
import signal
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask, Response, abort, redirect, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server
from werkzeug.wrappers import Response as AnyResponse

from hub.demo.issuer_core import Client, Issuer, OAuthError
from hub.demo.issuer_keys import load_key, load_secret
from hub.demo.issuer_views import IssuerViews
from hub.demo.loading import load_world
from hub.demo.world import World
from hub.ground.clock import Clock, SystemClock
from hub.ground.locks import wait_for_end_of_input

CLIENT_ID = "knowledge-hub"
DEMO_SWITCH = "HUB_DEMO"
REFUSED = 78
"""Exit code of a program that no new start would help (sysexits' EX_CONFIG), as `hub serve` reads it."""
_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Via")


class DemoRefused(Exception):
    """The issuers will not start; the text says why and what to do."""


@dataclass(frozen=True)
class IssuerPlan:
    """Where the issuers listen and what they know of the hub.

    `folder` keeps key and secrets. `redirect_uris` maps an organisation's slug to the hub's callback address for it.
    """

    folder: Path
    port: int
    hub_url: str
    redirect_uris: Mapping[str, str]
    host: str = "127.0.0.1"

    @property
    def base(self) -> str:
        """The address that all issuers begin with."""
        return f"http://localhost:{self.port}"

    def issuer_url(self, slug: str) -> str:
        """The issuer identifier of an organisation."""
        return f"{self.base}/{slug}"


def write_plan(plan: IssuerPlan, path: Path) -> None:
    """Keep a plan for the issuers' own process (JSON without secrets)."""
    values = {
        "folder": str(plan.folder),
        "port": plan.port,
        "hub_url": plan.hub_url,
        "redirect_uris": dict(plan.redirect_uris),
        "host": plan.host,
    }
    path.write_text(json.dumps(values, indent=1), "utf-8")


def read_plan(path: Path) -> IssuerPlan:
    """The plan that `write_plan` kept."""
    values = json.loads(path.read_text("utf-8"))
    return IssuerPlan(
        Path(values["folder"]), values["port"], values["hub_url"], values["redirect_uris"], values["host"]
    )


def create_issuers(plan: IssuerPlan, world: World, clock: Clock, *, demo: bool) -> Flask:
    """The issuers' application. DemoRefused outside demo mode or when the plan would listen beyond this machine."""
    if not demo:
        raise DemoRefused(
            f"The demo issuers let anyone sign in as anyone. They start only in a demo: run `hub demo`, or set "
            f"{DEMO_SWITCH}=1 where nobody else can reach this machine."
        )
    if not _is_loopback(plan.host):
        raise DemoRefused(f"The demo issuers listen only on a loopback address such as 127.0.0.1, not on {plan.host}.")
    key = load_key(plan.folder)
    key.ensure_kid()
    issuers = {
        organisation.slug: Issuer(
            plan.issuer_url(organisation.slug),
            organisation,
            world.people_of(organisation.slug),
            _client(plan, organisation.slug),
            key,
            clock,
        )
        for organisation in world.organisations
        if organisation.slug in plan.redirect_uris
    }
    app = Flask("hub.demo.issuers", template_folder="templates", static_folder="static", static_url_path="/demo-static")
    app.config["MAX_CONTENT_LENGTH"] = 64 * 1024
    _guard(app, plan)
    IssuerViews(issuers, f"demo_issuer_{plan.port}").register(app)
    return app


def start_issuers(plan: IssuerPlan, *, demo: bool, clock: Clock | None = None) -> BaseWSGIServer:
    """A server bound and ready for `serve_forever()`. DemoRefused, or OSError when the port is taken."""
    app = create_issuers(plan, load_world(), clock or SystemClock(), demo=demo)
    return make_server(plan.host, plan.port, app, threaded=True, request_handler=_Quiet)


class _Quiet(WSGIRequestHandler):
    """Keeps no list of requests: their addresses hold codes."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Write nothing."""


def _client(plan: IssuerPlan, slug: str) -> Client:
    return Client(
        CLIENT_ID,
        load_secret(plan.folder, slug),
        frozenset({plan.redirect_uris[slug]}),
        frozenset({f"{plan.hub_url}/signed-out"}),
    )


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False  # a name may mean another address tomorrow


def _guard(app: Flask, plan: IssuerPlan) -> None:
    hosts = {f"localhost:{plan.port}", f"127.0.0.1:{plan.port}"}
    hub = urlsplit(plan.hub_url)
    # Chromium applies form-action to the redirect that follows a form, so the hub's own address must be in it.
    policy = (
        "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
        f"form-action 'self' {hub.scheme}://{hub.netloc}"
    )

    @app.before_request
    def refuse_strangers() -> None:
        if not _is_loopback(request.remote_addr or "") or any(name in request.headers for name in _FORWARDED):
            abort(403, "The demo issuers answer only this machine.")
        if request.host not in hosts:
            abort(403, f"Use {plan.base}: the demo issuers answer to no other name.")

    @app.after_request
    def harden(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = policy
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        if not request.path.startswith("/demo-static/"):
            response.headers["Cache-Control"] = "no-store"
        return response

    @app.errorhandler(HTTPException)
    def plainly(error: HTTPException) -> tuple[str, int]:
        return render_template("issuers/problem.html", sentence=error.description), error.code or 500

    @app.errorhandler(OAuthError)
    def explain(error: OAuthError) -> AnyResponse | tuple[str, int]:
        if error.redirect:
            return redirect(error.redirect, 303)
        return render_template("issuers/problem.html", sentence=error.description), 400


def main(arguments: list[str]) -> int:
    """`python -m hub.demo.issuers [--supervised] PLAN`: serve until told to stop.

    `--supervised`: end when standard input ends, as every child of `hub serve` does. Returns 78 when it cannot start.
    """
    try:
        server = start_issuers(read_plan(Path(arguments[-1])), demo=os.environ.get(DEMO_SWITCH) == "1")
    except (DemoRefused, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return REFUSED
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
    if "--supervised" in arguments:
        threading.Thread(target=_end_with_input, daemon=True).start()
    server.serve_forever()
    server.server_close()
    return 0


def _end_with_input() -> None:
    wait_for_end_of_input()
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
