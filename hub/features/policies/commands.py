"""`hub policy …`."""

from pathlib import Path

import click

from acl.vocabulary import ACTIONS, MARKINGS
from hub.ground.dates import read_day
from hub.ground.errors import Invalid
from hub.running.command import (
    as_json,
    name_of,
    organisation_named,
    parts_of,
    person_named,
    print_json,
    print_table,
    thing_named,
)


@click.group("policy")
def policy() -> None:
    """Check policy files, and ask why somebody may or may not do something."""


@policy.command("lint")
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_json
@click.pass_context
def lint(ctx: click.Context, files: tuple[Path, ...], *, as_json: bool) -> None:
    """Check policy files: without FILES all of the hub's own, with what was refused and what is not in force.

    Faults keep a file from being adopted, and make this command fail; remarks do not. A file's name says whose it is:
    platform.csv or SLUG.csv.
    """
    from hub.features.policies.checking import check_file, check_working_copies

    parts = parts_of(ctx)
    with parts.database.reading() as session:
        checked_files = [check_file(parts, session, path) for path in files]
        found = checked_files or check_working_copies(parts, session)
    faulty = [checked for checked in found if checked.faults]
    if as_json:
        print_json({"ok": not faulty, "files": [checked.as_value() for checked in found]})
    else:
        for checked in found:
            for fault in checked.faults:
                click.echo(f"fault   {fault}")
            for remark in checked.remarks:
                click.echo(f"remark  {remark}")
        remarks = sum(len(checked.remarks) for checked in found)
        faults = sum(len(checked.faults) for checked in faulty)
        click.echo(f"{_count(len(found), 'file')}, {_count(faults, 'fault')}, {_count(remarks, 'remark')}.")
        for checked in faulty:
            click.echo(f"{checked.file} is not in force as it stands: what was accepted before holds.", err=True)
    if faulty:
        ctx.exit(1)


@policy.command("status")
@as_json
@click.pass_context
def status(ctx: click.Context, *, as_json: bool) -> None:
    """Say of each policy file since when it is in force and by whom, and what on disk is refused or held."""
    from hub.features.policies.standing import how_they_stand

    parts = parts_of(ctx)
    with parts.database.reading() as session:
        found = how_they_stand(session)
    if as_json:
        print_json([each.as_value() for each in found])
        return
    print_table([("FILE", "STATE", "SINCE", "BY"), *(each.row() for each in found)])
    for each in found:
        for fault in each.faults:
            click.echo(f"{each.state}: {fault}")


@policy.command("accept")
@click.argument("organisation")
@click.option("--put-back", is_flag=True, help="Say no: the accepted text is written over the file on disk.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_context
def accept(ctx: click.Context, organisation: str, *, put_back: bool, yes: bool) -> None:
    """Put a hand edit in force that is held since it loses much, once it is said who would gain.

    ORGANISATION is the slug of the organisation whose file it is, or platform.
    """
    from hub.access.models import PolicyText
    from hub.features.policies.holding import held_edit
    from hub.features.policies.standing import agree, file_named, refuse, what_it_changes

    by, parts = "hub policy accept", parts_of(ctx)
    with parts.database.reading() as session:
        name = file_named(session, organisation)
        edit, row = held_edit(session, name), session.get(PolicyText, name)
        if edit is None:
            raise Invalid(f"Nothing is held of {name}. hub policy status says how each file stands.")
        click.echo(f"{name} was changed on disk ({edit.by}). {edit.why}")
        for sentence in () if put_back else what_it_changes(parts, session, name, edit):
            click.echo(sentence)
    question = f"Write the accepted text over {name}? The hand edit is kept" if put_back else "Put it in force?"
    if not yes and not click.confirm(question):
        click.echo("Nothing was changed.")
    elif put_back:
        refuse(parts, name, edit.digest, by)
        click.echo("The worker puts the file back within a second.")
    else:
        agree(parts, name, edit, by, row.digest if row else "")
        click.echo("It is in force from everybody's next click on.")


@policy.command("explain")
@click.argument("person")
@click.argument("action", type=click.Choice(ACTIONS))
@click.argument("thing", metavar="OBJECT")
@click.option("--on", "day", default="", metavar="DATE", help="As if it were this day (31/03/2027), by default today.")
@as_json
@click.pass_context
def explain(ctx: click.Context, person: str, action: str, thing: str, day: str, *, as_json: bool) -> None:
    """Say whether PERSON may do ACTION to OBJECT, and by which lines.

    PERSON is a handle (leeds/sam-okafor); OBJECT a document (doc:ID) or a place's path (leeds/housing).
    """
    from hub.features.policies.reasons import reasons_for, text_of

    parts = parts_of(ctx)
    with parts.database.reading() as session:
        someone, something = person_named(session, person), thing_named(session, parts.kinds, thing)
        reasons = reasons_for(parts, session, someone, action, something, read_day(day, "on") if day else parts.today)
        decision = reasons.decision
        if as_json:
            print_json(reasons.as_values(name_of(something)))
            return
        click.echo(f"{someone.name} ({someone.subject_id}), {action}, {name_of(something)}, on {reasons.day}:")
        click.echo(reasons.sentence)
        if decision.rule is not None:
            click.echo(f"It is decided by {reasons.described(decision.rule)}")
            click.echo(f"    {text_of(decision.rule, reasons.snapshot)}")
        others = [rule for rule in decision.matched if rule != decision.rule]
        if others:
            click.echo("These lines match too:")
        for rule in others:
            click.echo(f"  {reasons.described(rule)}")
        if decision.missing and not reasons.barred:
            click.echo("The nearest:")
            for miss in decision.missing:
                click.echo(f"  {miss.sentence}")


@policy.command("matrix")
@click.argument("organisation", default="")
@as_json
@click.pass_context
def matrix(ctx: click.Context, organisation: str, *, as_json: bool) -> None:
    """Show who can do what in every place, or in those of ORGANISATION: a table of places and kinds of people."""
    from hub.features.policies.matrix import make_matrix

    parts = parts_of(ctx)
    with parts.database.reading() as session:
        place = organisation_named(session, organisation) if organisation else None
        found = make_matrix(parts, session, place)
    if as_json:
        print_json(found.as_value())
        return
    print_table(found.rows())
    click.echo()
    for kind in found.kinds:
        click.echo(f"{kind.letter}: {kind.described}")
    click.echo(
        f"\nA cell says what they can do to a published document lying there, marked {', '.join(MARKINGS)} in turn:\n"
        "m manage, e edit, c comment, r read, - nothing. Owners can do more to what is theirs."
    )


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"
