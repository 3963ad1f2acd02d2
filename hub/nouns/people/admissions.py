"""A guest's admissions: what they were admitted to, by whom, for what, and until when.

A guest is told all of it. Their sponsor's name is a part of the admission: it is the one person of the organisation
whom they deal with, so they may know it though that person's page is hidden from them (docs/adr/0005).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from acl.clauses import tidy
from acl.misses import spoken
from hub.access.models import Grant, Person, Place
from hub.access.viewer import Judged, Viewer
from hub.web.pages import Admitted

SOON = timedelta(days=14)
"""So long before the end a guest is reminded of it."""


@dataclass(frozen=True, slots=True)
class Admission:
    """One of a guest's admissions; `until` is its last day."""

    node: str
    place: Place | None
    """None where it is of a single document."""
    sponsor: str
    """Empty where nobody who is still here gave it."""
    organisation: str
    reason: str
    until: date | None

    def lasts(self, today: date) -> bool:
        """Whether it is in force."""
        return self.until is None or today <= self.until


def admissions_of(viewer: Viewer) -> list[Admission]:
    """What a guest was admitted to and was not taken back, what ends first first; of staff nothing. One query."""
    if viewer.person.kind != "guest":
        return []
    sponsor, own, at = aliased(Person), aliased(Place), aliased(Place)
    here = func.coalesce(sponsor.organisation_id, Grant.organisation_id)
    rows = viewer.session.execute(
        select(Grant, sponsor.name, own.name, at)
        .outerjoin(sponsor, (sponsor.handle == Grant.given_by) & (sponsor.status == "active"))
        .outerjoin(own, own.id == here)
        .outerjoin(at, at.id == Grant.node)
        .where(Grant.principal == viewer.subject.id, Grant.ended_at.is_(None))
        .order_by(Grant.until.is_(None), Grant.until, Grant.created_at, Grant.id)
    )
    return [
        Admission(grant.node, place, name or "", organisation or "", grant.reason, grant.until)
        for grant, name, organisation, place in rows
    ]


def sponsors_of(viewer: Viewer) -> list[str]:
    """Who sponsors a guest now, by name and organisation; of staff nobody. One query."""
    lasting = (admission for admission in admissions_of(viewer) if admission.lasts(viewer.today))
    named = (f"{each.sponsor} of {each.organisation}" for each in lasting if each.sponsor and each.organisation)
    return list(dict.fromkeys(named))


def admitted(viewer: Viewer, thing: Judged) -> Admitted | None:
    """By whom and until when a guest was admitted to a thing or what it lies in; None for staff. One query."""
    judged = thing.judged(viewer.snapshot)
    if judged is None:
        return None
    here = [a for a in admissions_of(viewer) if a.node in judged.within and a.lasts(viewer.today)]
    return told(here[-1], viewer.today) if here else None


def told(admission: Admission, today: date, to: str = "") -> Admitted:
    """The admission in words: "Your access ends on 31 December 2026. Priya Nair of Leeds is your sponsor (…)."."""
    by, for_what = _sponsor(admission), tidy(admission.reason)
    purpose = f" ({for_what})" if for_what else ""
    if admission.until is None:
        return Admitted(f"{by}{purpose}.".lstrip(), soon=False)
    soon = admission.until - today <= SOON
    hint = (
        f" If your work goes on, ask {admission.sponsor or admission.organisation or 'them'} in time." if soon else ""
    )
    return Admitted(f"Your access{to} ends {_on(admission.until, today)}. {by}{purpose}.{hint}", soon)


def ended(admission: Admission) -> str:
    """What somebody reads whose admission has run out."""
    until = spoken(admission.until.isoformat()) if admission.until else ""
    return f"Your access ended on {until}. {_sponsor(admission).replace(' is your', ' was your')}."


def _sponsor(admission: Admission) -> str:
    if admission.sponsor:
        of = f" of {admission.organisation}" if admission.organisation else ""
        return f"{admission.sponsor}{of} is your sponsor"
    return f"You are a guest of {admission.organisation}" if admission.organisation else "You are a guest here"


def _on(until: date, today: date) -> str:
    days = (until - today).days
    near = {0: "today", 1: "tomorrow"}.get(days, f"in {days} days")
    day = spoken(until.isoformat())
    return f"{near}, on {day}" if days <= SOON.days else f"on {day}"


def together(admissions: Iterable[Admission]) -> list[tuple[Admission, list[Place]]]:
    """Admissions alike in sponsor, purpose and end as one, with the places that they are to."""
    found: dict[tuple[str, str, str, date | None], tuple[Admission, list[Place]]] = {}
    for each in admissions:
        _, places = found.setdefault((each.sponsor, each.organisation, each.reason, each.until), (each, []))
        places += [each.place] if each.place else []
    return list(found.values())
