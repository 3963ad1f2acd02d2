"""Pages of guests who sign in at the hub itself: a code to their address, and where an invitation begins."""

from typing import Any, Final

from flask import Response, g, make_response, request
from flask import session as cookie_session

from config.mail import is_address
from hub.access.guard import parts
from hub.access.login import Begun, end_session, remember_in_browser
from hub.access.models import Person
from hub.features.signin.arriving import caller_address, go, wanted_path
from hub.features.signin.blueprint import blueprint
from hub.features.signin.browsers import browser_in_words
from hub.features.signin.local import passkeys
from hub.features.signin.local.codes import (
    LASTS,
    ask_code,
    canonical_address,
    fits,
    is_over,
)
from hub.features.signin.local.opening import let_in
from hub.features.signin.local.pages import CodePage, GuestSignInPage
from hub.features.signin.local.queries import only_place, organisation_of_address
from hub.features.signin.local.service import accept_invitation
from hub.features.signin.stores import PER_ADDRESS, Limit, note_try
from hub.ground.errors import Conflict
from hub.ground.unit_of_work import UnitOfWork, unit_of_work
from hub.web.pages import Problem
from hub.web.render import render

ASKED: Final = "guest-code"
INVITED: Final = "guest-invitation"
CODES_FROM: Final = Limit("codes-from", 60, 600)
"""Of one place. Many: a firm may come from one address."""
CODES_TO: Final = Limit("codes-to", 10, 900)
CODES_BETWEEN: Final = Limit("codes-between", 4, 900)
"""To one address from one place: so a stranger elsewhere keeps nobody from their codes for long."""
GUESSES_FROM: Final = Limit("guesses-from", 60, 600)
MANY: Final = "Codes were asked for many times in a short while. Wait a quarter of an hour, then try again."
WRONG: Final = (
    "That is not the code that was sent for this browser. Look at the last letter, and type its eight digits."
)
OVER: Final = "This code is over: it was used, tried too often, or older than ten minutes. Ask for another one."
ENDED: Final = "This invitation was used already, has expired, or was replaced by another one. Ask your sponsor."
LONGEST: Final = 300


@blueprint.get("/sign-in/guest")
def guest() -> Response:
    """Where a guest signs in whose firm has no issuer."""
    wanted = wanted_path(request.args.get("next"))
    return go(wanted or "/") if g.user is not None else guest_page(wanted)


def guest_page(wanted: str, email: str = "", problem: Problem | None = None, status: int = 422) -> Response:
    """The page where guests sign in, with what is wrong, if anything."""
    page = GuestSignInPage(
        email=email,
        next=wanted,
        mails=parts().mail.server is not None,
        passkeys=passkeys.party(parts()) is not None,
        problems=(problem,) if problem else (),
    )
    return render(page, status if problem else 200)


@blueprint.post("/sign-in/guest/code")
def send_code() -> Response:
    """Ask for a code at an address; what is answered hangs on the address as it is written, and on nothing else."""
    wanted = wanted_path(request.form.get("next"))
    typed = request.form.get("email", "").strip()[:LONGEST]
    address = canonical_address(typed)
    if not is_address(address):
        return guest_page(wanted, typed, Problem("email", "Enter an e-mail address, such as maria@acme.example"))
    if parts().mail.server is None:
        return guest_page(wanted, typed, Problem("email", "This hub sends no letters: ask your sponsor for a new link"))
    owner = organisation_of_address(g.db, address)
    if owner is not None:
        words = f"People with this address sign in through {owner.name}: choose it on the page of organisations"
        return guest_page(wanted, typed, Problem("email", words))
    return code_asked(address, typed, wanted) or guest_page(wanted, typed, Problem("email", MANY.rstrip(".")), 429)


def code_asked(address: str, shown: str, wanted: str, invitation_id: str = "") -> Response | None:
    """Ask for a code and lead on to where it is typed; None where that was asked too often."""
    place = caller_address()
    tries = ((CODES_FROM, place), (CODES_BETWEEN, f"{place} {address}"), (CODES_TO, address))
    if not all(note_try(parts(), limit, who) for limit, who in tries):
        return None
    with unit_of_work(parts().database, parts().clock) as uow:
        code_id = ask_code(uow, parts().keys, address, invitation_id)
    cookie_session[ASKED] = {"id": code_id, "to": shown, "next": wanted, "invited": invitation_id}
    return go("/sign-in/guest/code")


@blueprint.get("/sign-in/guest/code")
def type_code() -> Response:
    """Where the code is typed that this browser asked for."""
    asked = _asked()
    return _code_page(asked) if asked else go("/sign-in/guest")


@blueprint.post("/sign-in/guest/enter")
def enter() -> Response:
    """Sign in by a code. A session of before ends with it."""
    asked = _asked()
    if not asked:
        return go("/sign-in/guest")
    place = caller_address()
    if not (note_try(parts(), PER_ADDRESS, place) and note_try(parts(), GUESSES_FROM, place)):
        return _code_page(asked, MANY, 429)
    try:
        with unit_of_work(parts().database, parts().clock) as uow:  # a wrong code counts: that is kept as well
            person = _by_code(uow, asked)
            handle, landing = opened(uow, person, "code") if isinstance(person, Person) else ("", "")
    except Conflict as refused:
        return _code_page(asked, str(refused))
    return arrived(handle, asked["next"] or landing) if isinstance(person, Person) else _code_page(asked, person)


def opened(uow: UnitOfWork, person: Person, how: str) -> tuple[str, str]:
    """Start a guest's session, and end one of before; returns its handle, and where they begin. Raises Conflict."""
    browser = browser_in_words(request.user_agent.string)
    begun = Begun(issuer_id=None, browser=browser, address=(request.remote_addr or "")[:45])
    handle = let_in(uow, parts(), person, how, begun)
    if g.user is not None:
        end_session(uow, g.user.handle)
    place = only_place(uow.session, person, parts().today)
    return handle, f"/places/{place}" if place else ""


def arrived(handle: str, landing: str) -> Response:
    """Put a session into this browser, and lead on."""
    remember_in_browser(handle)
    return go(landing or "/")


def _by_code(uow: UnitOfWork, asked: dict[str, str]) -> Person | str:
    """Who signs in by the code that was typed, or what is wrong. A wrong one is noted as a try."""
    row = fits(uow, parts().keys, asked["id"], request.form.get("code", ""))
    if row is None:
        return OVER if is_over(uow, asked["id"]) else WRONG
    if row.invitation_id:
        return accept_invitation(uow, parts(), row.invitation_id) or ENDED
    return uow.session.get(Person, row.person_id) or WRONG


def _asked() -> dict[str, str]:
    """What this browser asked for; empty where it did not."""
    found: Any = cookie_session.get(ASKED)
    names = ("id", "to", "next", "invited")
    return {name: str(found.get(name, "")) for name in names} if isinstance(found, dict) else {}


def _code_page(asked: dict[str, str], problem: str = "", status: int = 422) -> Response:
    page = CodePage(
        to=asked["to"],
        invited=bool(asked["invited"]),
        minutes=int(LASTS.total_seconds() // 60),
        problems=(Problem("code", problem.rstrip(".")),) if problem else (),
    )
    return make_response(render(page, status if problem else 200))
