"""Before anything is saved that widens sight: what it shows, to whom, and a button for just that.

Only documents that the viewer may see are counted and listed, so that the count says nothing of others.
"""

import hashlib
from dataclasses import dataclass

from flask import Response, g, request
from sqlalchemy import select

from hub.access.guard import parts, viewer
from hub.access.models import Place
from hub.access.viewer import Viewer
from hub.documents.audience import Change, Shown, foresee, shown_documents
from hub.documents.models import DOCUMENTS, Document
from hub.documents.pages import ConfirmPage, Crowded, Named
from hub.documents.words import counted, people_in_words
from hub.people.queries import people_by_id
from hub.web.pages import Crumb, Send, Whose
from hub.web.render import render

ON_A_PAGE = 50
AGREED, TURN = "agreed", "turn"


@dataclass(frozen=True)
class Question:
    """What the page that asks says around the count."""

    title: str
    button: str
    cancel_href: str
    crumbs: tuple[Crumb, ...]
    whose: Whose
    sentence: str = "This shows {documents} to {people}."
    always: bool = False
    """Whether to ask even where nobody gains."""


def ask_first(change: Change, question: Question) -> Response | None:
    """The page that says whom a change shows what; None where it shows nothing, or where just this was agreed to."""
    shown = foresee(g.db, parts().snapshots, parts().today, change, told=viewer().person)
    print_ = fingerprint(shown)
    agreed = request.form.get(AGREED, "")
    if agreed == print_ and not request.form.get(TURN):
        return None
    if not shown.documents and not question.always:
        return None
    return render(_page(shown, question, print_, changed=bool(agreed) and agreed != print_))


def fingerprint(shown: Shown) -> str:
    """Which documents and which people, in short: another count is another question."""
    people = ",".join(shown.directory.ids_of(shown.people))
    things = (shown.documents, sorted(shown.seats), sorted(shown.owned), sorted(shown.ids))
    return hashlib.sha256(f"{people}|{things}".encode()).hexdigest()[:32]


def _page(shown: Shown, question: Question, agreed: str, *, changed: bool) -> ConfirmPage:
    ids = shown.directory.ids_of(shown.people)
    listed = _documents_of(viewer(), shown)
    longest = max(len(ids), shown.documents)
    page = min(request.form.get(TURN, 1, type=int) or 1, max(1, -(-longest // ON_A_PAGE)))
    part = slice((max(page, 1) - 1) * ON_A_PAGE, max(page, 1) * ON_A_PAGE)
    people = people_by_id(viewer(), ids[part])
    here = request.full_path.rstrip("?")
    kept = tuple((k, v) for k, v in request.form.items() if k not in {"csrf_token", AGREED, TURN})
    turn = [(page - 1, "Previous names")] if page > 1 else []
    turn += [(page + 1, "More names")] if longest > page * ON_A_PAGE else []
    people_said = people_in_words(shown.staff, len(shown.organisations), shown.guests)
    return ConfirmPage(
        title=question.title,
        crumbs=question.crumbs,
        whose=question.whose,
        sentence=question.sentence.format(
            documents=counted(shown.documents, "document", "documents"), people=people_said
        ),
        changed=changed,
        organisations=_organisations(viewer(), shown),
        people=tuple(Named(p.name, f"/people/{p.handle}", _belongs(p.kind, p.handle)) for p in people),
        hidden_people=len(ids[part]) - len(people),
        documents=tuple(Named(d.title, f"/documents/{d.id}", d.marking) for d in listed[part]),
        turns=tuple(Send(text, here, (*kept, (AGREED, agreed), (TURN, str(number))), "link") for number, text in turn),
        first=part.start + 1,
        last=min(part.stop, longest),
        send=Send(question.button, here, (*kept, (AGREED, agreed)), "primary"),
        cancel_href=question.cancel_href,
    )


def _belongs(kind: str, handle: str) -> str:
    return f"guest, {handle}" if kind == "guest" else handle


def _documents_of(viewer: Viewer, shown: Shown) -> list[Document]:
    if not shown.documents:
        return []
    seen = select(Document).where(shown_documents(shown), viewer.where(DOCUMENTS))
    return list(viewer.session.scalars(seen.order_by(Document.title, Document.id).limit(1_000)))


def _organisations(viewer: Viewer, shown: Shown) -> tuple[Crowded, ...]:
    """By organisation; the names of those that the viewer may not see stay out."""
    counts = dict(shown.organisations)
    places = viewer.session.scalars(select(Place).where(Place.id.in_(list(counts)))).all()
    rows = [Crowded(place.name, counts[place.id]) for place in viewer.kept(list(places))]
    rows.sort(key=lambda row: (-row.people, row.name))
    rest = sum(counts.values()) - sum(row.people for row in rows)
    if rest:
        rows.append(Crowded("Organisations that you may not see", rest))
    if shown.guests:
        rows.append(Crowded("Guests", shown.guests))
    return tuple(rows)
