"""Publishing, archiving, withdrawing, restoring, marking: first who will read it then, then the change, then undo."""

from collections.abc import Mapping

from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from acl.visibility import joined
from acl.vocabulary import MARKINGS, STATES
from hub.access.guard import declares, parts, viewer
from hub.documents.audience import document_changed, foresee
from hub.documents.models import Document
from hub.documents.readers import as_it_would_be, change_of, may_edit, sentences_for
from hub.documents.service import set_marking_and_state
from hub.documents.steps import STEPS, Step
from hub.documents.words import people_in_words
from hub.errors import Conflict, NotPermitted
from hub.unit_of_work import unit_of_work
from hub.web.flash import say
from hub.web.pages import Choice, Problem, Send
from hub.web.render import render
from hub.writing.blueprint import address, blueprint, editable, locked, surroundings
from hub.writing.pages import MarkingPage, StepPage

STEP = "/documents/<id:document_id>/<any(publish, archive, withdraw, restore):step>"
CHANGED = "Somebody changed this document after you opened the page. Look at it as it is now, then decide again."
STATE_WORDS: Mapping[str, str] = {"draft": "a draft"}


@blueprint.get(STEP)
@declares("document:mark")
def ask(document_id: str, step: str) -> Response:
    """What the step means, and who will be able to read the document after it."""
    document, wanted = editable(document_id), STEPS[step]
    _check_step(document, wanted)
    after = as_it_would_be(viewer(), document, document.marking, wanted.target)
    if after is None or not may_edit(viewer(), after):
        raise NotPermitted(_REFUSED.format(wanted.button.lower()))
    crumbs, whose, _ = surroundings(document)
    here = address(document)
    tightens = wanted.target == "withdrawn"
    return render(
        StepPage(
            title=wanted.question.format(document.title),
            crumbs=crumbs,
            whose=whose,
            marking=document.marking,
            state=document.state,
            meaning=wanted.meaning,
            count=_count(document, wanted),
            change=change_of(viewer(), document.judged(viewer().snapshot), after),
            send=Send(wanted.button, f"{here}/{step}", (("seen", document.ms),), "warning" if tightens else "primary"),
            cancel_href=here,
        )
    )


def _count(document: Document, step: Step) -> str:
    """How many people gain, exactly; empty where nobody does."""
    wanted = document_changed(document, ms=joined(document.marking, step.target))
    shown = foresee(g.db, parts().snapshots, parts().today, wanted, told=viewer().person)
    if not shown.people:
        return ""
    people = people_in_words(shown.staff, len(shown.organisations), shown.guests)
    return f"This shows it to {people} who cannot read it now."


@blueprint.post(STEP)
@declares("document:mark")
def take(document_id: str, step: str) -> BaseResponse:
    """Take the step, if the document is still as it was when its audience was shown."""
    document, wanted = editable(document_id), STEPS[step]
    if document.state == wanted.target:  # the button was pressed twice
        say(f"“{_short(document.title)}” is {_words(document.state)} already.", "info")
        return redirect(address(document), code=303)
    _check_step(document, wanted)
    _change(document_id, "", wanted.target, request.form.get("seen", ""))
    say(wanted.done.format(_short(document.title)), undo=_undo(document, document.marking, wanted.target))
    return redirect(address(document), code=303)


@blueprint.get("/documents/<id:document_id>/marking")
@declares("document:mark")
def ask_marking(document_id: str) -> Response:
    """The markings, each with who can read the document then."""
    return _marking_page(editable(document_id))


@blueprint.post("/documents/<id:document_id>/marking")
@declares("document:mark")
def mark(document_id: str) -> BaseResponse:
    """Give the document another marking."""
    document = editable(document_id)
    marking = request.form.get("marking", "")
    if marking not in MARKINGS:
        return _marking_page(document, (Problem("marking", "Select a marking"),))
    if marking == document.marking:
        say(f"“{_short(document.title)}” is marked {marking} already.", "info")
        return redirect(address(document), code=303)
    _change(document_id, marking, "", request.form.get("seen", ""))
    say(f"“{_short(document.title)}” is marked {marking}.", undo=_undo(document, marking, document.state))
    return redirect(address(document), code=303)


@blueprint.post("/documents/<id:document_id>/undo")
@declares("document:mark")
def undo(document_id: str) -> BaseResponse:
    """Give the document the marking and state that it had, if nobody changed them since."""
    document = editable(document_id)
    marking, state = request.form.get("marking", ""), request.form.get("state", "")
    if marking not in MARKINGS or state not in STATES:
        raise Conflict(CHANGED)
    _change(document_id, marking, state, request.form.get("seen", ""))
    say(f"“{_short(document.title)}” is as it was before: {_words(state)}, {marking}.")
    return redirect(address(document), code=303)


_REFUSED = "Policy lets you edit this, but not {} it."


def _change(document_id: str, marking: str, state: str, seen: str) -> None:
    """Change marking or state (empty: as it is) of a document that is still as it was seen."""
    with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow:
        document = locked(uow, document_id)
        if document.ms != seen:
            raise Conflict(CHANGED)
        marking, state = marking or document.marking, state or document.state
        if not may_edit(viewer(), as_it_would_be(viewer(), document, marking, state)):
            raise NotPermitted("Policy lets you edit this as it is, but not as it would be then. Ask somebody who may.")
        set_marking_and_state(uow, document, marking, state)


def _check_step(document: Document, step: Step) -> None:
    if document.state not in step.sources:
        raise Conflict(f"This is {_words(document.state)}, so there is nothing to {step.button.lower()}.")


def _undo(before: Document, marking: str, state: str) -> Send:
    fields = (("marking", before.marking), ("state", before.state), ("seen", joined(marking, state)))
    return Send("Undo", f"{address(before)}/undo", fields, "secondary")


def _marking_page(document: Document, problems: tuple[Problem, ...] = ()) -> Response:
    crumbs, whose, _ = surroundings(document)
    made = (as_it_would_be(viewer(), document, marking, document.state) for marking in MARKINGS)
    things = [thing for thing in made if thing is not None and may_edit(viewer(), thing)]
    sentences = sentences_for(viewer(), things)
    return render(
        MarkingPage(
            title=f"Change the marking of “{document.title}”",
            crumbs=crumbs,
            problems=problems,
            whose=whose,
            state=document.state,
            markings=tuple(Choice(t.marking, t.marking, said) for t, said in zip(things, sentences, strict=True)),
            marking=document.marking,
            seen=document.ms,
            action=f"{address(document)}/marking",
            cancel_href=address(document),
        )
    )


def _words(state: str) -> str:
    return STATE_WORDS.get(state, state)


def _short(title: str) -> str:
    """What is said travels in the cookie."""
    return title if len(title) <= 80 else f"{title[:79]}…"  # noqa: PLR2004
