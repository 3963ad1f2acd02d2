"""Use cases of policy files. A text is taken whole, in one transaction, or refused with every fault."""

import re
from dataclasses import dataclass
from functools import partial
from importlib import resources

from acl.cells import read_until
from acl.directory import ROOT
from acl.rules import Fault, PolicyError, Rule, read_rules
from acl.store import PLATFORM_FILE, organisation_of
from hub.access.models import Place, PolicyText
from hub.access.places import bump_generation, place_at
from hub.access.texts import digest_of, write_text
from hub.features.policies.models import PolicyAlarm
from hub.features.policies.naming import Judge
from hub.ground.errors import Conflict
from hub.ground.unit_of_work import UnitOfWork
from hub.nouns.people.queries import in_names

_BRITISH_CELL = re.compile(
    r"""(^|(?P<separator>[,;\t]))([^\S\t]*+(?P<quote>"?+)[^\S\t]*+)(\d{1,2}/\d{1,2}/\d{4})"""
    r"""(?=[^\S\t]*+(?P=quote)[^\S\t]*+(?(separator)(?:(?P=separator)|$)|[,;\t]))"""
)
"""A cell that holds a day as a spreadsheet writes it, and nothing else."""
_LINES = re.compile(r"(\r\n|\n|\r)")


@dataclass(frozen=True)
class Accepted:
    """A text in force: `changed` is False when it was in force already."""

    name: str
    text: str
    digest: str
    generation: int
    rules: tuple[Rule, ...]
    changed: bool


def file_of(organisation: Place) -> str:
    """The name of an organisation's policy file."""
    return f"organisations/{organisation.path}.csv"


def adopt(
    uow: UnitOfWork,
    name: str,
    text: str | bytes,
    by: str,
    *,
    replacing: str | None = None,
    judge: Judge | None = None,
) -> Accepted:
    """Put a policy file's text in force: it binds the next request of everybody, in every process.

    `name` is `platform.csv` or `organisations/SLUG.csv`; `by` who answers for it; what people write is given a `judge`
    of the names in new denies. Raises PolicyError with every fault, and Conflict when `replacing` is given and the text
    in force is not the one of that digest (someone was faster).
    """
    scope = _scope(uow, name)
    rules = read_rules(text, file=name, scope=scope)
    kept = canonical_text(text, rules)
    digest = digest_of(kept)
    row = uow.session.get(PolicyText, name)
    if row is not None and row.digest == digest:
        return Accepted(name, kept, digest, row.generation, rules, changed=False)
    generation = bump_generation(uow)  # its row lock makes the next look a sure one
    row = uow.session.get(PolicyText, name, populate_existing=True)
    if replacing is not None and (row.digest if row else "") != replacing:
        by_now = row.accepted_by if row else "someone"
        raise Conflict(f"{name} was changed meanwhile by {in_names(uow.session, [by_now])[by_now]}. Look at it again.")
    if judge is not None:  # places move only with a generation of their own: none can go between this look and the end
        in_force = read_rules(row.text, file=name, scope=scope) if row else ()
        if faults := judge(uow.session, rules, in_force):
            raise PolicyError(faults)
    write_text(uow, name, scope, kept, generation, by, len(rules))
    return Accepted(name, kept, digest, generation, rules, changed=True)


def adopt_default(uow: UnitOfWork, organisation: Place, by: str = "") -> Accepted:
    """Put the default policy in force for a new organisation, and for the platform if it has none yet."""
    adopt_platform_default(uow, by)
    return adopt(uow, file_of(organisation), default_text("organisation.csv", organisation.path), by or uow.actor)


def adopt_platform_default(uow: UnitOfWork, by: str = "") -> bool:
    """Put the default ceilings of the platform in force where there are none; returns whether it did."""
    if uow.session.get(PolicyText, PLATFORM_FILE) is not None:
        return False
    adopt(uow, PLATFORM_FILE, default_text("platform.csv"), by or uow.actor)
    return True


def default_text(template: str, slug: str = "") -> str:
    """A default policy's text (`organisation.csv` or `platform.csv`), for the organisation `slug`."""
    text = resources.files("config").joinpath("policies", template).read_text("utf-8")
    return text.replace("SLUG", slug) if slug else text


def raise_alarm(uow: UnitOfWork, name: str, digest: str, faults: tuple[Fault, ...]) -> None:
    """Note that a working copy was refused. The text in force stays as it is."""
    row = uow.session.get(PolicyAlarm, name)
    if row is None:
        row = PolicyAlarm(name=name)
        uow.session.add(row)
    row.digest, row.faults, row.seen_at = digest, faults, uow.now


def end_alarm(uow: UnitOfWork, name: str) -> None:
    """Note that a working copy is right again."""
    row = uow.session.get(PolicyAlarm, name)
    if row is not None:
        uow.session.delete(row)


def as_typed_here(name: str, text: str) -> str:
    """The digest that a text would have if it had been typed into the hub's own editor; empty where it has faults."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    try:
        rules = read_rules(plain, file=name, scope=ROOT if name == PLATFORM_FILE else name)
    except PolicyError:
        return ""
    return digest_of(canonical_text(plain, rules))


def canonical_text(text: str | bytes, rules: tuple[Rule, ...]) -> str:
    """The text as it is kept: comments and lines as they were, without byte-order mark, days as ISO."""
    plain = (text if isinstance(text, str) else text.decode()).removeprefix("\ufeff")
    if "/20" not in plain and "/21" not in plain:
        return plain
    parts = _LINES.split(plain)  # a line, its ending, the next line …
    for rule in rules:
        at = 2 * (rule.line - 1)
        parts[at] = _BRITISH_CELL.sub(partial(_as_iso, rule), parts[at])
    return "".join(parts)


def _as_iso(rule: Rule, found: re.Match[str]) -> str:
    iso = read_until(found[5])
    return f"{found[1]}{found[3]}{iso}" if iso == rule.until else found[0]


def _scope(uow: UnitOfWork, name: str) -> str:
    slug = organisation_of(name)
    if slug is None:
        return ROOT
    if name != f"organisations/{slug}.csv":
        raise PolicyError([Fault(name, 0, "", f"lies in the wrong folder. Put it into organisations/{slug}.csv.")])
    place = place_at(uow.session, slug)
    if place is None or place.kind != "organisation":
        raise PolicyError([Fault(name, 0, "", f"There is no organisation {slug}. Name the file after one that is.")])
    return place.id
