"""`hub person …`."""

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from hub.access.models import Group, Place
    from hub.unit_of_work import UnitOfWork


@click.group("person")
def person() -> None:
    """Look after people."""


@person.command("add")
@click.argument("handle")
@click.option("--name", required=True, help="The name that others see.")
@click.option("--email", default="", help="Shown to others. It is never what a person signs in by.")
@click.option("--job", default="", help="Job title.")
@click.option("--guest", is_flag=True, help="Someone who works for a supplier, and is let into named spaces only.")
@click.option("--group", "groups", multiple=True, help="Group of theirs, such as housing-officers. Made when new.")
@click.option("--subject", default="", metavar="SUB", help="Their “sub” at the organisation's issuer.")
@click.pass_context
def add(
    ctx: click.Context,
    handle: str,
    name: str,
    email: str,
    job: str,
    *,
    guest: bool,
    groups: tuple[str, ...],
    subject: str,
) -> None:
    """Add a person. HANDLE is their organisation and a name: leeds/sam-okafor. Handles are never given out again."""
    from hub.command import operators_work, organisation_named, parts_of
    from hub.people.service import NewPerson, add_member, add_person

    parts = parts_of(ctx)
    wanted = handle.strip().lower()
    with operators_work(parts) as uow:
        organisation = organisation_named(uow.session, wanted.partition("/")[0])
        kind = "guest" if guest else "staff"
        found = add_person(uow, organisation, NewPerson(wanted, name, email.strip(), job.strip(), kind))
        made = []
        for group in groups:
            row, is_new = _group(uow, organisation, group)
            add_member(uow, row, found)
            made += [row.handle] if is_new else []
    click.echo(f"Added {found.name} as {found.subject_id}.")
    for group in made:
        click.echo(f"The group {group} is new.")
    if subject:
        raise NotImplementedError


def _group(uow: "UnitOfWork", organisation: "Place", name: str) -> tuple["Group", bool]:
    """The organisation's group of that name or handle, and whether it had to be made."""
    from sqlalchemy import select

    from hub.access.models import Group
    from hub.people.service import add_group

    own = name.strip().lower().removeprefix("group:")
    handle = own if "/" in own else f"{organisation.path}/{own}"
    found = uow.session.scalar(select(Group).where(Group.handle == handle))
    if found is not None:
        return found, False
    return add_group(uow, organisation, handle, handle.rpartition("/")[2].replace("-", " ").capitalize()), True
