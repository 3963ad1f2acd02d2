"""Why a rule does not speak of an object: the columns that fail, and for a near miss a sentence."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from acl.directory import Subject
from acl.enforcer import Row
from acl.rules import Rule
from acl.visibility import Object
from acl.vocabulary import covers, marked

_RANK: Final = ("state", "until", "marking", "can", "where", "who", "scope")
_STATES: Final = {"draft": "a draft", "published": "published", "archived": "archived", "withdrawn": "withdrawn"}


@dataclass(frozen=True, slots=True)
class Miss:
    """A line that would have allowed but for one column, and the sentence that says so."""

    rule: Rule
    column: str
    sentence: str

    @property
    def rank(self) -> int:
        """Smaller is nearer."""
        return _RANK.index(self.column)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked; `words` are those that the subject holds, `everyone-but:` included."""

    subject: Subject
    words: frozenset[str]
    action: str
    obj: Object
    today: date


def failing(row: Row, question: Question) -> tuple[str, ...]:
    """The columns of a rule that do not fit; none where it matches."""
    rule, obj, action = row.rule, question.obj, question.action
    fits = {
        "who": rule.who in question.words or _own(rule.who, question.subject, obj),
        "can": covers(rule.can, action, rule.effect),
        "where": row.where in (obj.within if rule.effect == "deny" else obj.reach),
        "scope": rule.scope in obj.within,
        "marking": marked(obj.marking, rule.marking),
        "state": rule.state in ("any", obj.state),
        "until": rule.until == "-" or question.today.isoformat() <= rule.until,
    }
    return tuple(column for column, fit in fits.items() if not fit)


def _own(who: str, subject: Subject, obj: Object) -> bool:
    if obj.org not in subject.orgs:
        return False
    return who == "own-organisation" or (who == "document-owner" and obj.owner == subject.id)


def miss_of(row: Row, column: str, question: Question) -> Miss:
    """The sentence for a rule that fails in that one column only."""
    rule, obj, action = row.rule, question.obj, question.action
    said = {
        "state": f"would, but this is {_STATES.get(obj.state, obj.state)}, and the line is about {rule.state}",
        "until": f"would, but it ended on {spoken(rule.until) if rule.until != '-' else ''}",
        "marking": f"reaches {_reach(rule.marking)}, and this is {obj.marking}",
        "can": f"allows {rule.can}, which does not include {action}",
        "where": "stops above a private space: only lines that name the space or something in it reach inside",
        "who": f"would, but it is for {rule.who}",
        "scope": "is outside its own organisation here",
    }[column]
    return Miss(rule, column, f"{place_of(rule)} {said}")


def _reach(marking: str) -> str:
    return f"only {marking}" if marking.startswith("up to ") or marking.endswith(" and above") else marking


def place_of(rule: Rule) -> str:
    """Where a rule stands, in words: a file's line, a grant, or what a space says itself."""
    if rule.line:
        return f"{rule.file} line {rule.line}"
    kind, _, name = rule.file.partition(":")
    said = {"grants": f"the grant {name}", "audience": f"the audience of {name}", "voices": f"who may write in {name}"}
    return said.get(kind, rule.file)


def spoken(day: str) -> str:
    """An ISO day as people say it: 31 March 2026."""
    read = date.fromisoformat(day)
    return f"{read.day} {read:%B %Y}"
