"""`hub organisation …`."""

from pathlib import Path

import click

KINDS = ("council", "partner", "supplier")


@click.group("organisation")
def organisation() -> None:
    """Look after the organisations that take part."""


@organisation.command("add")
@click.argument("slug")
@click.option("--name", required=True, help="Full name, such as “Leeds City Council”.")
@click.option("--kind", type=click.Choice(KINDS), default="council", show_default=True)
@click.option("--description", default="", help="In words: “Metropolitan district council”.")
@click.option("--code", default="", help="ONS code, such as E08000035.")
@click.option("--contact", default="", help="How its people reach its administrators.")
@click.option("--domain", "domains", multiple=True, help="Mail domain, such as leeds.gov.uk. May be given again.")
@click.option("--issuer", default="", metavar="URL", help="Address of its OpenID Connect issuer.")
@click.option("--client-id", default="", help="Client id that the issuer gave the hub.")
@click.option(
    "--client-secret-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File that holds the client secret. It is kept encrypted.",
)
@click.pass_context
def add(
    ctx: click.Context,
    slug: str,
    name: str,
    kind: str,
    description: str,
    code: str,
    contact: str,
    domains: tuple[str, ...],
    issuer: str,
    client_id: str,
    client_secret_file: Path | None,
) -> None:
    """Add an organisation, with its policy file, and (with --issuer) let its people sign in.

    SLUG is its short name in addresses, handles and policy files, such as leeds.
    """
    from hub.command import operators_work, parts_of
    from hub.errors import Invalid
    from hub.organisations.service import NewOrganisation, add_organisation
    from hub.policies.service import adopt_default

    if bool(issuer) != bool(client_id):
        raise Invalid("Give --issuer and --client-id together: the issuer's administrators tell both.")
    if client_secret_file is not None and not issuer:
        raise Invalid("A client secret belongs to an issuer: give --issuer and --client-id too.")
    parts = parts_of(ctx)
    new = NewOrganisation(
        slug=slug.strip().lower(),
        name=name.strip(),
        kind=kind,
        description=description.strip(),
        code=code.strip(),
        contact=contact.strip(),
        domains=domains,
    )
    with operators_work(parts) as uow:
        place = add_organisation(uow, new)
        accepted = adopt_default(uow, place)
    click.echo(f"Added {new.name} as {new.slug}. Its policy is {parts.policy_dir / accepted.name}.")
    if not issuer:
        click.echo("Nobody can sign in through it yet: it has no issuer.")
        return
    raise NotImplementedError(client_secret_file)
