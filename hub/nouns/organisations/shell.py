"""The person signed in, as the frame of each page shows them."""

from typing import NamedTuple

from flask import g

from acl.visibility import checker
from hub.access.judged import judge_place
from hub.access.login import SignedIn
from hub.access.parts import Parts
from hub.nouns.organisations.queries import organisation_of
from hub.web.pages import Viewer

KEPT = 2_000


class _Told(NamedTuple):
    """What the frame tells of an organisation, and the attributes that decide about it."""

    name: str
    path: str
    contact: str
    marking: str
    state: str


def _administers(user: SignedIn, told: _Told) -> bool:
    """Whether to show the way to administration. Asks the gate itself: a frame is no decision about what it frames."""
    viewer = user.viewer
    if viewer.person.kind != "staff" or not told.path:
        return False
    own = judge_place(
        viewer.person.organisation_id,
        "organisation",
        owner="",
        marking=told.marking,
        state=told.state,
        snapshot=viewer.snapshot,
    )
    return own is not None and checker(viewer.gate.visible(viewer.subject, "administer"))(own)


class Shell:
    """Remembers names and contacts of organisations, so that no page asks for them again."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._known: dict[tuple[str, int], _Told] = {}

    def viewer(self) -> Viewer | None:
        """Who is signed in for the current request; None for nobody."""
        user: SignedIn | None = g.get("user")
        if user is None:
            return None
        person = user.viewer.person
        told = self._organisation(user)
        return Viewer(
            name=person.name,
            # a guest's page lies with the firm that they work for, where guests hold nothing: a link would lead nowhere
            href=f"/people/{person.handle}" if person.kind == "staff" else "",
            organisation=told.name,
            organisation_href=f"/places/{told.path}" if person.kind == "staff" else "",
            contact=told.contact,
            admin_href=f"/admin/{told.path}" if _administers(user, told) else "",
        )

    def _organisation(self, user: SignedIn) -> "_Told":
        key = (user.viewer.person.organisation_id, user.viewer.snapshot.generation)
        found = self._known.get(key)
        if found is None:
            row = organisation_of(user.viewer.session, key[0])
            found = (
                _Told(row[0].name, row[0].path, row[1].contact, row[0].marking, row[0].state)
                if row
                else _Told("", "", "", "", "")
            )
            if len(self._known) > KEPT:
                self._known.clear()
            self._known[key] = found
        return found
