"""`hub index` and `hub search`."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from acl.vocabulary import MARKINGS
from hub.access.models import Fence, HubState
from hub.access.parts import Parts
from hub.features.find.forms import read_question
from hub.features.find.queries import ask
from hub.features.find.results import as_values
from hub.ground.errors import Conflict, Invalid, Unavailable
from hub.ground.outbox import INDEX, OutboxMessage
from hub.nouns.documents.texts import EXTRACT
from hub.nouns.kinds import KINDS
from hub.running.command import (
    as_json,
    console_of,
    operators_work,
    parts_of,
    person_named,
    place_named,
    print_json,
    print_table,
)
from hub.running.indexing import REBUILD, index_round, rebuild
from search.engine import EngineError
from search.entry import FACETS
from search.judged import InvalidCollection, read_collection
from search.request import SORTS, InvalidQuery

LOOK_AGAIN = 0.2
"""Seconds between two looks at whether the worker has done what was asked."""


@click.group("index")
def index() -> None:
    """Look after the search index."""


@index.command("status")
@as_json
@click.pass_context
def _status(ctx: click.Context, *, as_json: bool) -> None:
    """Say how many things the index holds, and what still waits to get into it."""
    parts = parts_of(ctx)
    with parts.database.reading() as session:
        counts = _counts(session)
    with _engine_errors():
        parts.engine.reload_if_behind(counts["sequence"])
        counts = {"entries": parts.engine.count()} | counts
    if as_json:
        print_json(counts)
        return
    words = {
        "entries": "Things in the index",
        "waiting": "Changes that wait",
        "parked": "Changes that could not be indexed (hub index parked)",
        "unread": "Files whose text is still to be read",
        "fences": "Things hidden until the index has them",
    }
    for name, text in words.items():
        click.echo(f"{text}: {counts[name]:,}")


@index.command("rebuild")
@click.pass_context
def _rebuild(ctx: click.Context) -> None:
    """Build the index anew. Searches are answered from the old one until the new one is full."""
    from hub.running.turn import only_worker

    parts = parts_of(ctx)
    try:
        with only_worker(console_of(ctx).settings().data, parts.database), _engine_errors():
            count = rebuild(parts, lambda read: click.echo(f"\r{read:,} things", nl=False, err=True))
            click.echo("", err=True)
            while index_round(parts):
                pass
    except Conflict:  # the worker is running: it has the index, so it does this too
        with operators_work(parts) as uow:
            message = uow.enqueue("index:all", topic=REBUILD)
        click.echo("The hub is running: its worker builds the index anew. Waiting for it …", err=True)
        count = _wait_for(parts, message)
    click.echo(f"The index is built anew: {count:,} things.")


@index.command("parked")
@click.option("--retry", is_flag=True, help="Try them all again.")
@as_json
@click.pass_context
def _parked(ctx: click.Context, *, retry: bool, as_json: bool) -> None:
    """List the changes that could not be indexed, and why. What they are about stays hidden where it must."""
    parts = parts_of(ctx)
    with parts.database.reading() as session:
        parked = session.scalars(select(OutboxMessage).where(OutboxMessage.parked).order_by(OutboxMessage.id)).all()
    if retry:
        with operators_work(parts) as uow:
            for message in parked:
                row = uow.session.get(OutboxMessage, message.id)
                if row is not None:
                    row.parked, row.attempts = False, 0
        click.echo(f"{len(parked):,} changes are tried again.")
    elif as_json:
        print_json([{"message": m.id, "about": m.about, "attempts": m.attempts, "reason": m.error} for m in parked])
    elif parked:
        print_table([("ABOUT", "ATTEMPTS", "REASON"), *((m.about, str(m.attempts), m.error) for m in parked)])
    else:
        click.echo("Nothing is parked: everything could be indexed.")


class _Searching(click.Group):
    """A command that has one of its own, which no words are taken for unless it is said as whom to search."""

    allow_interspersed_args = True

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """The context of the command that is meant."""
        asks = any(word == "--as" or word.startswith("--as=") for word in args)
        if args and args[0] in self.commands and not asks:
            name = f"{info_name} {args[0]}"
            return self.commands[args[0]].make_context(name, args[1:], parent=parent, **extra)
        return super().make_context(info_name, args, parent=parent, **extra)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As a command takes them: words are words."""
        return click.Command.parse_args(self, ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """The command that is meant."""
        return click.Command.invoke(ctx.command, ctx)


@click.group("search", cls=_Searching, subcommand_metavar="[WORDS]")
@click.argument("words", default="")
@click.option("--as", "person", required=True, metavar="PERSON", help="Whose search page: a handle, leeds/sam-okafor.")
@click.option("--organisation", multiple=True, metavar="SLUG", help="Only of this organisation (may be repeated).")
@click.option("--space", multiple=True, metavar="PATH", help="Only of this space: leeds/housing (may be repeated).")
@click.option(
    "--kind", multiple=True, type=click.Choice([kind.word for kind in KINDS.indexed]), help="Only things of this kind."
)
@click.option("--type", "type_", multiple=True, metavar="TYPE", help="Only documents of this type, such as pdf.")
@click.option("--marking", multiple=True, type=click.Choice(MARKINGS), help="Only things with this marking.")
@click.option("--year", multiple=True, metavar="YYYY", help="Only things last changed in this year.")
@click.option("--from", "from_", default="", metavar="DATE", help="Only things changed on this day or later.")
@click.option("--to", default="", metavar="DATE", help="Only things changed on this day or earlier.")
@click.option("--sort", type=click.Choice(SORTS), default="relevance", help="Order of the results.")
@click.option("--page", type=click.IntRange(1, 1000), default=1, help="Which page of results.")
@as_json
@click.pass_context
def search(ctx: click.Context, /, *, words: str, person: str, as_json: bool, **asked: Any) -> None:
    """Search as a person: exactly what that person's search page shows, for a support desk.

    WORDS are words or "quoted phrases". Without any, everything that the filters leave is listed.
    """
    parts = parts_of(ctx)
    with parts.database.reading() as session:
        someone = person_named(session, person)
        for name in (*asked["organisation"], *asked["space"]):
            place_named(session, name)
        address = _address(words, asked)
        read = read_question(address, parts.kinds)
        for name, given in address.items():
            if name in FACETS and (lost := [v for v in given if v not in read.question.filters.get(name, ())]):
                raise Invalid(f"“{lost[0]}” cannot be a value of --{name}.", name)
        if read.problems:
            raise Invalid(f"{read.problems[0].message.rstrip('.')}.", read.problems[0].field)
        try:
            with _engine_errors():
                answered = ask(parts.engine, parts.kinds, parts.viewer(session, someone), read.question)
        except InvalidQuery as error:
            raise Invalid(str(error), "q") from error
    found = {"as": someone.handle} | as_values(read.question, answered)
    if as_json:
        print_json(found)
        return
    exact = "" if answered.total_is_exact else "more than "
    click.echo(f"{someone.name} finds {exact}{answered.total:,}.")
    columns = ("id", "title", "organisation_path", "space_path", "marking")
    heading = ("ID", "TITLE", "ORGANISATION", "SPACE", "MARKING")
    if found["hits"]:
        print_table([heading, *(tuple(hit[name] for name in columns) for hit in found["hits"])])


@search.command("evaluate")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@as_json
@click.pass_context
def _evaluate(ctx: click.Context, folder: Path, *, as_json: bool) -> None:
    """Measure how good the search is, on documents and questions that were judged.

    FOLDER has documents.jsonl (a line of id, title and text each), queries.tsv (id and text) and qrels.txt in TREC's
    form, whose gains are 0 and 1. The questions are asked of an index of its own, by the engine of this hub: what is in
    the hub is neither asked nor touched. Beside it stands plain BM25 of the same engine. Exits with 1 where documents
    that a person may not read change what they find among those that they may.
    """
    from hub.features.find.evaluating import evaluate

    try:
        collection = read_collection(folder)
    except InvalidCollection as error:
        raise Invalid(str(error), "folder") from error
    with _engine_errors():
        found = evaluate(parts_of(ctx).engine, collection)
    if as_json:
        print_json(dict(found.figures))
    else:
        _print_evaluation(found.figures)
    if not found.twist:
        ctx.exit(1)


def _print_evaluation(figures: Mapping[str, Any]) -> None:
    click.echo(f"{figures['documents']:,} documents, {figures['questions']:,} judged questions, {figures['engine']}.")
    if figures["shortened"]:
        click.echo(f"{figures['shortened']:,} questions are longer than a search may be: their rarest words are asked.")
    rows: list[Sequence[str]] = [("", "NDCG@10", "MAP", "P@10", "RECALL@100")]
    for heading, prefix in (("The hub", ""), ("Plain BM25", "bm25_")):
        rows.append((heading, *(f"{figures[prefix + name]:.3f}" for name in ("ndcg10", "map", "p10", "recall100"))))
    print_table(rows)
    click.echo(f"BM25 without little words: {figures['bm25_of_subject_ndcg10']:.3f}.")
    one, other = figures["twist_ndcg10"], figures["twist_alone_ndcg10"]
    click.echo(
        f"Who may read {figures['twist_readable']:,} of them: {one:.3f}; in an index of these alone: {other:.3f}."
    )
    held = "Nothing hidden moved anything." if figures["twist_holds"] else "WHAT IS HIDDEN MOVES WHAT IS SEEN."
    click.echo(f"{held} Answers that differ: {figures['twist_differing']:,}.")


def _address(words: str, asked: dict[str, Any]) -> dict[str, list[str]]:
    """The same as the address of the page has it."""
    found = {name: list(asked[name]) for name in ("kind", "marking", "year")} | {"type": list(asked["type_"])}
    found |= {name: [value.strip().strip("/") for value in asked[name]] for name in ("organisation", "space")}
    found |= {"q": [words], "from": [asked["from_"]], "to": [asked["to"]]}
    return found | {"sort": [asked["sort"]], "page": [str(asked["page"])]}


def _counts(session: Session) -> dict[str, int]:
    messages = select(func.count()).select_from(OutboxMessage)

    def counted(topic: str, *, parked: bool) -> int:
        return session.scalar(messages.where(OutboxMessage.topic == topic, OutboxMessage.parked.is_(parked))) or 0

    return {
        "waiting": counted(INDEX, parked=False),
        "parked": counted(INDEX, parked=True),
        "unread": counted(EXTRACT, parked=False),
        "fences": session.scalar(select(func.count()).select_from(Fence)) or 0,
        "sequence": session.scalar(select(HubState.indexed_sequence)) or 0,
    }


def _wait_for(parts: Parts, message: int) -> int:
    """Wait until the worker has done the message; returns what the index then holds."""
    while True:
        with parts.database.reading() as session:
            waiting = session.get(OutboxMessage, message)
            sequence = session.scalar(select(HubState.indexed_sequence)) or 0
        if waiting is None:
            with _engine_errors():
                parts.engine.reload_if_behind(sequence)
                return parts.engine.count()
        time.sleep(LOOK_AGAIN)


@contextmanager
def _engine_errors() -> Iterator[None]:
    """Word the engine's errors as the hub's, with their sentence."""
    try:
        yield
    except InvalidQuery:
        raise
    except EngineError as error:
        sentence = str(error)
        raise Unavailable(f"{sentence[:1].upper()}{sentence[1:].rstrip('.')}.") from error
