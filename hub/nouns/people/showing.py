"""What somebody says of themselves, as pages show it."""

from datetime import date, timedelta
from typing import Final
from urllib.parse import urlencode

from hub.access.known_place import known_place
from hub.access.viewer import Viewer
from hub.nouns.people.pages import Away, ProfileShown
from hub.nouns.people.profiles import Shown
from hub.nouns.people.queries import who

SOON: Final = timedelta(days=14)
"""So long before an absence it is told."""


def profile_shown(viewer: Viewer, shown: Shown) -> ProfileShown:
    """A profile, with the addresses under which others are found by the same skill or service."""
    return ProfileShown(
        called=shown.called,
        team=shown.team,
        place=shown.place,
        services=tuple((name, finder_href(service=word)) for word, name in shown.services),
        skills=tuple((name, finder_href(skill=name)) for name in shown.skills),
        languages=shown.languages,
        ask_about=shown.ask_about,
        learning=shown.learning,
        working_days=shown.working_days,
        contact=shown.contact,
        away=away_of(viewer, shown),
        confirmed_on=shown.confirmed_on,
    )


def finder_href(**asked: str) -> str:
    """Where people are found by this."""
    return f"/people?{urlencode(asked)}"


def away_of(viewer: Viewer, shown: Shown) -> Away | None:
    """That somebody is absent now, or within a fortnight, as the viewer is shown it."""
    first, last, today = shown.away_from, shown.away_until, viewer.today
    if first is None or last is None or last < today or first > today + SOON:
        return None
    until = _day(last, today)
    said = f"Away until {until}" if shown.is_away(today) else f"Away from {_day(first, today)} until {until}"
    if shown.stand_in is None:
        return Away(said)
    organisation = known_place(viewer.snapshot, shown.stand_in.organisation_id)
    return Away(said, who(viewer, shown.stand_in, organisation.name if organisation else ""))


def _day(day: date, today: date) -> str:
    return f"{day.day} {day:%B}" if day.year == today.year else f"{day.day} {day:%B %Y}"
