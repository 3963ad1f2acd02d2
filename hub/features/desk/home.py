"""The home page put together: what waits, what one goes on with, and what others did meanwhile."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from hub.access.known_place import KnownPlace
from hub.access.membership import standings
from hub.access.viewer import Viewer
from hub.features.desk import queries
from hub.features.desk.pages import ChangeGroup, HomePage, ThingRow
from hub.features.desk.queries import Changed
from hub.features.desk.waiting import Before
from hub.ground.clock import day_of
from hub.keeping.models import Visit
from hub.nouns.documents.words import type_in_words
from hub.nouns.people.queries import NOBODY, named
from hub.things.kinds import Kinds, rows_of
from hub.things.thing import Face, Lying
from hub.things.words import counted
from hub.web.pages import Notice, Who
from hub.web.rows import DocumentRow, PlaceRow

FIRST_LOOK = timedelta(days=30)
"""What somebody who was never here before is shown as new."""
MOST_OPENED = 6
MOST_GROUPS = 8
MOST_IN_A_GROUP = 3


def home_page(viewer: Viewer, kinds: Kinds, before: Before, now: datetime, notices: Iterable[Notice] = ()) -> HomePage:
    """The page, in at most nine queries."""
    said = list(notices)
    mine, others = queries.spaces_at_hand(viewer)
    drafts = queries.my_drafts(viewer)
    changed = queries.changed_since(viewer, mine or others, before.last_visit or now - FIRST_LOOK)
    opened, favourites = _trail(viewer, kinds, before.visits)
    recent = [] if changed or opened or drafts else queries.recent_things(viewer)
    listed = [*drafts, *(each.thing for each in changed), *recent]
    lie_at = [*(thing.place_id for thing in listed), *(face.lies_at for _, face in (*opened, *favourites))]
    places = viewer.places({*lie_at, *(space.organisation_id or "" for space in (*mine, *others))})
    people = named(viewer, {*(thing.owner for thing in listed), *(each.author for each in changed)})
    standing = standings(viewer, others)
    names = viewer.person.name.split()
    rows = {thing.node: _row(kinds, thing, places, people) for thing in listed}
    groups = _grouped(kinds, changed, {space.id: space for space in (*mine, *others)}, rows, people)
    return HomePage(
        given_name=names[0] if names else "",
        waiting=tuple(notice for notice in said if notice.kind != "info"),
        told=tuple(notice for notice in said if notice.kind == "info"),
        opened=tuple(_thing_row(word, face, places) for word, face in opened),
        favourites=tuple(_thing_row(word, face, places) for word, face in favourites),
        spaces=tuple(_space_row(space, places) for space in mine),
        others=tuple(_space_row(space, places, standing[space.id]) for space in others),
        writes=bool(drafts or viewer.kept([*mine, *others], "edit")),
        drafts=tuple(rows[thing.node] for thing in drafts),
        last_visit=before.last_visit,
        changes=tuple(groups[:MOST_GROUPS]),
        earlier=len(groups) > MOST_GROUPS or len(changed) >= queries.NEWEST,
        recent=tuple(rows[thing.node] for thing in recent),
    )


def _trail(
    viewer: Viewer, kinds: Kinds, visits: Sequence[Visit]
) -> tuple[list[tuple[str, Face]], list[tuple[str, Face]]]:
    """What the viewer opened last, and their favourites by title, each with the word of its kind, judged anew.

    One query for each table of what they opened.
    """
    things = rows_of(viewer.session, kinds.by_kind(visit.thing for visit in visits))
    seen = {visit.thing: things[visit.thing] for visit in visits if visit.thing in things}
    shown = {thing.id for thing in viewer.kept(list(seen.values()))}
    faces = [
        (visit, kinds[visit.thing.partition(":")[0]].word, kinds[visit.thing.partition(":")[0]].face(seen[visit.thing]))
        for visit in visits
        if visit.thing in seen and seen[visit.thing].id in shown
    ]
    favourites = [(word, face) for visit, word, face in faces if visit.starred_at is not None]
    opened = [(word, face) for _, word, face in faces]
    return opened[:MOST_OPENED], sorted(favourites, key=lambda each: each[1].title.casefold())


def _grouped(
    kinds: Kinds,
    changed: Sequence[Changed],
    spaces: dict[str, KnownPlace],
    rows: dict[str, DocumentRow],
    people: dict[str, Who],
) -> list[ChangeGroup]:
    """By whom, where, and what they did; the group with the newest first."""
    together: dict[tuple[str, str, str], list[Lying]] = {}
    for each in changed:
        kind = kinds.of(each.thing)
        did = kind.did[not each.added] if kind else ""
        together.setdefault((each.author, each.space_id, did), []).append(each.thing)
    return [
        ChangeGroup(
            who=people.get(author, NOBODY),
            did=f"{did} {_counted(kinds, things)}",
            space=spaces[space_id].name,
            space_href=f"/places/{spaces[space_id].path}",
            at=kinds.face(things[0]).changed,
            documents=tuple(rows[thing.node] for thing in things[:MOST_IN_A_GROUP]),
            more=max(len(things) - MOST_IN_A_GROUP, 0),
            more_href=f"/search?space={spaces[space_id].path}&sort=newest",
        )
        for (author, space_id, did), things in together.items()
    ]


def _counted(kinds: Kinds, things: Sequence[Lying]) -> str:
    """Documents are pages or files; whatever else there is goes by the word for its kind: "2 files", "1 toy"."""
    types = {kinds.face(thing).type for thing in things}
    if "" in types or any(kind.files is None for thing in things if (kind := kinds.of(thing))):
        return kinds.in_words(Counter(thing.node.partition(":")[0] for thing in things))
    what = "page" if types == {"markdown"} else "document" if "markdown" in types else "file"
    return counted(len(things), what, f"{what}s")


def _thing_row(word: str, face: Face, places: dict[str, KnownPlace]) -> ThingRow:
    kind = type_in_words(face.type) if face.type else word.capitalize()
    place = places.get(face.lies_at)
    return ThingRow(
        title=face.title,
        href=face.href,
        icon=kind if face.type else word,
        kind=kind,
        place=place.name if place else "",
        changed=day_of(face.changed) if face.type else None,
    )


def _row(kinds: Kinds, thing: Lying, places: dict[str, KnownPlace], owners: dict[str, Who]) -> DocumentRow:
    face, place = kinds.face(thing), places.get(thing.place_id)
    return DocumentRow(
        title=face.title,
        href=face.href,
        kind=_type_of(kinds, thing, face),
        marking=thing.marking,
        state=thing.state,
        changed=day_of(face.changed),
        owner=str(owners[thing.owner]) if thing.owner in owners else "",
        place=place.name if place else "",
        place_href=f"/places/{place.path}" if place else "",
    )


def _type_of(kinds: Kinds, thing: Lying, face: Face) -> str:
    kind = kinds.of(thing)
    return type_in_words(face.type) if face.type or kind is None else kind.word.capitalize()


def _space_row(space: KnownPlace, places: dict[str, KnownPlace], standing: str = "") -> PlaceRow:
    organisation = places.get(space.organisation_id or "")
    return PlaceRow(
        name=space.name,
        href=f"/places/{space.path}",
        kind="space",
        description=space.description,
        marking=space.marking,
        audience=space.audience,
        organisation=organisation.name if organisation else "",
        standing=standing,
    )
