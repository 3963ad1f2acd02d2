"""Events that the demo's people have announced, as plain values: so many working days after it is made."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from hub.ground.clock import LONDON

_WEEKEND: Final = 5


@dataclass(frozen=True, slots=True)
class DemoEvent:
    """Something that takes place in a space, and who said what about coming."""

    place: str
    by: str
    title: str
    body: str
    days: int
    """Working days from the day on which the demo is made."""
    starts: time
    ends: time
    venue: str
    answers: tuple[tuple[str, str], ...] = ()
    """Handles, each with what they said: yes, maybe or no."""
    off: str = ""
    """Why it is called off; empty where it is not."""

    def moments(self, today: date) -> tuple[datetime, datetime]:
        """When it starts and ends, as clocks in London show it."""
        day = _working_day(today, self.days)
        starts, ends = (datetime.combine(day, at, LONDON).astimezone(UTC) for at in (self.starts, self.ends))
        return starts, ends


def _working_day(day: date, after: int) -> date:
    while after or day.weekday() >= _WEEKEND:
        day += timedelta(days=1)
        after -= 1 if after and day.weekday() < _WEEKEND else 0
    return day


EVENTS: Final = (
    DemoEvent(
        place="leeds/flood",
        by="leeds/tomasz-nowak",
        title="Walk along the Wharfe: where the map meets the mud",
        body="We look at the four places that our map calls *to be watched* and decide who watches them. Boots. "
        "The minibus leaves the depot at nine; whoever comes by train is fetched at Otley.",
        days=6,
        starts=time(9, 30),
        ends=time(13, 0),
        venue="Otley, car park at the weir",
        answers=(("leeds/tomasz-nowak", "yes"),),
    ),
    DemoEvent(
        place="leeds/digital",
        by="leeds/fatima-bello",
        title="An hour with forms: bring your worst one",
        body="Everyone brings one form that people give up on. We swap, fill in the other's on a phone, and say where "
        "it hurt. No slides.",
        days=3,
        starts=time(14, 0),
        ends=time(15, 0),
        venue="https://meet.leeds.example/forms",
        answers=(("kirklees/nina-kaur", "yes"), ("york/mei-chen", "yes"), ("york/david-skelton", "no")),
    ),
    DemoEvent(
        place="leeds/digital",
        by="leeds/fatima-bello",
        title="What we learnt about minutes written by machines",
        body="Three councils, twelve drafts, one wrong name in four. The clerks speak first.",
        days=11,
        starts=time(10, 0),
        ends=time(11, 30),
        venue="https://meet.leeds.example/minutes",
        answers=(("york/david-skelton", "yes"), ("kirklees/hannah-sykes", "maybe")),
        off="The room in which we would record was taken for the count. A new day follows.",
    ),
)
