"""Moving a place, with all that lies in it, or giving it another address."""

from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from acl.directory import Place as Node
from hub.access.giving_way import make_way
from hub.access.guard import declares, viewer
from hub.access.models import Place
from hub.access.places import LONGEST_SLUG, move_place, moved_path, places_as_moved
from hub.access.texts import carried
from hub.audience import foreseeing as audience
from hub.audience.acting import acting, acts, look_up
from hub.audience.confirming import UNDO, Question, ask_first
from hub.audience.sealing import facts_of, seal, shown
from hub.features.sharing.blueprint import address, blueprint, managed, surroundings
from hub.features.sharing.pages import MovePage
from hub.features.sharing.queries import places_to_move_to
from hub.ground.errors import Conflict, Invalid
from hub.ground.ids import with_tail
from hub.nouns.spaces.queries import place_by_id
from hub.nouns.spaces.questions import FOR_ALL, is_question_space
from hub.web.flash import say
from hub.web.pages import Choice, Problem, Send
from hub.web.render import render

LONGEST_WORDS = 100
STAYS = (
    "A place stays with its organisation, to which its members and lines of policy belong. To hand what is in it to "
    "another one, make a space there and move the documents, or share this one with their people."
)


@blueprint.get("/move/<id:place_id>")
@declares("place:change")
def where_to(place_id: str) -> Response:
    """The places that it could go to, and its address."""
    place = managed(place_id)
    return _page(place, place.slug, place.parent_id or "")


@blueprint.post("/move/<id:place_id>")
@declares("place:change")
@acts
def move_there(place_id: str) -> BaseResponse:
    """Move it, once it is agreed what that shows to whom."""
    place = managed(place_id)
    slug, to = request.form.get("slug", "").strip().lower() or place.slug, request.form.get("to", "")
    target = look_up(Place, to) if to else None
    if target is None or not viewer().sees(target, "manage"):
        return _page(place, slug, "", (Problem("to", "Choose a place from the list"),))
    if is_question_space(viewer(), place) and target.id != place.parent_id:
        return _page(place, slug, to, (Problem("to", FOR_ALL),))
    try:
        below = places_as_moved(g.db, place, target, slug, sees=viewer().sees)
    except (Invalid, Conflict) as error:
        field = getattr(error, "field", "") or "slug"
        return _page(place, slug, to, (Problem(field, str(error).rstrip(".")),))
    path = f"{target.path}/{slug}"
    if path == place.path:
        return redirect(address(place), code=303)
    crumbs, whose = surroundings(place)
    question = Question(
        title=f"Move “{place.name}” to {path}?",
        button="Move it",
        cancel_href=f"/move/{place.id}",
        crumbs=crumbs,
        whose=whose,
        thing=place,
        undoes=UNDO in request.form,
    )
    unseen = viewer().snapshot.tree.resolve(path, "")
    other = f"{target.path}/{with_tail(slug, LONGEST_SLUG)}"
    free = other if unseen else path  # until what lies there has given way
    nodes = [
        Node(
            p.id,
            target.id if p.id == place.id else p.parent_id,
            moved_path(place, free, p),
            p.kind,
            p.audience,
            voices=p.voices_in_force,
        )
        for p in below
    ]
    lines = carried(viewer().snapshot, place.organisation_id or "", place.path, free)
    asked = ask_first(audience.places_moved(place.id, nodes, lines), question)
    if asked is not None:
        return asked
    back = ("to", place.parent_id or ""), ("slug", place.slug), (UNDO, "yes")
    with acting() as uow:
        make_way(uow, target, slug, sees=viewer().sees)
        move_place(uow, place, target, slug)
    undo = Send("Undo", f"/move/{place.id}", (*back, shown(facts_of(viewer(), place))))
    said = "Search shows it again once it has been indexed there. Its old address leads to the new one."
    say(f"“{place.name[:80]}” is moved. {said}", undo=undo)
    return redirect(f"/places/{path}" if viewer().sees(place) else "/", code=303)


def _page(place: Place, slug: str, to: str, problems: tuple[Problem, ...] = ()) -> Response:
    crumbs, whose = surroundings(place)
    find = request.args.get("find", "").strip()[:LONGEST_WORDS]
    above = place_by_id(g.db, place.parent_id or "")
    stay = [above] if above is not None and viewer().sees(above, "manage") else []
    offered = [*stay, *places_to_move_to(viewer(), place, find)]
    return render(
        MovePage(
            title=f"Move “{place.name}”",
            crumbs=crumbs,
            problems=problems,
            whose=whose,
            action=f"/move/{place.id}",
            seen=seal(facts_of(viewer(), place)),
            cancel_href=address(place),
            path=place.path,
            slug=slug,
            find=find,
            to=to,
            note=STAYS,
            places=tuple(
                Choice(p.id, p.name, f"{p.path}{' (where it is now)' if p.id == place.parent_id else ''}")
                for p in offered
            ),
        )
    )
