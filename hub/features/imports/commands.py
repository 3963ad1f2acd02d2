"""`hub import`: a folder of real files into a space, with a progress bar, and who can see it at the end."""

import logging
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from acl.vocabulary import MARKINGS, STATES

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from hub.access.models import Place
    from hub.access.parts import Parts
    from hub.features.imports.readers import Readers
    from hub.features.imports.service import Import, Outcome, State, Wanted
    from hub.features.imports.walk import FoundFile

LOOK_AGAIN = 0.2
_SHOWN = 50
_PATIENCE = 60.0
"""Seconds that the running hub's worker may seem to do nothing before this command stops waiting for it."""
_WORDS: "dict[State, str]" = {
    "searchable": "are filed",
    "unreadable": "are filed, text not readable",
    "known": "were there already, as they are now",
    "kept": "were left alone: people changed the document in the hub since",
    "failed": "could not be filed",
}
_HEADINGS: "dict[State, str]" = {"unreadable": "Text not readable", "failed": "Not filed", "passed": "Passed over"}


@click.command("import")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--organisation", required=True, metavar="SLUG", help="Whose documents they become: leeds.")
@click.option("--space", required=True, metavar="SPACE", help="The space: housing, or its path leeds/housing.")
@click.option("--marking", type=click.Choice(MARKINGS), help="Of every file. By default the space's own.")
@click.option("--state", type=click.Choice(STATES), default="draft", show_default=True, help="Of every file.")
@click.option("--owner", default="", metavar="PERSON", help="Handle of their owner: leeds/sam-okafor.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")
@click.pass_context
def import_(
    ctx: click.Context,
    folder: Path,
    *,
    organisation: str,
    space: str,
    marking: str | None,
    state: str,
    owner: str,
    as_json: bool,
) -> None:
    """Import the files of FOLDER, and of the folders in it, into a space.

    Each file becomes a document, in folders named like its own: a draft, unless --state says otherwise. Markdown files
    become Markdown documents, whose links and pictures lead to the other files of the import; others are stored, and
    their text is read and made searchable. Files that the system made for itself (Thumbs.db, ~$…, .DS_Store, *.tmp),
    hidden ones and links are passed over.

    A file is known by its whole path. Run it again and a stopped import goes on; a file that changed becomes a new
    revision, of the marking and state that you give, unless people changed the document in the hub meanwhile.
    """
    from config.logging import set_up_logging
    from hub.features.imports.readers import readers_of
    from hub.features.imports.service import Import, Wanted
    from hub.features.imports.walk import files_in
    from hub.ground.extraction import Extractor
    from hub.running.command import operator, organisation_named, parts_of, person_named, print_json

    set_up_logging(logging.WARNING)  # the report at the end tells of each file that cannot be read
    parts = parts_of(ctx)
    with parts.database.reading() as session:
        whose = organisation_named(session, organisation)
        place = _space(session, whose, space)
        by = person_named(session, owner).subject_id if owner else f"org:{whose.path}"
    wanted = Wanted(place.id, marking or place.marking, state, by)
    files = list(files_in(folder))
    with Extractor() as extractor:
        outcomes = _run(Import(parts, wanted, extractor, operator(), files), files)
    indexed = _index(ctx, parts)
    readers = readers_of(parts, {outcome.document_id for outcome in outcomes if outcome.document_id})
    if as_json:
        counts = dict(Counter(outcome.state for outcome in outcomes))
        shown = {"files": list(map(asdict, outcomes)), "readers": list(map(asdict, readers))}
        print_json({"place": place.path, "counts": counts, "indexed": indexed} | shown)
    else:
        _tell(outcomes, wanted, place, readers, indexed=indexed)
    if any(outcome.state == "failed" for outcome in outcomes):
        ctx.exit(1)


def _space(session: "Session", organisation: "Place", space: str) -> "Place":
    from hub.ground.errors import Invalid
    from hub.running.command import place_named

    path = space.strip().strip("/").lower()
    if not path.startswith(f"{organisation.path}/"):
        path = f"{organisation.path}/{path}"
    found = place_named(session, path)
    if found.kind != "space":
        raise Invalid(f"{path} is a {found.kind}. Files are imported into a space.", "space")
    return found


def _run(work: "Import", files: "Sequence[FoundFile]") -> "list[Outcome]":
    from rich.console import Console as Terminal
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    terminal = Terminal(stderr=True)
    outcomes = []
    with Progress(*columns, console=terminal, disable=not terminal.is_terminal) as progress:
        task = progress.add_task("Importing", total=len(files))
        for file in files:
            outcomes.append(work.take(file))
            progress.advance(task)
    return outcomes


def _index(ctx: click.Context, parts: "Parts") -> bool:
    """See to it that what was filed can be found; False when that could not be had in time."""
    from hub.ground.errors import Conflict
    from hub.running.command import console_of
    from hub.running.indexing import index_round
    from hub.running.turn import only_worker
    from search.engine import EngineError

    try:
        with only_worker(console_of(ctx).settings().data, parts.database):
            while index_round(parts):
                pass
    except Conflict:  # the hub is running: its worker does it
        return _wait(parts)
    except EngineError:
        return False
    return True


def _wait(parts: "Parts") -> bool:
    """Wait for the worker, as long as it gets on with it."""
    before, still = _waiting(parts), time.monotonic()
    while (waiting := _waiting(parts)) and time.monotonic() - still < _PATIENCE:
        if waiting < before:
            before, still = waiting, time.monotonic()
        time.sleep(LOOK_AGAIN)
    return not waiting


def _waiting(parts: "Parts") -> int:
    from sqlalchemy import func, select

    from hub.ground.outbox import INDEX, OutboxMessage

    waits = select(func.count()).select_from(OutboxMessage)
    with parts.database.reading() as session:
        return session.scalar(waits.where(OutboxMessage.topic == INDEX, OutboxMessage.parked.is_(False))) or 0


def _tell(
    outcomes: "list[Outcome]", wanted: "Wanted", place: "Place", readers: "list[Readers]", *, indexed: bool
) -> None:
    counts = Counter(outcome.state for outcome in outcomes)
    click.echo(f"{len(outcomes) - counts['passed']:,} files for {place.name} ({place.path}):")
    now = "can be found by their words" if indexed else "will be found by their words once the index has them"
    for state, words in (_WORDS | {"searchable": f"are filed and {now}"}).items():
        if counts[state]:
            click.echo(f"  {counts[state]:>6,} {words}")
    for state, heading in _HEADINGS.items():
        _list(heading, [outcome for outcome in outcomes if outcome.state == state])
    draft = "drafts: whoever may edit one publishes it. --state published does it for files to come"
    as_what = draft if wanted.state == "draft" else f"and {wanted.state}"
    click.echo(f"\nNew ones and new revisions are {wanted.marking} {as_what}.")
    click.echo(
        "Who can read them now:" if readers else "Nobody can read them now: no policy line or grant reaches them."
    )
    for row in readers:
        click.echo(f"  {_sentence(row)}\n      by {row.because}")
    if counts["failed"]:
        click.echo("\nMend what is named under “Not filed” and run the same command again.", err=True)


def _list(heading: str, outcomes: "list[Outcome]") -> None:
    if outcomes:
        click.echo(f"\n{heading}:")
    for outcome in outcomes[:_SHOWN]:
        click.echo(f"  {outcome.source}: {outcome.reason}")
    if len(outcomes) > _SHOWN:
        click.echo(f"  and {len(outcomes) - _SHOWN:,} more (--json lists all)")


def _sentence(row: "Readers") -> str:
    """`Leeds City Council (leeds): 3 of 12 people, 1 more can read some of them`."""
    some = f", {row.some_of_it:,} more can read some of them" if row.some_of_it else ""
    guests = f" ({row.guests:,} of them guests)" if row.guests else ""
    return f"{row.organisation} ({row.path}): {row.all_of_it:,} of {row.people:,} people{some}{guests}"
