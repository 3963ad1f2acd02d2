"""What a person sends when they say something."""

from dataclasses import dataclass, replace

from werkzeug.datastructures import MultiDict

from hub.ground.errors import Invalid
from hub.nouns.documents.forms import lines_of
from hub.nouns.talk.service import EMPTY, check_body
from hub.nouns.threads.service import check_title
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


def read_post(fields: MultiDict[str, str], *, titled: bool = False, with_file: bool = False) -> PostForm:
    """Read a post; with a title where it opens a conversation. With a file its text may be empty."""
    form = PostForm(
        body=lines_of(fields.get("body", "")),
        name=fields.get("name", "").strip(),
        marking=fields.get("marking", ""),
        answers_to=fields.get("answers_to", ""),
        tell=fields.get("tell", "").strip()[:LONGEST_NAME],
        tell_is=fields.get("tell_is", ""),
        preview=fields.get("do") == "preview",
        attach=fields.get("do") == "attach",
    )
    if form.preview or form.attach:
        return form
    found = _problems(form, titled=titled)
    return replace(form, problems=tuple(each for each in found if not (with_file and each.message == EMPTY)))


def problem_of(refused: Invalid) -> Problem:
    """Why something was refused, beside its field."""
    return Problem(refused.field, str(refused))


def _problems(form: PostForm, *, titled: bool) -> list[Problem]:
    found = []
    for check, text in ((check_title, form.name), (check_body, form.body)) if titled else ((check_body, form.body),):
        try:
            check(text)
        except Invalid as refused:
            found.append(problem_of(refused))
    return found
