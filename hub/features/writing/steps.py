"""Publishing, archiving, withdrawing, restoring: first who will read it then, then the step, then undo."""

from dataclasses import replace

from flask import Response, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from acl.visibility import joined
from acl.vocabulary import MARKINGS, STATES
from hub.access.guard import declares, viewer
from hub.audience.acting import acts
from hub.audience.confirming import AGREED, Question, foretold, lists_of
from hub.audience.foreseeing import thing_changed
from hub.audience.losing import losses_in_words
from hub.audience.readers import as_it_would_be, change_of, may_edit
from hub.audience.sealing import in_words, shown
from hub.features.writing.blueprint import address, blueprint, editable
from hub.features.writing.changing import CHANGED, change, question, short, undo_of
from hub.features.writing.pages import StepPage
from hub.ground.errors import Conflict, NotPermitted
from hub.nouns.documents.models import Document
from hub.nouns.documents.steps import STEPS, Step
from hub.web.flash import say
from hub.web.pages import Send
from hub.web.render import render

STEP = "/documents/<id:document_id>/<any(publish, archive, withdraw, restore):step>"
_REFUSED = "Policy lets you edit this, but not {} it."


@blueprint.get(STEP)
@declares("document:mark")
def ask(document_id: str, step: str) -> Response:
    """What the step means, and who will be able to read the document after it."""
    document, wanted = editable(document_id), STEPS[step]
    _check_step(document, wanted)
    after = as_it_would_be(viewer(), document, document.marking, wanted.target)
    if after is None or not may_edit(viewer(), after):
        raise NotPermitted(_REFUSED.format(wanted.button.lower()))
    asked = _question(document, wanted)
    meant = thing_changed(document, ms=joined(document.marking, wanted.target))
    told = foretold(meant)
    here, seen = f"{address(document)}/{step}", (shown(asked.bound), (AGREED, told.print))
    gain, loss = lists_of(told, asked, here, seen)
    return render(
        StepPage(
            title=asked.title,
            crumbs=asked.crumbs,
            whose=asked.whose,
            marking=document.marking,
            state=document.state,
            meaning=wanted.meaning,
            gain=gain if told.gained.everybody else None,
            loss=loss,
            notes=losses_in_words(viewer(), meant, told.lost, document),
            change=change_of(viewer(), document, after),
            send=Send(wanted.button, here, seen, asked.button_kind),
            cancel_href=asked.cancel_href,
        )
    )


@blueprint.post(STEP)
@declares("document:mark")
@acts
def take(document_id: str, step: str) -> BaseResponse:
    """Take the step, if the document and its readers are still as they were when its audience was shown."""
    document, wanted = editable(document_id), STEPS[step]
    if document.state == wanted.target:  # the button was pressed twice
        say(f"“{short(document.title)}” is {in_words(document.state)} already.", "info")
        return redirect(address(document), code=303)
    _check_step(document, wanted)
    asked = _question(document, wanted)
    undo = undo_of(document, document.marking, wanted.target)
    page = change(document, document.marking, wanted.target, asked)
    if page is not None:
        return page
    say(wanted.done.format(short(document.title)), undo=undo)
    return redirect(address(document), code=303)


@blueprint.post("/documents/<id:document_id>/undo")
@declares("document:mark")
@acts
def undo(document_id: str) -> BaseResponse:
    """Give the document the marking and state that it had, if nobody changed them since; what widens is asked first."""
    document = editable(document_id)
    marking, state = request.form.get("marking", ""), request.form.get("state", "")
    if marking not in MARKINGS or state not in STATES:
        raise Conflict(CHANGED)
    title = f"Undo: make “{document.title}” {in_words(state)}, {marking} again?"
    page = change(document, marking, state, question(document, title, "Undo", undoes=True))
    if page is not None:
        return page
    say(f"“{short(document.title)}” is as it was before: {in_words(state)}, {marking}.")
    return redirect(address(document), code=303)


def _question(document: Document, step: Step) -> Question:
    asked = question(document, step.question.format(document.title), step.button)
    return replace(asked, button_kind="warning" if step.target == "withdrawn" else "primary")


def _check_step(document: Document, step: Step) -> None:
    if document.state not in step.sources:
        raise Conflict(f"This is {in_words(document.state)}, so there is nothing to {step.button.lower()}.")
