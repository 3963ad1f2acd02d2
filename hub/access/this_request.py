"""What is in force for the request at hand: its one snapshot of policy, and the people, asked for once."""

from flask import g
from sqlalchemy.orm import Session

from acl.store import Snapshot
from hub.access.crowd import Crowd
from hub.access.guard import parts, viewer


class ThisRequest:
    """Answers as `InForce`, without asking the database what the request has been told already."""

    def latest(self, session: Session) -> Snapshot:  # noqa: ARG002  # a request has one
        """The snapshot with which the viewer is judged."""
        return viewer().snapshot

    def crowd(self, session: Session) -> Crowd:
        """All active people as the request's view of the database has them."""
        if "crowd" not in g:
            g.crowd = parts().snapshots.crowd(session)
        found: Crowd = g.crowd
        return found
