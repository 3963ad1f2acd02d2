"""How good the search is: a judged collection asked of the real index, in an index of its own, as people of a council.

The documents are dealt to twelve councils with the policy that every council begins with; a tenth of them, drawn by a
fixed seed, is PUBLIC, and of that alone rarity is counted. One person reads what all councils publish, another what
one of them does: the other's answers must be those of an index that holds nothing else.
"""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from importlib import resources
from typing import Final

from acl.directory import PLATFORM_PLACE, Place, PlaceTree, Subject, subject_for
from acl.gate import Gate
from acl.store import Snapshot, adopt
from acl.visibility import Visibility, checker, joined
from acl.vocabulary import PERSON
from hub.features.find.question import ON_A_PAGE
from search.engine import Engine
from search.entry import Entry
from search.judged import DEPTH, Collection, figures
from search.rarity import Rarity, counted, words_of
from search.reindex import reindex
from search.request import MAX_SIZE, NOTHING_HIDDEN, InvalidQuery, SearchRequest, Term, parse_query
from search.words import STOP_WORDS, weightiest, words_in

COUNCILS: Final = tuple(f"council-{number:02}" for number in range(1, 13))
ENTRY: Final = "judged:"
"""Before the number of a document in the index."""
PUBLIC_PART: Final = 10
"""One document of so many is PUBLIC."""
SEED: Final = 13
EQUAL: Final = 0.001
"""By so much the figures of the same answers may differ."""
_DAY: Final = date(2026, 1, 1)
_EVERY: Final = "platform/readers"
_READERS: Final = f"""\
effect,who,can,where,marking,state,until,reason
allow,group:{_EVERY},read,*,up to OFFICIAL,published,-,They read what every council publishes
"""


@dataclass(frozen=True)
class Evaluation:
    """The figures of one run, by name; `twist` says whether what one may not read changed nothing."""

    figures: Mapping[str, float | int | bool | str]

    @property
    def twist(self) -> bool:
        """Whether the readable part was ranked as if there were nothing else."""
        return bool(self.figures["twist_holds"])


class _Councils:
    """Twelve councils under their first policy, a document in each for each that is dealt."""

    def __init__(self, collection: Collection) -> None:
        own = resources.files("config").joinpath("policies/organisation.csv").read_text("utf-8")
        named = {f"organisations/{slug}.csv": (own.replace("SLUG", slug), slug) for slug in COUNCILS}
        texts = {**named, "platform.csv": (_READERS, PLATFORM_PLACE.id)}
        places = [PLATFORM_PLACE, *(Place(slug, PLATFORM_PLACE.id, slug, "organisation") for slug in COUNCILS)]
        files = {name: adopt(name, text, scope) for name, (text, scope) in texts.items()}
        self.snapshot = Snapshot(files, PlaceTree(places), 1)
        self.names = dict(enumerate(collection.documents))
        shuffled = random.Random(SEED).sample(sorted(collection.documents), len(collection.documents))  # noqa: S311
        self.public = frozenset(shuffled[: max(1, len(shuffled) // PUBLIC_PART)])
        self._documents = collection.documents

    def visible(self, groups: Sequence[str] = ()) -> Visibility:
        """What a person of the first council may read."""
        slug = COUNCILS[0]
        reader: Subject = subject_for(f"{PERSON}{slug}/reader", organisations={slug: slug}, groups=groups)
        return Gate(self.snapshot, _DAY).visible(reader, "read")

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """What the index holds of each document."""
        return tuple(self._entry(number, name) for number, name in self.names.items())

    def _entry(self, number: int, name: str) -> Entry:
        council, node = COUNCILS[number % len(COUNCILS)], f"{ENTRY}{number}"
        title, text = self._documents[name]
        within = (node, council, PLATFORM_PLACE.id)
        marking = "PUBLIC" if name in self.public else "OFFICIAL"
        return Entry(
            id=node, kind="judged", title=title if title.strip() else "Untitled", body=text, type="note",
            organisation=council, space="", marking=marking, state="published", owner=f"{PERSON}{council}/author",
            date=_DAY.isoformat(), within=within, reach=within, ms=joined(marking, "published"), version=1,
        )  # fmt: skip

    def readable(self, visibility: Visibility) -> Iterator[Entry]:
        """The entries that somebody may read."""
        check = checker(visibility)
        for entry in self.entries:
            if check(entry.judged()):
                yield entry

    def rarity(self) -> Rarity:
        """Counted over what is PUBLIC."""
        return counted(words_of(*self._documents[name]) for name in self.public)


def evaluate(engine: Engine, collection: Collection) -> Evaluation:
    """Measure a collection by the engine; its own index is not touched. Raises EngineError."""
    councils = _Councils(collection)
    rarity, whole, part = councils.rarity(), councils.visible([_EVERY]), councils.visible()
    asked = {name: _terms(collection.questions[name], rarity) for name in collection.answers}
    names = councils.names
    with closing(engine.aside()) as index:
        reindex(index, councils.entries)
        found = _rankings(index, asked, whole, rarity, names)
        among_others = _rankings(index, asked, part, rarity, names)
    readable = tuple(councils.readable(part))
    with closing(engine.aside()) as index:
        reindex(index, readable)
        alone = _rankings(index, asked, part, rarity, names)
    with closing(engine.plain((own, " ".join(texts)) for own, texts in collection.documents.items())) as plain:
        typed = {name: words_in(collection.questions[name].lower()) for name in asked}
        bm25 = {name: plain.ranked(words, DEPTH) for name, words in typed.items()}
        subject = {name: plain.ranked(_of_subject(words), DEPTH) for name, words in typed.items()}
    answers = collection.answers
    kept = {names[int(entry.id.removeprefix(ENTRY))] for entry in readable}
    one, other = (_of(rankings, answers, kept) for rankings in (among_others, alone))
    bm25_figures = {f"bm25_{name}": value for name, value in figures(bm25, answers).items()}
    differing = sum(among_others[name] != alone[name] for name in asked)
    return Evaluation(
        {
            "engine": type(engine).__name__.removesuffix("Engine").lower(),
            "documents": len(collection.documents),
            "questions": len(asked),
            "shortened": sum(_too_long(collection.questions[name]) for name in asked),
            **figures(found, answers),
            **bm25_figures,
            "bm25_of_subject_ndcg10": figures(subject, answers)["ndcg10"],
            "twist_readable": len(readable),
            "twist_ndcg10": one,
            "twist_alone_ndcg10": other,
            "twist_differing": differing,
            "twist_holds": abs(one - other) <= EQUAL and not differing,
        }
    )


def _of(rankings: Mapping[str, Sequence[str]], answers: Mapping[str, frozenset[str]], kept: Iterable[str]) -> float:
    """nDCG@10 among documents that one may read; 0 where none of them answers anything."""
    within = {name: right & frozenset(kept) for name, right in answers.items()}
    some = {name: right for name, right in within.items() if right}
    return figures(rankings, some)["ndcg10"] if some else 0.0


def _terms(question: str, rarity: Rarity) -> tuple[Term, ...]:
    """As a person asks it; where it is longer than a search may be, its rarest words, as the page advises."""
    if _too_long(question):
        return weightiest(question, rarity.of)
    return parse_query(question)


def _too_long(question: str) -> bool:
    try:
        parse_query(question)
    except InvalidQuery:
        return True
    return False


def _of_subject(words: Sequence[str]) -> Sequence[str]:
    """Without those that say nothing of a subject: what BM25 is asked to do its best."""
    return [word for word in words if word not in STOP_WORDS] or words


def _rankings(
    engine: Engine, asked: Mapping[str, tuple[Term, ...]], who: Visibility, rarity: Rarity, names: Mapping[int, str]
) -> dict[str, list[str]]:
    """The documents found for each question, best first; after few of them what has some of the words."""
    found: dict[str, list[str]] = {}
    for name, terms in asked.items():
        hits = _hits(engine, terms, who, rarity)
        if len(hits) < ON_A_PAGE:
            hits = list(dict.fromkeys([*hits, *_hits(engine, terms, who, rarity, loosely=True)]))
        found[name] = [names[int(hit.removeprefix(ENTRY))] for hit in hits]
    return found


def _hits(
    engine: Engine, terms: tuple[Term, ...], who: Visibility, rarity: Rarity, *, loosely: bool = False
) -> list[str]:
    """The first results, as pages show them: of what has some of the words one page."""
    size, pages = (ON_A_PAGE, 1) if loosely else (MAX_SIZE, DEPTH // MAX_SIZE)
    first = SearchRequest(
        visibility=who,
        hidden=NOTHING_HIDDEN,
        terms=terms,
        rarity=rarity,
        loosely=loosely,
        size=size,
        hits_only=True,
    )
    return [hit.id for page in range(1, pages + 1) for hit in engine.search(replace(first, page=page)).hits]
