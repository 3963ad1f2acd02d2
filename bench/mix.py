"""What people of a town ask for: a mix of pages, each with the words by which one knows that it is the right one."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import quote_plus

from sqlalchemy import select

from acl.visibility import joined
from bench.corpus import Corpus
from bench.town import FULLEST, Size
from hub.access.models import Grant, Place
from hub.access.parts import Parts
from hub.nouns.documents.models import Document

SHARES = {"search": 40, "document": 25, "place": 20, "home": 15}
"""Of a hundred requests."""
DOCUMENTS_EACH, PLACES_EACH = 40, 20


@dataclass(frozen=True)
class Page:
    """One address as one person asks for it; `expects` stands in the right answer."""

    kind: str
    who: int
    """Number of the looker."""
    address: str
    expects: str


@dataclass(frozen=True)
class Form:
    """What one person sends: the fields of the form at an address, and a file's text."""

    kind: str
    who: int
    address: str
    fields: dict[str, str]
    file: str | None = None


class Mix:
    """The pages that each looker may see, and the order in which all of them are asked for."""

    def __init__(self, parts: Parts, size: Size, seed: int = 11) -> None:
        self._rng = random.Random(seed)
        queries = Corpus(0).queries()
        searches = [(f"/search?q={quote_plus(words)}", f"<title>{escape(words)} – ") for words in queries]
        self._pages: list[dict[str, list[Page]]] = []
        with parts.database.reading() as session:
            places = {place.id: place for place in session.scalars(select(Place).where(Place.kind != "platform"))}
            documents: dict[str, list[tuple[str, str]]] = {}
            readable = Document.ms == joined("OFFICIAL", "published")
            for own, title, place in session.execute(
                select(Document.id, Document.title, Document.place_id).where(readable).order_by(Document.id)
            ):
                documents.setdefault(place, []).append((own, title))
            principals = [f"person:{handle}" for handle in size.handles]
            given: dict[str, list[str]] = {}
            for who, node in session.execute(
                select(Grant.principal, Grant.node).where(Grant.principal.in_(principals)).order_by(Grant.id)
            ):
                given.setdefault(who, []).append(node)
        fullest = next(place for place in places.values() if place.path == FULLEST)
        self._fullest, self._editable = fullest.id, documents[fullest.id]
        first = self._editable[0]
        self.apart = {
            "document page": Page("document", 0, f"/documents/{first[0]}", f"<title>{escape(first[1])}"),
            f"space of {size.crowded:,} documents": Page("place", 0, f"/places/{FULLEST}", f"<title>{fullest.name}"),
            "who can see it": Page("audience", 0, f"/audience/place/{fullest.id}", fullest.name),
            "its members": Page("members", 0, f"/members/{fullest.id}", fullest.name),
            "home": Page("home", 0, "/", "Hello, "),
        }
        """Pages of the first looker that are measured each by itself."""
        for number, principal in enumerate(principals):
            spaces = self._rng.sample(given[principal], min(PLACES_EACH, len(given[principal])))
            own = [each for space in given[principal] for each in documents.get(space, ())]
            shown = [places[node] for node in spaces] + [places[places[n].organisation_id or n] for n in spaces[:5]]
            found = {
                "search": searches,
                "document": [
                    (f"/documents/{node}", f"<title>{escape(title)}")
                    for node, title in self._rng.sample(own, min(DOCUMENTS_EACH, len(own)))
                ],
                "place": [(f"/places/{place.path}", f"<title>{escape(place.name)}") for place in shown],
                "home": [("/", "Hello, ")],
            }
            self._pages.append({kind: [Page(kind, number, *pair) for pair in pairs] for kind, pairs in found.items()})

    def pages(self, count: int, kinds: Sequence[str] = ()) -> Iterator[Page]:
        """So many pages, of somebody each, in the shares of the mix; or of some kinds alone."""
        chosen = list(kinds or SHARES)
        for kind in self._rng.choices(chosen, [SHARES[kind] for kind in chosen], k=count):
            yield self._rng.choice(self._rng.choice(self._pages)[kind])

    def forms(self, count: int) -> Iterator[Form]:
        """So many texts and files, in turn, that lookers save in the fullest space."""
        for number in range(count):
            who, words = number % len(self._pages), f"What was written as number {number}."
            if number % 2:
                told = {"name": f"Report {number}", "marking": "OFFICIAL", "state": "published", "note": ""}
                yield Form("upload", who, f"/upload/{self._fullest}", told, words)
            else:
                own, title = self._editable[number // 2 % len(self._editable)]
                yield Form("save", who, f"/documents/{own}/edit", {"name": title, "body": words, "note": ""})
