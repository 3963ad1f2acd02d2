"""The one way through for a request: who asks, what the route declares, and that a decision was asked for.

A stranger gets one redirect, whatever the path, so that it says nothing of what exists; but for one who sends the form
of somebody whose session ended, who gets back what they sent. Each route declares an action
of `ACTIONS`, or is exempt by name; a page that was answered without asking policy is a fault of ours and fails closed.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import urlencode

import structlog
from flask import Blueprint, Flask, Response, current_app, g, make_response, redirect, request
from flask.blueprints import BlueprintSetupState
from sqlalchemy.exc import SQLAlchemyError

from hub.access.login import SignedIn, note_seen, signed_in
from hub.access.noting_guests import note_guest
from hub.access.parts import Parts
from hub.access.viewer import Viewer
from hub.things.kind import Kind
from hub.web.kept import SignedOut, is_signed_out_form

log = structlog.get_logger(__name__)

ACTIONS = {
    "home:show": "read",
    "thing:new": "read",
    "thing:star": "read",
    "search:ask": "read",
    "organisation:list": "read",
    "place:show": "read",
    "place:add": "make-spaces",
    "place:change": "manage",
    "place:share": "manage",
    "place:audience": "manage",
    "thing:audience": "manage",
    "thing:move": "manage",
    "things:change": "edit",
    "things:take": "read",
    "document:share": "manage",
    "person:show": "read",
    "person:find": "read",
    "profile:keep": "read",
    "session:keep": "read",
    "document:show": "read",
    "document:download": "read",
    "document:add": "edit",
    "document:revise": "edit",
    "document:mark": "edit",
    "document:delete": "edit",
    "document:compare": "read",
    "talk:show": "read",
    "talk:post": "comment",
    "talk:withdraw": "read",
    "talk:lead": "edit",
    "terms:show": "read",
    "report:add": "read",
    "report:list": "read",
    "report:answer": "read",
    "talk:merge": "manage",
    "notice:list": "read",
    "notice:follow": "read",
    "feed:read": "read",
    "feed:keep": "read",
    "access:ask": "read",
    "arrival:answer": "read",
    "draft:keep": "read",
    "guest:sponsor": "read",
    "request:list": "manage",
    "request:answer": "manage",
    "policy:show": "read",
    "policy:explain": "manage",
    "policy:edit": "administer",
    "organisation:administer": "administer",
    "records:keep": "keep-records",
    "platform:administer": "administer",
}
"""Every named action of a route, and the action of policy that it maps to."""

PROVES = frozenset({"arrival:answer", "organisation:administer", "platform:administer", "policy:edit", "records:keep"})
"""Actions of which no form is taken but from somebody who has proved lately who they are: within 15 minutes."""

OPEN = frozenset(
    {
        "assets",
        "conduct.privacy",
        "feeds.read",
        "healthz",
        "help.accessibility_statement",
        "help.cookies_page",
        "help.taking_part",
        "hearing.ask_stop",
        "hearing.stop",
        "signin.choose",
        "signin.begin",
        "signin.complete",
        "signin.hear_logout",
        "signin.hear_logout_in_browser",
        "signin.leave",
        "signin.look_at_link",
        "signin.put_link_away",
        "signin.show_keys",
        "signin.begin_passkey",
        "signin.carry_invitation",
        "signin.enter",
        "signin.go_on_here",
        "signin.guest",
        "signin.look_at_invitation",
        "signin.put_invitation_away",
        "signin.send_code",
        "signin.sign_in_by_passkey",
        "signin.signed_out",
        "signin.take_invitation",
        "signin.type_code",
    }
)
"""Routes that a stranger may reach. They show nothing that policy speaks of, but for a feed: at an address that is a
secret of its person, and judged as them (`hub/features/feeds/serving.py`)."""

OPEN_IN_A_DEMO = frozenset(
    {
        "demo.components",
        "demo.start",
        "demo.show",
        "demo.do",
        "demo.put_back",
        "demo.end",
    }
)
"""The tour: routes that are there in a demo only, where every stranger can be anyone anyway."""

MOST_OF_A_STRANGER = 100_000
"""Bytes that a form may have which anybody may send: none of them takes a file."""
LONGEST_RETURN = 1_500
"""Characters of a path that is remembered through a sign-in."""

MEETS = "hub-meets"
"""Under this name the application keeps what people meet before anything else (`Flask.extensions`)."""
Meets = Callable[[SignedIn], Response | None]
"""What is answered instead of the page that somebody asks for; None, as mostly, where nothing is in the way.

Asked for every request of somebody who is signed in, but on routes that are open to strangers.
"""

View = TypeVar("View", bound=Callable[..., Any])


def declares(action: str, *, costs: str = "", proves: bool | None = None) -> Callable[[View], View]:
    """Mark a view with the named action that it asks policy about, and with what it `costs` (hub/access/budgets.py).

    Forms of `PROVES` are taken only from somebody who has proved lately who they are; `proves` says otherwise of one.
    """
    if action not in ACTIONS:
        raise ValueError(f"{action} is not in hub/access/guard.py: add it there")

    def mark(view: View) -> View:
        view.declared_action = action  # type: ignore[attr-defined]
        view.cost = costs  # type: ignore[attr-defined]
        view.proves = action in PROVES if proves is None else proves  # type: ignore[attr-defined]
        return view

    return mark


def of_each_kind(blueprint: Blueprint, rule: Callable[[Kind], str], *, method: str = "GET") -> Callable[[View], View]:
    """Route a view for each kind that lies in places by the `rule` of that, if it has one; it is told the `prefix`."""

    def route(view: View) -> View:
        def add(state: BlueprintSetupState) -> None:
            for kind in state.app.extensions["hub"].kinds.lying:
                if where := rule(kind):
                    told = {"prefix": kind.prefix}
                    state.add_url_rule(where, view.__name__, view, defaults=told, methods=[method])

        blueprint.record(add)
        return view

    return route


def cost_of(view: Callable[..., Any] | None) -> str:
    """Out of which of a person's budgets a view is paid; an empty string for what is cheap."""
    return str(getattr(view, "cost", ""))


def parts() -> Parts:
    """The parts of the running hub."""
    found: Parts = current_app.extensions["hub"]
    return found


def viewer() -> Viewer:
    """The person who looks, in a view of a signed-in route."""
    user: SignedIn = g.user
    return user.viewer


def person_id() -> str:
    """The id of who is signed in; empty for nobody."""
    user: SignedIn | None = g.get("user")
    return user.viewer.person.id if user else ""


def init_guard(app: Flask) -> None:
    """Open each request with its session, close it with the checks."""
    app.before_request(_open)
    app.after_request(_close)
    app.teardown_request(_release)


def _open() -> Response | None:
    g.user = None
    if request.endpoint in {"assets", "healthz"}:
        return None
    reading = parts().database.reading()
    g.reading, g.db = reading, reading.__enter__()
    g.user = signed_in()
    if _is_open(request.endpoint):
        request.max_content_length = MOST_OF_A_STRANGER
    elif g.user is None:
        if is_signed_out_form():
            raise SignedOut
        return make_response(redirect(coming_back("/sign-in"), code=303))
    else:
        return _met(g.user)
    return None


def _met(user: SignedIn) -> Response | None:
    meets: tuple[Meets, ...] = current_app.extensions.get(MEETS, ())
    answer = next((answer for each in meets if (answer := each(user)) is not None), None)
    user.viewer.asked = user.viewer.asked or answer is not None  # it leads elsewhere, whatever was asked for
    return answer


def _is_open(endpoint: str | None) -> bool:
    return endpoint in OPEN or endpoint in OPEN_IN_A_DEMO


def coming_back(address: str) -> str:
    """An address that stands in the way of the request's own, with where to go on afterwards (`next`)."""
    wanted = request.full_path.rstrip("?")
    if request.method not in {"GET", "HEAD"} or wanted == "/" or len(wanted) > LONGEST_RETURN:
        return address
    return f"{address}?{urlencode({'next': wanted})}"


def _close(response: Response) -> Response:
    user: SignedIn | None = g.get("user")
    if user is None:
        return response
    if response.status_code < HTTPStatus.BAD_REQUEST and not _is_open(request.endpoint) and not user.viewer.asked:
        log.error("no decision was asked for", endpoint=request.endpoint)
        return make_response("This page is closed because of a fault in the hub.", 500)
    response = note_guest(parts(), user, response)
    try:
        note_seen(parts(), user)
    except SQLAlchemyError:  # the page is right all the same; the next request tries again
        log.warning("cannot note that a session is in use")
    return response


def _release(_error: BaseException | None) -> None:
    reading = g.pop("reading", None)
    if reading is not None:
        reading.__exit__(None, None, None)
