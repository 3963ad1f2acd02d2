"""What a request costs is taken out of its person's budget before its page is made, and never beside the guard."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from flask import Flask, current_app, g, request

from hub.access.budgets import Budgets, Rooms
from hub.access.guard import OPEN, OPEN_IN_A_DEMO, cost_of, viewer
from hub.access.login import SignedIn
from hub.access.parts import Parts

CHEAP = frozenset({"assets", "healthz", "help.accessibility_statement", "help.cookies_page", "help.taking_part"})
"""Open routes that cost next to nothing."""

_ROOMS = "hub-rooms"


def init_costs(app: Flask, parts: Parts, *, limits: Mapping[str, int], threads: int) -> None:
    """Hold every request of `app` to its person's budget. To be called after the guard, which knows the person.

    `limits` are requests a minute of each kind in `budgets.SAID`, `threads` are those of this process.
    """
    budgets = Budgets(parts, limits)
    rooms = app.extensions[_ROOMS] = Rooms(threads)

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


def held_until_sent(content: Iterable[bytes]) -> Iterable[bytes]:
    """What is sent of a large file: however slowly its person takes it, it counts as one of their requests until then.

    Raises TooMany where too many are under way.
    """
    rooms: Rooms = current_app.extensions[_ROOMS]
    room = viewer().person.id, "download"
    rooms.enter(*room)
    return _Held(content, lambda: rooms.leave(*room))


class _Held:
    """An iterator that says once that it is over: at its end, when it is closed, or when nobody holds it any more."""

    def __init__(self, content: Iterable[bytes], over: Callable[[], None]) -> None:
        self._content, self._over = iter(content), [over]

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        try:
            return next(self._content)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let the next one in."""
        while self._over:
            self._over.pop()()

    __del__ = close
