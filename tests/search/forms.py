"""Random predicates and things, and whether an engine agrees with the predicate's own check in memory."""

import random
from collections.abc import Iterator, Sequence

from acl.visibility import FALSE, TRUE, And, In, Not, Object, Or, Visibility, checker, joined
from acl.vocabulary import MARKINGS, STATES
from search.engine import Engine
from search.entry import Entry
from search.request import NOTHING_HIDDEN, SearchRequest
from tests.search.things import entry

SIZE = 50


def visible_ids(engine: Engine, visibility: Visibility) -> set[str]:
    """Every id that an engine finds for someone, page by page."""
    found: set[str] = set()
    for page in range(1, 200):
        request = SearchRequest(
            visibility=visibility, hidden=NOTHING_HIDDEN, sort="newest", page=page, size=SIZE, hits_only=True
        )
        hits = engine.search(request).hits
        found |= {hit.id for hit in hits}
        if len(hits) < SIZE:
            return found
    raise AssertionError("too many things for this test")


def entry_of(name: str, thing: Object) -> Entry:
    """A thing as an entry whose id is `doc:NAME`."""
    return entry(
        name,
        organisation=thing.org,
        owner=thing.owner,
        marking=thing.marking,
        state=thing.state,
        ms=thing.ms,
        within=tuple(thing.within),
        reach=tuple(thing.reach),
    )


def random_things(rng: random.Random, count: int) -> list[Object]:
    """Things in a small tree, some below a private space."""
    found = []
    for number in range(count):
        path = [f"o{rng.randrange(3)}", f"s{rng.randrange(5)}", f"f{rng.randrange(4)}"][: rng.randrange(1, 4)]
        within = frozenset({f"doc:t{number}", "platform", *path})
        reach = within if rng.random() < 0.6 else frozenset({f"doc:t{number}", *path[1:]})
        owner, marking, state = f"person:p{rng.randrange(4)}", rng.choice(MARKINGS), rng.choice(STATES)
        found.append(Object(f"doc:t{number}", within, reach, path[0], owner, marking, state))
    return found


def random_predicate(rng: random.Random, depth: int = 3) -> Visibility:
    """A predicate as a compiler might make it, and as it should not: empty sets and rows of no parts too."""
    kind = rng.random()
    if depth and kind < 0.25:
        return Or(tuple(random_predicate(rng, depth - 1) for _ in range(rng.randrange(4))))
    if depth and kind < 0.55:
        return And(tuple(random_predicate(rng, depth - 1) for _ in range(rng.randrange(4))))
    if depth and kind < 0.72:
        return Not(random_predicate(rng, depth - 1))
    if kind > 0.96:
        return rng.choice((TRUE, FALSE))
    return _random_in(rng)


def _random_in(rng: random.Random) -> In:
    pools: dict[str, list[str]] = {
        "within": ["platform", "o0", "o1", "s0", "s1", "s2", "f0", "f1", "doc:t1", "doc:t2", "nowhere"],
        "reach": ["platform", "o0", "o1", "o2", "s3", "s4", "f2", "f3", "doc:t3"],
        "ms": [joined(m, s) for m in MARKINGS for s in STATES],
        "owner": ["person:p0", "person:p1", "person:nobody"],
        "org": ["o0", "o1", "o2"],
    }
    field = rng.choice(("within", "within", "reach", "reach", "ms", "owner", "org"))
    values = rng.sample(pools[field], rng.randrange(min(5, len(pools[field]))))
    return In(field, frozenset(values))  # type: ignore[arg-type]


def cases(seed: int, count: int) -> Iterator[Visibility]:
    """The degenerate predicates, then `count` random ones."""
    yield from (TRUE, FALSE, In("within", frozenset()), And(()), Or(()), Not(TRUE), Not(FALSE), Not(Or(())))
    yield from (Or((FALSE, In("org", frozenset({"o1"})))), And((TRUE, Not(In("ms", frozenset())))))
    rng = random.Random(seed)
    yield from (random_predicate(rng) for _ in range(count))


def disagreement(engine: Engine, things: Sequence[Object], predicates: Iterator[Visibility]) -> str:
    """The first predicate on which the engine and the check in memory differ; '' where none."""
    for visibility in predicates:
        judge = checker(visibility)
        expected = {f"doc:{thing.node}" for thing in things if judge(thing)}
        found = visible_ids(engine, visibility)
        if found != expected:
            return f"{visibility}: shown too much {found - expected}, too little {expected - found}"
    return ""
