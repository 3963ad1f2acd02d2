"""`hub space …`."""

import click

from hub.running.command import as_json, operators_work, parts_of, place_named, print_json


@click.group("space")
def space() -> None:
    """Look after spaces."""


@space.command("add")
@click.argument("path")
@click.option("--name", required=True, help="The name that people see.")
@click.option("--description", default="", help="What it is for, in a sentence or two.")
@click.option("--audience", default="open", show_default=True, help="open, restricted, private or confidential.")
@click.option("--writers", default="", help="members, organisation or staff; without it, what is usual.")
@click.option("--marking", default="OFFICIAL", show_default=True, help="PUBLIC, OFFICIAL or OFFICIAL-SENSITIVE.")
@as_json
@click.pass_context
def add(
    ctx: click.Context,
    path: str,
    name: str,
    description: str,
    audience: str,
    writers: str,
    marking: str,
    *,
    as_json: bool,
) -> None:
    """Add a space. PATH is where it lies and its own short name, such as leeds/housing or leeds/housing/repairs.

    open: staff of every organisation read what is published up to OFFICIAL. restricted: they see that it exists and may
    ask to join. private: only its owner's staff see that it exists. confidential: only its members do.

    In an open space all staff may ask and comment, or with --writers only staff of the organisation that owns it, or
    members. In any other space members write.
    """
    from hub.access.places import NewPlace
    from hub.ground.errors import Invalid
    from hub.nouns.spaces.service import add_space

    parts = parts_of(ctx)
    wanted = path.strip().strip("/").lower()
    parent_path, _, slug = wanted.rpartition("/")
    if not parent_path:
        raise Invalid("A space lies in an organisation: write organisation/space, such as leeds/housing.", "path")
    new = NewPlace(
        kind="space",
        slug=slug,
        name=name.strip(),
        marking=marking.strip().upper(),
        audience=audience.strip().lower(),
        description=description.strip(),
        voices=writers.strip().lower(),
    )
    with operators_work(parts) as uow:
        place = add_space(uow, place_named(uow.session, parent_path), new)
    address = f"{parts.public_url}/places/{place.path}"
    if as_json:
        print_json(
            {
                "path": place.path,
                "name": place.name,
                "audience": place.audience,
                "writers": place.voices,
                "url": address,
            }
        )
    else:
        click.echo(f"Added {place.name}: {address}")
