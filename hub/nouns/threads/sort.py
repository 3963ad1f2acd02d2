"""What a sort of conversation is: its words, how far one may come, and by which steps."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

WAITS: Final = "draft"
GOES_ON: Final = "official"
REACHED: Final = "public"
OVER: Final = "archived"
"""How a stage looks, by a word of `hub-tag`."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """That one may come to a stage: those who edit in its place bring it there, with words that all may read."""

    stage: str
    """To which it comes, a key of its sort's stages."""
    sources: frozenset[str]
    """From which."""
    button: str
    question: str
    hint: str
    says: str = ""
    """What is said where nothing is written; empty where a reason has to be given."""
    realised: bool = False
    """Whether the day is asked for, and what it was worth."""


@dataclass(frozen=True, kw_only=True)
class Ballot:
    """A word by which each reader may say once what they make of one."""

    button: str
    back: str
    """What takes it back."""
    one: str
    many: str
    """Those who said it, counted."""
    stages: frozenset[str]
    """While it is at one of these."""


@dataclass(frozen=True, kw_only=True)
class Sort:
    """One sort of conversation, in words."""

    key: str
    one: str
    many: str
    word: str
    """What narrows a list to these, in its address."""
    begin: str
    """What whoever opens one presses."""
    title_hint: str
    body_hint: str
    reply: str
    """What whoever posts to one presses."""
    answered: str
    """What somebody else did who posted to one, as whoever opened it hears of it."""
    stages: Mapping[str, str]
    """How far one may have come, the first one first: the key, and what a page says of it; nothing needs no word."""
    tones: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Of stages, how they look: what waits, goes on, or has come to something; of others nothing more is to be done."""
    answers: bool = False
    """Whether posts of it may be accepted as the answer."""
    opens: str = "comment"
    """What one must be allowed to do in a place to open one there."""
    usual: bool = False
    """Whether a space takes new ones where nobody has said."""
    goes_with: str = ""
    """The sort with which it is switched on and off; empty where it is so by itself."""
    titled: bool = True
    """Whether it has a title of its own; else its first words are that."""
    longest: int = 0
    """Characters of the first post, where that is less than of any other."""
    drafted: bool = False
    """Whether it begins as a draft, which is published at once or at a time."""
    takes: str = ""
    """The sort of what is put forward in one, up to a day that is named."""
    steps: tuple[Step, ...] = ()
    ballots: Mapping[str, Ballot] = field(default_factory=lambda: MappingProxyType({}))
    order: str = ""
    """How a list of them goes: where somebody wrote last, or by a key of `hub/nouns/threads/queries.py`."""
    dated: bool = False
    """Whether it takes place at a time, which a form of its own asks for (`hub/features/talk/announcing.py`)."""
    for_members: bool = False
    """Whether those who belong to its space hear of each new one, unless they say otherwise."""

    def tone(self, stage: str) -> str:
        """How a stage looks, by a word of `hub-tag`."""
        return self.tones.get(stage, OVER)

    @property
    def first(self) -> str:
        """The stage at which one begins."""
        return next(iter(self.stages))

    @property
    def switch(self) -> str:
        """The key by which a space says whether it takes new ones."""
        return self.goes_with or self.key

    def steps_from(self, stage: str) -> tuple[Step, ...]:
        """What may be done next."""
        return tuple(step for step in self.steps if stage in step.sources)
