"""Changing what a document is marked: who can read each marking, then exactly who gains, then the change, then undo."""

from flask import Response, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from acl.vocabulary import MARKINGS
from hub.access.guard import declares, viewer
from hub.audience.acting import acts
from hub.audience.readers import as_it_would_be, may_edit, sentences_for
from hub.audience.sealing import facts_of, seal
from hub.features.writing.blueprint import address, blueprint, editable, surroundings
from hub.features.writing.changing import change, question, short, undo_of
from hub.features.writing.pages import MarkingPage
from hub.nouns.documents.models import Document
from hub.web.flash import say
from hub.web.pages import Choice, Problem
from hub.web.render import render


@blueprint.get("/documents/<id:document_id>/marking")
@declares("document:mark")
def ask_marking(document_id: str) -> Response:
    """The markings, each with who can read the document then."""
    return _page(editable(document_id))


@blueprint.post("/documents/<id:document_id>/marking")
@declares("document:mark")
@acts
def mark(document_id: str) -> BaseResponse:
    """Give the document another marking; where more people read it then, it is first said how many, and who."""
    document = editable(document_id)
    marking = request.form.get("marking", "")
    if marking not in MARKINGS:
        return _page(document, (Problem("marking", "Select a marking"),))
    if marking == document.marking:
        say(f"“{short(document.title)}” is marked {marking} already.", "info")
        return redirect(address(document), code=303)
    asked = question(document, f"Mark “{document.title}” {marking}?", f"Mark it {marking}")
    undo = undo_of(document, marking, document.state)
    page = change(document, marking, document.state, asked)
    if page is not None:
        return page
    say(f"“{short(document.title)}” is marked {marking}.", undo=undo)
    return redirect(address(document), code=303)


def _page(document: Document, problems: tuple[Problem, ...] = ()) -> Response:
    crumbs, whose, _ = surroundings(document)
    made = (as_it_would_be(viewer(), document, marking, document.state) for marking in MARKINGS)
    things = [thing for thing in made if thing is not None and may_edit(viewer(), thing)]
    sentences = sentences_for(viewer(), document.place_id, things)
    return render(
        MarkingPage(
            title=f"Change the marking of “{document.title}”",
            crumbs=crumbs,
            problems=problems,
            whose=whose,
            state=document.state,
            markings=tuple(Choice(t.marking, t.marking, said) for t, said in zip(things, sentences, strict=True)),
            marking=document.marking,
            seen=seal(facts_of(viewer(), document)),
            action=f"{address(document)}/marking",
            cancel_href=address(document),
        )
    )
