"""Before a policy text is put in force: who gains and who loses sight of how many documents, and who could undo it."""

from datetime import date

from sqlalchemy.orm import Session

from acl.directory import Subject
from acl.gate import Gate
from acl.store import PolicyFile, Snapshot
from acl.visibility import Object
from hub.access.crowd import Crowd
from hub.access.models import Person
from hub.access.snapshots import Snapshots
from hub.audience.foreseeing import Foretold, foretold_of, policy_changed
from hub.things.kinds import Kinds


def foretell(
    session: Session,
    crowd: Crowd,
    kinds: Kinds,
    now: Snapshot,
    today: date,
    file: PolicyFile,
    *,
    told: Person | None = None,
) -> Foretold:
    """What adopting a file would change of what is in force `now`, counted exactly over all things in places.

    With `told`, only such are counted that this person may read now.
    """
    change = policy_changed(now, {file.name: file})
    return foretold_of(session, _AsIf(now, crowd), kinds, today, change, told=told)


def as_adopted(snapshot: Snapshot, file: PolicyFile) -> Snapshot:
    """The snapshot as it would be with the file in force."""
    return snapshot.with_files({file.name: file}, snapshot.generation)


def could_undo(snapshot: Snapshot, today: date, subject: Subject, administered: Object | None) -> bool:
    """Whether somebody may administer a thing as policy stands in a snapshot, and so change that policy again."""
    return administered is not None and Gate(snapshot, today).decide(subject, "administer", administered).allowed


class _AsIf(Snapshots):
    """The people of today under a policy that may not be in force."""

    def __init__(self, snapshot: Snapshot, crowd: Crowd) -> None:
        self._crowd, self._snapshot = crowd, snapshot

    def latest(self, session: Session) -> Snapshot:  # noqa: ARG002  # whatever the session has seen
        """The policy that is supposed."""
        return self._snapshot

    def crowd(self, session: Session) -> Crowd:  # noqa: ARG002
        """All active people."""
        return self._crowd
