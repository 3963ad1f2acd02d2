"""`hub admin …`: how a hub gets its first administrator."""

import click

from acl.vocabulary import PERSON
from hub.running.command import as_json, operators_work, organisation_named, parts_of, print_json, print_table


@click.group("admin")
def admin() -> None:
    """Let somebody look after the hub, or after an organisation."""


@admin.command("invite")
@click.argument("slug")
@click.option(
    "--role",
    type=click.Choice(["platform", "organisation"]),
    required=True,
    help="What they look after: the whole platform, or their organisation.",
)
@click.option("--name", default="", help="Their name; until they sign in they are called administrator without it.")
@click.option("--email", default="", help="Shown to others. It is never what a person signs in by.")
@click.option("--handle", default="", help="Somebody who was added before, such as leeds/sam-okafor.")
@click.option("--no-mail", is_flag=True, help="Only print the link, though the person has a mail address.")
@as_json
@click.pass_context
def invite(
    ctx: click.Context, slug: str, role: str, name: str, email: str, handle: str, *, no_mail: bool, as_json: bool
) -> None:
    """Invite an administrator from organisation SLUG: prints a one-use link that lasts 15 minutes, and mails it.

    Whoever opens it and signs in through that organisation's issuer looks after the platform, or the organisation, from
    then on; with --role platform after their own organisation too, if nobody does yet. Somebody who signs in already
    (--handle) needs no link.
    """
    from hub.features.administration.service import Invitation, invite_administrator

    parts = parts_of(ctx)
    with operators_work(parts) as uow:
        organisation = organisation_named(uow.session, slug)
        wanted = Invitation(role, name.strip(), email.strip(), handle.strip().lower().removeprefix(PERSON), not no_mail)
        invited = invite_administrator(uow, parts, organisation, wanted, by_hand=True)
    if as_json:
        print_json(
            {
                "person": invited.person,
                "group": invited.group,
                "link": invited.link or None,
                "mailed": invited.mailed or None,
            }
        )
        return
    click.echo(f"{invited.person} belongs to {invited.group}.")
    if invited.link:
        click.echo(f"To sign in for the first time, within 15 minutes, once: {invited.link}")
        if invited.mailed and parts.mail.server:
            click.echo(f"It is mailed to {invited.mailed} too.")
        elif invited.mailed:
            click.echo(f"A letter to {invited.mailed} goes into {parts.mail.folder}: no mail server is set.")
    else:
        click.echo("They sign in as they did before: no link is needed.")


@admin.command("waiting")
@as_json
@click.pass_context
def waiting(ctx: click.Context, *, as_json: bool) -> None:
    """List whose rights beyond their organisation wait, and for which change."""
    from hub.access.holds import REASONS, open_holds

    with parts_of(ctx).database.reading() as session:
        rows = [
            (place.path, person.subject_id if person else "everybody", REASONS[hold.why], hold.detail, hold.by)
            for hold, place, person in open_holds(session)
        ]
    if as_json:
        print_json([dict(zip(("organisation", "who", "why", "detail", "by"), row, strict=True)) for row in rows])
    elif rows:
        print_table([("organisation", "who", "what changed", "detail", "by"), *rows])
    else:
        click.echo("Nothing waits.")


@admin.command("confirm")
@click.argument("slug")
@click.pass_context
def confirm(ctx: click.Context, slug: str) -> None:
    """Confirm what changed in how people of organisation SLUG are known: what waits for it is in force again.

    Ask the organisation first whether it meant the change, by another way than this hub. The page “To confirm” of the
    hub's administration does the same, one change at a time.
    """
    from hub.access.holds import confirm as put_in_force
    from hub.access.holds import open_holds
    from hub.access.models import Hold

    with operators_work(parts_of(ctx)) as uow:
        place = organisation_named(uow.session, slug)
        found = open_holds(uow.session, Hold.organisation_id == place.id)
        for hold, *_ in found:
            put_in_force(uow, hold)
    click.echo(f"Confirmed for {slug}: {len(found)} {'change' if len(found) == 1 else 'changes'}.")
