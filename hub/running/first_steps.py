"""What an operator does next with a hub in which nobody can work yet: the exact commands, for its folder."""

import shlex
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import text

from hub.ground.db import Database

SAME = ("HUB_DATA", "HUB_URL", "HUB_PORT", "HUB_DATABASE_URL")
"""Settings that another terminal needs too, so that it speaks of the same hub and prints the same address."""


class _Standing(NamedTuple):
    organisation: str
    """Short name of the first one; empty where there is none."""
    issuer: str
    """Short name of one that has an active issuer."""
    administrators: int


def next_steps(database: Database, url: str, environment: Mapping[str, str]) -> str:
    """What to say of a hub that nobody can sign in to or look after yet; empty for one that is past that."""
    standing = _standing(database)
    hub = program()
    slug = standing.organisation or "leeds"
    add = f'{hub} organisation add {slug} --name "Leeds City Council" --domain leeds.gov.uk'
    issuer = (
        f"{hub} organisation issuer {slug} --issuer https://login.leeds.gov.uk --client-id ID --client-secret-file FILE"
    )
    invite = f'{hub} admin invite {standing.issuer or slug} --role platform --name "Sam Okafor"'
    if not standing.organisation:
        begin = f"The hub at {url} is empty: no organisation takes part yet, so nobody can sign in."
        steps = [
            (add, "tells the redirect address to register at its sign-in (an OpenID Connect issuer)"),
            (issuer, "with its address, such as https://login.leeds.gov.uk, and what you get there"),
            (invite, "prints a link, good for 15 minutes: whoever opens it and signs in runs the hub"),
        ]
    elif not standing.issuer:
        begin = f"Nobody can sign in to the hub at {url}: {slug} has no issuer yet."
        steps = [(issuer, "with what you get when you register the hub there"), (invite, "prints a link for Sam")]
    elif not standing.administrators:
        begin = f"Nobody looks after the hub at {url} yet."
        steps = [(invite, "prints a link, good for 15 minutes: whoever opens it and signs in runs the hub")]
    else:
        return ""
    lines = [begin, "From another terminal, in this folder:", *(f"  {line}" for line in _exports(environment))]
    for command, what in steps:
        lines += [f"  {command}", f"      # {what}"]
    lines.append("All else is done in the browser: Sam lands on a list of what to do first.")
    if not standing.organisation:
        lines.append(f"Or look at a hub that is full already: {hub} demo")
    return "\n".join(lines)


def program() -> str:
    """How `hub` is called from here: by its name where it is on the path, else as it was typed."""
    typed = Path(sys.argv[0])
    if typed.name != "hub" or shutil.which("hub"):
        return "hub"
    return shlex.quote(str(typed))


def _exports(environment: Mapping[str, str]) -> list[str]:
    given = [f"{name}={shlex.quote(_absolute(name, environment[name]))}" for name in SAME if environment.get(name)]
    return [f"export {' '.join(given)}"] if given else []


def _absolute(name: str, value: str) -> str:
    return str(Path(value).resolve()) if name == "HUB_DATA" else value


def _standing(database: Database) -> _Standing:
    first = text("SELECT path FROM places WHERE kind = 'organisation' ORDER BY created_at, id LIMIT 1")
    issuer = text(
        "SELECT places.path FROM issuers JOIN places ON places.id = issuers.organisation_id "
        "WHERE issuers.status = 'active' ORDER BY issuers.created_at, issuers.id LIMIT 1"
    )
    administrators = text(
        "SELECT count(*) FROM group_members JOIN groups ON groups.id = group_members.group_id "
        "WHERE groups.handle LIKE '%/administrators'"
    )
    with database.reading() as session:
        found = [session.execute(statement).scalar() for statement in (first, issuer, administrators)]
    return _Standing(str(found[0] or ""), str(found[1] or ""), int(found[2] or 0))
