"""A synthetic corpus: words by Zipf's law, lengths like real notes, a tree of places, and people who see part of it."""

import random
from collections.abc import Iterator
from itertools import accumulate

from acl.visibility import Visibility, all_of, any_of, is_in, joined, negate
from search.entry import Entry

ORGANISATIONS, SPACES, FOLDERS = 400, 10_000, 39_600
WORDS = 45_000
_SYLLABLES = [a + b for a in "bdfghklmnprstvw" for b in ("a", "e", "i", "o", "u", "ar", "en", "il", "or", "un")]
_MARKINGS = (("PUBLIC", 5), ("OFFICIAL", 75), ("OFFICIAL-SENSITIVE", 20))
_STATES = (("published", 80), ("draft", 12), ("archived", 6), ("withdrawn", 2))
_TYPES = ("note", "minutes", "policy", "report", "form", "map", "plan", "letter")


class Corpus:
    """The same for the same seed."""

    def __init__(self, documents: int, seed: int = 41) -> None:
        self.documents = documents
        self._rng = random.Random(seed)
        self.words = self._vocabulary()
        self._weights = list(accumulate(1 / (rank + 2.7) for rank in range(WORDS)))
        self.above: dict[str, tuple[str, ...]] = {f"o{n}": (f"o{n}", "platform") for n in range(ORGANISATIONS)}
        self.spaces = [self._place(f"s{n}", f"o{int(ORGANISATIONS * self._rng.random() ** 2)}") for n in range(SPACES)]
        self.folders = [self._place(f"f{n}", self._rng.choice(self.spaces)) for n in range(FOLDERS)]

    def _vocabulary(self) -> list[str]:
        found: dict[str, None] = {}
        while len(found) < WORDS:
            found["".join(self._rng.choices(_SYLLABLES, k=self._rng.choice((2, 2, 3, 3, 4))))] = None
        return list(found)

    def _place(self, name: str, above: str) -> str:
        self.above[name] = (name, *self.above[above])
        return name

    def entries(self) -> Iterator[Entry]:
        """Every document."""
        rng = random.Random(42)
        places = [*self.spaces, *self.folders]
        for number in range(self.documents):
            length = max(8, min(2_000, int(rng.lognormvariate(4.9, 0.8))))
            words = rng.choices(self.words, cum_weights=self._weights, k=length + 6)
            above = self.above[rng.choice(places)]
            node = f"doc:b{number}"
            private = rng.random() < 0.3
            yield Entry(
                id=node, kind="document", title=" ".join(words[:6]), body=" ".join(words[6:]), type=rng.choice(_TYPES),
                organisation=above[-2], space=above[-3] if len(above) > 2 else "", marking=(m := _pick(rng, _MARKINGS)),
                state=(s := _pick(rng, _STATES)), owner=f"person:{above[-2]}/p{rng.randrange(200)}",
                date=f"20{rng.randrange(10, 27)}-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}",
                within=(node, *above), reach=(node, *above[:-2]) if private and len(above) > 2 else (node, *above),
                ms=joined(m, s), version=1,
            )  # fmt: skip

    def queries(self, count: int = 200) -> list[str]:
        """One to three words each, three quarters with one of the fifty commonest."""
        rng = random.Random(43)
        found = []
        for number in range(count):
            words = rng.choices(self.words[50:8_000], k=rng.randrange(1, 4))
            if number % 4:
                words[0] = rng.choice(self.words[:50])
            found.append(" ".join(words))
        return found

    def person(self, seed: int, spaces: int = 300) -> Visibility:
        """Staff of a middling council with so many spaces, and eight places that are denied."""
        rng = random.Random(seed)
        return self._staff(rng, rng.sample(self.spaces, spaces))

    def regional(self, grants: int = 301) -> Visibility:
        """Staff of a council who were let into so many places, half of them whole organisations: see two fifths."""
        large = [f"o{n}" for n in range(grants // 2)]
        small = [space for space in self.spaces if self.above[space][1] not in set(large)]
        rng = random.Random(5)
        return self._staff(rng, large + rng.sample(small, grants - len(large)))

    def anybody(self) -> Visibility:
        """One clause for all: what nobody closed, up to OFFICIAL, published or archived; half of everything."""
        open_to_all = [joined(m, s) for m, _ in _MARKINGS[:2] for s in ("published", "archived")]
        return all_of(is_in("reach", ["platform"]), is_in("ms", open_to_all))

    def _staff(self, rng: random.Random, places: list[str]) -> Visibility:
        published = [joined(m, "published") for m, _ in _MARKINGS]
        own = f"o{rng.randrange(100, 300)}"
        return all_of(
            any_of(
                all_of(is_in("reach", ["platform"]), is_in("ms", [joined("PUBLIC", "published")])),
                all_of(is_in("reach", [own]), is_in("ms", published[:2])),
                all_of(is_in("reach", places), is_in("ms", published)),
                all_of(is_in("owner", [f"person:{own}/p7"]), is_in("org", [own])),
            ),
            negate(is_in("within", rng.sample(self.spaces, 8))),
        )


def _pick(rng: random.Random, weighted: tuple[tuple[str, int], ...]) -> str:
    return rng.choices([name for name, _ in weighted], [weight for _, weight in weighted])[0]
