"""The person signed in, as the frame of each page shows them."""

from flask import g

from hub.access.login import SignedIn
from hub.access.parts import Parts
from hub.organisations.queries import organisation_of
from hub.web.pages import Viewer

KEPT = 2_000


class Shell:
    """Remembers names and contacts of organisations, so that no page asks for them again."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._known: dict[tuple[str, int], tuple[str, str, str]] = {}

    def viewer(self) -> Viewer | None:
        """Who is signed in for the current request; None for nobody."""
        user: SignedIn | None = g.get("user")
        if user is None:
            return None
        person = user.viewer.person
        name, path, contact = self._organisation(user)
        return Viewer(
            name=person.name,
            # a guest's page lies with the firm that they work for, where guests hold nothing: a link would lead nowhere
            href=f"/people/{person.handle}" if person.kind == "staff" else "",
            organisation=name,
            organisation_href=f"/places/{path}" if person.kind == "staff" else "",
            contact=contact,
        )

    def _organisation(self, user: SignedIn) -> tuple[str, str, str]:
        key = (user.viewer.person.organisation_id, user.viewer.snapshot.generation)
        found = self._known.get(key)
        if found is None:
            row = organisation_of(user.viewer.session, key[0])
            found = (row[0].name, row[0].path, row[1].contact) if row else ("", "", "")
            if len(self._known) > KEPT:
                self._known.clear()
            self._known[key] = found
        return found
