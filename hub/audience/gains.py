"""In words and lists: who gains and who loses sight of what by a change, as far as the viewer may be told."""

from dataclasses import dataclass

from sqlalchemy import select

from hub.access.models import Person, Place
from hub.access.viewer import Viewer
from hub.audience.foreseeing import Shown, shown_documents
from hub.audience.pages import Crowded, Gain, Named
from hub.nouns.documents.models import DOCUMENTS, Document
from hub.nouns.documents.words import counted
from hub.nouns.people.queries import people_by_id
from hub.web.pages import Send, Who

ON_A_PAGE = 50
MOST_LISTED = 1_000
"""Documents that the list has."""


@dataclass(frozen=True, slots=True)
class Saying:
    """The sentences of one direction: `{people}` are those who gain, or lose, `{documents}` and `{places}` what."""

    documents: str
    pages: str
    always: bool = False
    """Whether the first is said even where it is nobody."""
    nobody: str = ""
    """Said instead where it is nobody."""


GAINING = Saying(
    "This shows {documents} to {people}.",
    "This shows the name and description of {places} to {people}.",
    nobody="Nobody sees more by it.",
)
LOSING = Saying(
    "This takes {documents} from {people}.", "This hides the name and description of {places} from {people}."
)


@dataclass(frozen=True, slots=True)
class Turning:
    """A form that turns the lists: where it is sent, what is in it, the name of its field, and the page asked for."""

    href: str
    fields: tuple[tuple[str, str], ...]
    field: str
    page: int


def list_of(viewer: Viewer, shown: Shown, saying: Saying, turning: Turning) -> Gain:
    """The count in words, and a page of the lists."""
    ids = shown.directory.ids_of(shown.everybody)
    listed = _documents_of(viewer, shown) if "{documents}" in saying.documents else []
    longest = max(len(ids), len(listed))
    page = max(1, min(turning.page, -(-longest // ON_A_PAGE)))
    part = slice((page - 1) * ON_A_PAGE, page * ON_A_PAGE)
    people = people_by_id(viewer, ids[part]) if ids else []
    turns = [(page - 1, "Previous names")] if page > 1 else []
    turns += [(page + 1, "More names")] if longest > page * ON_A_PAGE else []
    sentences = sentences_of(shown, saying)
    return Gain(
        sentence=sentences[0],
        more=" ".join(sentences[1:]),
        organisations=_organisations(viewer, shown),
        people=tuple(Named(who.name, who.href, _belongs(person, who)) for person, who in people),
        hidden_people=len(ids[part]) - len(people),
        documents=tuple(Named(d.title, f"/documents/{d.id}", d.marking) for d in listed[part]),
        turns=tuple(
            Send(text, turning.href, (*turning.fields, (turning.field, str(number))), "link") for number, text in turns
        ),
        first=part.start + 1,
        last=min(part.stop, longest),
    )


def sentences_of(shown: Shown, saying: Saying) -> list[str]:
    """The exact sentences: of documents, of pages of places, or of nobody."""
    said: list[str] = []
    if saying.nobody and not shown.everybody:
        return [saying.nobody]
    if shown.people or saying.always or not shown.page_people:
        documents = counted(shown.documents, "document", "documents")
        said.append(saying.documents.format(documents=documents, people=shown.in_words(shown.people)))
    if shown.page_people:
        places = counted(len(shown.pages), "space or folder", "spaces and folders")
        said.append(saying.pages.format(places=places, people=shown.in_words(shown.page_people)))
    return said


def _belongs(person: Person, who: Who) -> str:
    return f"of {who.organisation}{', a guest' if person.kind == 'guest' else ''}"


def _documents_of(viewer: Viewer, shown: Shown) -> list[Document]:
    if not shown.documents:
        return []
    seen = select(Document).where(shown_documents(shown), viewer.where(DOCUMENTS))
    return list(viewer.session.scalars(seen.order_by(Document.title, Document.id).limit(MOST_LISTED)))


def _organisations(viewer: Viewer, shown: Shown) -> tuple[Crowded, ...]:
    """By organisation; the names of those that the viewer may not see stay out."""
    counts = dict(shown.directory.organisations(shown.everybody))
    places = viewer.session.scalars(select(Place).where(Place.id.in_(list(counts)))).all() if counts else []
    rows = [Crowded(place.name, counts[place.id]) for place in viewer.kept(list(places))]
    rows.sort(key=lambda row: (-row.people, row.name))
    rest = sum(counts.values()) - sum(row.people for row in rows)
    if rest:
        rows.append(Crowded("Organisations that you may not see", rest))
    guests = (shown.everybody & shown.directory.guests).bit_count()
    if guests:
        rows.append(Crowded("Guests", guests))
    return tuple(rows)
