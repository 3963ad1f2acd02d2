"""Whoever answers for a place says whether it is they who came: a guest's sponsor, or administrators."""

from flask import Response, redirect
from sqlalchemy import ColumnElement, or_, select
from werkzeug.wrappers import Response as BaseResponse

from acl.directory import ROOT
from hub.access.columns import HOMES
from hub.access.guard import declares, parts, viewer
from hub.access.models import Place
from hub.access.viewer import Viewer
from hub.features.administration.arrivals.pages import ArrivalRow, ArrivalsPage
from hub.features.administration.blueprint import administers_platform, blueprint
from hub.features.signin.arrivals import Waiting, count_for, decide, waiting_for
from hub.features.signin.models import Arrival
from hub.ground.errors import Conflict, NotFound
from hub.ground.unit_of_work import unit_of_work
from hub.web.flash import say
from hub.web.pages import Notice, Send, Who
from hub.web.render import render

HERE = "/arrivals"


@blueprint.get(HERE)
@declares("arrival:answer")
def show_arrivals() -> Response:
    """Who waits for the viewer."""
    return render(ArrivalsPage(arrivals=tuple(_row(one) for one in _mine(viewer()))))


@blueprint.post(f"{HERE}/<id:arrival_id>/admit")
@declares("arrival:answer")
def admit_arrival(arrival_id: str) -> BaseResponse:
    """It is they, or they may take the place: they are let in at their next sign-in."""
    return _answer(arrival_id, yes=True)


@blueprint.post(f"{HERE}/<id:arrival_id>/refuse")
@declares("arrival:answer")
def refuse_arrival(arrival_id: str) -> BaseResponse:
    """It is not they: the place stays whose it is, and a link that was opened stays good for them."""
    return _answer(arrival_id, yes=False)


def came(looker: Viewer) -> ColumnElement[int] | None:
    """How many came and wait for the viewer, who answers for their place; None for whoever is not staff."""
    return count_for(looker.person, _theirs(looker)) if looker.person.kind == "staff" else None


def says_came(count: int) -> Notice:
    """That so many wait, on home."""
    what = "Somebody came" if count == 1 else f"{count} people came"
    return Notice(f"{what} by a link of another, or by a new sign-in: say whether it is they.", HERE, people=count)


def _answer(arrival_id: str, *, yes: bool) -> BaseResponse:
    waiting = next((one for one in _mine(viewer()) if one.arrival.id == arrival_id), None)
    if waiting is None:
        raise NotFound
    try:
        with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow:
            row = uow.session.get_one(Arrival, arrival_id, with_for_update=True)
            person = decide(uow, parts(), row, yes=yes)
            name = person.name
    except Conflict as problem:
        say(str(problem), "error")
    else:
        say(f"{name} comes in at their next sign-in. Tell them." if yes else "They stay out, and nothing else changes.")
    return redirect(HERE, code=303)


def _mine(looker: Viewer) -> list[Waiting]:
    """Who waits for somebody: of whom they are sponsor, and of the organisations that they look after."""
    return waiting_for(looker.session, looker.person, _theirs(looker))


def _theirs(looker: Viewer) -> ColumnElement[bool]:
    """That it is for the administrators of the viewer's organisation, or of the hub, and they are one of them."""
    own = select(Place.id).where(Place.id == looker.person.organisation_id, looker.where(HOMES, "administer"))
    return or_(Arrival.decider.in_(own), *([Arrival.decider == ROOT] if administers_platform() else []))


def _row(waiting: Waiting) -> ArrivalRow:
    arrival, person = waiting.arrival, waiting.person
    replaced = arrival.pending_id is None
    yes = f"It is {person.name}" if replaced else "Admit them"
    return ArrivalRow(
        who=arrival.name or "Somebody whose name did not come",
        email=arrival.email,
        verified=arrival.email_verified,
        subject=arrival.subject,
        issuer=waiting.issuer,
        came_at=arrival.came_at,
        place=Who(person.name, waiting.organisation),
        invited=person.email,
        replaced=replaced,
        admit=Send(yes, f"{HERE}/{arrival.id}/admit", (), "primary"),
        refuse=Send("Refuse them", f"{HERE}/{arrival.id}/refuse"),
    )
