"""Why someone can see a thing: the gate's decision as a page shows it."""

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from acl.explain import explain
from acl.rules import Rule, write_rules
from hub.access.models import Grant, Group, Person, Place
from hub.access.viewer import Judged, Viewer
from hub.errors import NotFound
from hub.web.pages import Why

log = structlog.get_logger(__name__)


def why(viewer: Viewer, thing: Judged) -> Why:
    """The sentence and the rule by which the viewer may read a thing that they have been found to see.

    Asks Casbin itself. Where it does not agree with the compiled visibility, that is an alarm, and the thing is not
    shown: raises NotFound.
    """
    decision = viewer.decide("read", thing)
    if decision is None or not decision.allowed or decision.rule is None:
        log.error("the visibility and the enforcer differ", thing=type(thing).__name__, subject=viewer.subject.id)
        raise NotFound
    rule = decision.rule
    explanation = explain(decision, "read", names_for(viewer.session, (rule,)).get_or_blank)
    from_file = rule.line > 0
    return Why(
        sentence=explanation.sentence,
        file=rule.file,
        line=rule.line,
        rule=write_rules((rule,)).splitlines()[-1] if from_file else "",
        reason=rule.reason.strip("-"),
    )


class Names(dict[str, str]):
    """Names of principals, scopes and givers, by the keys of `acl.explain.Names`."""

    def get_or_blank(self, key: str) -> str:
        """The name, or an empty string."""
        return self.get(key, "")


def names_for(session: Session, rules: tuple[Rule, ...]) -> Names:
    """The names that explaining these rules needs, in at most four queries however many they are."""
    words = {rule.who.removeprefix("everyone-but:") for rule in rules}
    found = Names()
    grants = {rule.file.removeprefix("grants:") for rule in rules if rule.file.startswith("grants:")}
    givers: dict[str, str] = {}
    if grants:
        rows = session.execute(select(Grant.id, Grant.given_by).where(Grant.id.in_(grants)))
        givers = {grant: by for grant, by in rows}  # noqa: C416  # rows are no pairs to mypy
    handles = {w.partition(":")[2] for w in words if w.startswith(("person:", "guest:"))} | set(givers.values())
    people = {p.handle: p for p in session.scalars(select(Person).where(Person.handle.in_(handles)))} if handles else {}
    found.update({person.subject_id: person.name for person in people.values()})
    found.update({f"grants:{grant}": people[by].name for grant, by in givers.items() if by in people})
    groups = {w.removeprefix("group:") for w in words if w.startswith("group:")}
    if groups:
        named = session.execute(select(Group.handle, Group.name).where(Group.handle.in_(groups)))
        found.update({f"group:{handle}": name for handle, name in named})
    slugs = {w.removeprefix("org:") for w in words if w.startswith("org:")}
    scopes = {rule.scope for rule in rules}
    for place in session.scalars(select(Place).where(Place.path.in_(slugs) | Place.id.in_(scopes))):
        found[place.id] = place.name if place.path else ""
        found[f"org:{place.path}"] = place.name
    return found
