"""What a person sends when they give somebody something: role, end date and reason."""

from dataclasses import dataclass
from datetime import date

from werkzeug.datastructures import MultiDict

from acl.misses import spoken
from hub.ground.dates import read_day, year_after
from hub.ground.errors import Invalid
from hub.nouns.people.invitations import canonical
from hub.web.pages import Choice, Problem

ROLE_CHOICES = (
    Choice("reader", "Reader", "Reads what is published"),
    Choice("commenter", "Commenter", "Also asks, answers and comments"),
    Choice("editor", "Editor", "Writes and publishes too, and sees drafts"),
    Choice("manager", "Manager", "Also adds members and decides who sees it"),
)
LONGEST_REASON = 500
LONGEST_EMAIL = 300


@dataclass(frozen=True)
class MemberForm:
    """Role, end date and reason, and what is wrong with them; `until` is as typed where it is no day."""

    role: str
    until: str
    reason: str
    end: date | None
    problems: tuple[Problem, ...] = ()


def read_member(fields: MultiDict[str, str], *, guest: bool, outside: bool, today: date) -> MemberForm:
    """Read the form; `outside` when the principal belongs to another organisation than the thing, as guests do."""
    role, until, reason = fields.get("role", ""), fields.get("until", "").strip(), fields.get("reason", "").strip()
    found, end = [], None
    if role not in {choice.value for choice in ROLE_CHOICES}:
        found.append(Problem("role", "Select a role"))
    try:
        end = read_day(until) if until else None
    except Invalid as problem:
        found.append(Problem("until", str(problem)))
    if end is not None and end < today:
        found.append(Problem("until", "The last day must not have passed"))
    if guest and end is not None and end > year_after(today):
        found.append(
            Problem("until", f"A guest is admitted for a year at most: until {spoken(year_after(today).isoformat())}")
        )
    if guest and not until:
        found.append(Problem("until", "Enter the last day: a guest’s admission ends"))
    if outside and not reason:
        found.append(Problem("reason", "Enter a reason: they are of another organisation"))
    if len(reason) > LONGEST_REASON:
        found.append(Problem("reason", f"The reason must be {LONGEST_REASON} characters or fewer"))
    return MemberForm(role, end.isoformat() if end else until, reason, end, tuple(found))


@dataclass(frozen=True)
class InvitationForm:
    """Whom somebody invites, and as what, and what is wrong with it."""

    email: str
    role: str
    until: str
    reason: str
    end: date | None
    problems: tuple[Problem, ...] = ()


def read_invitation(fields: MultiDict[str, str], *, today: date) -> InvitationForm:
    """Read the form of an invitation; whoever is invited is taken for somebody of another organisation."""
    member = read_member(fields, guest=False, outside=True, today=today)
    email, found = fields.get("email", "").strip()[:LONGEST_EMAIL], list(member.problems)
    try:
        email = canonical(email)
    except Invalid as problem:
        found.insert(0, Problem("email", str(problem)))
    return InvitationForm(email, member.role, member.until, member.reason, member.end, tuple(found))
