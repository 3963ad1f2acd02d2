"""`hub issuer …`: looking after the issuers through which people sign in."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from acl.directory import ROOT
from hub.running.command import as_json, operators_work, organisation_named, parts_of, print_json, print_table

if TYPE_CHECKING:
    from hub.features.signin.models import Issuer
    from hub.ground.unit_of_work import UnitOfWork


@click.group("issuer")
def issuer() -> None:
    """Look after the issuers through which people sign in."""


@issuer.command("list")
@as_json
@click.pass_context
def list_issuers(ctx: click.Context, *, as_json: bool) -> None:
    """List every organisation's issuer, and whether anything is wrong with it."""
    from sqlalchemy import select

    from hub.access.models import Place
    from hub.features.signin.issuers import logout_uri, redirect_uri
    from hub.features.signin.models import Issuer
    from hub.features.signin.queries import changes_of

    parts = parts_of(ctx)
    with parts.database.reading() as session:
        found = session.execute(
            select(Place.path, Issuer).join(Issuer, Issuer.organisation_id == Place.id).order_by(Place.path)
        ).all()
    if as_json:
        print_json(
            [
                {
                    "organisation": path,
                    "issuer": row.issuer,
                    "status": row.status,
                    "client_id": row.client_id,
                    "redirect_uri": redirect_uri(parts, row.id),
                    "logout_uri": logout_uri(parts, row.id),
                    "answered": row.answered_at.isoformat() if row.answered_at else None,
                    "changed": changes_of(row),
                }
                for path, row in found
            ]
        )
        return
    if not found:
        click.echo("No organisation has an issuer yet: give it one with “hub organisation issuer SLUG”.")
        return
    rows = [(path, row.issuer, row.status, ", ".join(changes_of(row)) or "-") for path, row in found]
    print_table([("organisation", "issuer", "status", "changed, waiting for you"), *rows])


@issuer.command("accept")
@click.argument("slug")
@click.pass_context
def accept(ctx: click.Context, slug: str) -> None:
    """Accept what an organisation's issuer has changed, once its administrators have confirmed it by another way."""
    from hub.features.signin.queries import changes_of
    from hub.features.signin.service import accept_changes

    with operators_work(parts_of(ctx)) as uow:
        row = _issuer_named(uow, slug)
        changed = changes_of(row)
        accept_changes(uow, row, by=ROOT)
    click.echo(f"Accepted for {slug}: {', '.join(changed)}. Its people can sign in.")


@issuer.command("switch")
@click.argument("slug")
@click.argument("status", type=click.Choice(["on", "off"]))
@click.pass_context
def switch(ctx: click.Context, slug: str, status: str) -> None:
    """Switch an organisation's issuer on or off. Sessions that are open go on; nobody new signs in while it is off."""
    from hub.features.signin.models import ACTIVE, DISABLED
    from hub.features.signin.service import set_issuer_status

    with operators_work(parts_of(ctx)) as uow:
        set_issuer_status(uow, _issuer_named(uow, slug), ACTIVE if status == "on" else DISABLED)
    click.echo(f"The issuer of {slug} is {status}.")


@issuer.command("credentials")
@click.argument("slug")
@click.option("--client-id", required=True, help="Client id that the issuer gave the hub.")
@click.option(
    "--client-secret-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File that holds the client secret, or a private key in PEM or as a JWK. It is kept encrypted.",
)
@click.pass_context
def credentials(ctx: click.Context, slug: str, client_id: str, client_secret_file: Path | None) -> None:
    """Change what the hub proves itself with at an issuer: secrets there expire."""
    from hub.features.signin.service import set_credentials
    from hub.ground.errors import Invalid

    try:
        secret = client_secret_file.read_text("utf-8").strip() if client_secret_file else ""
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(f"{client_secret_file} cannot be read as text: put the secret into it, nothing else.") from error
    parts = parts_of(ctx)
    with operators_work(parts) as uow:
        set_credentials(uow, parts, _issuer_named(uow, slug), client_id, secret, by=ROOT)
    click.echo(f"The hub proves itself anew at the issuer of {slug}.")


@issuer.command("acr")
@click.argument("slug")
@click.argument("values", nargs=-1)
@click.pass_context
def acr(ctx: click.Context, slug: str, values: tuple[str, ...]) -> None:
    """Say how people prove who they are before acts of administration: VALUES of acr, of which one is enough.

    Without VALUES it is for the issuer to choose.
    """
    from hub.features.signin.service import set_proof

    with operators_work(parts_of(ctx)) as uow:
        set_proof(uow, _issuer_named(uow, slug), values)
    how = f"by one of: {', '.join(values)}" if values else "as its issuer has it"
    click.echo(f"Before acts of administration, people of {slug} prove who they are {how}.")


def _issuer_named(uow: "UnitOfWork", slug: str) -> "Issuer":
    """The issuer of an organisation; raises Invalid when it has none."""
    from hub.features.signin.queries import issuer_of_organisation
    from hub.ground.errors import Invalid

    organisation = organisation_named(uow.session, slug)
    row = issuer_of_organisation(uow.session, organisation.path)
    if row is None:
        raise Invalid(
            f"{organisation.name} has no issuer: give it one with “hub organisation issuer {slug}”.", "issuer"
        )
    return row
