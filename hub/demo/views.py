"""The tour: `/demo`. Outside a demo these addresses are not there at all."""

import time
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, g, make_response, redirect, request
from flask.sansio.app import App

from hub.access.guard import parts
from hub.demo import service, tour
from hub.demo.components import COMPONENTS
from hub.demo.queries import FILE, Eyes
from hub.ground.errors import NotFound
from hub.web.flash import say
from hub.web.pages import Page
from hub.web.render import render

ASK_WHY, TAKE_OUT, BRING_BACK, SHARE = 2, 4, 5, 6


class _InADemoOnly(Blueprint):
    """Adds its routes to the application of a demo, and nothing to any other."""

    def register(self, app: App, options: dict[str, Any]) -> None:
        """Add the routes."""
        if app.extensions["hub"].demo:
            super().register(app, options)


blueprint = _InADemoOnly("demo", __name__, template_folder="templates")


@blueprint.get("/demo")
def start() -> Response:
    """What the tour shows."""
    return render(tour.start_page(_eyes()))


@blueprint.get("/help/components")
def components() -> Response:
    """What pages are put together from."""
    return render(COMPONENTS)


@blueprint.get("/demo/<int:step>")
def show(step: int) -> Response:
    """One step."""
    eyes = _eyes()
    pages: dict[int, Callable[[], Page]] = {
        1: lambda: tour.searches(eyes, request.args.get("q", "")),
        2: lambda: tour.reasons(eyes, opened=request.args.get("open") == "yes"),
        3: lambda: tour.code_word(eyes),
        TAKE_OUT: lambda: tour.policy_out(eyes),
        BRING_BACK: lambda: tour.policy_back(eyes),
        SHARE: lambda: tour.sharing(eyes),
        7: lambda: tour.who_can_see(eyes, request.args.get("document", "")),
        8: lambda: tour.asked(eyes),
    }
    if step not in pages:
        raise NotFound
    return render(pages[step]())


@blueprint.post("/demo/<int:step>")
def do(step: int) -> Response:
    """Do the act of a step for the newcomer, and say exactly what was done."""
    if step in {TAKE_OUT, BRING_BACK}:
        _change_policy(step)
    elif step == ASK_WHY:
        return _go("/demo/2?open=yes#answers")
    elif step == SHARE:
        _change_share(request.form.get("act", ""))
    else:
        raise NotFound
    return _go(f"/demo/{step}")


@blueprint.post("/demo/put-back")
def put_back() -> Response:
    """Undo everything that the tour has done."""
    service.put_everything_back(parts())
    say(f"Everything is as it was: {FILE} holds the lines that the demo came with, and the tour’s share has ended.")
    return _go("/demo")


@blueprint.get("/demo/end")
def end() -> Response:
    """How to start an empty hub."""
    return render(tour.end_page(_eyes()))


def _change_policy(step: int) -> None:
    found = tour.found_by_ben(_eyes())
    begun = time.perf_counter()
    taken = service.take_out(parts()) if step == TAKE_OUT else service.bring_back(parts())
    took = f"{(time.perf_counter() - begun) * 1000:.0f} milliseconds"
    what = "York’s line was taken out of" if step == TAKE_OUT else "York’s line was put back into"
    before = f"{found} documents" if found else "nothing"
    say(
        f"Done in {took}, as Daniel Whitaker, who administers Leeds: {what} {FILE}, now in force as generation "
        f"{taken.generation}. Before it, Ben’s search found {before}; what it finds now stands below."
    )


def _change_share(act: str) -> None:
    if act == "share":
        service.share(parts())
        say("Shared, as Tomasz Nowak, whose document it is, and on record in the audit. It binds the next request.")
    elif act == "take-back":
        service.take_back(parts())
        say("The share has ended. It binds the next request.")
    else:
        raise NotFound


def _eyes() -> Eyes:
    return Eyes(parts(), g.db)


def _go(path: str) -> Response:
    return make_response(redirect(path, code=303))
