"""The `hub` command: one group, to which every feature adds its commands, and the one place where errors are worded.

Exit codes: 0 when it did what was asked, 1 when it did not, 2 when the command was not understood.
"""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from hub.running.console import Console

COMMAND_FAILED = 1
INTERRUPTED = 130
GO_ON = "Web processes of the version before go on with it: start the worker, then replace them one after another."
STOP = "The version before does not work with it: stop what still runs of it, and start the hub."


class HubGroup(click.Group):
    """The root: commands are gathered when they are first asked for, and near matches are offered for a wrong one."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        """Every command, in alphabetical order."""
        return sorted(_commands())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of that name, or None. Those of this module are found without loading the others."""
        own = hub.commands.get(cmd_name)
        return own or _commands().get(cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; an unknown one is refused with the nearest names."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            import difflib

            near = difflib.get_close_matches(args[0], self.list_commands(ctx), n=2, cutoff=0.5)
            hint = f" Did you mean “hub {near[0]}”?" if near else ""
            raise click.UsageError(f"There is no command “{args[0]}”.{hint}", ctx) from error


@click.group(
    cls=HubGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="\b\nTo begin with:\n"
    "  hub demo     a hub full of invented councils, to look at\n"
    "  hub serve    a hub of your own: while it is empty, it says what to do next\n"
    "  hub doctor   what is wrong with a hub, and how to put it right",
)
@click.version_option(package_name="knowledge-hub", prog_name="hub", message="hub %(version)s")
@click.pass_context
def hub(ctx: click.Context) -> None:
    """Run and look after a knowledge hub.

    HUB_DATA names the folder that holds its database, files, index, keys and policies (by default ./data), HUB_PORT the
    port, HUB_URL the public address.
    """
    from hub.running.console import Console

    ctx.obj = ctx.obj or Console(open_parts=_open_parts, settings=_settings)


def main() -> None:
    """Run the command and exit. An error is one sentence on stderr, with what to do."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str], console: "Console | None" = None) -> int:
    """Run a command line (over the parts of a given console, or those of HUB_DATA); returns the exit code."""
    try:
        found = hub.main(arguments, prog_name="hub", standalone_mode=False, obj=console)
    except click.exceptions.Exit as asked:
        return asked.exit_code
    except click.Abort:
        click.echo("Stopped: nothing more was done.", err=True)
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return COMMAND_FAILED
    except Exception as error:  # noqa: BLE001  # the last resort words every error
        from hub.running.failures import sentence_for

        click.echo(sentence_for(error), err=True)
        return COMMAND_FAILED
    return found if isinstance(found, int) else 0


@hub.command("migrate")
@click.pass_context
def _migrate(ctx: click.Context) -> None:
    """Bring the database to this version of the hub, or create it.

    A SQLite database with something in it is backed up beside itself first. Stop every worker before: where one runs
    or stands by, nothing is done. Afterwards it says whether web processes of before may go on until they are replaced.
    """
    from hub.ground.db import Database
    from hub.ground.schema import HEAD, OLDEST, SchemaState, migrate, revision_of, schema_state, shown
    from hub.running.console import console_of
    from hub.running.turn import only_worker

    settings = console_of(ctx).settings()
    settings.data.mkdir(mode=0o750, parents=True, exist_ok=True)
    database = Database(settings.database)
    try:
        state = schema_state(database)
        if state is SchemaState.CURRENT:
            click.echo(f"{shown(database)} is up to date (schema {HEAD}).")
            return
        before = revision_of(database) if state is SchemaState.OLDER else ""
        with only_worker(settings.data, database):
            backup = migrate(database)
        if backup is not None:
            click.echo(f"The database as it was is kept in {backup}.")
        click.echo(f"{shown(database)} is now at schema {HEAD}.")
        if before:
            click.echo(GO_ON if before >= OLDEST else STOP)
    finally:
        database.close()


@hub.command("serve")
@click.option("--web-only", is_flag=True, help="Start no worker: others do its work.")
@click.option("--worker-only", is_flag=True, help="Start no web processes.")
@click.pass_context
def _serve(ctx: click.Context, *, web_only: bool, worker_only: bool) -> None:
    """Start the hub: its web processes and its worker. Ctrl-C stops it.

    On a second machine with the same database the same command starts more web processes, and a worker that stands by:
    it takes over within seconds when the other one ends. A new, empty HUB_DATA gets its database; a database of another
    version is refused, and so is one of a hub with other keys.
    """
    from hub.access.keys_in_force import settle_keys
    from hub.ground.db import Database
    from hub.ground.schema import SchemaState, check_schema, migrate, schema_state
    from hub.running.console import console_of
    from hub.running.first_steps import next_steps
    from hub.running.serve import Launch, serve

    if web_only and worker_only:
        raise click.UsageError("Give --web-only or --worker-only, not both.")
    settings = console_of(ctx).settings()
    settings.data.mkdir(mode=0o750, parents=True, exist_ok=True)
    database = Database(settings.database)
    try:
        if schema_state(database) is SchemaState.EMPTY:
            migrate(database)
        check_schema(database, web=web_only)
        settle_keys(settings, database)
        steps = next_steps(database, settings.public_url, os.environ)
    finally:
        database.close()
    launch = Launch(
        url=settings.public_url,
        host=settings.host,
        port=settings.port,
        data=settings.data,
        web=not worker_only,
        worker=not web_only,
    )
    serve(launch, say=(steps,) if steps else ())


@hub.command("worker")
@click.option("--supervised", is_flag=True, hidden=True, help="End when standard input ends.")
@click.pass_context
def _worker(ctx: click.Context, *, supervised: bool) -> None:
    """Do the hub's background work: keep the index and the policy files up to date. `hub serve` starts this itself.

    While another worker of the same database is at work, this one stands by.
    """
    from config.logging import set_up_logging
    from hub.access.keys_in_force import settle_keys
    from hub.ground.keys import OtherKeys
    from hub.ground.schema import SchemaError
    from hub.running.command import parts_of
    from hub.running.console import console_of
    from hub.running.serve import REFUSED
    from hub.running.worker import work
    from hub.wiring import FEATURES

    set_up_logging()
    settings = console_of(ctx).settings()
    try:
        parts = parts_of(ctx)
        settle_keys(settings, parts.database)
        work(parts, FEATURES, settings.data, supervised=supervised)
    except (OtherKeys, SchemaError) as error:  # no new start would cure it: the supervisor ends
        click.echo(str(error), err=True)
        ctx.exit(REFUSED)


@hub.command("web", hidden=True)
@click.pass_context
def _web(ctx: click.Context) -> None:
    """Run the web processes. `hub serve` starts this itself."""
    from hub.running.console import console_of
    from hub.running.web_server import run_web

    settings = console_of(ctx).settings()
    run_web(settings.host, settings.port, processes=settings.web_processes, threads=settings.web_threads)


@cache
def _commands() -> Mapping[str, click.Command]:
    """The commands of this module, and of every feature; groups of one name are one."""
    from hub.wiring import FEATURES

    found: dict[str, click.Command] = dict(hub.commands)
    for command in (command for feature in FEATURES for command in feature.commands):
        _merge(found, command)
    return found


def _merge(found: dict[str, click.Command], command: click.Command) -> None:
    name = command.name or ""
    before = found.get(name)
    if before is None:
        found[name] = command
    elif isinstance(before, click.Group) and isinstance(command, click.Group):
        together = click.Group(name, help=before.help or command.help, commands=dict(before.commands))
        for sub in command.commands.values():
            if sub.name in together.commands:
                raise RuntimeError(f"two features bring the command “hub {name} {sub.name}”")
            together.add_command(sub)
        found[name] = together
    else:
        raise RuntimeError(f"two features bring the command “hub {name}”")


@cache
def _settings() -> Any:
    from config.settings import Settings

    return Settings()


@contextmanager
def _open_parts() -> Iterator[Any]:
    """The parts of the hub in HUB_DATA, closed at the end."""
    from hub.app import build_parts

    parts = build_parts(_settings())
    try:
        yield parts
    finally:
        parts.engine.close()
        parts.database.close()


if __name__ == "__main__":
    main()
