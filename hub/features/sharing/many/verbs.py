"""What can be done with several things at once, and its words; `{}` stands for how many, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from hub.nouns.documents.steps import STEPS, Step


@dataclass(frozen=True, slots=True)
class Verb:
    """One of them; `name` is the last part of its address."""

    name: str
    button: str
    done: str
    """Completes "5 documents …"."""
    step: Step | None = None
    """Where it is one of the steps that a state may take."""


_ALL: Final = (
    Verb("move", "Move", "moved"),
    Verb("mark", "Change marking", "marked"),
    Verb("publish", "Publish", "published", STEPS["publish"]),
    Verb("archive", "Archive", "archived", STEPS["archive"]),
    Verb("undo", "Undo", "as they were before"),
)
VERBS: Final[Mapping[str, Verb]] = MappingProxyType({verb.name: verb for verb in _ALL})
