"""What a request costs is taken out of its person's budget before its page is made, and never beside the guard."""

from collections.abc import Mapping

from flask import Flask, g, request

from hub.access.budgets import Budgets, Rooms
from hub.access.guard import OPEN, OPEN_IN_A_DEMO, cost_of
from hub.access.login import SignedIn
from hub.access.parts import Parts

CHEAP = frozenset({"assets", "healthz", "help.accessibility_statement", "help.cookies_page"})
"""Open routes that cost next to nothing."""


def init_costs(app: Flask, parts: Parts, *, limits: Mapping[str, int], threads: int) -> None:
    """Hold every request of `app` to its person's budget. To be called after the guard, which knows the person.

    `limits` are requests a minute of each kind in `budgets.SAID`, `threads` are those of this process.
    """
    budgets, rooms = Budgets(parts, limits), Rooms(threads)

    def enter() -> None:
        user: SignedIn | None = g.get("user")
        if user is None:
            if request.endpoint in (OPEN | OPEN_IN_A_DEMO) - CHEAP:
                budgets.spend("stranger", request.remote_addr or "")
            return
        kind = cost_of(app.view_functions.get(request.endpoint or ""))
        if kind:
            room = user.viewer.person.id, kind
            budgets.spend(kind, user.viewer.person.id)
            rooms.enter(*room)
            g.room = room

    def leave(_error: BaseException | None) -> None:
        room: tuple[str, str] | None = g.pop("room", None)
        if room is not None:
            rooms.leave(*room)

    app.before_request(enter)
    app.teardown_request(leave)
