"""`hub organisation …`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hub.running.command import as_json, operators_work, organisation_named, parts_of, print_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from hub.access.parts import Parts
    from hub.features.signin.service import NewIssuer

KINDS = ("council", "partner", "supplier")
WAYS = (
    "auto", "client_secret_basic", "client_secret_post", "client_secret_basic_plain", "private_key_jwt", "own_key",
    "none",
)  # fmt: skip


def issuer_options(*, required: bool) -> "Callable[[Callable[..., Any]], Callable[..., Any]]":
    """The options that name an issuer, for two commands."""
    options = (
        click.option("--issuer", default="", required=required, metavar="URL", help="Address of its OpenID issuer."),
        click.option("--client-id", default="", required=required, help="Client id that the issuer gave the hub."),
        click.option(
            "--client-secret-file",
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            help="File that holds the client secret, or a private key in PEM or as a JWK. It is kept encrypted.",
        ),
        click.option("--auth-method", type=click.Choice(WAYS), default="auto", help="How the hub proves itself there."),
        click.option("--tenant-claim", default="", help="Claim that tells its people apart, such as hd or tid."),
        click.option("--tenant-value", default="", help="The value that this claim has for its people."),
        click.option("--inner-network", is_flag=True, help="The issuer lives on an inner network."),
    )

    def decorate(command: "Callable[..., Any]") -> "Callable[..., Any]":
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


@click.group("organisation")
def organisation() -> None:
    """Look after the organisations that take part."""


@organisation.command("add")
@click.argument("slug")
@click.option("--name", required=True, help="Full name, such as “Leeds City Council”.")
@click.option("--kind", type=click.Choice(KINDS), default="council", show_default=True, help="What it is.")
@click.option("--description", default="", help="In words: “Metropolitan district council”.")
@click.option("--code", default="", help="ONS code, such as E08000035.")
@click.option("--contact", default="", help="How its people reach its administrators.")
@click.option("--domain", "domains", multiple=True, help="Mail domain, such as leeds.gov.uk. May be given again.")
@issuer_options(required=False)
@as_json
@click.pass_context
def add(
    ctx: click.Context,
    /,
    slug: str,
    name: str,
    kind: str,
    description: str,
    code: str,
    contact: str,
    domains: tuple[str, ...],
    *,
    as_json: bool,
    **issuer: Any,
) -> None:
    """Add an organisation, with its policy file, and (with --issuer) let its people sign in.

    SLUG is its short name in addresses, handles and policy files, such as leeds.
    """
    from hub.features.policies.service import adopt_default
    from hub.features.signin.service import add_issuer
    from hub.nouns.organisations.models import Organisation
    from hub.nouns.organisations.service import NewOrganisation, add_organisation
    from hub.running.first_steps import program

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
    checked = _checked_issuer(parts, **issuer)
    with operators_work(parts) as uow:
        place = add_organisation(uow, new)
        policy = adopt_default(uow, place)
        row = add_issuer(uow, parts, place, checked) if checked else None
        redirect = _redirect_uri(parts, row.id if row else uow.session.get_one(Organisation, place.id).next_issuer)
    if as_json:
        values = {"slug": new.slug, "name": new.name, "policy": str(parts.policy_dir / policy.name)}
        print_json(values | {"issuer": checked.issuer if checked else None, "redirect_uri": redirect})
        return
    click.echo(f"Added {new.name} as {new.slug}. Its policy is {parts.policy_dir / policy.name}.")
    if checked:
        click.echo(f"Its people sign in at {checked.issuer}. Register this redirect address there: {redirect}")
        click.echo(f'Next: {program()} admin invite {new.slug} --role platform --name "Sam Okafor"')
        return
    click.echo(
        "Nobody can sign in from there yet. Register the hub at its OpenID Connect issuer with this redirect address:"
    )
    click.echo(f"  {redirect}")
    click.echo("Then, with the client id and secret that you get there:")
    click.echo(f"  {program()} organisation issuer {new.slug} --issuer URL --client-id ID --client-secret-file FILE")


@organisation.command("issuer")
@click.argument("slug")
@issuer_options(required=True)
@as_json
@click.pass_context
def issuer(ctx: click.Context, /, slug: str, *, as_json: bool, **issuer: Any) -> None:
    """Let the people of an organisation sign in through an OpenID Connect issuer. It is reached and checked first.

    Sessions of an issuer that was switched off before end.
    """
    from hub.features.signin.registering import end_others
    from hub.features.signin.service import add_issuer

    parts = parts_of(ctx)
    with parts.database.reading() as session:
        organisation_named(session, slug)
    checked = _checked_issuer(parts, **issuer)
    if checked is None:
        raise RuntimeError("the issuer's options are required")
    with operators_work(parts) as uow:
        place = organisation_named(uow.session, slug)
        row = add_issuer(uow, parts, place, checked)
        end_others(uow, row)
        redirect = _redirect_uri(parts, row.id)
    if as_json:
        print_json({"slug": place.path, "issuer": checked.issuer, "redirect_uri": redirect})
        return
    click.echo(f"The people of {place.name} sign in at {checked.issuer}.")
    click.echo(f"Register this redirect address there: {redirect}")


def _checked_issuer(
    parts: "Parts", *, issuer: str, client_id: str, client_secret_file: Path | None, **more: Any
) -> "NewIssuer | None":
    """The issuer that was asked for, reached and found fit; None where none was. Raises Invalid."""
    from dataclasses import replace

    from hub.features.signin.service import NewIssuer, check_issuer
    from hub.ground.errors import Invalid

    if bool(issuer) != bool(client_id):
        raise Invalid("Give --issuer and --client-id together: the issuer's administrators tell both.")
    if not issuer:
        if client_secret_file is not None:
            raise Invalid("A client secret belongs to an issuer: give --issuer and --client-id too.")
        return None
    secret = _secret(client_secret_file) if client_secret_file else ""
    new = NewIssuer(issuer=issuer, client_id=client_id, secret=secret, **more)
    return replace(new, metadata=check_issuer(parts, new))


def _secret(path: Path) -> str:
    from hub.ground.errors import Invalid

    try:
        found = path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(f"{path} cannot be read as text: put the client secret into it, and nothing else.") from error
    if not found:
        raise Invalid(f"{path} is empty: put the client secret into it.")
    return found


def _redirect_uri(parts: "Parts", issuer_id: str) -> str:
    from hub.features.signin.issuers import redirect_uri

    return redirect_uri(parts, issuer_id)
