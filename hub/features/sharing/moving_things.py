"""Moving what lies in a place to another one, also of another organisation by somebody who manages both ends."""

from flask import Response, g, redirect, request
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from acl.visibility import Object
from hub.access.guard import declares, of_each_kind, parts, viewer
from hub.access.judged import judge_at
from hub.access.models import Grant, Place
from hub.audience import foreseeing as audience
from hub.audience.acting import acting, acts, look_up
from hub.audience.confirming import UNDO, Question, ask_first
from hub.audience.sealing import facts_of, seal, shown
from hub.features.sharing.blueprint import blueprint
from hub.features.sharing.letting_go import asks_before_leaving
from hub.features.sharing.pages import MovePage
from hub.features.sharing.queries import places_for_thing
from hub.nouns.spaces.queries import line_of, place_by_id, place_for_writing
from hub.nouns.spaces.surroundings import crumbs_of, whose
from hub.things.kind import Kind
from hub.things.thing import Lying
from hub.web.flash import say
from hub.web.pages import Choice, Crumb, Problem, Send
from hub.web.render import render

LONGEST_WORDS = 100
LEAVING = (
    "It will belong to {0}, whose policy decides from then on who reads it.",
    "What was given to people on the {1} itself ends, and so do its owner’s rights, unless they are staff there.",
)


def _rule(kind: Kind) -> str:
    return f"/move/{kind.word}/<id:own>" if kind.move else ""


@of_each_kind(blueprint, _rule)
@declares("thing:move")
def where_to_put(prefix: str, own: str) -> Response:
    """The places that it could go to."""
    return _page(_managed(parts().kinds[prefix], own))


@of_each_kind(blueprint, _rule, method="POST")
@declares("thing:move")
@acts
def put_there(prefix: str, own: str) -> BaseResponse:
    """Move it, once it is agreed what that shows to whom."""
    kind = parts().kinds[prefix]
    thing, to = _managed(kind, own), request.form.get("to", "")
    target = place_by_id(g.db, to) if to else None
    if kind.move is None or not fits(thing, target):
        return _page(thing, (Problem("to", "Choose a place from the list"),))
    leaves, before = _leaves(thing, target), thing.place_id
    if leaves and (held := asks_before_leaving(kind, thing)) is not None:
        return held
    given = select(Grant.id).where(Grant.node == thing.node, Grant.ended_at.is_(None))
    ended = g.db.scalars(given).all() if leaves else ()
    change = audience.thing_changed(thing, place_id=to, ended=ended)
    asked = ask_first(change, _question(thing, target))
    if asked is not None:
        return asked
    with acting() as uow:
        kind.move(uow, thing, place_for_writing(uow.session, to))
    back = (("to", before), shown(facts_of(viewer(), thing)), (UNDO, "yes"))
    undo = None if leaves else Send("Undo", _action(thing), back)
    say(f"The {kind.word} is moved. Search shows it again once it has been indexed there.", undo=undo)
    return redirect(kind.face(thing).href if viewer().sees(thing) else "/", code=303)


def _managed(kind: Kind, own: str) -> Lying:
    found: Lying = viewer().require("manage", look_up(kind.model, own))
    return found


def _action(thing: Lying) -> str:
    return f"/move/{kind_of(thing)}/{thing.id}"


def kind_of(thing: Lying) -> str:
    """The word for one of its kind."""
    kind = viewer().kinds.of(thing)
    return kind.word if kind else ""


def fits(thing: Lying, target: Place | None) -> bool:
    """Whether the viewer may write where it goes, and edit the thing as it would be there."""
    if target is None or target.kind not in ("space", "folder"):
        return False
    action = "manage" if _leaves(thing, target) else "edit"
    if not viewer().sees(target, action):
        return False
    then = _as_moved(thing, target)
    decision = viewer().judge(action, then) if then else None
    return decision is not None and decision.allowed


def _leaves(thing: Lying, target: Place | None) -> bool:
    """Whether it goes to another organisation."""
    return target is not None and target.organisation_id != thing.organisation_id


def _question(thing: Lying, target: Place | None) -> Question:
    line, face = line_of(viewer(), thing.place_id), viewer().kinds.face(thing)
    name, leaves = target.name if target else "", _leaves(thing, target)
    other = line_of(viewer(), target.id).organisation if target and leaves else None
    owner = other.name if other else "the other organisation"
    return Question(
        title=f"Move “{face.title}” to “{name}”?",
        button="Move it",
        cancel_href=face.href,
        crumbs=crumbs_of(line.seen),
        whose=whose(line),
        thing=thing,
        undoes=UNDO in request.form,
        always=leaves,
        notes=tuple(note.format(owner, kind_of(thing)) for note in LEAVING) if leaves else (),
    )


def _as_moved(thing: Lying, target: Place) -> Object | None:
    return judge_at(
        target.id,
        thing.node,
        owner=thing.owner,
        marking=thing.marking,
        state=thing.state,
        snapshot=viewer().snapshot,
    )


def _page(thing: Lying, problems: tuple[Problem, ...] = ()) -> Response:
    line, face = line_of(viewer(), thing.place_id), viewer().kinds.face(thing)
    find = request.args.get("find", "").strip()[:LONGEST_WORDS]
    return render(
        MovePage(
            title=f"Move “{face.title}”",
            crumbs=(*crumbs_of(line.seen), Crumb(face.title, face.href)),
            problems=problems,
            whose=whose(line),
            action=_action(thing),
            seen=seal(facts_of(viewer(), thing)),
            cancel_href=face.href,
            path=line.seen[-1].path if line.seen else "a place that you may not see",
            slug="",
            find=find,
            places=tuple(Choice(p.id, p.name, p.path) for p in places_for_thing(viewer(), thing, find)),
        )
    )
