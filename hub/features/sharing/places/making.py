"""Making a space or a folder."""

from dataclasses import replace

from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from acl.directory import Place as Node
from acl.visibility import joined
from acl.vocabulary import CLOSED_AUDIENCES, MARKINGS
from hub.access.giving_way import make_way
from hub.access.guard import declares, viewer
from hub.access.judged import judge_place
from hub.access.models import Grant, Place, voices_in_force
from hub.access.places import LONGEST_SLUG, ONLY_OPEN, PARENTS, SLUG, NewPlace, place_at
from hub.access.subjects import as_rule
from hub.audience import foreseeing as audience
from hub.audience.acting import acting, acts, look_up
from hub.audience.confirming import Question, ask_first
from hub.audience.gains import Saying
from hub.features.sharing.blueprint import address, blueprint, managed, surroundings
from hub.features.sharing.forms import (
    AUDIENCE_CHOICES,
    USUAL,
    VOICES_CHOICES,
    PlaceForm,
    chosen,
    read_place,
    service_choices,
)
from hub.features.sharing.pages import NewPlacePage
from hub.ground.errors import Conflict, Invalid, NotFound, NotPermitted
from hub.ground.ids import with_tail
from hub.keeping.drafts import typed_into
from hub.keeping.once import check_sheet, once
from hub.nouns.documents.forms import MARKING_CHOICES
from hub.nouns.people.service import give
from hub.nouns.spaces.owning import own_grant
from hub.nouns.spaces.service import add_folder, add_space
from hub.nouns.spaces.services import set_services
from hub.web.flash import say
from hub.web.pages import Problem
from hub.web.render import render

MAKE_SPACES = "make-spaces"
MADE = "They made this space"
MAKING = Saying(
    "What is published in it will be shown to {people}.",
    "Its name and description will be shown to {people}.",
    always=True,
)
WRITING = Saying("Who may write in it: {people}.", "")


@blueprint.get("/make/<id:place_id>")
@declares("place:add")
def make(place_id: str) -> Response:
    """The form for a new space, or with `?kind=folder` for a folder."""
    parent, kind = _parent(place_id, request.args.get("kind", "space"))
    marking = "OFFICIAL" if parent.kind == "organisation" else parent.marking
    return _new_page(parent, kind, typed_into(PlaceForm("", "", "", "restricted", marking)))


@blueprint.post("/make/<id:place_id>")
@declares("place:add")
@acts
def add(place_id: str) -> BaseResponse:
    """Make it; of a space it is first said who will see what is published there."""
    parent, kind = _parent(place_id, request.args.get("kind", "space"))
    check_sheet()
    form = read_place(request.form, audience=kind == "space", marking=True)
    if not form.writers_fit:
        form = replace(form, problems=(*form.problems, Problem("writers", ONLY_OPEN)))
    if form.problems:
        return _new_page(parent, kind, form)
    _check_marking(parent, kind, form.marking)
    taken = place_at(g.db, f"{parent.path}/{form.slug}")
    if taken is not None and viewer().sees(taken):
        problem = Problem("slug", "There is already a place with this address: choose another one")
        return _new_page(parent, kind, replace(form, problems=(problem,)))
    form = replace(form, slug=_slug(parent, kind, form))
    crumbs, whose = surroundings(parent)
    question = Question(
        title=f"Make the {kind} “{form.name}”?",
        button=f"Make the {kind}",
        cancel_href=address(parent),
        crumbs=crumbs,
        whose=whose,
        thing=parent,
        gaining=MAKING,
        heard=WRITING,
        always=True,
    )
    asked = ask_first(_as_made(parent, kind, form, hidden=taken is not None), question)
    if asked is not None:
        return asked
    try:
        made = _make(parent, kind, form)
    except (Invalid, Conflict) as error:
        field = getattr(error, "field", "") or "slug"
        return _new_page(parent, kind, replace(form, problems=(Problem(field, str(error)),)))
    say(f"The {kind} is made. Add documents to it, or people.")
    return redirect(made, code=303)


def _parent(place_id: str, kind: str) -> tuple[Place, str]:
    parent = _where(place_id, kind)
    if kind not in ("space", "folder") or (kind == "folder" and parent.kind == "organisation"):
        raise NotFound
    if kind == "space" and viewer().person.kind == "guest":
        raise NotPermitted("Spaces are made by staff. Ask your sponsor for one.")
    return parent, kind


def _where(place_id: str, kind: str) -> Place:
    """The place above, for whoever manages it, or may make spaces in it, which policy can allow to others too."""
    if kind != "space":
        return managed(place_id, "organisation", "space", "folder")
    parent = viewer().require(MAKE_SPACES, look_up(Place, place_id))
    if parent.kind not in PARENTS["space"]:
        raise NotFound
    return parent


def _slug(parent: Place, kind: str, form: PlaceForm) -> str:
    """The address that a place is given, which never depends on what lies there already unseen (`make_way`).

    One that others who manage the place above may not see has an address that nobody guesses, so that it is not the one
    to give way when somebody wants the same.
    """
    closed = kind == "space" and form.audience in CLOSED_AUDIENCES
    higher = MARKINGS.index(form.marking) > MARKINGS.index(max(parent.marking, "OFFICIAL", key=MARKINGS.index))
    return with_tail(form.slug, LONGEST_SLUG) if SLUG.fullmatch(form.slug) and (closed or higher) else form.slug


def _check_marking(parent: Place, kind: str, marking: str) -> None:
    """Nobody makes a place of a marking that they could not make there (ceilings of the platform hold too)."""
    there = judge_place(parent.id, kind, owner="", marking=marking, state="published", snapshot=viewer().snapshot)
    decision = viewer().judge(MAKE_SPACES if kind == "space" else "manage", there) if there else None
    if decision is None or not decision.allowed:
        raise NotPermitted(f"Policy does not let you make a {kind} marked {marking} here.")


def _as_made(parent: Place, kind: str, form: PlaceForm, *, hidden: bool) -> audience.Change:
    """The page of the place that is yet to be made, and a document published in it.

    While a hidden place has its address, it is looked at under another one.
    """
    other = with_tail(form.slug, LONGEST_SLUG)
    node = Node(
        "new",
        parent.id,
        f"{parent.path}/{other if hidden else form.slug}",
        kind,
        form.audience if kind == "space" else "",
        voices=voices_in_force(form.audience, form.writers) if kind == "space" else "",
    )
    change = audience.place_made(node, joined(form.marking, "published"))
    if kind != "space":
        return change
    return replace(
        change, given=(as_rule(Grant(**own_grant(viewer(), parent, node.id, MADE, by=MAKE_SPACES).__dict__, id="new")),)
    )


def _make(parent: Place, kind: str, form: PlaceForm) -> str:
    audience_ = form.audience if kind == "space" else ""
    new = NewPlace(kind, form.slug, form.name, form.marking, audience_, form.about, voices=form.writers)
    with acting() as uow, once(uow) as answer:
        make_way(uow, parent, new.slug, sees=viewer().sees)
        place = (add_space if kind == "space" else add_folder)(uow, parent, new)
        if kind == "space":
            set_services(uow, place, form.services)
            give(uow, own_grant(viewer(), parent, place.id, MADE, by=MAKE_SPACES))
        answer.location = f"/places/{place.path}"
    return answer.location


def _new_page(parent: Place, kind: str, form: PlaceForm) -> Response:
    crumbs, whose = surroundings(parent)
    return render(
        NewPlacePage(
            title=f"Make a {kind}",
            crumbs=crumbs,
            problems=form.problems,
            whose=whose,
            kind=kind,
            parent=parent.name,
            parent_href=address(parent),
            action=f"/make/{parent.id}?kind={kind}",
            audiences=AUDIENCE_CHOICES if kind == "space" else (),
            markings=MARKING_CHOICES,
            name=form.name,
            slug=form.slug,
            audience=form.audience,
            voices=form.writers,
            writers=(USUAL, *VOICES_CHOICES) if kind == "space" else (),
            marking=form.marking,
            about=form.about,
            services=service_choices(g.db) if kind == "space" else (),
            chosen=tuple(chosen(form.services).values()),
        )
    )
