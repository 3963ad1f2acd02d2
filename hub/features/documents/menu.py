"""What may be done with a document, as its page offers it: a button or two, and everything else in one menu."""

from acl.visibility import checker
from hub.access.viewer import Viewer
from hub.audience.reach import reach_in_words
from hub.audience.readers import as_it_would_be, draft_sentence
from hub.features.documents.pages import Doable
from hub.features.documents.shared import shared_with
from hub.nouns.documents.models import Document
from hub.nouns.documents.steps import steps_from
from hub.nouns.spaces.queries import Line
from hub.web.pages import Action


def what_may_be_done(viewer: Viewer, document: Document, line: Line, *, is_file: bool) -> Doable:
    """The buttons, the menu in groups, and who sees a draft; the pages that they lead to ask the gate."""
    here = f"/documents/{document.id}"
    compare = (Action("Compare revisions", f"{here}/compare"),) if document.number > 1 else ()
    own = document.owner == viewer.subject.id
    report = () if own else (Action("Report this document", f"{here}/report"),)
    looking = (*compare, Action("All revisions", f"{here}/revisions"), *report)
    if not viewer.sees(document, "edit"):
        return Doable(menu=(looking,))
    steps = _steps(viewer, document)
    reading = _reading(viewer, document)
    first = tuple(step for step in steps if step.primary)
    edit = Action("Edit", f"{here}/edit", primary=not first and not is_file)
    manages = viewer.sees(document, "manage")
    seen = _seeing(document) if manages else ()
    move = (Action("Move", f"/move/document/{document.id}"),) if manages else ()
    marking = Action("Change marking", f"{here}/marking")
    changing = (marking, *move, *(step for step in steps if not step.primary), *_delete(viewer, document))
    space = line.space.name if line.space else ""
    return Doable(
        actions=(*first, edit),
        menu=tuple(group for group in ((*seen, *reading), changing, looking) if group),
        reach=_reach(viewer, document) if manages else None,
        shared=shared_with(viewer, document) if manages else (),
        share_href=seen[0].href if manages else "",
        notice=draft_sentence(viewer, document, space) if document.state == "draft" else "",
    )


def _seeing(document: Document) -> tuple[Action, ...]:
    """For those who manage it: who sees it, and letting others."""
    share = Action("Share this document", f"/share/document/{document.id}")
    return share, Action("Who can see this?", f"/audience/document/{document.id}")


def _reading(viewer: Viewer, document: Document) -> tuple[Action, ...]:
    """For staff who edit it: who of their own organisation has said that they have read it."""
    asks = viewer.person.kind == "staff" and document.state == "published"
    return (Action("Who has read this?", f"/documents/{document.id}/who-has-read"),) if asks else ()


def _reach(viewer: Viewer, document: Document) -> Action:
    """How many can read it, and where they are listed."""
    return Action(reach_in_words(viewer, document), f"/audience/document/{document.id}")


def _steps(viewer: Viewer, document: Document) -> list[Action]:
    """The steps that its state may take, after which the viewer may still edit it."""
    check, found = checker(viewer.visible("edit")), []
    for step in steps_from(document.state):
        after = as_it_would_be(viewer, document, document.marking, step.target)
        if after is not None and check(after):
            address = f"/documents/{document.id}/{step.name}"
            found.append(Action(step.button, address, primary=step.target == "published"))
    return found


def _delete(viewer: Viewer, document: Document) -> tuple[Action, ...]:
    """For the owner of a draft that never was published."""
    own = document.state == "draft" and document.published_at is None and document.owner == viewer.subject.id
    return (Action("Delete", f"/documents/{document.id}/delete"),) if own else ()
