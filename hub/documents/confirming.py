"""Before anything is saved that widens sight: what it shows, to whom, and a button for just that.

Every use case that can show more asks by `ask_first`; a page of its own that says more about the change takes the count
and the list from `gain_of`. Only documents that the viewer may see are counted and listed, so that the count says
nothing of others.
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
from hub.documents.pages import ConfirmPage, Crowded, Gain, Named
from hub.documents.words import counted, people_in_words
from hub.people.queries import people_by_id
from hub.web.pages import Crumb, Send, Whose
from hub.web.render import render

ON_A_PAGE = 50
AGREED, TURN = "agreed", "turn"
MOST_LISTED = 1_000
"""Documents that the list has."""


@dataclass(frozen=True)
class Question:
    """What the page that asks says around the count. In the sentences, `{people}` are those who gain."""

    title: str
    button: str
    cancel_href: str
    crumbs: tuple[Crumb, ...]
    whose: Whose
    sentence: str = "This shows {documents} to {people}."
    pages: str = "This shows the name and description of {places} to {people}."
    """Of pages of spaces and folders, where any are shown to more people."""
    always: bool = False
    """Whether to ask even where nobody gains."""
    nobody: str = ""
    """The sentence where nobody gains; without one, the others say so."""
    button_kind: str = "primary"
    notes: tuple[str, ...] = ()
    """What else the change means, a sentence each."""


def ask_first(change: Change, question: Question) -> Response | None:
    """The page that says whom a change shows what; None where it shows nothing, or where just this was agreed to."""
    shown = foretold(change)
    print_ = fingerprint(shown)
    agreed = request.form.get(AGREED, "")
    if agreed == print_ and not request.form.get(TURN):
        return None
    if not shown.everybody and not question.always:
        return None
    here = request.full_path.rstrip("?")
    kept = tuple((k, v) for k, v in request.form.items() if k not in {"csrf_token", AGREED, TURN})
    return render(
        ConfirmPage(
            title=question.title,
            crumbs=question.crumbs,
            whose=question.whose,
            changed=bool(agreed) and agreed != print_,
            gain=gain_of(shown, question, here, kept, request.form.get(TURN, 1, type=int) or 1),
            notes=question.notes,
            send=Send(question.button, here, (*kept, (AGREED, print_)), question.button_kind),
            cancel_href=question.cancel_href,
        )
    )


def foretold(change: Change) -> Shown:
    """What a change shows to whom, as far as the viewer may be told."""
    return foresee(g.db, parts().snapshots, parts().today, change, told=viewer().person)


def fingerprint(shown: Shown) -> str:
    """Which documents and which people, in short: another count is another question."""
    people = [",".join(shown.directory.ids_of(some)) for some in (shown.people, shown.page_people)]
    things = (shown.documents, sorted(shown.seats), sorted(shown.owned), sorted(shown.ids), sorted(shown.pages))
    return hashlib.sha256(f"{people}|{things}".encode()).hexdigest()[:32]


def gain_of(shown: Shown, question: Question, here: str, kept: tuple[tuple[str, str], ...], turn: int = 1) -> Gain:
    """The count in words, and page `turn` of the list; `here` and `kept` are the form that turns it."""
    ids = shown.directory.ids_of(shown.everybody)
    listed = _documents_of(viewer(), shown) if "{documents}" in question.sentence else []
    longest = max(len(ids), len(listed))
    page = max(1, min(turn, -(-longest // ON_A_PAGE)))
    part = slice((page - 1) * ON_A_PAGE, page * ON_A_PAGE)
    people = people_by_id(viewer(), ids[part])
    turns = [(page - 1, "Previous names")] if page > 1 else []
    turns += [(page + 1, "More names")] if longest > page * ON_A_PAGE else []
    agreed = (AGREED, fingerprint(shown))
    sentences = sentences_of(shown, question)
    return Gain(
        sentence=sentences[0],
        more=" ".join(sentences[1:]),
        organisations=_organisations(viewer(), shown),
        people=tuple(Named(p.name, f"/people/{p.handle}", _belongs(p.kind, p.handle)) for p in people),
        hidden_people=len(ids[part]) - len(people),
        documents=tuple(Named(d.title, f"/documents/{d.id}", d.marking) for d in listed[part]),
        turns=tuple(Send(text, here, (*kept, agreed, (TURN, str(number))), "link") for number, text in turns),
        first=part.start + 1,
        last=min(part.stop, longest),
    )


def sentences_of(shown: Shown, question: Question) -> list[str]:
    """The exact sentences: of documents, of pages of places, or that nobody gains."""
    said: list[str] = []
    if question.nobody and not shown.everybody:
        return [question.nobody]
    if shown.people or question.always or not shown.page_people:
        documents = counted(shown.documents, "document", "documents")
        said.append(question.sentence.format(documents=documents, people=_people(shown, shown.people)))
    if shown.page_people:
        places = counted(len(shown.pages), "space or folder", "spaces and folders")
        said.append(question.pages.format(places=places, people=_people(shown, shown.page_people)))
    return said


def _people(shown: Shown, people: int) -> str:
    directory = shown.directory
    staff, guests = (people & directory.all_staff).bit_count(), (people & directory.guests).bit_count()
    return people_in_words(staff, len(directory.organisations(people)), guests)


def _belongs(kind: str, handle: str) -> str:
    return f"guest, {handle}" if kind == "guest" else handle


def _documents_of(viewer: Viewer, shown: Shown) -> list[Document]:
    if not shown.documents:
        return []
    seen = select(Document).where(shown_documents(shown), viewer.where(DOCUMENTS))
    return list(viewer.session.scalars(seen.order_by(Document.title, Document.id).limit(MOST_LISTED)))


def _organisations(viewer: Viewer, shown: Shown) -> tuple[Crowded, ...]:
    """By organisation; the names of those that the viewer may not see stay out."""
    counts = dict(shown.directory.organisations(shown.everybody))
    places = viewer.session.scalars(select(Place).where(Place.id.in_(list(counts)))).all()
    rows = [Crowded(place.name, counts[place.id]) for place in viewer.kept(list(places))]
    rows.sort(key=lambda row: (-row.people, row.name))
    rest = sum(counts.values()) - sum(row.people for row in rows)
    if rest:
        rows.append(Crowded("Organisations that you may not see", rest))
    guests = (shown.everybody & shown.directory.guests).bit_count()
    if guests:
        rows.append(Crowded("Guests", guests))
    return tuple(rows)
