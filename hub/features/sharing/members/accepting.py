"""Invitations as those see them to whom they were sent: saying yes or no, and what home pages say of them."""

from collections.abc import Iterator

from flask import Response, g, redirect
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import declares, parts, viewer
from hub.access.models import Person
from hub.access.viewer import Viewer
from hub.features.sharing.blueprint import blueprint
from hub.features.sharing.pages import InvitedRow, MyInvitationsPage
from hub.ground.unit_of_work import unit_of_work
from hub.mail.service import Letter, post
from hub.nouns.people.invitations import answer, to_answer, waiting_for
from hub.web.flash import say
from hub.web.pages import Notice, Send, Who
from hub.web.render import render

HERE = "/invitations"


@blueprint.get(HERE)
@declares("access:ask")
def my_invitations() -> Response:
    """Who invites the viewer, as what, and until when. Which place it is they see once they are in it."""
    viewer().visible()
    found = to_answer(g.db, viewer().person.id, parts().clock.now())
    return render(
        MyInvitationsPage(
            rows=tuple(
                InvitedRow(
                    by=str(Who(each.inviter.name, each.organisation)),
                    role=each.invitation.role,
                    reason=each.invitation.reason,
                    until=each.invitation.until,
                    ends=each.invitation.expires_at,
                    accept=Send("Accept", f"{HERE}/{each.invitation.id}/accept", (), "primary"),
                    decline=Send("Decline", f"{HERE}/{each.invitation.id}/decline", (), "link"),
                )
                for each in found
            )
        )
    )


@blueprint.post("/invitations/<id:invitation_id>/accept")
@declares("access:ask")
def accept_invitation(invitation_id: str) -> BaseResponse:
    """Say yes: whoever sent it learns who it was, and adds them."""
    viewer().visible()
    with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow:
        me = uow.session.get_one(Person, viewer().person.id)
        row = answer(uow, me, invitation_id, yes=True)
        inviter = uow.session.get_one(Person, row.inviter_id)
        line = "Somebody whom you invited has accepted. Nothing is open to them until you add them."
        post(uow, Letter(to=inviter, subject="An invitation was accepted", lines=(line,), link="/"))
    say(f"You have accepted. {inviter.name} is told, and adds you; then it is on your home page.")
    return redirect("/", code=303)


@blueprint.post("/invitations/<id:invitation_id>/decline")
@declares("access:ask")
def decline_invitation(invitation_id: str) -> BaseResponse:
    """Say no, of which nobody is told."""
    viewer().visible()
    with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow:
        answer(uow, uow.session.get_one(Person, viewer().person.id), invitation_id, yes=False)
    say("You have declined. Nobody is told of it.")
    return redirect("/", code=303)


def notices(viewer: Viewer) -> Iterator[Notice]:
    """That somebody invites the viewer, and that somebody accepted an invitation of theirs; one query."""
    if viewer.person.kind != "staff":
        return
    mine = 0
    for invitation, person, place in waiting_for(viewer.session, viewer.person.id, parts().clock.now()):
        if invitation.person_id == viewer.person.id and invitation.accepted_at is None:
            mine += 1
        elif person is not None and person.status == "active" and viewer.sees(place, "manage"):
            href = f"/members/{place.id}/add?who=person%3A{person.handle}"
            yield Notice(f"{person.name} has accepted your invitation to “{place.name}”. Add them", href)
    if mine:
        text = "You are invited to work together in a space" if mine == 1 else f"You have {mine} invitations"
        yield Notice(text, HERE)
