"""What a person sends when they say something."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from werkzeug.datastructures import MultiDict

from hub.ground.clock import end_of
from hub.ground.dates import read_day
from hub.ground.errors import Invalid
from hub.nouns.documents.forms import lines_of
from hub.nouns.talk.service import EMPTY, check_body
from hub.nouns.threads.checks import check_length, check_title
from hub.nouns.threads.sort import Sort
from hub.web.fields import number_in
from hub.web.pages import Problem

LONGEST_NAME = 100


@dataclass(frozen=True)
class PostForm:
    """The fields as they came, and what is wrong with them."""

    body: str
    name: str = ""
    """The title, of what opens a conversation."""
    marking: str = ""
    """Of what opens a conversation; empty: as its place is."""
    answers_to: str = ""
    """The number of the post that it answers; empty for none."""
    tell: str = ""
    """Whom its author wants to see it, as typed."""
    tell_is: str = ""
    """Which of those whom that may mean (a `who` word)."""
    closes: str = ""
    """The last day of what takes something up to a day, as typed."""
    campaign: str = ""
    """The id of what it is put forward in; empty for none."""
    preview: bool = False
    """It is only to be shown, not sent."""
    attach: bool = False
    """The file that comes with it is to be filed, and the text to stay as it is."""
    kept: str = ""
    """The text as it is kept: people who are named in it by an @ are so by an id that tells nobody's name."""
    problems: tuple[Problem, ...] = ()

    @property
    def answered(self) -> int | None:
        """The number that it answers, if it is one."""
        return number_in(self.answers_to)


def read_post(fields: MultiDict[str, str], sort: Sort | None = None, *, with_file: bool = False) -> PostForm:
    """Read a post; of one that opens a conversation of a sort, what that asks for besides.

    With a file its text may be empty.
    """
    form = PostForm(
        body=lines_of(fields.get("body", "")),
        name=fields.get("name", "").strip(),
        marking=fields.get("marking", ""),
        answers_to=fields.get("answers_to", ""),
        tell=fields.get("tell", "").strip()[:LONGEST_NAME],
        tell_is=fields.get("tell_is", ""),
        closes=fields.get("closes", "").strip()[:LONGEST_NAME],
        campaign=fields.get("campaign", "")[:LONGEST_NAME],
        preview=fields.get("do") == "preview",
        attach=fields.get("do") == "attach",
    )
    if form.preview or form.attach:
        return form
    found = _problems(form, sort)
    return replace(form, problems=tuple(each for each in found if not (with_file and each.message == EMPTY)))


def problem_of(refused: Invalid) -> Problem:
    """Why something was refused, beside its field."""
    return Problem(refused.field, str(refused))


def closing_of(form: PostForm, sort: Sort) -> datetime | None:
    """The end of the last day of what takes something up to a day; None for what does not. Raises Invalid."""
    return end_of(read_day(form.closes, "closes")) if sort.takes else None


def _problems(form: PostForm, sort: Sort | None) -> list[Problem]:
    checks: list[Callable[[], object]] = [partial(check_body, form.body)]
    if sort is not None:
        checks += [partial(check_length, sort, form.body), partial(closing_of, form, sort)]
    if sort is not None and sort.titled:
        checks.insert(0, partial(check_title, form.name))
    found = []
    for check in checks:
        try:
            check()
        except Invalid as refused:
            found.append(problem_of(refused))
    return found
