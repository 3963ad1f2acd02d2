"""What lines of policy name is not deleted or taken elsewhere: those who look after them are asked, and may say no."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from acl.store import PLATFORM_FILE, PolicyFile
from hub.access.guard import declares, of_each_kind, parts, viewer
from hub.access.models import Place
from hub.audience.acting import look_up
from hub.audience.pages import SurePage
from hub.features.sharing.blueprint import blueprint, managed, surroundings
from hub.features.sharing.models import LineWish
from hub.features.sharing.wishes import ask_to_let_go, denying, naming, take_back, wishes_on
from hub.ground.clock import day_of
from hub.ground.unit_of_work import unit_of_work
from hub.nouns.spaces.queries import line_of
from hub.nouns.spaces.surroundings import crumbs_of, whose
from hub.things.kind import Kind
from hub.things.thing import Lying
from hub.web.filters import day
from hub.web.flash import say
from hub.web.pages import Crumb, Send, Whose
from hub.web.render import render

NAMED = 409
LEAVING = (
    "Lines of policy deny something about just this, and cannot follow it to another organisation. Ask {} to change "
    "them first, or choose a place within its organisation."
)
DELETED = (
    "Lines of policy name this address, and would name nothing any more. Ask {} to change them first.",
    "They are told that it is there, that it is to be deleted, and by whom. Nothing is deleted by that.",
    "You asked on {}. They see that it is there, that it is to be deleted, and by whom.",
)
MOVED = (
    LEAVING,
    "They are told that it is there, that it is to go to another organisation, and by whom. Nothing is moved by that.",
    "You asked on {}. They see that it is there, that it is to go to another organisation, and by whom.",
)
REFUSED = "{} said no: their lines stay, and so does the {}."
HUB, OWN = "the administrators of this hub", "your organisation’s administrators"
ITS_OWN = "the administrators of its organisation"


@dataclass(frozen=True)
class _Held:
    """What lines of policy keep where it is, and the page on which its manager wanted something else."""

    node: str
    name: str
    word: str
    organisation_id: str | None
    files: Sequence[PolicyFile]
    here: str
    texts: tuple[str, str, str]


def asks_before_deleting(place: Place) -> Response | None:
    """The page by which those whose lines name a place are asked; None where there are none."""
    held = _place(place)
    crumbs, its = surroundings(place)
    return _page(held, crumbs, its, f"/settings/{place.id}") if held.files else None


def asks_before_leaving(kind: Kind, thing: Lying) -> Response | None:
    """The same for a thing that is to go to another organisation, which lines that deny something about it cannot."""
    held, face = _thing(kind, thing), kind.face(thing)
    if not held.files:
        return None
    line = line_of(viewer(), thing.place_id)
    return _page(held, (*crumbs_of(line.seen), Crumb(face.title, face.href)), whose(line), held.here)


@blueprint.post("/delete/<id:place_id>/ask")
@declares("place:change")
def ask_about_place(place_id: str) -> BaseResponse:
    """Ask those whose lines name the place to let go of it, or take that back (`back`)."""
    return _ask(_place(managed(place_id)))


@of_each_kind(blueprint, lambda kind: f"/move/{kind.word}/<id:own>/ask" if kind.move else "", method="POST")
@declares("thing:move")
def ask_about_thing(prefix: str, own: str) -> BaseResponse:
    """The same of those whose lines deny something about a thing."""
    kind = parts().kinds[prefix]
    thing: Lying = viewer().require("manage", look_up(kind.model, own))
    return _ask(_thing(kind, thing))


def _place(place: Place) -> _Held:
    files = naming(viewer().snapshot, place)
    return _Held(place.id, place.name, place.kind, place.organisation_id, files, f"/delete/{place.id}", DELETED)


def _thing(kind: Kind, thing: Lying) -> _Held:
    files = denying(viewer().snapshot, thing, parts().today)
    here = f"/move/{kind.word}/{thing.id}"
    return _Held(thing.node, kind.face(thing).title, kind.word, thing.organisation_id, files, here, MOVED)


def _ask(held: _Held) -> BaseResponse:
    back = bool(request.form.get("back"))
    with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow:
        if back:
            take_back(uow, held.node, held.organisation_id, viewer().person)
        else:
            ask_to_let_go(uow, held.files, held.node, viewer().person)
    if back:
        say("They are not asked any more.", "info")
    elif held.files:
        say("They are asked, and find it beside their lines. Nothing is changed yet.")
    return redirect(held.here, code=303)


def _page(held: _Held, crumbs: tuple[Crumb, ...], its: Whose, cancel_href: str) -> Response:
    before = wishes_on(g.db, held.node, viewer().person)
    lede, tells, _ = held.texts
    here = f"{held.here}/ask"
    back = Send("I do not want that any more", here, (("back", "yes"),), "secondary")
    return render(
        SurePage(
            title=f"“{held.name}” is named in policy",
            crumbs=crumbs,
            whose=its,
            lede=lede.format(" and ".join(_owner(file.name, held) for file in held.files)),
            notes=tuple(_told(wish, held) for wish in before) or (tells,),
            send=back if before else Send("Ask them", here),
            cancel_href=cancel_href,
        ),
        NAMED,
    )


def _told(wish: LineWish, held: _Held) -> str:
    if wish.refused_at is None:
        return held.texts[2].format(day(day_of(wish.asked_at)).striptags())
    owner = _owner(wish.file, held)
    return REFUSED.format(owner[0].upper() + owner[1:], held.word)


def _owner(file: str, held: _Held) -> str:
    if file == PLATFORM_FILE:
        return HUB
    return OWN if held.organisation_id == viewer().person.organisation_id else ITS_OWN
