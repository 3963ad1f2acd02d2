"""A document's marking or state changed: asked about first where others gain or lose by it, then saved, then undone."""

from flask import Response

from acl.visibility import joined
from hub.access.guard import viewer
from hub.audience.acting import acting
from hub.audience.confirming import Question, ask_first
from hub.audience.foreseeing import thing_changed
from hub.audience.gains import Saying
from hub.audience.readers import as_it_would_be, may_edit
from hub.audience.sealing import facts_of, shown
from hub.features.writing.blueprint import address, surroundings
from hub.ground.errors import NotPermitted
from hub.nouns.documents.models import Document
from hub.nouns.documents.service import set_marking_and_state
from hub.web.pages import Send

CHANGED = "Somebody changed this document after you opened the page. Look at it as it is now, then decide again."
OUT_OF_REACH = "Policy lets you edit this as it is, but not as it would be then. Ask somebody who may."
SHOWING = Saying("This shows it to {people} who cannot read it now.", "", nobody="Nobody sees more by it.")
TAKING = Saying("This takes it from {people} who can read it now.", "")


def question(document: Document, title: str, button: str, *, undoes: bool = False) -> Question:
    """The question whether to show the document to those who would gain by a change, or take it from those who lose."""
    crumbs, whose, _ = surroundings(document)
    return Question(
        title=title,
        button=button,
        cancel_href=address(document),
        crumbs=crumbs,
        whose=whose,
        thing=document,
        gaining=SHOWING,
        losing=TAKING,
        undoes=undoes,
    )


def change(document: Document, marking: str, state: str, asked: Question) -> Response | None:
    """Save the marking and state, unless that has to be asked first: the page that asks.

    It is asked where others gain or lose by it who were not agreed to, and where the document is not as it was shown.
    Raises NotPermitted where it would go out of reach.
    """
    _check_reach(document, marking, state)
    page = ask_first(thing_changed(document, ms=joined(marking, state)), asked)
    if page is not None:
        return page
    with acting() as uow:
        set_marking_and_state(uow, document, marking, state)
    return None


def undo_of(before: Document, marking: str, state: str) -> Send:
    """The button that gives back what a document is marked and its state, while it is as a change will leave it."""
    seen = shown(facts_of(viewer(), before), marking=marking, state=state)
    fields = (("marking", before.marking), ("state", before.state), seen)
    return Send("Undo", f"{address(before)}/undo", fields, "secondary")


def short(title: str) -> str:
    """A title for what is said in a moment: that travels in the cookie."""
    return title if len(title) <= 80 else f"{title[:79]}…"  # noqa: PLR2004


def _check_reach(document: Document, marking: str, state: str) -> None:
    if not may_edit(viewer(), as_it_would_be(viewer(), document, marking, state)):
        raise NotPermitted(OUT_OF_REACH)
