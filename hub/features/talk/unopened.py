"""A conversation that is yet to be opened: who may open it, how it may be marked, and who will read it then."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import g

from acl.store import Snapshot
from acl.visibility import Object, joined
from acl.vocabulary import MARKINGS
from hub.access.guard import viewer
from hub.access.judged import NEW, judge_at
from hub.access.known_place import KnownPlace
from hub.access.models import Place
from hub.audience.readers import sentences_for
from hub.audience.sealing import Fact, digest
from hub.nouns.threads.offering import offered_in
from hub.nouns.threads.sort import Sort


@dataclass(frozen=True)
class NotYet:
    """A conversation that nobody has opened yet, of which is asked who will read it."""

    place: Place | KnownPlace
    marked: str = ""
    """Empty: as its place is."""
    id: str = NEW
    node: str = NEW
    owner: str = ""
    state: str = "published"

    @property
    def place_id(self) -> str:
        """Where it would lie."""
        return self.place.id

    @property
    def organisation_id(self) -> str:
        """Whose place that is."""
        return self.place.organisation_id or ""

    @property
    def marking(self) -> str:
        """What it would be marked."""
        return self.marked or self.place.marking

    @property
    def ms(self) -> str:
        """Both, joined."""
        return joined(self.marking, self.state)

    def judged(self, snapshot: Snapshot) -> Object | None:
        """As policy would see it."""
        return judge_at(self.place.id, NEW, owner=self.owner, marking=self.marking, state=self.state, snapshot=snapshot)


def openable(place: Place | KnownPlace, offered: Iterable[Sort]) -> tuple[Sort, ...]:
    """What the viewer may begin in a place and then read, of what its space takes, by the gate."""
    return tuple(sort for sort in offered if _may_begin(place, sort)) if may_open(place) else ()


def is_openable(place: Place | KnownPlace, sort: Sort) -> bool:
    """Whether the viewer may begin one of a sort in a place, and the space takes new ones."""
    return sort in openable(place, offered_in(g.db, viewer().snapshot, place.id))


def may_open(place: Place | KnownPlace, marking: str = "") -> bool:
    """Whether the viewer may write there at all, so marked or as the place is, and then read it, by the gate."""
    if place.kind not in {"space", "folder"} or place.state != "published":
        return False
    return all(_is_let(NotYet(place, marking), action) for action in ("read", "comment"))


def form_for(place: Place, sort: Sort) -> str:
    """Where one of a sort is begun in a place: what takes place at a time has a form of its own."""
    return f"/talk/{place.id}/new-event" if sort.dated else f"/talk/{place.id}/new?kind={sort.key}"


def markings_at(place: Place, sort: Sort) -> tuple[tuple[str, str], ...]:
    """What the viewer may mark a conversation there, each with who reads it then; nothing where there is no choice.

    What begins as a draft is marked as its place is.
    """
    found = [marking for marking in MARKINGS if may_open(place, marking)] if not sort.drafted else []
    things = [then for marking in found if (then := NotYet(place, marking).judged(viewer().snapshot)) is not None]
    return tuple(zip(found, sentences_for(viewer(), place.id, things), strict=True)) if len(found) > 1 else ()


def _may_begin(place: Place | KnownPlace, sort: Sort) -> bool:
    """What begins as a draft its author has to see until it is published."""
    mine = NotYet(place, owner=viewer().subject.id, state="draft")
    return _is_let(NotYet(place), sort.opens) and (not sort.drafted or _is_let(mine, "edit"))


def _is_let(then: NotYet, action: str) -> bool:
    judged = then.judged(viewer().snapshot)
    decision = viewer().judge(action, judged) if judged is not None else None
    return decision is not None and decision.allowed


def facts_of_readers(markings: tuple[tuple[str, str], ...], *chosen: str) -> tuple[Fact, ...]:
    """Who the form said would read it, for these markings, or for each that may be chosen."""

    def told(marking: str, sentence: str) -> Fact:
        return Fact(f"readers {marking}", digest(sentence), lambda: f"Of what is {marking} it now holds: {sentence}")

    return tuple(told(marking, sentence) for marking, sentence in markings if not chosen or marking in chosen)
