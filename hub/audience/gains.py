"""In words and lists: who gains and who loses sight of what by a change, as far as the viewer may be told."""

from dataclasses import dataclass

from sqlalchemy import select

from hub.access.models import Person, Place
from hub.access.viewer import Viewer
from hub.audience.foreseeing import Shown, shown_of
from hub.audience.pages import Crowded, Gain, Listed, Named
from hub.nouns.people.queries import people_by_id
from hub.things.kind import Kind
from hub.things.words import counted
from hub.web.pages import Send, Who

ON_A_PAGE = 50
MOST_LISTED = 1_000
"""Things of each kind that the lists have."""


@dataclass(frozen=True, slots=True)
class Saying:
    """The sentences of one direction: `{people}` are those who gain, or lose, `{things}` and `{places}` what."""

    things: str
    pages: str
    always: bool = False
    """Whether the first is said even where it is nobody."""
    nobody: str = ""
    """Said instead where it is nobody."""


GAINING = Saying(
    "This shows {things} to {people}.",
    "This shows the name and description of {places} to {people}.",
    nobody="Nobody sees more by it.",
)
LOSING = Saying("This takes {things} from {people}.", "This hides the name and description of {places} from {people}.")
HEARD = Saying("This lets {people} write in it.", "")
SILENCED = Saying("This stops {people} from writing in it.", "")


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
    listed = _things_of(viewer, shown) if "{things}" in saying.things else {}
    longest = max([len(ids), *map(len, listed.values())])
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
        things=tuple(
            Listed(many[0].upper() + many[1:], tuple(things[part])) for many, things in listed.items() if things[part]
        ),
        turns=tuple(
            Send(text, turning.href, (*turning.fields, (turning.field, str(number))), "link") for number, text in turns
        ),
        first=part.start + 1,
        last=min(part.stop, longest),
    )


def sentences_of(shown: Shown, saying: Saying) -> list[str]:
    """The exact sentences: of things, of pages of places, or of nobody."""
    said: list[str] = []
    if saying.nobody and not shown.everybody:
        return [saying.nobody]
    if shown.people or saying.always or not shown.page_people:
        said.append(saying.things.format(things=shown.things_in_words, people=shown.in_words(shown.people)))
    if shown.page_people:
        places = counted(len(shown.pages), "space or folder", "spaces and folders")
        said.append(saying.pages.format(places=places, people=shown.in_words(shown.page_people)))
    return said


def _belongs(person: Person, who: Who) -> str:
    return f"of {who.organisation}{', a guest' if person.kind == 'guest' else ''}"


def _things_of(viewer: Viewer, shown: Shown) -> dict[str, list[Named]]:
    """Those that are shown, by what many of their kind are called, in the order of their titles: a query a kind."""
    return {kind.many: _listed(viewer, kind, shown) for kind in shown.kinds.lying if shown.counts.get(kind.prefix)}


def _listed(viewer: Viewer, kind: Kind, shown: Shown) -> list[Named]:
    seen = select(kind.model).where(kind.only, shown_of(kind, shown), viewer.where(kind.columns))
    rows = viewer.session.scalars(seen.order_by(kind.titled, kind.columns.id).limit(MOST_LISTED))
    return [Named(face.title, face.href, row.marking) for row in rows for face in (kind.face(row),)]


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
