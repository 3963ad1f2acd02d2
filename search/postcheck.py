"""Each hit judged once more, on attributes just read from the database, before a person sees it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from acl.visibility import Check, Object
from search.engine import Answer, Hit


@dataclass(frozen=True, slots=True)
class Checked:
    """An answer without the hits that may not be seen, and their ids: an alarm where no write explains them."""

    answer: Answer
    dropped: tuple[str, ...]


def postcheck(answer: Answer, visible: Check, fresh: Mapping[str, Object]) -> Checked:
    """Drops each hit that is not in `fresh` (by entry id; absent means gone) or is not `visible` as it is there.

    What was dropped leaves the total and the facets too.
    """
    kept: list[Hit] = []
    dropped: list[str] = []
    for hit in answer.hits:
        thing = fresh.get(hit.id)
        if thing is not None and visible(thing):
            kept.append(hit)
        else:
            dropped.append(hit.id)
    if not dropped:
        return Checked(answer, ())
    total = max(len(kept), answer.total - len(dropped))
    gone = [hit for hit in answer.hits if hit.id in set(dropped)]
    facets = {name: _without(name, values, gone) for name, values in answer.facets.items()}
    return Checked(replace(answer, hits=tuple(kept), total=total, facets=facets), tuple(dropped))


def _without(name: str, values: tuple[tuple[str, int], ...], gone: Sequence[Hit]) -> tuple[tuple[str, int], ...]:
    """A facet's values without the hits that are gone, in order again."""
    lost = Counter(hit.date[:4] if name == "year" else str(getattr(hit, name)) for hit in gone)
    left = [(value, count - lost[value]) for value, count in values if count > lost[value]]
    return tuple(sorted(left, key=lambda pair: (-pair[1], pair[0])))
