"""What is sent when somebody asks for access, and when somebody declines.

An address is judged by its letters alone, so that no message says whether anything is there.
"""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from werkzeug.datastructures import MultiDict

from hub.things.kinds import Kinds
from hub.web.pages import Choice, Problem

LONGEST_ADDRESS, LONGEST_REASON, LONGEST_NOTE = 500, 500, 500
_SLUG = r"[a-z0-9]+(?:-[a-z0-9]+)*"
_PLACE = re.compile(rf"/?(?:places/|(?!places/))({_SLUG}(?:/{_SLUG}){{1,31}})/?")
ANOTHER_SITE = "This is the address of another site: paste one of this hub, which begins with {}"
ELSEWHERE = "Paste the address of a space, a folder or a document: this is another kind of address"
TELL_CHOICES = (
    Choice("yes", "Tell them", "They read your note. They then know that there is something at this address"),
    Choice("no", "Say nothing", "To them it stays without an answer, as if nothing were there"),
)


@dataclass(frozen=True)
class AskForm:
    """The fields as they came, what the address means, and what is wrong."""

    address: str
    reason: str
    sought: str = ""
    problems: tuple[Problem, ...] = ()


def read_ask(fields: MultiDict[str, str], kinds: Kinds, public_url: str) -> AskForm:
    """Read the form of somebody who asks."""
    address, reason = fields.get("address", "").strip(), fields.get("reason", "").strip()
    sought, problem = read_address(address, kinds, public_url)
    found = [Problem("address", problem)] if problem else []
    if not reason:
        found.append(Problem("reason", "Enter a reason: what do you need it for?"))
    if len(reason) > LONGEST_REASON:
        found.append(Problem("reason", f"The reason must be {LONGEST_REASON} characters or fewer"))
    return AskForm(address, reason, sought, tuple(found))


def read_address(address: str, kinds: Kinds, public_url: str) -> tuple[str, str]:
    """What an address means (a node, or a place's path), or else the sentence that says what to paste instead."""
    if not address or "\0" in address:
        return "", "Paste the address of a space, a folder or a document"
    if len(address) > LONGEST_ADDRESS:
        return "", f"The address must be {LONGEST_ADDRESS} characters or fewer"
    path, own = _path(address.strip("<>\"'“”()[].,; \t"), kinds, public_url)
    if not own:
        return "", ANOTHER_SITE.format(public_url)
    node, place = kinds.node_at(path), _PLACE.fullmatch(path)
    if node:
        return node, ""
    if place and (not path.startswith("/") or path.startswith(("/places/", *(kind.pages for kind in kinds.lying)))):
        return place[1], ""
    return "", ELSEWHERE


def _path(address: str, kinds: Kinds, public_url: str) -> tuple[str, bool]:
    """The path of an address, and whether it is one of this hub. Of a sign-in page, the path that it leads back to."""
    host = urlsplit(public_url).netloc.lower()
    if address.lower().startswith(f"{host}/"):
        address = f"//{address}"
    try:
        parts = urlsplit(address)
    except ValueError:
        return "", True
    nodes = {kind.prefix for kind in kinds.lying}
    if parts.scheme not in {"", "http", "https"} | nodes or parts.netloc.lower() not in ("", host):
        return "", False
    path = f"{parts.scheme}:{parts.path}" if parts.scheme in nodes else parts.path
    if path == "/sign-in":
        path = urlsplit(parse_qs(parts.query).get("next", [""])[0]).path
    return unquote(path).lower(), True


@dataclass(frozen=True)
class DeclineForm:
    """A note, whether to tell, and what is wrong."""

    note: str
    tell: str
    problems: tuple[Problem, ...] = ()


def read_decline(fields: MultiDict[str, str], *, may_tell: bool) -> DeclineForm:
    """Read the form of somebody who declines; without `may_tell` nothing is said."""
    note, tell = fields.get("note", "").strip(), fields.get("tell", "") if may_tell else "no"
    found = []
    if tell not in ("yes", "no"):
        found.append(Problem("tell", "Select whether to tell them"))
    if tell == "yes" and not note:
        found.append(Problem("note", "Enter a note: why not, or whom to ask instead"))
    if len(note) > LONGEST_NOTE:
        found.append(Problem("note", f"The note must be {LONGEST_NOTE} characters or fewer"))
    return DeclineForm(note, tell, tuple(found))
