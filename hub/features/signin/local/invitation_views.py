"""Pages of an invitation: opening it changes nothing; a button asks for the code that shows whose it is."""

from typing import Final

from flask import Response, g, request
from flask import session as cookie_session

from hub.access.guard import parts
from hub.features.signin.arriving import caller_address, go
from hub.features.signin.blueprint import blueprint
from hub.features.signin.local.pages import CarryPage, InvitationPage
from hub.features.signin.local.queries import Invited, account_of, invitation_by, open_invitation
from hub.features.signin.local.service import accept_invitation, carry, carry_hash
from hub.features.signin.local.views import (
    ENDED,
    GUESSES_FROM,
    INVITED,
    MANY,
    arrived,
    code_asked,
    guest_page,
    opened,
)
from hub.features.signin.pages import SignInProblemPage
from hub.features.signin.stores import note_try
from hub.ground.errors import Conflict
from hub.ground.ids import hash_of
from hub.ground.unit_of_work import unit_of_work
from hub.web.pages import Problem
from hub.web.render import render

HERE: Final = "/sign-in/guest/invitation"
NOTHING: Final = "Nothing that is open now goes by these letters. They work once, for ten minutes: look at them again"


@blueprint.get(HERE)
def look_at_invitation() -> Response:
    """Whom an invitation means. `?link=` is its one-use link: this browser remembers which invitation that is."""
    link = request.args.get("link", "")
    if link:
        cookie_session[INVITED] = invitation_by(g.db, parts().clock.now(), link_hash=hash_of(link[:100]))
        return go(HERE)
    found = _found()
    if found is None:
        return _ended(ENDED)
    return render(
        InvitationPage(
            person=found.person.name,
            firm=found.firm.name,
            by=found.by,
            to=partly_hidden(found.invitation.address),
            mails=parts().mail.server is not None,
            again=account_of(g.db, found.person.id) is not None,
        )
    )


@blueprint.post(HERE)
def take_invitation() -> Response:
    """Send the code that shows whose it is; where no letters leave, take their word who hold the link."""
    found = _found()
    if found is None:
        return _ended(ENDED)
    if parts().mail.server is not None:
        address = found.invitation.address
        return code_asked(address, partly_hidden(address), "", found.invitation.id) or _ended(MANY, 429)
    try:
        with unit_of_work(parts().database, parts().clock) as uow:
            person = accept_invitation(uow, parts(), found.invitation.id)
            if person is None:
                return _ended(ENDED)
            handle, landing = opened(uow, person, "link")
    except Conflict as refused:
        return _ended(str(refused))
    return arrived(handle, landing)


@blueprint.post(f"{HERE}/carry")
def carry_invitation() -> Response:
    """Show a code by which the invitation goes on on another device."""
    with unit_of_work(parts().database, parts().clock) as uow:
        made = carry(uow, str(cookie_session.get(INVITED, "")))
    if made is None:
        return _ended(ENDED)
    return render(CarryPage(code=made[0], until=made[1], address=f"{parts().public_url}/sign-in/guest"))


@blueprint.post(f"{HERE}/here")
def go_on_here() -> Response:
    """Go on here with an invitation that was opened elsewhere."""
    if not note_try(parts(), GUESSES_FROM, caller_address()):
        return guest_page("", problem=Problem("carried", MANY.rstrip(".")), status=429)
    hashed = carry_hash(request.form.get("carried", ""))
    with unit_of_work(parts().database, parts().clock) as uow:
        found = invitation_by(uow.session, uow.now, carry_hash=hashed)
        row = open_invitation(uow.session, found, uow.now, lock=True) if found else None
        if row is not None:
            row.invitation.carry_hash, row.invitation.carry_until = "", None
    if row is None:
        return guest_page("", problem=Problem("carried", NOTHING))
    cookie_session[INVITED] = found
    return go(HERE)


@blueprint.post(f"{HERE}/put-away")
def put_invitation_away() -> Response:
    """It was opened by somebody else: this browser forgets it, and it stays good for its owner."""
    cookie_session.pop(INVITED, None)
    return go("/sign-in")


def partly_hidden(address: str) -> str:
    """An address as whoever holds a link may see it: its owner knows it again, nobody learns it."""
    name, _, domain = address.rpartition("@")
    return f"{name[:1]}…@{domain}"


def _found() -> Invited | None:
    return open_invitation(g.db, str(cookie_session.get(INVITED, "")), parts().clock.now())


def _ended(words: str, status: int = 403) -> Response:
    return render(SignInProblemPage(sentences=(words,), retry_href="/sign-in/guest"), status)
