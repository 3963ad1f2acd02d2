"""In words: who gains and who loses sight of what, if a policy text is put in force.

Its editor is told of documents that they may read themselves and of people whom they may know of; everybody else is in
no number, so that a line says nothing of whether what it names is there, or who is in it.
"""

from dataclasses import replace

from sqlalchemy import select

from acl.store import PolicyFile
from acl.vocabulary import PEOPLE
from hub.access.crowd import called
from hub.access.models import Place
from hub.access.viewer import Viewer
from hub.audience.foreseeing import Foretold
from hub.features.administration.pages import Touched
from hub.things.columns import among
from hub.things.kinds import lying_at

NOBODY = "Nobody gains or loses sight of a document by it."


def sentences_of(foretold: Foretold | None) -> tuple[str, ...]:
    """What a text shows to whom and takes from whom; None is a text that says what is in force already."""
    if foretold is None:
        return (NOBODY,)
    gained, lost = foretold.gained, foretold.lost
    said = [f"It shows {gained.things_in_words} to {gained.in_words(gained.people)}."] if gained.things else []
    said += [f"It takes {lost.things_in_words} from {lost.in_words(lost.people)}."] if lost.things else []
    return tuple(said) or (NOBODY,)


def about_what_is_seen(viewer: Viewer, *files: PolicyFile | None) -> list[PolicyFile | None]:
    """The files without the lines whose place or thing the viewer may not see, in two queries at most."""
    named = {rule.where for file in files if file for rule in file.rules}
    paths = {where.removeprefix(PEOPLE) for where in named}
    places = viewer.session.scalars(select(Place).where(among(Place.path, paths))).all()
    inside = lying_at(viewer.session, viewer.kinds, named)
    seen = {"*"} | {place.path for place in places if place.id in viewer.subject.orgs}
    seen |= {place.path for place in viewer.kept(list(places))} | {row.node for row in viewer.kept([*inside.values()])}
    seen |= {f"{PEOPLE}{path}" for path in seen}
    kept = (tuple(rule for rule in file.rules if rule.where in seen) if file else () for file in files)
    return [replace(file, rules=rules) if file else None for file, rules in zip(files, kept, strict=True)]


def touched_by(viewer: Viewer, foretold: Foretold) -> tuple[Touched, ...]:
    """By organisation: how many people gain and lose; of those who are not counted, that they do."""
    gain, lose = dict(foretold.gained.organisations), dict(foretold.lost.organisations)
    both = gain.keys() | lose.keys()
    places = viewer.session.scalars(select(Place).where(Place.id.in_(sorted(both)))).all() if both else ()
    names = {place.id: place.name for place in places if place.id in viewer.subject.orgs or viewer.sees(place)}
    rows = [(names.get(key, "Organisations that you may not see"), gain.get(key, 0), lose.get(key, 0)) for key in both]
    rows.sort(key=lambda row: (-row[1] - row[2], row[0]))
    guests = ("Guests", foretold.gained.guests, foretold.lost.guests)
    told = [Touched(name, f"{more:,}", f"{less:,}") for name, more, less in (*rows, guests) if more or less]
    return (*told, *_uncounted(foretold))


def _uncounted(foretold: Foretold) -> list[Touched]:
    gained, lost = (called(each.others, each.people, alone=False) for each in (foretold.gained, foretold.lost))
    every = dict.fromkeys((*gained, *lost))
    said = {True: "not counted", False: "0"}
    return [Touched(text[0].upper() + text[1:], said[text in gained], said[text in lost]) for text in every]
