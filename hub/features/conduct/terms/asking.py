"""Nobody goes on before they have accepted the terms that hold for them.

Who has is remembered in this process until anybody is asked anew or their own rights change, so that a request of
theirs asks the database nothing. While no organisation has published terms, nobody is asked.
"""

from typing import Final

from flask import Response, current_app, make_response, redirect, request

from hub.access.guard import coming_back
from hub.access.login import SignedIn
from hub.features.conduct.terms.queries import owes
from hub.ground.errors import NotPermitted

REACHED: Final = frozenset({"conduct.show_terms", "conduct.ask", "conduct.accept", "conduct.show_version"})
"""What one may look at and do before."""
KEPT: Final = 20_000
KEY: Final = "hub-terms"
FIRST: Final = (
    "You have terms to accept before you go on. Open the hub in another window, accept them, then send this again."
)
Accepted = dict[str, tuple[int, int]]


def meets(user: SignedIn) -> Response | None:
    """Leads whoever has yet to accept terms to them; a form that they send comes back to them."""
    if not user.terms_asked or request.endpoint in REACHED:
        return None
    person, settled = user.viewer.person, _settled()
    now = user.terms_asked, person.access_epoch
    if settled.get(person.id) == now:
        return None
    if owes(user.viewer):
        if request.method not in {"GET", "HEAD"}:
            raise NotPermitted(FIRST)
        return make_response(redirect(coming_back("/accept-terms"), code=303))
    if len(settled) > KEPT:
        settled.clear()
    settled[person.id] = now
    return None


def _settled() -> Accepted:
    """Who owes nothing, and as of when that was found."""
    found: Accepted = current_app.extensions.setdefault(KEY, {})
    return found
