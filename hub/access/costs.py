"""What a request costs is taken out of its person's budget before its page is made, and never beside the guard.

How many of them run at a time is the business of the entrance (hub/access/entrance.py).
"""

from collections.abc import Iterable, Mapping

from flask import Flask, current_app, g, request

from hub.access.budgets import Budgets, Downloads
from hub.access.entrance import PERSON
from hub.access.guard import OPEN, OPEN_IN_A_DEMO, cost_of, viewer
from hub.access.login import SignedIn
from hub.access.parts import Parts
from hub.access.sending import Sending

CHEAP = frozenset({"assets", "healthz", "help.accessibility_statement", "help.cookies_page", "help.taking_part"})
"""Open routes that cost next to nothing."""

_DOWNLOADS = "hub-downloads"
_BUDGETS = "hub-budgets"


def init_costs(app: Flask, parts: Parts, *, limits: Mapping[str, int]) -> None:
    """Hold every request of `app` to its person's budget. To be called after the guard, which knows the person.

    `limits` are requests a minute of each kind in `budgets.SAID`.
    """
    budgets = Budgets(parts, limits)
    app.extensions[_DOWNLOADS] = Downloads()
    app.extensions[_BUDGETS] = budgets

    def enter() -> None:
        user: SignedIn | None = g.get("user")
        if user is None:
            if request.endpoint in (OPEN | OPEN_IN_A_DEMO) - CHEAP:
                budgets.spend("stranger", request.remote_addr or "")
            return
        person = request.environ[PERSON] = user.viewer.person.id
        if kind := cost_of(app.view_functions.get(request.endpoint or "")):
            budgets.spend(kind, person)

    app.before_request(enter)


def spend(kind: str, person_id: str) -> None:
    """Take one request out of the budget of somebody who is known by no session; raises TooMany."""
    budgets: Budgets = current_app.extensions[_BUDGETS]
    budgets.spend(kind, person_id)


def held_until_sent(content: Iterable[bytes]) -> Iterable[bytes]:
    """What is sent of a large file: however slowly its person takes it, it counts as one of their requests until then.

    Raises TooMany where too many are under way.
    """
    downloads: Downloads = current_app.extensions[_DOWNLOADS]
    person = viewer().person.id
    downloads.enter(person)
    return Sending(content, lambda: downloads.leave(person))
