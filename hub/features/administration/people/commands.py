"""`hub person …`."""

from typing import TYPE_CHECKING

import click

from acl.directory import ROOT
from hub.running.command import as_json, operators_work, organisation_named, parts_of, person_named, print_json

if TYPE_CHECKING:
    from hub.access.models import Group, Person, Place
    from hub.access.parts import Parts
    from hub.ground.unit_of_work import UnitOfWork


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
@as_json
@click.pass_context
def add(
    ctx: click.Context,
    handle: str,
    name: str,
    email: str,
    job: str,
    subject: str,
    groups: tuple[str, ...],
    *,
    guest: bool,
    as_json: bool,
) -> None:
    """Add a person. HANDLE is their organisation and a name: leeds/sam-okafor. Handles are never given out again.

    Without --subject a one-use link is printed: whoever opens it and signs in through the organisation's issuer is
    that person from then on. It lasts 72 hours; “hub person link” makes another.
    """
    from hub.nouns.people.service import NewPerson, add_member, add_person

    parts = parts_of(ctx)
    wanted = handle.strip().lower()
    with operators_work(parts) as uow:
        organisation = organisation_named(uow.session, wanted.partition("/")[0])
        kind = "guest" if guest else "staff"
        found = add_person(uow, organisation, NewPerson(wanted, name, email.strip(), job.strip(), kind))
        new_groups = []
        for group in groups:
            row, is_new = _group(uow, organisation, group)
            add_member(uow, row, found)
            new_groups += [row.handle] if is_new else []
        link = _first_sign_in(uow, parts, found, organisation, subject.strip())
    if as_json:
        print_json({"person": found.subject_id, "name": found.name, "new_groups": new_groups, "link": link or None})
        return
    click.echo(f"Added {found.name} as {found.subject_id}.")
    for group in new_groups:
        click.echo(f"The group {group} is new.")
    if link:
        click.echo(f"For their first sign-in, within 72 hours, once: {link}")
    elif not subject:
        click.echo(f"They cannot sign in yet: give {organisation.name} an issuer, then use “hub person link {wanted}”.")


@person.command("link")
@click.argument("handle")
@as_json
@click.pass_context
def link(ctx: click.Context, handle: str, *, as_json: bool) -> None:
    """Print a one-use link for somebody's first sign-in. It lasts 72 hours; an older one stops working."""
    from hub.features.signin.service import make_link

    parts = parts_of(ctx)
    with operators_work(parts) as uow:
        found = person_named(uow.session, handle)
        address = make_link(uow, parts, found, by=ROOT, by_hand=True)
    if as_json:
        print_json({"person": found.subject_id, "link": address})
    else:
        click.echo(address)


def _first_sign_in(uow: "UnitOfWork", parts: "Parts", found: "Person", organisation: "Place", subject: str) -> str:
    """Arrange how the person is known at their first sign-in; returns the one-use link, if it is by one."""
    from hub.features.signin.queries import issuer_of_organisation
    from hub.features.signin.service import expect_subject, make_link

    if subject:
        expect_subject(uow, found, subject, by=ROOT)
        return ""
    if issuer_of_organisation(uow.session, organisation.path) is None:
        return ""
    return make_link(uow, parts, found, by=ROOT, by_hand=True)


def _group(uow: "UnitOfWork", organisation: "Place", name: str) -> tuple["Group", bool]:
    """The organisation's group of that name or handle, and whether it had to be made."""
    from sqlalchemy import select

    from hub.access.models import Group
    from hub.nouns.people.service import add_group

    own = name.strip().lower().removeprefix("group:")
    handle = own if "/" in own else f"{organisation.path}/{own}"
    found = uow.session.scalar(select(Group).where(Group.handle == handle))
    if found is not None:
        return found, False
    return add_group(uow, organisation, handle, handle.rpartition("/")[2].replace("-", " ").capitalize()), True
