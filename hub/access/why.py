"""Why someone can see a thing: the gate's decision as a page shows it."""

import structlog

from acl.explain import but_not, explain
from acl.gate import Decision
from acl.rules import Rule
from acl.visibility import Object
from hub.access.known import Known
from hub.access.names import Names, Rows, names_for
from hub.access.viewer import Judged, Viewer
from hub.ground.errors import NotFound
from hub.web.pages import Why

__all__ = ["Names", "names_for", "why"]

log = structlog.get_logger(__name__)


def why(viewer: Viewer, thing: Judged, *, page: str = "", edited: bool = False, loaded: Rows | None = None) -> Why:
    """The sentence by which the viewer may read a thing that they have been found to see, and for some the rule.

    With its `page`, managers are led to "Can somebody do this?"; of what is `edited`, readers are told why they cannot.
    Asks Casbin itself. Where it does not agree with the compiled visibility, that is an alarm, and the thing is not
    shown: raises NotFound. At most three queries; none with rows that were `loaded` for the deciding rule among others.
    """
    judged = thing.judged(viewer.snapshot)
    decision = viewer.judge("read", judged) if judged else None
    if judged is None or decision is None or not decision.allowed or decision.rule is None:
        log.error("the visibility and the enforcer differ", thing=type(thing).__name__, subject=viewer.subject.id)
        raise NotFound
    known = Known.around(viewer, thing, judged, (decision.rule,), loaded)
    told = as_told(decision, known)
    return Why(
        sentence=explain(told, "read", known.names.get_or_blank).sentence,
        but=_but(viewer, thing, judged) if edited else "",
        rule=known.shown(decision.rule),
        ask_href=f"{page}/why" if page and known.manages else "",
    )


def as_told(decision: Decision, known: Known) -> Decision:
    """The decision as it may be put into words for one viewer."""
    rule: Rule | None = known.told(decision.rule) if decision.rule else None
    return Decision(decision.allowed, rule, decision.matched, decision.missing)


def _but(viewer: Viewer, thing: Judged, judged: Object) -> str:
    """What a reader cannot do, and why; empty for those who can."""
    if viewer.sees(thing, "edit"):
        return ""
    decision = viewer.judge("edit", judged)
    if decision is None or decision.allowed:
        return ""
    return but_not(decision, judged, can="comment" if viewer.sees(thing, "comment") else "read", action="edit")
