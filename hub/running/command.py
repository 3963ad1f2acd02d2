"""What every command of `hub` leans on: the parts, things named by people, and how answers and errors are printed.

A command is a function of the click context. It gets the hub by `parts_of(ctx)`, finds things by the names that people
type (`leeds/sam-okafor`, `leeds/housing`, `doc:ID`), and refuses by raising one of `hub.ground.errors`, whose sentence
`hub/cli.py` prints.
"""

import difflib
import getpass
import json
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Any
from urllib.parse import urlsplit

import click
from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from acl.vocabulary import GUEST, PERSON
from hub.access.models import Group, Person, Place
from hub.access.parts import Parts
from hub.ground.errors import Invalid
from hub.ground.unit_of_work import UnitOfWork, unit_of_work
from hub.running.console import Console as Console  # noqa: PLC0414  # handed on: a command needs this module only
from hub.running.console import console_of as console_of  # noqa: PLC0414
from hub.things.kinds import Kinds
from hub.things.thing import Lying

NEAR_MATCHES = 3
NEAR = 0.65
"""How like (0 to 1) a name must be to be offered."""
MOST_COMPARED = 20_000

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
"""The option of every command that prints something."""


def parts_of(ctx: click.Context) -> Parts:
    """The parts of the hub in `HUB_DATA`: opened at the first call, closed when the command ends."""
    console = console_of(ctx)
    if console.parts is None:
        console.parts = ctx.find_root().with_resource(console.open_parts())
    return console.parts


def operator() -> str:
    """Who works at the command line, as the audit notes it: `operator:` and the name of their account."""
    try:
        return f"operator:{getpass.getuser()}"
    except (OSError, KeyError):  # an account without a name, as in a container
        return "operator"


def operators_work(parts: Parts) -> AbstractContextManager[UnitOfWork]:
    """A unit of work in the operator's name."""
    return unit_of_work(parts.database, parts.clock, operator())


def print_json(value: Any) -> None:
    """Print a value as JSON, with text as it is."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def print_table(rows: Sequence[Sequence[str]]) -> None:
    """Print rows of cells in columns that line up; the first row is the heading."""
    if not rows:
        return
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    for row in rows:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def person_named(session: Session, handle: str) -> Person:
    """The person with a handle (`leeds/sam-okafor`; `person:` or `guest:` before it is taken); raises Invalid."""
    wanted = handle.strip().lower().removeprefix(PERSON).removeprefix(GUEST)
    found = session.scalar(select(Person).where(Person.handle == wanted))
    if found is not None:
        return found
    if "@" in wanted or "/" not in wanted:
        hint = near(session, Person.handle, wanted.partition("@")[0].replace(".", "-"))
        raise Invalid(f"“{handle}” is not a handle: write organisation/name, such as leeds/sam-okafor.{hint}", "person")
    raise Invalid(f"There is no person {wanted}.{near(session, Person.handle, wanted)}", "person")


def place_named(session: Session, path: str) -> Place:
    """The organisation, space or folder at a path (`leeds/housing`); raises Invalid with near matches."""
    wanted = path.strip().strip("/").lower()
    found = session.scalar(select(Place).where(Place.path == wanted)) if wanted else None
    if found is None:
        raise Invalid(f"There is no place {wanted or 'without a path'}.{near(session, Place.path, wanted)}", "place")
    return found


def organisation_named(session: Session, slug: str) -> Place:
    """The organisation with a slug (`leeds`); raises Invalid with near matches."""
    wanted = slug.strip().strip("/").lower()
    slugs = select(Place.path).where(Place.kind == "organisation")
    found = session.scalar(select(Place).where(Place.path == wanted, Place.kind == "organisation"))
    if found is None:
        hint = suggestion(wanted, session.scalars(slugs)) or f" Add it with “hub organisation add {wanted}”."
        raise Invalid(f"There is no organisation {wanted}.{hint}", "organisation")
    return found


def group_named(session: Session, handle: str) -> Group:
    """The group with a handle (`leeds/housing-officers`); raises Invalid with near matches."""
    wanted = handle.strip().lower().removeprefix("group:")
    found = session.scalar(select(Group).where(Group.handle == wanted))
    if found is None:
        raise Invalid(f"There is no group {wanted}.{near(session, Group.handle, wanted)}", "group")
    return found


def thing_named(session: Session, kinds: Kinds, name: str) -> Lying | Place:
    """What lies in a place, by its node `doc:ID` or the address of its page, or the place at a path; raises Invalid."""
    wanted = name.strip()
    path = urlsplit(wanted).path if "//" in wanted else wanted
    node = kinds.node_at(path.lower()) if path != wanted or path.startswith("/") else wanted.lower()
    kind = kinds.lying_as(node)
    if kind is None:
        return place_named(session, wanted)
    found: Lying | None = session.get(kind.model, node.partition(":")[2])
    if found is None:
        raise Invalid(f"There is no {kind.word} {name}. Its page in the hub has the id in its address.", "object")
    return found


def name_of(thing: Lying | Place) -> str:
    """What a person types to name a thing."""
    return thing.path if isinstance(thing, Place) else thing.node


def near(session: Session, column: InstrumentedAttribute[str], wanted: str) -> str:
    """A sentence that offers the values of a column that are nearest to what was typed, or nothing."""
    return suggestion(wanted, session.scalars(select(column).limit(MOST_COMPARED)))


def suggestion(wanted: str, known: Iterable[str]) -> str:
    """` Did you mean …?`, or nothing where nothing is near."""
    scored = sorted(((_likeness(wanted, value), value) for value in known if value), reverse=True)
    found = [value for likeness, value in scored[:NEAR_MATCHES] if likeness >= NEAR]
    if not found:
        return ""
    offered = found[0] if len(found) == 1 else f"{', '.join(found[:-1])} or {found[-1]}"
    return f" Did you mean {offered}?"


def _likeness(wanted: str, value: str) -> float:
    """From 0 to 1. What two paths have in common above their last part says nothing of the last part."""
    above, _, end = wanted.rpartition("/")
    value_above, _, value_end = value.rpartition("/")
    if above == value_above or not above:  # without an organisation any may be meant
        return difflib.SequenceMatcher(None, end, value_end).ratio()
    ends_alike = 0.9 * difflib.SequenceMatcher(None, end, value_end).ratio()
    return min(ends_alike, 0.5 + difflib.SequenceMatcher(None, above, value_above).ratio() / 2)
