"""Inviting a colleague of another council to a place, by work e-mail address, and calling that back.

The answer is the same, and asks the database the same, whoever has the address and whether anybody does.
"""

from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import declares, parts, viewer
from hub.access.models import Place
from hub.features.sharing.blueprint import blueprint, managed, surroundings
from hub.features.sharing.pages import InvitationRow, InvitePage
from hub.ground.errors import Invalid, NotPermitted
from hub.ground.unit_of_work import unit_of_work
from hub.keeping.drafts import typed_into
from hub.keeping.once import check_sheet, once
from hub.nouns.people.forms import ROLE_CHOICES, InvitationForm, read_invitation
from hub.nouns.people.invitations import LASTS, NewInvitation, at_place, call_back, invite
from hub.nouns.people.queries import who
from hub.web.flash import say
from hub.web.pages import Problem, Send, Who
from hub.web.render import render


@blueprint.get("/members/<id:place_id>/invite")
@declares("place:share")
def inviting(place_id: str) -> Response:
    """The form: an address, and what its owner is to be here."""
    return _page(_place(place_id), typed_into(InvitationForm("", "reader", "", "", None)))


@blueprint.post("/members/<id:place_id>/invite")
@declares("place:share", costs="write")
def send_invitation(place_id: str) -> BaseResponse:
    """Keep the invitation; the worker writes the letter."""
    place = _place(place_id)
    check_sheet()
    form = read_invitation(request.form, today=parts().today)
    if form.problems:
        return _page(place, form)
    new = NewInvitation(form.email, form.role, form.end, form.reason)
    try:
        with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow, once(uow) as answer:
            answer.location = f"/members/{place.id}"
            invite(uow, uow.session.get_one(Place, place.id), viewer().person, new)
    except Invalid as problem:
        return _page(place, form, (Problem(problem.field or "email", str(problem)),))
    say(f"The invitation to {form.email} is sent. It gives nothing until it is accepted and you have added them.")
    return redirect(answer.location, code=303)


@blueprint.post("/members/<id:place_id>/invitations/<id:invitation_id>/call-back")
@declares("place:share")
def call_invitation_back(place_id: str, invitation_id: str) -> BaseResponse:
    """End an invitation that nothing has come of yet."""
    place = managed(place_id)
    with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow:
        email = call_back(uow, uow.session.get_one(Place, place.id), invitation_id).email
    say(f"The invitation to {email} is called back.")
    return redirect(f"/members/{place.id}", code=303)


def invitations_of(place: Place) -> tuple[InvitationRow, ...]:
    """Those to a place that are open. What became of one is told once its person has said yes, and not before."""
    now = parts().clock.now()
    return tuple(
        InvitationRow(
            email=each.invitation.email,
            role=each.invitation.role,
            by=_by(each.inviter.name, each.organisation),
            until=each.invitation.expires_at,
            call_back=Send(
                "Call back",
                f"/members/{place.id}/invitations/{each.invitation.id}/call-back",
                (),
                "link",
            ),
            accepted=str(who(viewer(), each.accepted, each.accepted_organisation)) if each.accepted else "",
            add_href=f"/members/{place.id}/add?who=person%3A{each.accepted.handle}" if each.accepted else "",
        )
        for each in at_place(g.db, place.id, now)
    )


def _by(name: str, organisation: str) -> str:
    return str(Who(name, organisation))


def _place(place_id: str) -> Place:
    place = managed(place_id)
    if viewer().person.kind == "guest":
        raise NotPermitted("Invitations are sent by staff. Ask your sponsor to send one.")
    return place


def _page(place: Place, form: InvitationForm, problems: tuple[Problem, ...] = ()) -> Response:
    crumbs, whose = surroundings(place)
    return render(
        InvitePage(
            title="Invite a colleague by e-mail",
            crumbs=crumbs,
            problems=problems or form.problems,
            whose=whose,
            action=f"/members/{place.id}/invite",
            cancel_href=f"/members/{place.id}",
            lasts=LASTS.days,
            email=form.email,
            roles=ROLE_CHOICES,
            role=form.role,
            until=form.until,
            reason=form.reason,
        )
    )
