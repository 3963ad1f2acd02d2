"""Archiving, withdrawing and restoring a space or a folder, together with what lies in it."""

from dataclasses import replace

from flask import g, redirect
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import declares, viewer
from hub.access.models import Place
from hub.audience.acting import acting, acts
from hub.audience.confirming import Question, ask_first
from hub.audience.gains import GAINING
from hub.audience.sealing import Fact
from hub.features.sharing.blueprint import address, blueprint, managed, surroundings
from hub.features.sharing.places.putting_away import Plan, carry_out, change_of, plan_of
from hub.ground.errors import Conflict
from hub.nouns.documents.steps import STEPS, Step
from hub.things.words import counted
from hub.web.flash import say
from hub.web.pages import Send

STEP = "/state/<id:place_id>/<any(archive, withdraw, restore):step>"
MEANINGS = {
    "archive": "What is published in it is archived with it: kept, for those who may edit it, and restored with it.",
    "withdraw": "What is published or archived in it is withdrawn with it, and leaves every list and search at once.",
    "restore": "What was archived or withdrawn with it comes back as it was. What was so by itself stays so.",
}
LIMIT = "What you may not change yourself, and drafts, stay as they are."
OTHERS = "What is in it has changed."
UNDOES = {"archive": "restore", "withdraw": "restore", "restore": ""}


@blueprint.get(STEP)
@declares("place:change")
def ask_state(place_id: str, step: str) -> BaseResponse:
    """What the step means for the place and for what lies in it, and whom it shows something."""
    place, wanted = managed(place_id), STEPS[step]
    _check(place, wanted)
    plan = plan_of(viewer(), g.db, place, wanted)
    page = ask_first(change_of(plan), _question(place, wanted, plan))
    return page if page is not None else redirect(address(place), code=303)


@blueprint.post(STEP)
@declares("place:change")
@acts
def take_state(place_id: str, step: str) -> BaseResponse:
    """Take the step, once it is agreed what it does and what it shows to whom."""
    place, wanted = managed(place_id), STEPS[step]
    if place.state == wanted.target:  # the button was pressed twice
        return redirect(address(place), code=303)
    _check(place, wanted)
    plan = plan_of(viewer(), g.db, place, wanted)
    page = ask_first(change_of(plan), _question(place, wanted, plan))
    if page is not None:
        return page
    with acting() as uow:
        carry_out(uow, place, wanted, plan)
    undo = Send("Undo", f"/state/{place.id}/{UNDOES[step]}") if UNDOES[step] else None
    say(wanted.done.format(place.name[:80]), undo=undo)
    return redirect(address(place) if viewer().sees(place) else "/", code=303)


def _check(place: Place, step: Step) -> None:
    if place.state not in step.sources:
        raise Conflict(f"This is {place.state}, so there is nothing to {step.button.lower()}.")


def _question(place: Place, step: Step, plan: Plan) -> Question:
    crumbs, whose = surroundings(place)
    things = [plan.things_in_words]
    inner = len(plan.places) - 1
    things += [counted(inner, "place in it", "places in it")] if inner else []
    with_it = f"With it: {' and '.join(things)}." if plan.things or inner else "Nothing in it changes with it."
    return Question(
        title=step.question.format(place.name),
        button=step.button,
        cancel_href=f"/settings/{place.id}",
        crumbs=crumbs,
        whose=whose,
        thing=place,
        facts=(Fact("things", plan.print, lambda: OTHERS),),
        always=True,
        gaining=GAINING if step.name == "restore" else replace(GAINING, nobody=MEANINGS[step.name]),
        notes=(*((MEANINGS[step.name],) if step.name == "restore" else ()), with_it, LIMIT),
        button_kind="warning" if step.name == "withdraw" else "primary",
    )
