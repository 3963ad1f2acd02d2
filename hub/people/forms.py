"""What a person sends when they give somebody something: role, end date and reason."""

from dataclasses import dataclass
from datetime import date

from werkzeug.datastructures import MultiDict

from acl.vocabulary import ROLES
from hub.web.pages import Choice, Problem

ROLE_CHOICES = (
    Choice("reader", "Reader", "Reads what is published"),
    Choice("commenter", "Commenter", "Reads and comments"),
    Choice("editor", "Editor", "Writes and publishes too, and sees drafts"),
    Choice("manager", "Manager", "Also adds members and decides who sees it"),
)
LONGEST_REASON = 500


@dataclass(frozen=True)
class MemberForm:
    """Role, end date and reason, and what is wrong with them."""

    role: str
    until: str
    reason: str
    end: date | None
    problems: tuple[Problem, ...] = ()


def read_member(fields: MultiDict[str, str], *, guest: bool, outside: bool, today: date) -> MemberForm:
    """Read the form; `outside` when the principal belongs to another organisation than the thing, as guests do."""
    role, until, reason = fields.get("role", ""), fields.get("until", "").strip(), fields.get("reason", "").strip()
    found, end = [], None
    if role not in ROLES:
        found.append(Problem("role", "Select a role"))
    try:
        end = date.fromisoformat(until) if until else None
    except ValueError:
        found.append(Problem("until", "Enter the last day as year-month-day, such as 2027-03-31"))
    if end is not None and end < today:
        found.append(Problem("until", "The last day must not have passed"))
    if guest and not until:
        found.append(Problem("until", "Enter the last day: a guest’s admission ends"))
    if outside and not reason:
        found.append(Problem("reason", "Enter a reason: they are of another organisation"))
    if len(reason) > LONGEST_REASON:
        found.append(Problem("reason", f"The reason must be {LONGEST_REASON} characters or fewer"))
    return MemberForm(role, until, reason, end, tuple(found))
