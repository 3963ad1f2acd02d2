"""Settings of a space or a folder: what it is called, what its page is marked, whom it is open to, who writes in it."""

from dataclasses import replace
from typing import Any

from flask import Response, g, redirect, request
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse

from acl.groups import voices_fit
from acl.visibility import joined
from acl.vocabulary import CLOSED_AUDIENCES
from hub.access.guard import declares, parts, viewer
from hub.access.judged import judge_place
from hub.access.models import Grant, Place
from hub.access.places import ONLY_OPEN, mark_place, rename_place, set_audience, set_voices
from hub.access.subjects import as_rule
from hub.audience import foreseeing as audience
from hub.audience.acting import acting, acts
from hub.audience.confirming import AGREED, UNDO, Question, ask_first
from hub.audience.sealing import NOT_SHOWN, Fact, digest, facts_of, news, seal, shown
from hub.features.sharing.blueprint import address, blueprint, managed, surroundings
from hub.features.sharing.forms import (
    AUDIENCE_CHOICES,
    VOICES_CHOICES,
    PlaceForm,
    chosen,
    read_place,
    service_choices,
)
from hub.features.sharing.pages import SettingsPage
from hub.features.sharing.queries import manages_by_grant
from hub.ground.errors import NotPermitted
from hub.ground.unit_of_work import UnitOfWork
from hub.keeping import drafts
from hub.keeping.drafts import typed_into
from hub.nouns.documents.forms import MARKING_CHOICES
from hub.nouns.documents.steps import steps_from
from hub.nouns.people.service import give
from hub.nouns.spaces.models import Service
from hub.nouns.spaces.owning import own_grant
from hub.nouns.spaces.questions import FOR_ALL, is_question_space
from hub.nouns.spaces.services import services_of, set_services
from hub.nouns.spaces.tabs import SETTINGS, tabs_of
from hub.web.flash import say
from hub.web.pages import Action, Problem, Send
from hub.web.render import render

CLOSED = "They closed this space"
SILENT = "While it is not open, only those whom membership or policy lets write in it, whatever else is chosen."
UNSAID = "All staff may now ask and comment here. Nobody has chosen that yet: choose below who may write, and save."
MOST_UNDONE = 400
"""Characters of a description that an undo can bring back: it travels in the cookie."""


@blueprint.get("/settings/<id:place_id>")
@declares("place:change")
def settings(place_id: str) -> Response:
    """Name, description, marking and audience in a form, and the ways to move, archive or delete it."""
    place = managed(place_id)
    about = _about(place)
    now = place.voices_in_force
    form = PlaceForm(place.name, place.slug, place.description, place.audience, place.marking, now)
    return _page(place, typed_into(replace(form, **_chosen(about))), about)


@blueprint.post("/settings/<id:place_id>")
@declares("place:change")
@acts
def change(place_id: str) -> BaseResponse:
    """Change them; where that shows more, it is first said what to whom."""
    place = managed(place_id)
    about = _about(place)
    now = _values(place) | _chosen(about)
    form = read_place(
        MultiDict({"slug": place.slug, **now, **request.form}), audience=place.kind == "space", marking=True
    )
    form = replace(form, writers=form.writers or now["writers"])
    if not form.writers_fit and form.writers != place.voices_in_force:
        form = replace(form, problems=(*form.problems, Problem("writers", ONLY_OPEN)))
    if form.audience != place.audience and is_question_space(viewer(), place):
        form = replace(form, problems=(*form.problems, Problem("audience", FOR_ALL)))
    since = news(_facts(place, about))
    if form.problems:
        return _page(place, form, about)
    if since is not None and AGREED not in request.form:
        return _page(place, form, about, since or (NOT_SHOWN,))
    _check_reach(place, form)
    proposed = _proposed(place, form)
    asked = ask_first(proposed, _question(place, form, about)) if proposed is not None else None
    if asked is not None:
        return asked
    with acting() as uow:
        _save(uow, place, form)
        drafts.sent(uow)
    fields = (*now.items(), shown(_facts(place, _about(place))), (UNDO, "yes"))
    undo = Send("Undo", f"/settings/{place.id}", fields) if len(now["about"]) <= MOST_UNDONE else None
    say(f"“{form.name[:80]}” is saved.", undo=undo)
    return redirect(address(place) if viewer().sees(place) else "/", code=303)


def _values(place: Place) -> dict[str, str]:
    """What the form would say of the place as it is; a field that is not sent stays as it is."""
    return {
        "name": place.name,
        "about": place.description,
        "marking": place.marking,
        "audience": place.audience,
        "writers": place.voices_in_force,
    }


def _about(place: Place) -> tuple[Service, ...]:
    """The services of a space."""
    return tuple(services_of(g.db, place.id)) if place.kind == "space" else ()


def _chosen(about: tuple[Service, ...]) -> dict[str, Any]:
    return chosen(service.id for service in about)


def _facts(place: Place, about: tuple[Service, ...]) -> tuple[Fact, ...]:
    """What the form shows of a place; of a space its services too."""
    return *facts_of(viewer(), place), *_said(place, about)


def _said(place: Place, about: tuple[Service, ...]) -> tuple[Fact, ...]:
    """What a space is about."""
    names = [service.name for service in about]
    told = f"It is about {', '.join(names)} now." if names else "It is about no service now."
    return (Fact("services", digest(*names), lambda: told),) if place.kind == "space" else ()


def _check_reach(place: Place, form: PlaceForm) -> None:
    """Nobody marks a place out of what they manage."""
    if form.marking == place.marking:
        return
    then = judge_place(
        place.id, place.kind, owner=place.owner, marking=form.marking, state=place.state, snapshot=viewer().snapshot
    )
    decision = viewer().judge("manage", then) if then else None
    if decision is None or not decision.allowed:
        raise NotPermitted(f"Policy does not let you manage a {place.kind} marked {form.marking} here.")


def _proposed(place: Place, form: PlaceForm) -> audience.Change | None:
    """What would change for others; None for a name and a description."""
    ms = joined(form.marking, place.state)
    if place.kind == "space" and (form.audience, form.writers) != (place.audience, place.voices_in_force):
        proposed = audience.audience_change(place, form.audience, ms, voices=form.writers)
        kept = as_rule(Grant(**own_grant(viewer(), place, place.id, CLOSED).__dict__, id="new"))
        return replace(proposed, given=(kept,)) if _must_keep_hold(g.db, place, form.audience) else proposed
    return audience.place_changed(place, ms) if ms != place.ms else None


def _question(place: Place, form: PlaceForm, about: tuple[Service, ...]) -> Question:
    crumbs, whose = surroundings(place)
    title, button = f"Mark “{place.name}” {form.marking}?", f"Mark it {form.marking}"
    if place.kind == "space" and form.writers != place.voices_in_force:
        title, button = f"Change who may write in “{place.name}”?", "Change who may write"
    if place.kind == "space" and form.audience != place.audience:
        title, button = f"Make “{place.name}” {form.audience}?", f"Make it {form.audience}"
    return Question(
        title=title,
        button=button,
        cancel_href=f"/settings/{place.id}",
        crumbs=crumbs,
        whose=whose,
        thing=place,
        facts=_said(place, about),
        undoes=UNDO in request.form,
        notes=(SILENT,) if place.kind == "space" and not form.writers_fit else (),
    )


def _save(uow: UnitOfWork, place: Place, form: PlaceForm) -> None:
    if (place.name, place.description) != (form.name, form.about):
        rename_place(uow, place, form.name, form.about)
        uow.record(f"{place.kind}:rename", place.id, place.organisation_id)
    mark_place(uow, place, form.marking, place.state)
    if place.kind == "space":
        set_services(uow, place, form.services)
        _save_voices(uow, place, form.writers)
    before = place.audience
    if place.kind != "space" or form.audience == before:
        return
    if _must_keep_hold(uow.session, place, form.audience):
        give(uow, own_grant(viewer(), place, place.id, CLOSED))
    set_audience(uow, place, form.audience)
    uow.record("space:audience", place.id, place.organisation_id, f"{before} to {form.audience}")


def _save_voices(uow: UnitOfWork, space: Place, voices: str) -> None:
    """Say who may write; whoever saves the form has said so, even where it is what was usual."""
    before = space.voices_in_force
    if space.voices != voices:
        set_voices(uow, space, voices)
    if voices != before:
        uow.record("space:writers", space.id, space.organisation_id, f"{before} to {voices}")


def _must_keep_hold(session: Session, place: Place, audience: str) -> bool:
    """Whether the viewer manages a space that they close by lines alone that name a place above: these end there."""
    closes = audience in CLOSED_AUDIENCES and place.audience not in CLOSED_AUDIENCES
    person = viewer().person
    return closes and person.kind == "staff" and not manages_by_grant(session, place, person, parts().today)


def _of_writers(place: Place) -> tuple[str, ...]:
    """What whoever manages a space should know of who may write in it now."""
    if place.kind != "space":
        return ()
    if not voices_fit(place.audience, place.voices):
        return (SILENT,)
    return (UNSAID,) if place.audience == "open" and not place.voices else ()


def _looking(place: Place) -> tuple[Action, ...]:
    """What else whoever manages it may want to look at, or to say."""
    seen = Action("Who can see this?", f"/audience/place/{place.id}"), Action("Requests", "/requests")
    if place.kind != "space":
        return seen
    begun = Action("Choose what people can start here: questions, news, ideas", f"/talk/{place.id}/sorts")
    return begun, *seen, Action("How questions fare here", f"/figures/{place.id}")


def _page(place: Place, form: PlaceForm, about: tuple[Service, ...], found: tuple[str, ...] = ()) -> Response:
    crumbs, whose = surroundings(place)
    steps = (step for step in steps_from(place.state) if step.name != "publish")
    return render(
        SettingsPage(
            title=f"Settings of “{place.name}”",
            crumbs=crumbs,
            problems=form.problems,
            whose=whose,
            tabs=tabs_of(viewer(), place, SETTINGS),
            looking=_looking(place),
            kind=place.kind,
            state=place.state,
            action=f"/settings/{place.id}",
            seen=seal(_facts(place, about)),
            news=found,
            cancel_href=address(place),
            move_href=f"/move/{place.id}",
            steps=tuple(Action(f"{step.button} it", f"/state/{place.id}/{step.name}") for step in steps),
            delete_href=f"/delete/{place.id}",
            name=form.name,
            about=form.about,
            audience=form.audience,
            audiences=AUDIENCE_CHOICES if place.kind == "space" else (),
            voices=form.writers,
            writers=VOICES_CHOICES if place.kind == "space" else (),
            said=_of_writers(place),
            marking=form.marking,
            markings=MARKING_CHOICES,
            services=service_choices(g.db, about) if place.kind == "space" else (),
            chosen=tuple(chosen(form.services).values()),
        ),
        409 if found else 200,
    )
