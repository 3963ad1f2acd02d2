"""Which files go into an archive, under which names: what somebody may read of a folder and of those below it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from hub.access.guard import viewer
from hub.access.models import Place, PlaceClosure
from hub.features.browse.queries import here_or_below
from hub.ground.errors import Invalid
from hub.things.kind import Kind
from hub.things.thing import AsFile, Lying
from hub.web.file_names import Names, ending_of
from hub.web.filters import size

MOST_FILES: Final = 1_000
MOST_BYTES: Final = 2_000_000_000
TOO_MANY: Final = "That is more than the {:,} files that one download may have. Choose fewer, or folder by folder."
TOO_LARGE: Final = "That is {}, more than the {} that one download may have. Choose fewer, or folder by folder."
NOTHING: Final = "There is nothing to download here that you may read."
TEXT_ENDING: Final = ".md"


@dataclass(frozen=True, slots=True)
class Planned:
    """A thing that will be in the archive, and its path there; it is judged once more when its turn comes."""

    kind: Kind
    id: str
    path: str


def below(place: Place) -> list[Lying]:
    """What the viewer may read at a place and below it; one more than an archive has at the most. A query a kind."""
    looker = viewer()
    found: list[Lying] = []
    for kind in looker.kinds.filed:
        if kind.files is not None:
            wanted = select(kind.model).where(kind.only, here_or_below(looker, kind))
            first = wanted.order_by(kind.titled, kind.columns.id).limit(MOST_FILES + 1)
            found += looker.session.scalars(first, {"place": place.id})
    return found


def planned(place: Place, things: Sequence[Lying]) -> tuple[list[Planned], int]:
    """Each of some things that the viewer reads, with its path in the archive; and how many bytes they are.

    Raises Invalid where that is nothing, or more than one download may have.
    """
    if len(things) > MOST_FILES:
        raise Invalid(TOO_MANY.format(MOST_FILES))
    files = _files_of(things)
    total = sum(file.size for _, _, file in files)
    if not files:
        raise Invalid(NOTHING)
    if total > MOST_BYTES:
        raise Invalid(TOO_LARGE.format(size(total), size(MOST_BYTES)))
    folders = _Folders(place, {thing.place_id for _, thing, _ in files})
    return [Planned(kind, thing.id, folders.path(kind, thing, file)) for kind, thing, file in files], total


def _files_of(things: Iterable[Lying]) -> list[tuple[Kind, Lying, AsFile]]:
    by_kind: dict[str, list[Lying]] = {}
    for thing in things:
        kind = viewer().kinds.of(thing)
        if kind is not None:
            by_kind.setdefault(kind.prefix, []).append(thing)
    found = []
    for prefix, some in by_kind.items():
        kind = viewer().kinds[prefix]
        files = kind.files(viewer().session, [thing.id for thing in some]) if kind.files else {}
        found += [(kind, thing, files[thing.id]) for thing in some if thing.id in files]
    return found


class _Folders:
    """The folders of an archive: those places below its top that the viewer sees, by the names that they have."""

    def __init__(self, top: Place, wanted: set[str]) -> None:
        self._names: dict[str, Names] = {}
        self._paths: dict[str, str] = {top.id: ""}
        inside = select(PlaceClosure.descendant_id).where(PlaceClosure.ancestor_id == top.id, PlaceClosure.depth > 0)
        rows = select(Place).where(Place.id.in_(inside)).order_by(Place.path)
        below = viewer().session.scalars(rows).all() if wanted - {top.id} else ()
        for place in viewer().kept(list(below)):
            above = self._nearest(place.parent_id or "")
            self._paths[place.id] = f"{above}{self._within(above).new(place.name)}/"

    def path(self, kind: Kind, thing: Lying, file: AsFile) -> str:
        """The path of a thing, which no other has."""
        folder = self._nearest(thing.place_id)
        ending = ending_of(file.name) if file.hash else TEXT_ENDING
        return f"{folder}{self._within(folder).new(kind.face(thing).title, ending)}"

    def _within(self, folder: str) -> Names:
        return self._names.setdefault(folder, Names())

    def _nearest(self, place_id: str) -> str:
        """The folder of a place, or of the nearest one above it that has one."""
        tree = viewer().snapshot.tree
        for each in tree.chain(place_id):
            if each in self._paths:
                return self._paths[each]
        return ""
