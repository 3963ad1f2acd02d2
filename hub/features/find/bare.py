"""What words find, without pages, snippets and facets: for what is worked out from what somebody may read."""

from typing import Final

from hub.access.viewer import Viewer
from hub.features.find.queries import check_index, stand
from hub.things.kind import Kind
from hub.things.kinds import Kinds, rows_of
from hub.things.thing import Lying
from search.engine import Engine
from search.request import MAX_SIZE, SearchRequest, Term

MOST: Final = 200
"""Things that are looked at: the best come first."""


def things_found(engine: Engine, kinds: Kinds, viewer: Viewer, terms: tuple[Term, ...]) -> list[tuple[Kind, Lying]]:
    """What lies in places and holds these words, as the viewer may read it now, the best first; up to `MOST`.

    Each is judged once more on fresh rows. One query, and one for each kind. Raises InvalidQuery, and EngineError where
    the engine fails.
    """
    standing = stand(viewer.session)
    engine.reload_if_behind(standing.sequence)
    kept: list[str] = []
    for page in range(1, MOST // MAX_SIZE + 1):
        request = SearchRequest(
            visibility=viewer.visible("read"),
            hidden=standing.hidden,
            rarity=standing.rarity,
            terms=terms,
            filters={"kind": tuple(kind.word for kind in kinds.lying)},
            page=page,
            size=MAX_SIZE,
            hits_only=True,
        )
        answer = engine.search(request)
        kept += [hit.id for hit in answer.hits]
        if len(answer.hits) < MAX_SIZE:
            break
    check_index(engine, standing.sequence, empty=not kept)
    return _judged(viewer, kinds, kept)


def _judged(viewer: Viewer, kinds: Kinds, found: list[str]) -> list[tuple[Kind, Lying]]:
    by_kind = kinds.by_kind(found)
    rows = rows_of(viewer.session, by_kind)
    check = viewer.sight().check
    judged = {key: row.judged(viewer.snapshot) for key, row in rows.items()}
    seen = [key for key in dict.fromkeys(found) if (each := judged.get(key)) is not None and check(each)]
    return [(kinds[key.partition(":")[0]], rows[key]) for key in seen]  # type: ignore[misc]  # of kinds that lie
