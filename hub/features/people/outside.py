"""Whether the sector finds somebody: as staff of another council would, to whom nothing was given by name."""

from typing import Final

from acl.directory import Subject, subject_for
from acl.gate import Gate
from acl.vocabulary import PERSON
from hub.access.models import Person
from hub.access.viewer import Viewer

ELSEWHERE: Final = "-"
"""No organisation has this id, and none this slug."""
ANYBODY: Final[Subject] = subject_for(f"{PERSON}{ELSEWHERE}/{ELSEWHERE}", organisations={ELSEWHERE: ELSEWHERE})


def seen_outside(viewer: Viewer, person: Person) -> bool | None:
    """Whether staff of any other council can see somebody's page; None of a guest. No query."""
    judged = person.judged(viewer.snapshot)
    if person.kind == "guest" or judged is None:
        return None
    return Gate(viewer.snapshot, viewer.today).decide(ANYBODY, "read", judged).allowed
