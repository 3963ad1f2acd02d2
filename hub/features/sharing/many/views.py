"""Moving, marking, publishing or archiving several things of a place at once; one question, one result, one undo."""

from dataclasses import replace
from typing import Final

from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from acl.vocabulary import MARKINGS
from hub.access.guard import declares, viewer
from hub.access.models import Place
from hub.audience.acting import acting, acts, look_up
from hub.audience.confirming import UNDO, Question, ask_first
from hub.audience.gains import GAINING
from hub.audience.sealing import shown
from hub.features.sharing.blueprint import blueprint, surroundings
from hub.features.sharing.many.chosen import WAS, Chosen, chosen_in
from hub.features.sharing.many.plan import Plan, Wanted, carry_out, plan_of
from hub.features.sharing.many.verbs import VERBS, Verb
from hub.features.sharing.pages import ChosenRow, ManyDonePage, ManyPage
from hub.features.sharing.queries import places_to_put
from hub.ground.errors import Invalid, NotFound
from hub.keeping.once import check_sheet, once
from hub.nouns.documents.forms import MARKING_CHOICES
from hub.nouns.spaces.tabs import files_href
from hub.things.thing import Lying
from hub.things.words import counted
from hub.web.flash import say
from hub.web.pages import Choice, Problem, Send
from hub.web.render import render

LONGEST_WORDS: Final = 100
MOST_NAMED: Final = 10
"""So many that stay as they are the question names; the result names all."""
GONE: Final = "not here any more"


@blueprint.post("/files/<id:place_id>/<any(move, mark, publish, archive, undo):act>")
@declares("things:change", costs="check")
@acts
def change_chosen(place_id: str, act: str) -> BaseResponse:
    """Ask what is needed, say what it means for whom, do it, and say what came of it."""
    place, verb = viewer().read(look_up(Place, place_id)), VERBS[act]
    if place.kind not in ("space", "folder"):
        raise NotFound
    check_sheet()
    try:
        chosen = chosen_in(place)
    except Invalid as problem:
        say(str(problem), "error")
        return redirect(files_href(place), code=303)
    targets = _targets(chosen)
    asked = _ask_where(place, verb, chosen, targets)
    if asked is not None:
        return asked
    plan = plan_of(chosen.found, _wanted(verb, chosen), verb, targets)
    if not plan.rows:
        return _result(place, verb, plan, None)
    page = ask_first(plan.change, _question(place, verb, plan, targets))
    if page is not None:
        return page
    back = tuple((WAS, row.was) for row in plan.rows)
    with acting() as uow, once(uow) as answer:
        carry_out(uow, plan.rows)
        answer.location = files_href(place)
    lies = targets.get(request.form.get("to", "")) if verb.name == "move" else place
    undo = None
    if lies is not None and verb.name != "undo":
        undo = Send("Undo", f"/files/{lies.id}/undo", (*back, shown([plan.fact]), (UNDO, "yes")), once=True)
    return _result(place, verb, plan, undo)


def _wanted(verb: Verb, chosen: Chosen) -> tuple[Wanted, ...]:
    if verb.name == "undo":
        return chosen.before
    to = request.form.get("to", "") if verb.name == "move" else ""
    marking = request.form.get("marking", "") if verb.name == "mark" else ""
    return tuple(Wanted(node, place_id=to, marking=marking) for node in chosen.nodes)


def _targets(chosen: Chosen) -> dict[str, Place]:
    """The places that the form names, of those that the viewer sees. One query at most."""
    ids = {request.form.get("to", ""), *(each.place_id for each in chosen.before)} - {""}
    found = [place for each in sorted(ids)[:2] if (place := g.db.get(Place, each)) is not None]
    return {place.id: place for place in viewer().kept(found) if place.kind in ("space", "folder")}


def _ask_where(place: Place, verb: Verb, chosen: Chosen, targets: dict[str, Place]) -> Response | None:
    """The page that asks where to, or which marking; None where that is said."""
    if verb.name == "move":
        to = request.form.get("to", "")
        if to in targets and "look" not in request.form:
            return None
        find = request.form.get("find", "").strip()[:LONGEST_WORDS]
        wrong = (Problem("to", "Choose a place from the list"),) if to and to not in targets else ()
        offered = places_to_put(viewer(), place.organisation_id or "", place.id, find)
        choices = tuple(Choice(each.id, each.name, each.path) for each in offered)
        return _page(place, verb, chosen, choices, find=find, field="to", problems=wrong)
    if verb.name == "mark":
        marking = request.form.get("marking", "")
        if marking in MARKINGS:
            return None
        wrong = (Problem("marking", "Select a marking"),) if "marking" in request.form else ()
        return _page(place, verb, chosen, MARKING_CHOICES, field="marking", problems=wrong)
    return None


def _page(
    place: Place,
    verb: Verb,
    chosen: Chosen,
    choices: tuple[Choice, ...],
    *,
    field: str,
    find: str = "",
    problems: tuple[Problem, ...] = (),
) -> Response:
    crumbs, whose = surroundings(place)
    return render(
        ManyPage(
            title=f"{verb.button}: {counted(len(chosen.nodes), 'thing', 'things')} of “{place.name}”",
            crumbs=crumbs,
            problems=problems,
            whose=whose,
            action=f"/files/{place.id}/{verb.name}",
            cancel_href=files_href(place),
            things=tuple(_row(thing) for thing in chosen.found.values()),
            nodes=chosen.nodes,
            field=field,
            choices=choices,
            find=find,
        )
    )


def _question(place: Place, verb: Verb, plan: Plan, targets: dict[str, Place]) -> Question:
    crumbs, whose = surroundings(place)
    many = plan.in_words
    title = {
        "move": f"Move {many} to “{''.join(to.name for to in targets.values())}”?",
        "mark": f"Mark {many} {request.form.get('marking', '')}?",
        "undo": f"Undo: make {many} as before?",
    }.get(verb.name, f"{verb.button} {many}?")
    return Question(
        title=title,
        button=verb.button if verb.name != "mark" else f"Mark {many}",
        cancel_href=files_href(place),
        crumbs=crumbs,
        whose=whose,
        facts=(plan.fact,),
        gaining=replace(GAINING, things="This shows {things} to {people} who cannot read them now."),
        always=verb.name != "undo",
        undoes=UNDO in request.form,
        notes=_staying(plan),
    )


def _staying(plan: Plan) -> tuple[str, ...]:
    """What of the chosen stays as it is, a sentence each."""
    said = [f"“{_row(each.thing).title}” stays as it is: {each.why}." for each in plan.left[:MOST_NAMED]]
    if len(plan.left) > MOST_NAMED:
        said.append(f"{len(plan.left) - MOST_NAMED} more stay as they are.")
    if plan.missing:
        said.append(f"{counted(plan.missing, 'thing', 'things')} that you chose: {GONE}.")
    return tuple(said)


def _result(place: Place, verb: Verb, plan: Plan, undo: Send | None) -> Response:
    """What came of it: how many are done, how many are not, and which of them why."""
    crumbs, whose = surroundings(place)
    done, left = len(plan.rows), len(plan.left) + plan.missing
    said = f"{plan.in_words} {verb.done}" if done else f"Nothing is {verb.done}"
    return render(
        ManyDonePage(
            title=f"{said}, {left} not" if left and done else said,
            crumbs=crumbs,
            whose=whose,
            done=tuple(_row(row.thing) for row in plan.rows),
            left=tuple(replace(_row(each.thing), why=each.why) for each in plan.left),
            missing=plan.missing,
            undo=undo,
            back_href=files_href(place),
            back=place.name,
        )
    )


def _row(thing: Lying) -> ChosenRow:
    face = viewer().kinds.face(thing)
    return ChosenRow(face.title, face.href if viewer().sees(thing) else "", thing.marking)
