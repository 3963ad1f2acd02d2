"""What a person sends about an event: what it is, when and where."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from typing import Final

from werkzeug.datastructures import MultiDict

from hub.ground.clock import LONDON
from hub.ground.dates import read_day, read_time
from hub.ground.errors import Invalid
from hub.nouns.documents.forms import lines_of
from hub.nouns.talk.service import check_body
from hub.nouns.threads.checks import check_title
from hub.nouns.threads.events import When, check_venue, check_when
from hub.nouns.threads.models import Event
from hub.web.pages import Problem

LONGEST_FIELD: Final = 40
LONGEST_LINE: Final = 400


@dataclass(frozen=True)
class EventForm:
    """The fields as they came, and what is wrong with them."""

    name: str = ""
    body: str = ""
    starts_on: str = ""
    starts: str = ""
    ends_on: str = ""
    """The day on which it ends, as typed; empty where that is the day on which it starts."""
    ends: str = ""
    venue: str = ""
    based_on: int = 0
    """The revision that a change is one of."""
    preview: bool = False
    problems: tuple[Problem, ...] = ()


def read_event(fields: MultiDict[str, str], now: datetime, *, opens: bool) -> EventForm:
    """Read an event; with its title and text where it `opens` one."""
    form = EventForm(
        name=fields.get("name", "").strip(),
        body=lines_of(fields.get("body", "")),
        starts_on=fields.get("starts_on", "").strip()[:LONGEST_FIELD],
        starts=fields.get("starts", "").strip()[:LONGEST_FIELD],
        ends_on=fields.get("ends_on", "").strip()[:LONGEST_FIELD],
        ends=fields.get("ends", "").strip()[:LONGEST_FIELD],
        venue=fields.get("venue", "").strip()[:LONGEST_LINE],
        based_on=int(fields.get("based_on", "0")) if fields.get("based_on", "").isdecimal() else 0,
        preview=opens and fields.get("do") == "preview",
    )
    return form if form.preview else replace(form, problems=tuple(_problems(form, now, opens=opens)))


def when_of(form: EventForm) -> When:
    """When and where it is; raises Invalid for what is no day, no time, or none of that day."""
    first = read_day(form.starts_on, "starts_on")
    starts_at = _moment(first, form.starts, "starts")
    last = read_day(form.ends_on, "ends_on") if form.ends_on else first
    return When(starts_at, _moment(last, form.ends, "ends"), form.venue)


def form_of(event: Event) -> EventForm:
    """An event as the form by which it is changed."""
    starts, ends = event.starts_at.astimezone(LONDON), event.ends_at.astimezone(LONDON)
    return EventForm(
        starts_on=starts.date().isoformat(),
        starts=f"{starts:%H:%M}",
        ends_on="" if starts.date() == ends.date() else ends.date().isoformat(),
        ends=f"{ends:%H:%M}",
        venue=event.venue,
        based_on=event.revision,
    )


def _moment(day: date, typed: str, field: str) -> datetime:
    """A time in London on a day; when clocks go back, the first of the two."""
    at = datetime.combine(day, read_time(typed, field), LONDON)
    if at.astimezone(UTC).astimezone(LONDON).time() != at.time():
        raise Invalid("There is no such time on that day: the clocks go forward. Choose another", field)
    return at.astimezone(UTC)


def _problems(form: EventForm, now: datetime, *, opens: bool) -> list[Problem]:
    """Each field that is wrong; what they say together only where each of them says something."""
    checks: list[Callable[[], object]] = [
        partial(read_day, form.starts_on, "starts_on"),
        partial(read_time, form.starts, "starts"),
        partial(read_time, form.ends, "ends"),
        partial(check_venue, form.venue),
    ]
    found = _refused(checks) or _refused([lambda: check_when(when_of(form), now)])
    if opens:
        return [*_refused([partial(check_title, form.name)]), *found, *_refused([partial(check_body, form.body)])]
    return found


def _refused(checks: Iterable[Callable[[], object]]) -> list[Problem]:
    found = []
    for check in checks:
        try:
            check()
        except Invalid as refused:
            found.append(Problem(refused.field, str(refused)))
    return found
