"""The steps that a document's state may take, and what people read of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Step:
    """One step: from which states, to which, and its words; `{}` stands for the title."""

    name: str
    """Last part of its address: `/documents/<id>/<name>`."""
    sources: frozenset[str]
    target: str
    button: str
    question: str
    meaning: str
    done: str


_ALL = (
    Step(
        name="publish",
        sources=frozenset({"draft"}),
        target="published",
        button="Publish",
        question="Publish “{}”?",
        meaning="Everyone named here will find it by search and can read it, with all its revisions.",
        done="“{}” is published.",
    ),
    Step(
        name="archive",
        sources=frozenset({"published"}),
        target="archived",
        button="Archive",
        question="Archive “{}”?",
        meaning="It is kept, and whoever may edit it can restore it.",
        done="“{}” is archived.",
    ),
    Step(
        name="withdraw",
        sources=frozenset({"published", "archived"}),
        target="withdrawn",
        button="Withdraw",
        question="Withdraw “{}”?",
        meaning="It leaves every list and search at once. Nothing is deleted, and whoever may edit it can restore it.",
        done="“{}” is withdrawn.",
    ),
    Step(
        name="restore",
        sources=frozenset({"archived", "withdrawn"}),
        target="published",
        button="Restore",
        question="Restore “{}”?",
        meaning="It is published again, as it stood.",
        done="“{}” is published again.",
    ),
)
STEPS: Mapping[str, Step] = MappingProxyType({step.name: step for step in _ALL})


def steps_from(state: str) -> tuple[Step, ...]:
    """The steps that a document in this state may take."""
    return tuple(step for step in _ALL if state in step.sources)
