"""Two revisions of a document side by side in one text."""

from flask import Response, g, request

from hub.access.guard import declares, parts, viewer
from hub.features.documents.views import bring_back_button, name_of
from hub.features.writing.blueprint import address, blueprint, surroundings
from hub.features.writing.difference import compare
from hub.features.writing.pages import ComparePage, Side
from hub.ground.errors import NotFound
from hub.nouns.documents import queries
from hub.nouns.documents.models import Document, Revision
from hub.nouns.people.queries import named
from hub.web.environment import prose_of
from hub.web.filters import moment
from hub.web.markdown import words_of
from hub.web.pages import Choice, Who
from hub.web.render import render


@blueprint.get("/documents/<id:document_id>/compare")
@declares("document:compare", costs="compare")
def compare_revisions(document_id: str) -> Response:
    """What changed between two revisions; without a choice, between the last two."""
    document = viewer().read(queries.document_by_id(g.db, document_id))
    last = document.number
    wanted = _number("from", max(1, last - 1)), _number("to", last)
    first, second = (_revision(document, number) for number in sorted(wanted))
    listed = queries.revisions_of(g.db, document)
    people = named(viewer(), {first.author, second.author})
    older, before = _side(document, first, people)
    newer, after = _side(document, second, people)
    crumbs, whose, _ = surroundings(document)
    as_text = not (first.file_hash or second.file_hash)
    typed = as_text and request.args.get("as") == "typed"
    differs = before != after
    if as_text and not typed:
        before, after = (words_of(prose_of(r.body, _kept(document, r)).html) for r in (first, second))
    return render(
        ComparePage(
            title=f"Revisions {first.number} and {second.number} compared",
            crumbs=crumbs,
            whose=whose,
            marking=document.marking,
            state=document.state,
            action=f"{address(document)}/compare",
            choices=tuple(Choice(str(r.number), f"Revision {r.number}, {_day(r)}") for r in listed),
            older=older,
            newer=newer,
            difference=compare(before, after),
            only_set=differs and before == after,
            typed=typed,
            otherwise_href=_otherwise(document, first, second, typed=typed) if as_text else "",
            bring_back=bring_back_button(document, first.number),
        )
    )


def _kept(document: Document, revision: Revision) -> str:
    return f"{parts().public_url}{address(document)}/revisions/{revision.number}"


def _otherwise(document: Document, first: Revision, second: Revision, *, typed: bool) -> str:
    """The same two revisions as they are read, or as they were typed."""
    shown = "" if typed else "&as=typed"
    return f"{address(document)}/compare?from={first.number}&to={second.number}{shown}"


def _number(name: str, otherwise: int) -> int:
    text = request.args.get(name, "")
    if not text:
        return otherwise
    if not (text.isascii() and text.isdigit() and len(text) < 9):  # noqa: PLR2004
        raise NotFound
    return int(text)


def _revision(document: Document, number: int) -> Revision:
    found = queries.revision_of(g.db, document, number)
    if found is None:
        raise NotFound
    return found


def _day(revision: Revision) -> str:
    return moment(revision.created_at).striptags()


def _side(document: Document, revision: Revision, people: dict[str, Who]) -> tuple[Side, str]:
    """A revision, and the words by which it is compared."""
    text, unreadable = revision.body, ""
    if revision.file_hash:
        read = queries.text_of(g.db, revision)
        text = read.text if read and read.readable else ""
        unreadable = "" if read and read.readable else read.reason if read else "it has not been read yet"
    side = Side(
        number=revision.number,
        href=f"{address(document)}/revisions/{revision.number}",
        title=revision.title,
        at=revision.created_at,
        by=name_of(people, revision.author),
        note=revision.note,
        file_name=revision.file_name,
        unreadable=unreadable,
    )
    return side, text
