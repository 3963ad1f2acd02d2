"""What one person may know of the rules about one thing: the names in a sentence, and the rules themselves.

Sentences are for everybody who sees the thing, less the names that they may not see. A rule, with its file and line,
is for those who manage the thing, or who administer the organisation whose file it stands in.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from acl.explain import ground
from acl.groups import VOICE
from acl.rules import PLATFORM, Rule, write_rules
from acl.visibility import Object
from acl.vocabulary import PEOPLE
from hub.access.judged import judge_root
from hub.access.known_place import KnownPlace
from hub.access.names import AUDIENCE, GIVEN, Names, Rows, node_of, rows_for, some_of, source_of
from hub.access.viewer import Judged, Viewer
from hub.web.pages import RuleShown


def names_told(viewer: Viewer, rules: tuple[Rule, ...]) -> Names:
    """The names that some rules need, but those of groups that are none of the viewer's."""
    rows = rows_for(viewer.session, viewer.snapshot, rules)
    found = rows.names()
    for word in _others_groups(viewer, rows):
        found.pop(word, None)
    return found


def _others_groups(viewer: Viewer, rows: Rows) -> list[str]:
    """Groups of other organisations are their own business."""
    own, words = viewer.subject.orgs, {f"group:{group.handle}": group.organisation_id for group in rows.groups}
    return [
        word for word, organisation in words.items() if organisation not in own and word not in viewer.subject.holds
    ]


@dataclass(frozen=True)
class Known:
    """A viewer, a thing, and the rows behind some rules about it. Make one by `around`."""

    viewer: Viewer
    judged: Object
    manages: bool
    """Whether the viewer manages the thing."""
    rules: tuple[Rule, ...]
    rows: Rows

    @classmethod
    def around(
        cls, viewer: Viewer, thing: Judged, judged: Object, rules: Iterable[Rule], loaded: Rows | None = None
    ) -> "Known":
        """In at most three queries; in none with rows that were `loaded` for these rules among others."""
        found, nodes = tuple(rules), judged.within
        session, snapshot = viewer.session, viewer.snapshot
        rows = rows_for(session, snapshot, found, nodes) if loaded is None else some_of(loaded, found, nodes)
        return cls(viewer, judged, viewer.sees(thing, "manage"), found, rows)

    @cached_property
    def names(self) -> Names:
        """The names that the viewer may be told."""
        found = self.rows.names()
        known = {
            person.handle for person in self.rows.people if person.handle in self._known or self.viewer.sees(person)
        }
        for place in self.rows.places:
            if place.id not in self._seen:
                found.pop(place.id, None)
                found.pop(f"org:{place.path}", None)
        for word in _others_groups(self.viewer, self.rows):
            found.pop(word, None)
        for person in self.rows.people:
            if person.handle not in known:
                found.pop(person.subject_id, None)
        for grant, giver in self.rows.givers.items():
            if giver not in known:
                found.pop(f"{GIVEN}{grant}", None)
        return found

    def told(self, rule: Rule) -> Rule:
        """The rule as it may be put into words: without a reason that names a place above that is hidden."""
        hidden = (place.name for place in self.rows.places if place.path and place.id not in self._seen)
        names = any(re.search(rf"\b{re.escape(name)}\b", rule.reason, re.IGNORECASE) for name in hidden)
        return replace(rule, reason="-") if names and not self.may_see(rule) else rule

    def may_see(self, rule: Rule) -> bool:
        """Whether the viewer may see the rule itself, its file and its line."""
        return self.manages or rule.scope in self._administered

    def shown(self, rule: Rule, *, person: str = "") -> RuleShown | None:
        """A rule with where it stands and where it can be changed; None for those who may not see it."""
        if not self.may_see(rule):
            return None
        href, link = self._way_to(rule)
        said = ground(self.told(rule), self.names.get_or_blank, told=not person)
        return RuleShown(
            source=source_of(rule, self.names),
            text=write_rules((rule,)).splitlines()[-1] if rule.line and self._sees_where(rule) else "",
            sentence=f"{'Lets' if rule.effect == 'allow' else 'Refuses'}: {said}.",
            href=href,
            link=link,
        )

    @cached_property
    def _places(self) -> dict[str, KnownPlace]:
        return {place.id: place for place in self.rows.places}

    @cached_property
    def _seen(self) -> frozenset[str]:
        """The ids of the places that the viewer may see, or is at home in."""
        return frozenset(
            {place.id for place in self.viewer.kept(self.rows.places)} | {self.viewer.person.organisation_id}
        )

    @cached_property
    def _managed(self) -> frozenset[str]:
        own = {self.judged.node} if self.manages else set()
        return frozenset({place.id for place in self.viewer.kept(self.rows.places, "manage")} | own)

    @cached_property
    def _administered(self) -> frozenset[str]:
        own = [place for place in self.rows.places if place.kind == "organisation"]
        found = {place.id for place in self.viewer.kept(own, "administer")}
        if any(rule.scope == PLATFORM for rule in self.rules):
            whole = self.viewer.judge("administer", judge_root())
            found |= {PLATFORM} if whole is not None and whole.allowed else set()
        return frozenset(found)

    @cached_property
    def _known(self) -> frozenset[str]:
        """Who gave or was given what the viewer manages; a guest knows their sponsor, as a part of the admission."""
        mine, found = self.viewer.subject.id, {self.viewer.person.handle}
        for rule in self.rules:
            own = rule.who == mine and mine.startswith("guest:")
            if rule.file.startswith(GIVEN) and (own or node_of(rule) in self._managed):
                found |= {self.rows.givers.get(rule.file.removeprefix(GIVEN), ""), rule.who.partition(":")[2]}
        return frozenset(found)

    def _sees_where(self, rule: Rule) -> bool:
        """Whether the line names no place that is hidden from the viewer, who may be a stranger to what is above."""
        tree = self.viewer.snapshot.tree
        node = tree.resolve(rule.where, rule.scope)
        chain = tree.chain(node) if node and tree.get(node) else []
        return rule.scope in self._administered or self._seen.issuperset(
            node for node in chain if node != PLATFORM and not node.startswith(PEOPLE)
        )

    def _way_to(self, rule: Rule) -> tuple[str, str]:
        """The page where a rule can be changed, for those who may open it; and what the link says."""
        node = node_of(rule)
        place = self._places.get(node)
        if rule.line and rule.scope in self._administered:
            whose = PLATFORM if rule.scope == PLATFORM else self._places[rule.scope].path
            return f"/admin/{whose}/policy#line-{rule.line}", "Open it in the policy"
        if node not in self._managed:
            return "", ""
        kind = self.viewer.kinds.lying_as(node)
        if kind is not None:
            return kind.audience_href(node), "Who can see this?"
        if place is None or place.kind not in {"space", "folder"}:
            return "", ""
        if rule.file.startswith(AUDIENCE):
            return f"/settings/{place.id}", "Change the audience"
        if rule.file.startswith(VOICE):
            return f"/settings/{place.id}", "Change who may write"
        return f"/members/{place.id}", f"Members of {place.name}"
