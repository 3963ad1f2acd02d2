"""When something is to be published, and whether colleagues are asked to read it, as a form says it."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from werkzeug.datastructures import MultiDict

from hub.ground.clock import LONDON
from hub.ground.dates import read_day, read_time
from hub.ground.errors import Invalid
from hub.web.pages import Choice, Problem

NOW, LATER, NOT_YET = "now", "later", "not-yet"
LONGEST: Final = 40
WHENS: Final = (
    Choice(NOW, "Now"),
    Choice(LATER, "On a day, at a time", "It is published by itself then, if you may still edit it"),
    Choice(NOT_YET, "Not yet", "It stays a draft"),
)
ASKS: Final = (
    Choice("", "Nobody"),
    Choice("yes", "All staff of my organisation who can read it", "Other organisations’ staff see no such request"),
)


@dataclass(frozen=True)
class PublishForm:
    """The fields as they came, and what is wrong with them."""

    when: str = NOW
    day: str = ""
    at: str = "09:00"
    ask: str = ""
    by: str = ""
    """The day by which colleagues are to have read it; empty for none."""
    problems: tuple[Problem, ...] = ()

    @property
    def moment(self) -> datetime:
        """When it is to be published, by the clocks of London. Raises Invalid."""
        return datetime.combine(read_day(self.day, "day"), read_time(self.at, "at"), LONDON)

    @property
    def by_date(self) -> date | None:
        """The day by which it is to be read. Raises Invalid."""
        return read_day(self.by, "by") if self.by else None


def read_publish(fields: MultiDict[str, str]) -> PublishForm:
    """Read the form; what is wrong is said beside its field."""
    whens = {choice.value for choice in WHENS}
    when, day, at, ask, by = (fields.get(name, "").strip()[:LONGEST] for name in ("when", "day", "at", "ask", "by"))
    form = PublishForm(when, day, at, ask, by)
    found = [] if form.when in whens else [Problem("when", "Select when it is to be published")]
    for asked, attribute in ((form.when == LATER, "moment"), (form.ask == "yes", "by_date")):
        try:
            _ = getattr(form, attribute) if asked else None
        except Invalid as refused:
            found.append(Problem(refused.field, str(refused)))
    return replace(form, problems=tuple(found))
