"""Bringing in a folder from the browser: the form, and how far it is. What somebody brings in, they alone look at."""

from pathlib import PurePosixPath
from typing import Any, BinaryIO, Final, cast

from flask import Blueprint, Response, g, redirect, request
from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as BaseResponse

from acl.vocabulary import MARKINGS
from hub.access.guard import declares, parts, viewer
from hub.access.models import Place
from hub.audience.acting import acting, acts, beforehand, look_up
from hub.audience.readers import may_edit, new_at, sentences_for
from hub.audience.sealing import NOT_SHOWN, Fact, digest, facts_of, news, seal
from hub.features.imports.archive import MOST_FILES, Entry, entries_of
from hub.features.imports.bringing import begin, keep_parcel, under_way
from hub.features.imports.filing import may_make_folders
from hub.features.imports.models import Bringing
from hub.features.imports.own_space import make_own_space, parent_for
from hub.features.imports.pages import BringPage
from hub.features.imports.report import earlier_of, report
from hub.ground.errors import Conflict, Invalid, NotFound
from hub.keeping.once import check_sheet, once
from hub.nouns.documents.forms import MARKING_CHOICES
from hub.nouns.spaces.queries import line_of, place_by_id, place_for_writing
from hub.nouns.spaces.surroundings import crumbs_of, whose
from hub.nouns.spaces.tabs import files_href
from hub.web.pages import Choice, Problem
from hub.web.render import render

blueprint = Blueprint("imports", __name__, template_folder="templates")

CHANGED: Final = 409
BUSY: Final = "You are bringing in another folder: wait until that is done, or stop it."
HERE, SPACE = "here", "space"
OWN_SPACE: Final = "It is made at once, and confidential: nobody else knows of it or sees into it, until you add them."
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
    parent = parent_for(place, marking) if request.form.get("into", HERE) == SPACE else None
    problems = _problems(place, parent, marking, file)
    if problems or file is None:
        return _page(place, marking, problems)
    if (since := news(_facts(place, _folders(place), parent_for(place, place.marking)))) is not None:
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
    called = request.form.get("name", "").strip() or PurePosixPath(name).stem
    with acting() as uow:
        try:
            with once(uow) as answer:
                into = place_for_writing(uow.session, place.id)
                if parent is not None:
                    into = make_own_space(uow, place_for_writing(uow.session, parent.id), called, marking)
                what: dict[str, Any] = {"name": name[:300], "marking": marking, "parcel": parcel, "entries": entries}
                found = begin(uow, viewer(), into, **what, made=parent is not None)
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
    return report(own(import_id))


def own(import_id: str) -> Bringing:
    """An import of the viewer's; raises NotFound for any other."""
    found = look_up(Bringing, import_id)
    viewer().asked = True  # it is decided by whose it is
    if found is None or found.person_id != viewer().person.id:
        raise NotFound
    return found


def _place(place_id: str) -> Place:
    place = viewer().require("edit", place_by_id(g.db, place_id))
    if place.kind not in ("space", "folder"):
        raise NotFound
    return place


def _problems(place: Place, parent: Place | None, marking: str, file: FileStorage | None) -> tuple[Problem, ...]:
    if file is None or not file.filename:
        return (Problem("file", "Choose a ZIP archive"),)
    if marking not in MARKINGS:
        return (Problem("marking", "Select a marking"),)
    if request.form.get("into", HERE) == SPACE:
        said = f"Policy does not let you make a private space for {marking} drafts: choose to put them here"
        return () if parent is not None else (Problem("into", said),)
    if not may_edit(viewer(), new_at(viewer(), place.id, marking, "draft")):
        return (Problem("marking", f"Policy does not let you keep {marking} drafts here: choose another"),)
    return ()


def _kept(file: FileStorage) -> tuple[list[Entry], str]:
    """What an archive holds, and by what the store knows it; raises Invalid, and then nothing of it is kept."""
    stream, limit = cast(BinaryIO, file.stream), parts().upload_limit
    entries = entries_of(stream, largest=limit)
    return entries, keep_parcel(parts().files, stream, limit=limit)


def _facts(place: Place, told: str, home: Place | None) -> tuple[Fact, ...]:
    """What the form shows of the place, of who sees its folders, and of where a new space is made."""
    where = home.name if home else ""
    now = f"A new private space is made in {where} now." if where else "You may make no private space now."
    return (
        *facts_of(viewer(), place),
        Fact("folders", digest(told), lambda: told),
        Fact("home", digest(home.id if home else "", where), lambda: now),
    )


def _folders(place: Place) -> str:
    if not may_make_folders(viewer(), place):
        return NO_FOLDERS
    published = new_at(viewer(), place.id, place.marking, "published")
    said = sentences_for(viewer(), place.id, [published]) if published else []
    return FOLDERS.format("".join(said)).strip()


def _ways(place: Place, home: Place | None, folders: str) -> tuple[Choice, ...]:
    """Where it may go, where there is a choice."""
    if home is None:
        return ()
    return (
        Choice(HERE, f"Here, in “{place.name}”", folders),
        Choice(SPACE, f"Into a new private space in “{home.name}”", OWN_SPACE),
    )


def _page(place: Place, marking: str, problems: tuple[Problem, ...] = (), since: tuple[str, ...] = ()) -> Response:
    line, here = line_of(viewer(), place.id), f"/bring/{place.id}"
    running, folders = under_way(g.db, viewer().person.id), _folders(place)
    home = parent_for(place, place.marking)
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
            home=home.name if home else "",
            ways=_ways(place, home, folders),
            into=request.form.get("into", HERE),
            name=request.form.get("name", ""),
            largest=parts().upload_limit,
            most=MOST_FILES,
            seen=seal(_facts(place, folders, home)),
            folders=folders,
            running_href=f"/imports/{running.id}" if running else "",
            earlier=earlier_of(g.db, viewer().person.id),
        ),
        CHANGED if since else 200,
    )
