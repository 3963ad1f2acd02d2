"""One person, one act, one thing: the answer as a manager of the thing may read it."""

from acl.explain import explain, whom
from acl.gate import Decision, Miss
from acl.misses import place_of
from acl.rules import Rule
from acl.vocabulary import ORDERED_ACTIONS
from hub.access.known import Known
from hub.access.models import Person
from hub.access.names import Rows
from hub.access.parts import Parts
from hub.access.viewer import Judged, Viewer
from hub.access.why import as_told
from hub.features.policies.pages import Answer, Near
from hub.features.policies.reasons import barred
from hub.ground.errors import Unavailable
from hub.web.pages import Action, Who

ACTS = ("read", "comment", "edit", "manage")
assert set(ACTS) == set(ORDERED_ACTIONS)


def answer_about(
    parts: Parts,
    viewer: Viewer,
    person: Person,
    organisation: str,
    action: str,
    thing: Judged,
    turns: tuple[Action, ...] = (),
    loaded: Rows | None = None,
) -> Answer:
    """Whether a person of an organisation may do it today, told to `viewer`, who manages it. At most seven queries.

    `loaded` are the rows behind the rules that speak of it, where the caller has them. Raises Unavailable where policy
    cannot judge it.
    """
    judged = thing.judged(viewer.snapshot)
    asked = Viewer(
        person,
        parts.snapshots.subject(viewer.session, person),
        viewer.snapshot,
        viewer.today,
        viewer.session,
        viewer.kinds,
    )
    decision = asked.judge(action, judged) if judged else None
    if judged is None or decision is None:
        raise Unavailable("Policy cannot answer this now. Try again in a minute.")
    known = Known.around(viewer, thing, judged, rules_of(decision), loaded)
    called = str(Who(person.name, organisation))
    told = explain(as_told(decision, known), action, known.names.get_or_blank, called)
    deciding = decision.rule
    shown = [known.shown(rule, person=person.name) for rule in decision.matched if rule != deciding]
    return Answer(
        allowed=decision.allowed,
        sentence=barred(person, called) or told.sentence,
        decided=known.shown(deciding, person=person.name) if deciding else None,
        others=tuple(rule for rule in shown if rule is not None),
        nearest=tuple(near for miss in decision.missing if (near := _near(known, miss, person)) is not None),
        turns=turns,
    )


def rules_of(decision: Decision) -> tuple[Rule, ...]:
    """Every rule of which an answer may speak."""
    return (*decision.matched, *(miss.rule for miss in decision.missing))


def _near(known: Known, miss: Miss, person: Person) -> Near | None:
    rule = known.shown(miss.rule, person=person.name)
    said = miss.sentence.removeprefix(place_of(miss.rule)).strip()
    if miss.column == "who":
        said = f"would, but it is for {whom(miss.rule.who, known.names.get_or_blank, handles=False)}"
    return Near(f"{said[0].upper()}{said[1:]}", rule) if rule else None
