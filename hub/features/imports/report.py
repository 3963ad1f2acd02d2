"""What came of a folder that somebody brought in, as it is now: read in a fixed number of queries."""

from collections.abc import Callable, Sequence
from typing import Final

from flask import Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.access.guard import viewer
from hub.access.models import Place
from hub.features.imports.bringing import DOUBLE, FAILED, FILED, KEPT, PASSED, UNDONE, WAITING, may_go_on
from hub.features.imports.filing import MAY_GO_ON
from hub.features.imports.models import Bringing, BroughtFile
from hub.features.imports.pages import BroughtFolder, Earlier, ImportPage, Told, ToldList
from hub.ground.dates import MONTHS
from hub.nouns.documents.models import DOCUMENTS, Document, Revision
from hub.nouns.spaces.queries import line_of
from hub.nouns.spaces.surroundings import crumbs_of, whose
from hub.nouns.spaces.tabs import files_href
from hub.things.columns import among
from hub.things.words import counted
from hub.web.filters import LONDON
from hub.web.pages import Send, Whose
from hub.web.render import render

MOST_TOLD: Final = 100
"""Files that each list of the report names."""
MOST_PUBLISHED: Final = 200
"""So many at a time are published together."""
MOST_EARLIER: Final = 5
STOPPED: Final = "You stopped it. {left} did not come in yet: you can go on until {until}, or take back what came in."
HERE: Final = "it was brought in before"
COPY: Final = "the same as “{}”"


def report(found: Bringing) -> Response:
    """The page of an import of the viewer's."""
    session, looker = viewer().session, viewer()
    files = session.scalars(
        select(BroughtFile).where(BroughtFile.import_id == found.id).order_by(BroughtFile.path, BroughtFile.number)
    ).all()
    named = {file.document_id for file in files if file.state in (FILED, DOUBLE, KEPT)}
    rows = session.scalars(select(Document).where(among(Document.id, named), looker.where(DOCUMENTS)))
    documents = {document.id: document for document in rows}
    line = line_of(looker, found.place_id)
    place = next((each for each in line.seen if each.id == found.place_id), None)
    running = found.ended_at is None
    undoing = found.undo_at is not None and found.undone_at is None
    over = not running and not undoing
    here = f"/imports/{found.id}"
    return render(
        ImportPage(
            title=_title(found, files),
            crumbs=crumbs_of(line.seen),
            whose=whose(line) if place else Whose(""),
            place=place.name if place else "",
            place_href=files_href(place) if place else "",
            here_href=here,
            again_href=f"/bring/{place.id}" if place and looker.sees(place, "edit") and over else "",
            running=running,
            undoing=undoing,
            stop=Send("Stop", f"{here}/stop") if running else None,
            go_on=Send("Go on", f"{here}/go-on", kind="primary") if may_go_on(found) else None,
            undo_href=f"{here}/undo" if over and _may_undo(found, files, documents) else "",
            done=sum(file.state in (UNDONE, KEPT) for file in files) if undoing else found.done,
            total=sum(file.state in (FILED, UNDONE, KEPT) for file in files) if undoing else found.total,
            reason=_reason(found),
            folders=_folders(session, files, documents) if over else (),
            lists=tuple(_lists(files, documents, _copies(session, files, documents))) if over else (),
        )
    )


def _title(found: Bringing, files: Sequence[BroughtFile]) -> str:
    if found.ended_at is None:
        return f"Bringing in “{found.name}”"
    if found.undo_at is not None:
        return f"Taking back “{found.name}”" if found.undone_at is None else f"“{found.name}” is taken back"
    came = sum(file.state == FILED for file in files)
    return f"“{found.name}”: {counted(came, 'document', 'documents')} came in"


def _reason(found: Bringing) -> str:
    if found.undone_at is not None:
        return ""
    if found.stopped_at is None:
        return found.reason
    left = counted(found.total - found.done, "file", "files")
    until = (found.stopped_at + MAY_GO_ON).astimezone(LONDON)
    return STOPPED.format(left=left, until=f"{until.day} {MONTHS[until.month - 1]}")


def _may_undo(found: Bringing, files: Sequence[BroughtFile], documents: dict[str, Document]) -> bool:
    """Whether something of it looks as it came in: what just that is, the next page says."""
    came = (documents.get(file.document_id) for file in files if file.state == FILED)
    as_it_was = any(each is not None and each.state == "draft" and each.number == 1 for each in came)
    return found.undo_at is None and (as_it_was or bool(found.made))


def earlier_of(session: Session, person_id: str) -> tuple[Earlier, ...]:
    """What somebody brought in last."""
    rows = session.scalars(
        select(Bringing)
        .where(Bringing.person_id == person_id)
        .order_by(Bringing.created_at.desc(), Bringing.id)
        .limit(MOST_EARLIER)
    )
    return tuple(Earlier(row.name, f"/imports/{row.id}", row.created_at, _how_far(row)) for row in rows)


def _how_far(row: Bringing) -> str:
    files = counted(row.total, "file", "files")
    return files if row.ended_at else f"{row.done:,} of {files}"


def _folders(
    session: Session, files: Sequence[BroughtFile], documents: dict[str, Document]
) -> tuple[BroughtFolder, ...]:
    """Each place where something lies that came in, with its drafts that the viewer may edit: as many as go at once."""
    there: dict[str, list[Document]] = {}
    for file in files:
        document = documents.get(file.document_id) if file.state == FILED else None
        if document is not None:
            there.setdefault(document.place_id, []).append(document)
    places = session.scalars(select(Place).where(among(Place.id, there)).order_by(Place.path)).all()
    return tuple(_folder(place, there[place.id]) for place in viewer().kept(list(places)))


def _folder(place: Place, documents: list[Document]) -> BroughtFolder:
    drafts = [each for each in documents if each.state == "draft" and viewer().sees(each, "edit")]
    now = drafts[:MOST_PUBLISHED]
    text = f"Publish {'the first ' if len(now) < len(drafts) else ''}{counted(len(now), 'document', 'documents')}"
    fields = tuple(("thing", document.node) for document in now)
    publish = Send(text, f"/files/{place.id}/publish", fields) if now else None
    return BroughtFolder(place.name, files_href(place), len(drafts), publish)


def _copies(session: Session, files: Sequence[BroughtFile], documents: dict[str, Document]) -> dict[str, str]:
    """By path, those that came in with the same bytes as another, and the path of that, which stands before them."""
    first = select(Revision.document_id, Revision.file_hash).where(Revision.number == 1, Revision.file_hash != "")
    rows = session.execute(first.where(among(Revision.document_id, documents)))
    hashes = {row.document_id: row.file_hash for row in rows}
    seen: dict[str, str] = {}
    found: dict[str, str] = {}
    for file in files:
        same = hashes.get(file.document_id, "") if file.state == FILED else ""
        if same and seen.setdefault(same, file.path) != file.path:
            found[file.path] = seen[same]
    return found


def _lists(files: Sequence[BroughtFile], documents: dict[str, Document], copies: dict[str, str]) -> list[ToldList]:
    def told(
        own: str, heading: str, which: Callable[[BroughtFile], bool], why: Callable[[BroughtFile], str]
    ) -> ToldList:
        some = [file for file in files if which(file)]
        rows = tuple(Told(file.path, _href(file, documents), why(file)) for file in some[:MOST_TOLD])
        return ToldList(own, f"{heading} ({len(some):,})", rows, len(some) - len(rows))

    found = [
        told("waiting", "Did not come in yet", lambda f: f.state == WAITING, lambda _: ""),
        told("kept", "Stay as they are", lambda f: f.state == KEPT, lambda f: f.reason),
        told("undone", "Taken back", lambda f: f.state == UNDONE, lambda _: ""),
        told("failed", "Did not come in", lambda f: f.state == FAILED, lambda f: f.reason),
        told("hidden", "Have hidden parts", lambda f: f.state == FILED and bool(f.hidden), lambda f: f.hidden),
        told("unread", "Came in, text not readable", lambda f: f.state == FILED and bool(f.reason), lambda f: f.reason),
        told("copies", "Came in more than once", lambda f: f.path in copies, lambda f: COPY.format(copies[f.path])),
        told("doubles", "Were there already", lambda f: f.state == DOUBLE, lambda f: f.reason or HERE),
        told("passed", "Passed over", lambda f: f.state == PASSED, lambda f: f.reason),
        told("came", "Came in", lambda f: f.state == FILED and not (f.hidden or f.reason), lambda _: ""),
    ]
    return [each for each in found if each.files]


def _href(file: BroughtFile, documents: dict[str, Document]) -> str:
    return f"/documents/{file.document_id}" if file.document_id in documents else ""
