"""The person signed in, as the frame of each page shows them."""

from collections.abc import Callable
from typing import NamedTuple

from flask import g

from acl.visibility import FALSE, checker
from hub.access.judged import judge_place
from hub.access.login import SignedIn
from hub.access.parts import Parts
from hub.access.viewer import Viewer as Looker
from hub.nouns.organisations.queries import organisation_of
from hub.web.pages import Action, Viewer

KEPT = 2_000
NEW = (
    ("edit", Action("Page", "/new?what=page")),
    ("edit", Action("File", "/new?what=upload")),
    ("manage", Action("Folder", "/new?what=folder")),
)
"""What one may add, and what one has to be allowed somewhere for it."""
NEW_SPACE = Action("Space", "/new?what=space")
"""For whoever manages their organisation."""


class _Told(NamedTuple):
    """What the frame tells of an organisation, and the attributes that decide about it."""

    name: str
    path: str
    contact: str
    marking: str
    state: str


class _Offers(NamedTuple):
    """What the frame offers somebody, by what policy lets them do somewhere."""

    admin: bool
    new: tuple[Action, ...]


def _offers(looker: Looker, told: _Told) -> _Offers:
    """Asks the gate itself: a frame is no decision about what it frames."""
    staff = looker.person.kind == "staff"
    may = {
        action: looker.gate.visible(looker.subject, action)
        for action in ("edit", "manage", "make-spaces", "administer")
    }
    new = [offer for action, offer in NEW if may[action] != FALSE]
    own = judge_place(
        looker.person.organisation_id,
        "organisation",
        owner="",
        marking=told.marking,
        state=told.state,
        snapshot=looker.snapshot,
    )
    if own is None or not staff or not told.path:
        return _Offers(admin=False, new=tuple(new))
    new += [NEW_SPACE] if checker(may["make-spaces"])(own) else []
    return _Offers(checker(may["administer"])(own), tuple(new))


class Shell:
    """Remembers names and contacts of organisations, and what people may do, so that no page asks for them again."""

    def __init__(self, parts: Parts, waiting: Callable[[Looker], tuple[int, int]]) -> None:
        self._parts = parts
        self._waiting = waiting
        self._known: dict[tuple[str, int], _Told] = {}
        self._offered: dict[tuple[object, ...], _Offers] = {}

    def viewer(self) -> Viewer | None:
        """Who is signed in for the current request; None for nobody."""
        user: SignedIn | None = g.get("user")
        if user is None:
            return None
        person = user.viewer.person
        told = self._organisation(user)
        offers = self._offers(user.viewer, told)
        waiting, heard = self._waiting(user.viewer)
        return Viewer(
            name=person.name,
            # a guest's page lies with the firm that they work for, where guests hold nothing: a link would lead nowhere
            href=f"/people/{person.handle}" if person.kind == "staff" else "",
            organisation=told.name,
            organisation_href=f"/places/{told.path}" if person.kind == "staff" else "",
            contact=told.contact,
            admin_href=f"/admin/{told.path}" if offers.admin else "",
            passkeys_href="/me/passkeys" if person.kind == "guest" else "",
            waiting=waiting,
            heard=heard,
            new=offers.new,
        )

    def _offers(self, looker: Looker, told: "_Told") -> "_Offers":
        person = looker.person
        key = (person.id, person.access_epoch, looker.snapshot.generation, looker.today, told.marking, told.state)
        found = self._offered.get(key)
        if found is None:
            if len(self._offered) > KEPT:
                self._offered.clear()
            found = self._offered[key] = _offers(looker, told)
        return found

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
