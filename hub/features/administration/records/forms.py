"""What an officer asks for, read and checked."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Final
from urllib.parse import urlencode

from hub.ground.dates import read_day
from hub.ground.errors import Invalid
from hub.nouns.talk.held import MOST_WORDS, Sought
from hub.web.pages import Problem

LONGEST: Final = 200
NO_WHY: Final = "Say what you need it for, such as the reference of a request: it stands in the audit"
BACKWARDS: Final = "The last day is before the first one"


@dataclass(frozen=True)
class RecordsForm:
    """The fields as they came."""

    words: str = ""
    who: str = ""
    since: str = ""
    until: str = ""
    earlier: str = ""
    why: str = ""

    @property
    def asked(self) -> bool:
        """Whether anything was sent at all."""
        return any(getattr(self, field.name) for field in fields(self))

    def query(self, **more: str) -> str:
        """The same as the question of an address."""
        sent = {field.name: getattr(self, field.name) for field in fields(self)}
        return urlencode({name: text for name, text in {**sent, **more}.items() if text})

    def read(self, organisation_id: str) -> tuple[Sought, tuple[Problem, ...]]:
        """What is sought, and what is wrong with the fields."""
        problems = [
            Problem(field.name, f"Use at most {LONGEST} characters")
            for field in fields(self)
            if len(getattr(self, field.name)) > LONGEST
        ]
        if len(self.words.split()) > MOST_WORDS:
            problems.append(Problem("words", f"Use at most {MOST_WORDS} words"))
        since, until = _day(self.since, "since", problems), _day(self.until, "until", problems)
        if since and until and until < since:
            problems.append(Problem("until", BACKWARDS))
        if not self.why:
            problems.append(Problem("why", NO_WHY))
        sought = Sought(organisation_id, self.words, self.who, since, until, earlier=self.earlier == "yes")
        return sought, tuple(problems)


def read_form(sent: Mapping[str, str]) -> RecordsForm:
    """The fields of the form, without spaces around them."""
    return RecordsForm(**{field.name: sent.get(field.name, "").strip() for field in fields(RecordsForm)})


def _day(text: str, field: str, problems: list[Problem]) -> date | None:
    if not text:
        return None
    try:
        return read_day(text, field)
    except Invalid as refused:
        problems.append(Problem(refused.field, str(refused)))
        return None
