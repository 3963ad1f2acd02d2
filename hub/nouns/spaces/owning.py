"""What somebody is given on a space that they make or close: to manage it, as far as they do so around it."""

from hub.access.giving import most_to_give
from hub.access.models import Place
from hub.access.viewer import Viewer
from hub.nouns.people.service import NewGrant


def own_grant(viewer: Viewer, place: Place, node: str, reason: str, *, by: str = "manage") -> NewGrant:
    """That the viewer manages a space at `node`, as far as they manage `place`: a closed one would be closed to them.

    `by` is another action, where the space is one that they make.
    """
    person, most = viewer.person, most_to_give(viewer, place, "manage", by=by)
    return NewGrant(
        principal=person.subject_id,
        can="manage",
        node=node,
        organisation_id=place.organisation_id or "",
        given_by=person.handle,
        reason=reason,
        marking=most.marking,
        state=most.state,
    )
