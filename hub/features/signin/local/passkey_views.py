"""Pages of passkeys: signing in by one, and one's own list. What passes between browser and hub is JSON."""

from typing import Final

from flask import Response, g, make_response, request
from flask import session as cookie_session
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import declares, parts, viewer
from hub.access.login import SignedIn
from hub.features.signin.arriving import caller_address, go, wanted_path
from hub.features.signin.blueprint import blueprint
from hub.features.signin.local.pages import PasskeyRow, PasskeysPage
from hub.features.signin.local.passkeys import (
    RECENT,
    add_passkey,
    begin_to_add,
    begin_to_use,
    party,
    person_by_passkey,
    remove_passkey,
)
from hub.features.signin.local.queries import account_of, passkeys_of
from hub.features.signin.local.views import GUESSES_FROM, MANY, arrived, code_asked, guest_page, opened
from hub.features.signin.stores import note_try
from hub.ground.errors import Conflict, Invalid, NotFound
from hub.ground.unit_of_work import unit_of_work
from hub.web.flash import say
from hub.web.pages import Problem, Send
from hub.web.render import render

HERE: Final = "/me/passkeys"
CHALLENGE: Final = "passkey-challenge"
LONGEST_ANSWER: Final = 20_000
TOO_LATE: Final = "To add a passkey, sign in again first: your last sign-in was more than five minutes ago."


@blueprint.post("/sign-in/guest/passkey/begin")
def begin_passkey() -> Response:
    """A challenge for whoever signs in by a passkey: the same for everybody."""
    if not note_try(parts(), GUESSES_FROM, caller_address()):
        return _json('{"said": "Wait some minutes, then try again."}', 429)
    with unit_of_work(parts().database, parts().clock) as uow:
        cookie_session[CHALLENGE], options = begin_to_use(uow, parts())
    return _json(options)


@blueprint.post("/sign-in/guest/passkey")
def sign_in_by_passkey() -> Response:
    """Sign in by a passkey. A session of before ends with it."""
    wanted = wanted_path(request.form.get("next"))
    if not note_try(parts(), GUESSES_FROM, caller_address()):
        return guest_page(wanted, problem=Problem("", MANY), status=429)
    problem, handle, landing = "", "", ""
    with unit_of_work(parts().database, parts().clock) as uow:  # an answer that is refused uses its challenge up
        try:
            person = person_by_passkey(uow, parts(), _challenge(), _answer())
            handle, landing = opened(uow, person, "passkey")
        except (Invalid, Conflict) as refused:
            problem = str(refused)
    return arrived(handle, wanted or landing) if handle else guest_page(wanted, problem=Problem("", problem))


@blueprint.get(HERE)
@declares("profile:keep")
def passkeys() -> Response:
    """One's own passkeys."""
    return _list()


@blueprint.post(f"{HERE}/begin")
@declares("profile:keep")
def begin_adding() -> Response:
    """A challenge for who adds a passkey."""
    viewer().visible()
    if not _is_recent():
        return _json('{"said": "' + TOO_LATE + '"}', 403)
    try:
        with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow:
            cookie_session[CHALLENGE], options = begin_to_add(uow, parts(), viewer().person)
    except Conflict as refused:
        return _json('{"said": "' + str(refused) + '"}', 409)
    return _json(options)


@blueprint.post(HERE)
@declares("profile:keep")
def add() -> BaseResponse:
    """Add the passkey that the browser made."""
    viewer().visible()
    if not _is_recent():
        raise Conflict(TOO_LATE)
    problem = ""
    with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow:
        try:
            made = add_passkey(uow, parts(), viewer().person, _challenge(), _answer(), request.form.get("name", ""))
        except (Invalid, Conflict) as refused:
            problem = str(refused)
    if problem:
        return _list(Problem("name", problem.rstrip(".")))
    say(f"“{made.name}” was added: from now on you can sign in by it.")
    return go(HERE)


@blueprint.post(f"{HERE}/remove")
@declares("profile:keep")
def remove() -> BaseResponse:
    """Remove one of one's own."""
    viewer().visible()
    with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow:
        remove_passkey(uow, parts(), viewer().person, request.form.get("passkey", "")[:40])
    say("The passkey was removed. Take it out of your device as well: it leads nowhere now.")
    return go(HERE)


@blueprint.post(f"{HERE}/again")
@declares("profile:keep")
def sign_in_again() -> BaseResponse:
    """Send a code to the guest's own address, so that a passkey can be added."""
    viewer().visible()
    account = account_of(g.db, viewer().person.id)
    if account is None or parts().mail.server is None:
        raise NotFound
    asked = code_asked(account.address, account.address, HERE)
    if asked is None:
        raise Conflict(MANY)
    return asked


def _list(problem: Problem | None = None) -> Response:
    viewer().visible()
    account, own = account_of(g.db, viewer().person.id), party(parts())
    again = Send("Send me a code", f"{HERE}/again") if parts().mail.server is not None else None
    page = PasskeysPage(
        passkeys=tuple(
            PasskeyRow(
                name=each.name,
                added=each.created_at,
                used=each.last_used_at,
                works=own is not None and each.rp_id == own.rp_id,
                remove=Send("Remove", f"{HERE}/remove", (("passkey", each.id),), "link"),
            )
            for each in passkeys_of(g.db, viewer().person.id)
        ),
        offered=own is not None,
        own=account is not None,
        recent=_is_recent(),
        again=again,
        address=account.address if account else "",
        problems=(problem,) if problem else (),
    )
    return render(page, 422 if problem else 200)


def _is_recent() -> bool:
    user: SignedIn = g.user
    return parts().clock.now() - user.row.created_at <= RECENT


def _challenge() -> str:
    """The challenge that this browser was given, which it forgets by that."""
    return str(cookie_session.pop(CHALLENGE, ""))


def _answer() -> str:
    return request.form.get("passkey", "")[:LONGEST_ANSWER]


def _json(text: str, status: int = 200) -> Response:
    response = make_response(text, status)
    response.mimetype = "application/json"
    return response
