"""`hub doctor`, `hub backup`, `hub restore` and `hub history`."""

from dataclasses import asdict
from pathlib import Path

import click

from hub.running.command import as_json, console_of, operator, operators_work, parts_of, print_json

MEGABYTE = 1_000_000


@click.command("doctor")
@as_json
@click.pass_context
def doctor(ctx: click.Context, *, as_json: bool) -> None:
    """Look at every part of the hub, and say of each that is not well what to do.

    Exit code 0 when there is no fault; warnings do not change it. It changes nothing, and prints no secret.
    """
    from hub.upkeep.doctor import examine

    console = console_of(ctx)
    found = []
    for line in examine(console.settings(), console.open_parts):
        found.append(line)
        if not as_json:
            click.echo(f"{line.level:<8} {line.part:<12} {line.says}")
            if line.cure:
                click.echo(f"{'':<21} → {line.cure}")
    faults = [line for line in found if line.level == "fault"]
    if as_json:
        print_json({"ok": not faults, "lines": [asdict(line) for line in found]})
    if faults:
        ctx.exit(1)


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
@as_json
@click.pass_context
def backup(ctx: click.Context, file: Path, *, as_json: bool) -> None:
    """Write the whole hub to FILE, while it runs: database, files, policies and keys, as they are at one moment.

    The file holds every secret of the hub: only its owner may read it. An existing FILE is never overwritten,
    and the folder that it is to lie in must be there.
    """
    from hub.upkeep.backup import back_up, check_place
    from hub.upkeep.house import open_house

    check_place(file)
    with open_house(console_of(ctx).settings()) as house:
        made = back_up(house, file)
    rows = sum(made.header["rows"].values())
    if as_json:
        shown = {"file": str(file), "made_at": made.header["made_at"], "rows": rows, "files": made.files}
        print_json(shown | {"bytes": made.size, "left_out": list(made.left_out)})
    else:
        click.echo(f"{file} holds the hub as it was at {made.header['made_at']}: {rows:,} rows, {made.files:,} files,")
        click.echo(f"{made.size / MEGABYTE:,.1f} MB. It holds the keys too: guard it as you guard the hub.")
    if made.left_out:
        click.echo(f"{len(made.left_out):,} stored files are missing or damaged, and are not in it:", err=True)
        for file_hash in made.left_out:
            click.echo(f"  {file_hash}", err=True)
        ctx.exit(1)


@click.group("keys")
def keys() -> None:
    """Look after the keys that sign cookies and seal secrets: one set for all machines of a hub."""


@keys.command("accept")
@click.pass_context
def _accept(ctx: click.Context) -> None:
    """Let the hub work with the keys of this machine, where those it worked with are lost for good.

    Everybody signs in again. What was sealed before cannot be read any more: enter the client secrets of issuers anew,
    and send letters with one-use links again. Other machines need a copy of these keys.
    """
    from hub.access.keys_in_force import accept, given_keys
    from hub.ground.keys import load_keys
    from hub.ground.unit_of_work import unit_of_work
    from hub.upkeep.house import open_house

    with open_house(console_of(ctx).settings()) as house:
        found = given_keys(house.given_keys) if house.given_keys else load_keys(house.key_file)
        with unit_of_work(house.database, house.clock, operator()) as uow:
            accept(uow, found)
    click.echo("The hub works with the keys of this machine from now on. Start it again on every machine.")


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--replace", is_flag=True, help="Put it in place of the hub that is there, which is kept beside it.")
@click.option("--check", "only_check", is_flag=True, help="Only read FILE from end to end: change nothing.")
@as_json
@click.pass_context
def restore(ctx: click.Context, file: Path, *, replace: bool, only_check: bool, as_json: bool) -> None:
    """Put the backup FILE in place, on a stopped hub. A damaged one is refused before anything is changed.

    Everybody must sign in again, and the index is built anew once the hub runs. With --replace, who was suspended, what
    was taken back and who was taken out of a group since the backup stays so.
    """
    from hub.upkeep import restore as restoring
    from hub.upkeep.house import open_house

    if only_check:
        header = restoring.check(file)
        if as_json:
            print_json({"file": str(file), "made_at": header["made_at"], "rows": header["rows"]})
        else:
            click.echo(f"{file} is whole: the hub as it was at {header['made_at']}.")
        return
    with open_house(console_of(ctx).settings()) as house:
        done = restoring.restore(house, file, operator(), over=replace)
    if as_json:
        kept = str(done.kept) if done.kept else None
        print_json({"made_at": done.header["made_at"], "kept": kept, "carried": done.carried})
        return
    click.echo(f"The hub is as it was at {done.header['made_at']}. Everybody must sign in again.")
    for name, words in _CARRIED.items():
        if done.carried.get(name):
            click.echo(f"  {done.carried[name]:,} {words}")
    if done.kept is not None:
        click.echo(f"The hub that was replaced is kept in {done.kept} (its stored files stay where they are).")
    if done.header["left_out"]:
        click.echo(f"{len(done.header['left_out']):,} stored files were damaged when the backup was made.", err=True)
    click.echo("Start it with “hub serve”: it builds its index, and finds things again when that is done.")


_CARRIED = {
    "grants": "grants that had ended or been shortened since stay so",
    "people": "people who had been suspended or had left since stay out",
    "members": "people who had been taken out of a group since stay out of it",
    "issuers": "issuers that had been shut since stay shut",
    "holds": "rights that wait to be confirmed go on waiting",
    "removals": "posts and conversations from which something had been removed for good stay without it",
}


@click.command("history")
@as_json
@click.pass_context
def history(ctx: click.Context, *, as_json: bool) -> None:
    """Let history begin anew for what was changed past the hub, where `hub doctor` says that there is something.

    For everything else it changes nothing.
    """
    from hub.upkeep.past import begin_for_what_is_astray

    parts = parts_of(ctx)
    with operators_work(parts) as uow:
        wrong = begin_for_what_is_astray(uow, parts.kinds)
    if as_json:
        print_json({"begun_anew": wrong})
    elif wrong:
        click.echo(f"History begins anew for {wrong:,} things: how they stood until now is what it told before.")
    else:
        click.echo("History tells how every thing stands. Nothing was changed.")
