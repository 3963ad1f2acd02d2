"""Bringing in a folder from the browser: the form, and how far it is. What somebody brings in, they alone look at."""

from typing import BinaryIO, Final, cast

from flask import Blueprint, Response, g, redirect, request
from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as BaseResponse

from acl.vocabulary import MARKINGS
from hub.access.guard import declares, parts, viewer
from hub.access.models import Place
from hub.audience.acting import acting, acts, beforehand
from hub.audience.readers import may_edit, new_at, sentences_for
from hub.audience.sealing import NOT_SHOWN, Fact, digest, facts_of, news, seal
from hub.features.imports.archive import MOST_FILES, Entry, entries_of
from hub.features.imports.bringing import begin, keep_parcel, under_way
from hub.features.imports.filing import may_make_folders
from hub.features.imports.models import Bringing
from hub.features.imports.pages import BringPage
from hub.features.imports.report import earlier_of, report
from hub.ground.errors import Conflict, Invalid, NotFound
from hub.keeping.once import check_sheet, once
from hub.nouns.documents.forms import MARKING_CHOICES
from hub.nouns.spaces.queries import line_of, place_by_id, place_for_writing
from hub.nouns.spaces.surroundings import crumbs_of, whose
from hub.nouns.spaces.tabs import files_href
from hub.web.pages import Problem
from hub.web.render import render

blueprint = Blueprint("imports", __name__, template_folder="templates")

CHANGED: Final = 409
BUSY: Final = "You are bringing in another folder: wait until that is done."
FOLDERS: Final = "Its folders are made here at once, and seen like a document that is published here. {}"
NO_FOLDERS: Final = (
    "You may not make folders here. What lies in a folder that is here already goes there, the rest here."
)


@blueprint.get("/bring/<id:place_id>")
@declares("document:add")
def bring(place_id: str) -> Response:
    """The form for an archive."""
    place = _place(place_id)
    return _page(place, place.marking)


@blueprint.post("/bring/<id:place_id>")
@declares("document:add", costs="write")
@acts
def send(place_id: str) -> BaseResponse:
    """Look at what the archive holds, keep it for the worker, and lead to where one sees how far it is."""
    place = _place(place_id)
    check_sheet()
    marking, file = request.form.get("marking", ""), request.files.get("file")
    problems = _problems(place, marking, file)
    if problems or file is None:
        return _page(place, marking, problems)
    if (since := news(_facts(place, _folders(place)))) is not None:
        return _page(
            place, marking, (Problem("file", "Choose the archive again: it was not kept"),), since or (NOT_SHOWN,)
        )
    if under_way(g.db, viewer().person.id) is not None:
        raise Conflict(BUSY)
    try:
        entries, parcel = beforehand(lambda: _kept(file))
    except Invalid as problem:
        return _page(place, marking, (Problem("file", str(problem).rstrip(".")),))
    name = (file.filename or "").replace("\\", "/").rpartition("/")[2] or "Archive"
    with acting() as uow:
        try:
            with once(uow) as answer:
                into = place_for_writing(uow.session, place.id)
                found = begin(uow, viewer(), into, name=name[:300], marking=marking, parcel=parcel, entries=entries)
                answer.location = f"/imports/{found.id}"
        except IntegrityError:  # sent from two windows at once
            parts().files.remove(parcel)
            raise Conflict(BUSY) from None
        except Exception:
            parts().files.remove(parcel)
            raise
    return redirect(answer.location, code=303)


@blueprint.get("/imports/<id:import_id>")
@declares("document:add")
def show(import_id: str) -> Response:
    """How far it is, or the report."""
    found = g.db.get(Bringing, import_id)
    viewer().asked = True  # it is decided by whose it is
    if found is None or found.person_id != viewer().person.id:
        raise NotFound
    return report(found)


def _place(place_id: str) -> Place:
    place = viewer().require("edit", place_by_id(g.db, place_id))
    if place.kind not in ("space", "folder"):
        raise NotFound
    return place


def _problems(place: Place, marking: str, file: FileStorage | None) -> tuple[Problem, ...]:
    if file is None or not file.filename:
        return (Problem("file", "Choose a ZIP archive"),)
    if marking not in MARKINGS:
        return (Problem("marking", "Select a marking"),)
    if not may_edit(viewer(), new_at(viewer(), place.id, marking, "draft")):
        return (Problem("marking", f"Policy does not let you keep {marking} drafts here: choose another"),)
    return ()


def _kept(file: FileStorage) -> tuple[list[Entry], str]:
    """What an archive holds, and by what the store knows it; raises Invalid, and then nothing of it is kept."""
    stream, limit = cast(BinaryIO, file.stream), parts().upload_limit
    entries = entries_of(stream, largest=limit)
    return entries, keep_parcel(parts().files, stream, limit=limit)


def _facts(place: Place, told: str) -> tuple[Fact, ...]:
    """What the form shows of the place, and of who sees its folders."""
    return (*facts_of(viewer(), place), Fact("folders", digest(told), lambda: told))


def _folders(place: Place) -> str:
    if not may_make_folders(viewer(), place):
        return NO_FOLDERS
    published = new_at(viewer(), place.id, place.marking, "published")
    said = sentences_for(viewer(), place.id, [published]) if published else []
    return FOLDERS.format("".join(said)).strip()


def _page(place: Place, marking: str, problems: tuple[Problem, ...] = (), since: tuple[str, ...] = ()) -> Response:
    line, here = line_of(viewer(), place.id), f"/bring/{place.id}"
    running, folders = under_way(g.db, viewer().person.id), _folders(place)
    return render(
        BringPage(
            crumbs=crumbs_of(line.seen),
            problems=problems,
            news=since,
            whose=whose(line),
            place=place.name,
            place_href=files_href(place),
            action=here,
            file_href=f"/upload/{place.id}",
            text_href=f"/upload/{place.id}?as=text",
            markings=MARKING_CHOICES,
            marking=marking,
            largest=parts().upload_limit,
            most=MOST_FILES,
            seen=seal(_facts(place, folders)),
            folders=folders,
            running_href=f"/imports/{running.id}" if running else "",
            earlier=earlier_of(g.db, viewer().person.id),
        ),
        CHANGED if since else 200,
    )
