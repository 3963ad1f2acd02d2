"""`hub demo`: one command from an empty folder to a hub that a newcomer can look at as several people."""

import ipaddress
import sys
from pathlib import Path
from typing import Any

import click

HIGHEST_PORT = 65535
PLAN_FILE = "issuers.json"


@click.command("demo")
@click.option(
    "--issuers-port",
    type=click.IntRange(1, HIGHEST_PORT),
    help="Port of the demo's sign-in pages. By default the hub's port and one.",
)
@click.pass_context
def demo(ctx: click.Context, issuers_port: int | None) -> None:
    """Start a hub full of invented work, with a sign-in page for each organisation. Ctrl-C stops it.

    Five councils, two firms, 200 documents, 197 conversations. Anyone at this machine can sign in as anyone, so it
    refuses a folder (HUB_DATA) that holds a real hub, and answers no other machine.
    """
    from hub.demo.issuers import DEMO_SWITCH
    from hub.demo.loading import load_world
    from hub.running.command import console_of, parts_of
    from hub.running.serve import Launch, Program, check_port, serve

    settings = console_of(ctx).settings()
    _refuse_strangers(settings)
    check_port(settings.host, settings.port)
    _migrate_if_new(settings)
    world = load_world()
    path = settings.data / "demo" / PLAN_FILE
    _prepare(parts_of(ctx), settings, world, path, issuers_port)
    environment = {DEMO_SWITCH: "1", "HUB_LOOPBACK_ISSUERS": "1"}
    issuers = Program(
        "sign-in pages", (sys.executable, "-m", "hub.demo.issuers", "--supervised", str(path)), environment
    )
    launch = Launch(
        url=settings.public_url,
        host=settings.host,
        port=settings.port,
        data=settings.data,
        environment=environment,
        beside=(issuers,),
    )
    serve(launch, say=_welcome(world, settings))


def _refuse_strangers(settings: Any) -> None:
    """A demo has no passwords: nobody but this machine may reach it."""
    from hub.ground.errors import Invalid

    if not settings.is_local:
        raise Invalid("A demo runs at http://localhost only: unset HUB_URL.")
    try:
        loopback = settings.host == "localhost" or ipaddress.ip_address(settings.host).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise Invalid("A demo has no passwords, so it listens on this machine only: unset HUB_HOST.")


def _migrate_if_new(settings: Any) -> None:
    from hub.ground.db import Database
    from hub.ground.schema import SchemaState, check_schema, migrate, schema_state

    settings.data.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database)
    try:
        if schema_state(database) is SchemaState.EMPTY:
            migrate(database)
        check_schema(database)
    finally:
        database.close()


def _prepare(parts: Any, settings: Any, world: Any, path: Path, wanted_port: int | None) -> None:
    """Write the world where it is not yet, and the plan by which the issuers start. Raises Conflict, Unavailable."""
    from hub.demo.issuer_keys import load_key
    from hub.demo.issuers import IssuerPlan, read_plan, write_plan
    from hub.demo.seed import issuer_ids, move_issuers, seed
    from hub.features.signin.issuers import redirect_uri

    kept = read_plan(path).port if path.exists() else None
    beside = settings.port + 1 if settings.port < HIGHEST_PORT else settings.port - 1
    port = wanted_port or kept or beside
    _check_issuers_port(port, settings.port)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    plan = IssuerPlan(path.parent, port, settings.public_url, {})
    load_key(path.parent)
    if seed(parts, world, plan):
        told = f"{len(world.documents)} demo documents and {len(world.talks)} conversations"
        click.echo(f"Wrote {told} into {settings.data}.")
    elif port != kept:
        move_issuers(parts, plan)
    addresses = {slug: redirect_uri(parts, issuer_id) for slug, issuer_id in issuer_ids(parts).items()}
    write_plan(IssuerPlan(path.parent, port, settings.public_url, addresses), path)


def _check_issuers_port(port: int, hub_port: int) -> None:
    from hub.ground.errors import Conflict
    from hub.running.serve import check_port

    free = next(p for p in range(port + 10, port - 10, -1) if p not in {port, hub_port} and 0 < p <= HIGHEST_PORT)
    cure = f"Choose another one: hub demo --issuers-port {free}."
    if port == hub_port:
        raise Conflict(f"The demo's sign-in pages need a port of their own, not the hub's. {cure}")
    try:
        check_port("127.0.0.1", port)
    except Conflict as error:
        raise Conflict(f"Port {port}, for the demo's sign-in pages, is in use by another program. {cure}") from error


def _welcome(world: Any, settings: Any) -> tuple[str, ...]:
    from hub.demo.seed import introductions

    rows = list(introductions(world))
    wide, long = (max(len(row[at]) for row in rows) for at in (0, 1))
    return (
        "",
        f"Five minutes: the tour. It needs no sign-in: {settings.public_url}/demo",
        "",
        "Or sign in through an organisation, choose a person, and search for “flood”, “retrofit” or “KESTREL”.",
        "Then sign out and do it again as somebody else:",
        "",
        *(f"  {organisation:<{wide}}  {name:<{long}}  {line}" for organisation, name, line in rows),
        "",
        "Everybody else stands on the sign-in pages. It may take some seconds until search has found everything.",
        f"The demo lies in {settings.data}: delete that folder to begin again.",
    )
