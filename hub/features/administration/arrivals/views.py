"""Whoever answers for a place says whether it is they who came: a guest's sponsor, or administrators."""

from collections.abc import Iterator

from flask import Response, g, redirect
from werkzeug.wrappers import Response as BaseResponse

from acl.directory import ROOT
from acl.visibility import FALSE
from hub.access.guard import declares, parts, viewer
from hub.access.models import Place
from hub.access.viewer import Viewer
from hub.features.administration.arrivals.pages import ArrivalRow, ArrivalsPage
from hub.features.administration.blueprint import administers_platform, blueprint
from hub.features.signin.arrivals import Waiting, decide, waiting_for
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


def who_came(looker: Viewer) -> Iterator[Notice]:
    """For those who answer for a place: that somebody came, and waits. One query, for staff alone."""
    if looker.person.kind != "staff":
        return
    waiting = len(_mine(looker))
    if waiting:
        what = "Somebody came" if waiting == 1 else f"{waiting} people came"
        yield Notice(f"{what} by a link of another, or by a new sign-in: say whether it is they.", HERE, people=waiting)


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
    places = []
    if looker.visible("administer") != FALSE:
        own = g.db.get(Place, looker.person.organisation_id)
        places += [own.id] if own is not None and looker.sees(own, "administer") else []
        places += [ROOT] if administers_platform() else []
    return waiting_for(looker.session, looker.person, places)


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
