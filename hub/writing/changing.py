"""A document's marking or state changed: asked about first where more people will read it, then saved, then undone."""

from flask import Response

from acl.visibility import joined
from hub.access.guard import parts, viewer
from hub.documents.audience import document_changed
from hub.documents.confirming import Question, ask_first
from hub.documents.models import Document
from hub.documents.readers import as_it_would_be, may_edit
from hub.documents.service import set_marking_and_state
from hub.errors import Conflict, NotPermitted
from hub.unit_of_work import unit_of_work
from hub.web.pages import Send
from hub.writing.blueprint import address, locked, surroundings

CHANGED = "Somebody changed this document after you opened the page. Look at it as it is now, then decide again."
OUT_OF_REACH = "Policy lets you edit this as it is, but not as it would be then. Ask somebody who may."


def question(document: Document, title: str, button: str) -> Question:
    """The question whether to show the document to those who would gain by a change."""
    crumbs, whose, _ = surroundings(document)
    return Question(
        title=title,
        button=button,
        cancel_href=address(document),
        crumbs=crumbs,
        whose=whose,
        sentence="This shows it to {people} who cannot read it now.",
    )


def change(document: Document, marking: str, state: str, seen: str, asked: Question) -> Response | None:
    """Save the marking and state, unless more people would read it then, who were not agreed to: the page that asks.

    Raises Conflict where the document is not any more as it was `seen`, NotPermitted where it would go out of reach.
    """
    _check(document, marking, state, seen)
    page = ask_first(document_changed(document, ms=joined(marking, state)), asked)
    if page is not None:
        return page
    with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow:
        found = locked(uow, document.id)
        _check(found, marking, state, seen)
        set_marking_and_state(uow, found, marking, state)
    return None


def undo_of(before: Document, ms: str, marking: str, state: str) -> Send:
    """The button that gives back the marking and state that a document of `ms` had."""
    fields = (("marking", marking), ("state", state), ("seen", ms))
    return Send("Undo", f"{address(before)}/undo", fields, "secondary")


def short(title: str) -> str:
    """A title for what is said in a moment: that travels in the cookie."""
    return title if len(title) <= 80 else f"{title[:79]}…"  # noqa: PLR2004


def _check(document: Document, marking: str, state: str, seen: str) -> None:
    if document.ms != seen:
        raise Conflict(CHANGED)
    if not may_edit(viewer(), as_it_would_be(viewer(), document, marking, state)):
        raise NotPermitted(OUT_OF_REACH)
