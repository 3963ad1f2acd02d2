"""A conversation that is yet to be opened: who may open it, how it may be marked, and who will read it then."""

from dataclasses import dataclass

from acl.store import Snapshot
from acl.visibility import Object, joined
from acl.vocabulary import MARKINGS
from hub.access.guard import viewer
from hub.access.judged import NEW, judge_at
from hub.access.models import Place
from hub.audience.readers import sentences_for
from hub.audience.sealing import Fact, digest


@dataclass(frozen=True)
class NotYet:
    """A conversation that nobody has opened yet, of which is asked who will read it."""

    place: Place
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
        return judge_at(self.place.id, NEW, owner="", marking=self.marking, state=self.state, snapshot=snapshot)


def may_open(place: Place, marking: str = "") -> bool:
    """Whether the viewer may open a conversation there, so marked or as its place is, and then read it, by the gate."""
    if place.kind not in {"space", "folder"} or place.state != "published":
        return False
    then = NotYet(place, marking).judged(viewer().snapshot)
    decisions = [viewer().judge(action, then) for action in ("read", "comment")] if then is not None else []
    return bool(decisions) and all(decision is not None and decision.allowed for decision in decisions)


def markings_at(place: Place) -> tuple[tuple[str, str], ...]:
    """What the viewer may mark a conversation there, each with who reads it then; nothing where there is no choice."""
    found = [marking for marking in MARKINGS if may_open(place, marking)]
    things = [then for marking in found if (then := NotYet(place, marking).judged(viewer().snapshot)) is not None]
    return tuple(zip(found, sentences_for(viewer(), place.id, things), strict=True)) if len(found) > 1 else ()


def facts_of_readers(markings: tuple[tuple[str, str], ...], *chosen: str) -> tuple[Fact, ...]:
    """Who the form said would read it, for these markings, or for each that may be chosen."""

    def told(marking: str, sentence: str) -> Fact:
        return Fact(f"readers {marking}", digest(sentence), lambda: f"Of what is {marking} it now holds: {sentence}")

    return tuple(told(marking, sentence) for marking, sentence in markings if not chosen or marking in chosen)
