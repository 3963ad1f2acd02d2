"""Where people's knowledge shows: in what they wrote and said that holds the words which somebody looks for.

Asked as the viewer, at that moment, and kept nowhere. It is made of what the one search finds for them, so that what is
hidden from them neither shows nor counts; and it names people whose pages they see.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from hub.access.viewer import Viewer
from hub.features.people.queries import bare_word, says_any
from hub.nouns.talk.credits import who_spoke
from hub.nouns.threads.sorts import SORTS
from hub.things.kind import Kind
from hub.things.thing import Lying

ACCEPTED, WROTE, POSTED = "accepted", "wrote", "posted"
WEIGHTS: Final = {ACCEPTED: 3.0, WROTE: 2.0, POSTED: 1.0}
HALF_LIFE: Final = 730.0
"""Days after which it counts half."""
DAY: Final = 86_400.0


@dataclass(frozen=True, slots=True)
class Credit:
    """What somebody did in one thing: the best of it."""

    how: str
    thing: Lying
    kind: Kind
    at: datetime
    count: int = 1
    """How many of their answers there were accepted."""

    def weight(self, now: datetime) -> float:
        """What it counts at a moment."""
        age = max(0.0, (now - self.at).total_seconds() / DAY)
        return float(WEIGHTS[self.how] * 0.5 ** (age / HALF_LIFE))


@dataclass(slots=True)
class Evidence:
    """Who did what in some things, by handle, and by the thing's node: one credit each."""

    credits: dict[str, dict[str, Credit]] = field(default_factory=dict)

    @property
    def handles(self) -> list[str]:
        """Of everybody who did anything."""
        return sorted(self.credits)

    def of(self, handle: str, now: datetime) -> list[Credit]:
        """Somebody's credits, those that count most first."""
        mine = self.credits.get(handle, {}).values()
        return sorted(mine, key=lambda credit: (-credit.weight(now), credit.thing.node))

    def score(self, handle: str, now: datetime) -> float:
        """What all of them count together."""
        return sum(credit.weight(now) for credit in self.of(handle, now))

    def note(self, author: str, credit: Credit) -> None:
        """Count something for whoever a `who` word names, unless they did something better in the same thing."""
        mine = self.credits.setdefault(author.partition(":")[2], {})
        before = mine.get(credit.thing.node)
        if before is None or WEIGHTS[before.how] < WEIGHTS[credit.how]:
            mine[credit.thing.node] = credit


def evidence_in(viewer: Viewer, found: Iterable[tuple[Kind, Lying]], words: Collection[str]) -> Evidence:
    """Who did what in things that the viewer may read. One query, and one for each kind that has authors.

    Posts count where the title of the thing has one of the words, or they do.
    """
    things = {thing.node: (kind, thing) for kind, thing in found}
    evidence = Evidence()
    if not things:
        return evidence
    for kind in viewer.kinds.lying:
        own = {str(thing.id): thing for each, thing in things.values() if each is kind}
        if kind.authors is not None and own:
            for id_, author, at in kind.authors(viewer.session, sorted(own)):
                evidence.note(author, Credit(WROTE, own[id_], kind, at))
    asked = [node for node, (kind, thing) in things.items() if _is_question(kind, thing)]
    whole = [node for node, (kind, thing) in things.items() if says_any(words, kind.face(thing).title)]
    bare = [bare_word(word) for word in words]
    for spoke in who_spoke(viewer.session, things, asked=asked, whole=whole, words=bare):
        kind, thing = things[spoke.node]
        how = ACCEPTED if spoke.accepted else POSTED
        evidence.note(spoke.author, Credit(how, thing, kind, spoke.at, max(1, spoke.accepted)))
    return evidence


def _is_question(kind: Kind, thing: Lying) -> bool:
    sort = SORTS.get(kind.face(thing).type) if kind.talk == "" else None
    return sort is not None and sort.answers
