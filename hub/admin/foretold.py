"""In words: who gains and who loses sight of what, if a policy text is put in force."""

from sqlalchemy import select

from hub.access.models import Place
from hub.access.viewer import Viewer
from hub.admin.pages import Touched
from hub.documents.audience import Foretold, Shown
from hub.documents.words import counted, people_in_words

NOBODY = "Nobody gains or loses sight of a document by it."


def sentences_of(foretold: Foretold | None) -> tuple[str, ...]:
    """What a text shows to whom and takes from whom; None is a text that says what is in force already."""
    if foretold is None:
        return (NOBODY,)
    gained, lost = foretold.gained, foretold.lost
    said = [f"It shows {_documents(gained)} to {_people(gained)}."] if gained.documents else []
    said += [f"It takes {_documents(lost)} from {_people(lost)}."] if lost.documents else []
    return tuple(said) or (NOBODY,)


def touched_by(viewer: Viewer, foretold: Foretold) -> tuple[Touched, ...]:
    """By organisation: how many people gain and lose. Names of those that the viewer may not see stay out."""
    gain, lose = dict(foretold.gained.organisations), dict(foretold.lost.organisations)
    both = gain.keys() | lose.keys()
    places = viewer.session.scalars(select(Place).where(Place.id.in_(sorted(both)))).all() if both else ()
    seen = viewer.kept(list(places))
    rows = [Touched(place.name, gain.get(place.id, 0), lose.get(place.id, 0)) for place in seen]
    rows.sort(key=lambda row: (-row.gain - row.lose, row.name))
    hidden = both - {place.id for place in seen}
    if hidden:
        count = [sum(each.get(key, 0) for key in hidden) for each in (gain, lose)]
        rows.append(Touched("Organisations that you may not see", count[0], count[1]))
    if foretold.gained.guests or foretold.lost.guests:
        rows.append(Touched("Guests", foretold.gained.guests, foretold.lost.guests))
    return tuple(rows)


def _documents(shown: Shown) -> str:
    return counted(shown.documents, "document", "documents")


def _people(shown: Shown) -> str:
    return people_in_words(shown.staff, len(shown.organisations), shown.guests)
