"""Small random worlds of policy, and stock Casbin's own word on each: the oracle of every property test.

A world is biased towards trouble: denies overlap allows, private spaces lie inside open ones, rules end today or
yesterday, guests and grants are about. The oracle shares nothing with `acl` but the model's text and its two
functions: it resolves places, climbs the tree and says who holds what by itself.
"""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from importlib import resources

import casbin
import pytest

from acl.directory import Place, PlaceTree, Subject, subject_for
from acl.rules import Rule
from acl.store import PolicyFile, Snapshot, adopt
from acl.visibility import Object
from acl.vocabulary import ACTIONS, MARKINGS, STATES, covers, marked

TODAY = date(2026, 10, 25)  # the day on which British clocks go back
HEADER = "effect,who,can,where,marking,state,until,reason\n"
SLUGS = ("leeds", "york", "acme")


@dataclass(frozen=True)
class World:
    """One small world. `objects` are judged by id; `parents` says in which place each lies (its own id for a place)."""

    seed: int
    today: date
    places: tuple[Place, ...]
    snapshot: Snapshot
    subjects: tuple[Subject, ...]
    objects: Mapping[str, Object]
    parents: Mapping[str, str]
    rows: tuple[tuple[str, ...], ...]
    focus: tuple[str, ...]
    _oracles: list["casbin.Enforcer"] = field(default_factory=list)

    def oracle(self, subject: Subject, action: str, obj: Object) -> bool:
        """What stock `casbin.Enforcer.enforce()` says over all rules of the world."""
        if not self._oracles:
            self._oracles.append(self._enforcer())
        return self._oracles[0].enforce(subject, action, obj, self.today.isoformat())

    def questions(self, count: int) -> list[tuple[Subject, str, Object]]:
        """Random (subject, action, object) triples, reads most often."""
        rng = random.Random(self.seed ^ 0x5EED)
        actions = (*ACTIONS, "read", "read", "read")
        objects = [*self.objects.values(), *(self.objects[node] for node in self.focus for _ in self.objects)]
        asked = [(rng.choice(self.subjects), rng.choice(actions), rng.choice(objects)) for _ in range(count)]
        owners = {subject.id: subject for subject in self.subjects}  # one in three asks about their own
        return [(owners.get(o.owner, s) if rng.random() < 0.3 else s, action, o) for s, action, o in asked]

    def _enforcer(self) -> "casbin.Enforcer":
        model = casbin.Enforcer.new_model(text=resources.files("config").joinpath("model.conf").read_text("utf-8"))
        enforcer = casbin.Enforcer(model)
        enforcer.add_function("covers", covers)
        enforcer.add_function("marked", marked)
        enforcer.add_policies([list(row) for row in dict.fromkeys(self.rows)])
        enforcer.add_policy("nowhere", "deny", "nobody", "read", "nowhere", "any", "any", "-")
        links = {name: enforcer.get_named_role_manager(name) for name in ("g", "g2", "g3")}
        for name, role_manager in links.items():
            enforcer.model["g"][name].rm = role_manager
        words = {row[2] for row in self.rows}
        for subject in self.subjects:
            for word in subject.holds:
                links["g"].add_link(subject.id, word)
            for word in words:
                if word.startswith("everyone-but:") and word.removeprefix("everyone-but:") not in subject.holds:
                    links["g"].add_link(subject.id, word)
        for obj in self.objects.values():
            for name, nodes in (("g2", obj.within), ("g3", obj.reach)):
                for node in nodes - {obj.node}:
                    links[name].add_link(obj.node, node)
        return enforcer


def worlds(count: int, *, seed: int = 1, subjects: int = 4, documents: int = 5) -> Iterator[World]:
    """`count` worlds, the same for the same seed."""
    for number in range(count):
        yield make_world(seed * 1_000_003 + number, subjects=subjects, documents=documents)


def disagreement(world: World, visible, count: int = 12) -> str:
    """The first question on which `visible(subject, action, object)` and the oracle differ; empty where none."""
    for subject, action, obj in world.questions(count):
        said, true = visible(subject, action, obj), world.oracle(subject, action, obj)
        if said != true:
            return f"world {world.seed}: {subject.id} {action} {obj.node}: Casbin says {true}, we say {said}"
    return ""


@pytest.fixture
def world() -> World:
    """One world, for tests that need any."""
    return make_world(1)


def make_world(seed: int, *, subjects: int = 4, documents: int = 5) -> World:
    """The world of a seed."""
    return _Maker(random.Random(seed), seed).make(subjects, documents)


class _Maker:
    """Draws a world; keeps its own tree so that the oracle needs none of ours."""

    def __init__(self, rng: random.Random, seed: int) -> None:
        self.rng, self.seed = rng, seed
        self.voices = random.Random(seed ^ 0x501CE)
        self.staff = random.Random(seed ^ 0x57AFF)
        self.places: list[Place] = []
        self.by_path: dict[str, str] = {}
        self.lines: dict[str, list[tuple[str, ...]]] = {slug: [] for slug in ("platform", *SLUGS[:2])}
        self.rows: list[tuple[str, ...]] = []
        self.grants: list[Rule] = []

    def make(self, subjects: int, documents: int) -> World:
        self._draw_places()
        people = self._draw_people(subjects)
        objects, parents = self._draw_objects(documents, [name for name, *_ in people])
        self.focus = self.rng.sample(sorted(objects), min(2, len(objects)))
        self.objects = objects
        for _ in range(self.rng.randint(5, 14)):
            self._draw_line(people)
        for number in range(self.rng.randint(0, 4)):
            self._draw_grant(people, number)
        self._audience_rows()
        files = self._files()
        snapshot = Snapshot(files, PlaceTree(self.places), generation=1)
        made = tuple(
            subject_for(
                handle,
                organisations={slug: f"id-{slug}" for slug in staff_of},
                groups=groups,
                grants=self._grants_for({handle, *(f"group:{name}" for name in groups)}),
            )
            for handle, staff_of, groups in people
        )
        rows, places, focus = tuple(self.rows), tuple(self.places), tuple(self.focus)
        return World(self.seed, TODAY, places, snapshot, made, objects, parents, rows, focus)

    def _draw_places(self) -> None:
        rng = self.rng
        for slug in SLUGS:
            self._place(Place(f"id-{slug}", "platform", slug, "organisation"))
        deep = rng.random() < 0.1
        for number in range(rng.randint(12, 16) if deep else rng.randint(3, 6)):
            above = self.places[-1] if deep and number else rng.choice(self.places)
            slug = f"s{number}"
            kind = "folder" if above.kind != "organisation" and rng.random() < 0.3 else "space"
            audiences = ("open", "restricted", "private", "private", "confidential")
            audience = "" if kind == "folder" else "open" if deep and rng.random() < 0.8 else rng.choice(audiences)
            node, path = f"p{number}x{rng.randrange(10**6)}", f"{above.path}/{slug}"
            voices = self.voices.choice(("", "members", "organisation", "staff", "staff"))
            voices = "" if kind == "folder" else voices
            self._place(Place(node, above.id, path, kind, audience, voices=voices))

    def _place(self, place: Place) -> None:
        self.places.append(place)
        self.by_path[place.path] = place.id

    def _draw_people(self, count: int) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
        rng = self.rng
        people: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = [("guest:acme/maria", (), ())]
        for number in range(count - 1):
            home = rng.choice(SLUGS[:2])
            staff_of = tuple({home, rng.choice(SLUGS)}) if rng.random() < 0.2 else (home,)
            groups = tuple(f"{home}/{name}" for name in ("legal", "housing") if rng.random() < 0.5)
            people.append((f"person:{home}/p{number}", staff_of, groups))
        if rng.random() < 0.1:
            people.append(("person:leeds/nobody", (), ()))  # signed in, staff of none
        return people

    def _chain(self, node: str) -> list[Place]:
        """The places above, the nearest first; of staff's pages, first their organisation's people."""
        by_id = {place.id: place for place in self.places}
        found = []
        if node.startswith("people:"):
            above = by_id[node.removeprefix("people:")]
            found, node = [Place(node, above.id, f"people:{above.path}", "people")], above.id
        while node in by_id:
            found.append(by_id[node])
            node = by_id[node].parent or ""
        return found

    def _object(self, node: str, place: str, owner: str) -> Object:
        rng = self.rng
        chain = self._chain(place)
        reach = {node}
        for each in chain:
            reach.add(each.id)
            if each.audience in ("private", "confidential"):
                break
        else:
            reach.add("platform")
        within = {node, "platform", *(each.id for each in chain)}
        state = rng.choice(("published", "published", *STATES))
        marking = rng.choice(MARKINGS)
        return Object(node, frozenset(within), frozenset(reach), chain[-1].id, owner, marking, state)

    def _draw_objects(self, documents: int, handles: list[str]) -> tuple[dict[str, Object], dict[str, str]]:
        rng = self.rng
        seats = [(f"doc:d{n}", rng.choice(self.places[2:]).id) for n in range(documents)]
        seats += [(f"home:{place.id}", place.id) for place in self.places if place.audience and rng.random() < 0.6]
        seats += [(place.id, place.id) for place in rng.sample(self.places, 2)]
        own = rng.choice(("id-leeds", "id-york"))
        seats.append(("profile:sam", own if self.staff.random() < 0.25 else f"people:{own}"))  # a guest, or staff
        objects = {node: self._object(node, place, rng.choice(handles)) for node, place in seats}
        return objects, dict(seats)

    def _word(self, people: list[tuple[str, tuple[str, ...], tuple[str, ...]]]) -> str:
        rng = self.rng
        handle, staff_of, groups = rng.choice(people)
        return rng.choice(
            [
                *(handle, "all-staff", "all-staff", "own-organisation", "own-organisation", "document-owner"),
                *(f"org:{slug}" for slug in staff_of),
                *(f"group:{name}" for name in groups),
            ]
        )

    def _where(self, own: str) -> str:
        """Mostly the way up from an object in focus, so that lines meet."""
        rng = self.rng
        node = rng.choice(self.focus)
        kind = rng.random()
        if kind < 0.12:
            return "*"
        if kind < 0.27:
            return node if node.startswith("doc:") else "doc:d0"
        if kind < 0.32:
            return f"{own}/gone"
        within = self.objects[node].within
        paths = [place.path for place in self.places if place.id in within]
        paths += [f"people:{place.path}" for place in self.places if f"people:{place.id}" in within]
        return rng.choice(paths or [own])

    def _draw_line(self, people: list[tuple[str, tuple[str, ...], tuple[str, ...]]]) -> None:
        rng = self.rng
        slug = rng.choice(("platform", "leeds", "leeds", "york", "york"))
        scope = "platform" if slug == "platform" else f"id-{slug}"
        effect = "deny" if rng.random() < 0.35 else "allow"
        who = self._word(people)
        if effect == "deny" and rng.random() < 0.5:
            held = next(word for word in iter(lambda: self._word(people), "") if word[:3] not in ("own", "doc"))
            who = f"everyone-but:{held}"
        can = rng.choice(("read", "read", "comment", "edit", "manage", "manage", "administer"))
        if can == "administer" and self.seed % 2:
            can = "make-spaces"
        if effect == "deny" and can == "administer" and slug != "platform":
            can = "edit"
        days = {"-": "-", "today": TODAY, "yesterday": TODAY - timedelta(1), "tomorrow": TODAY + timedelta(1)}
        until = str(days[rng.choice(("-", "-", "-", "today", "yesterday", "tomorrow"))])
        state = rng.choice(("any", "any", "published", rng.choice(STATES)))
        columns = (effect, who, can, self._where(slug), self._marking(effect), state, until)
        self._keep(slug, scope, columns)
        if (
            who.startswith("everyone-but:") and rng.random() < 0.5
        ):  # a twin: whoever holds one of the two is denied still
            others = [group for _, _, groups in people for group in groups]
            twin = f"everyone-but:group:{rng.choice(others)}" if others else f"everyone-but:{people[0][0]}"
            self._keep(slug, scope, (effect, twin, *columns[2:]))

    def _keep(self, slug: str, scope: str, columns: tuple[str, ...]) -> None:
        if columns not in self.lines[slug]:
            self.lines[slug].append(columns)
            self._row(scope, *columns)

    def _marking(self, effect: str) -> str:
        rng = self.rng
        word = rng.choice(MARKINGS)
        forms = ["any", f"only {word}", f"{word} and above"]
        if effect == "allow":
            forms += ["any", f"up to {word}", "up to OFFICIAL", "up to OFFICIAL-SENSITIVE"]
        return rng.choice(forms)

    def _row(self, *columns: str) -> None:
        scope, effect, who, can, where, marking, state, until = columns
        node = scope if where == "*" else where if where.startswith("doc:") else self.by_path.get(where, "?nowhere")
        if where.startswith("people:"):
            node = f"people:{self.by_path[where.removeprefix('people:')]}"
        self.rows.append((scope, effect, who, can, where[5:] if where[:5] == "node:" else node, marking, state, until))

    def _draw_grant(self, people: list[tuple[str, tuple[str, ...], tuple[str, ...]]], number: int) -> None:
        rng = self.rng
        handle, _, groups = rng.choice(people)
        who = rng.choice((handle, handle, *(f"group:{name}" for name in groups)))
        obj = self.objects[rng.choice(self.focus)]
        scope = rng.choice((obj.org, obj.org, "id-york", "platform"))
        node = rng.choice((obj.node, *sorted(obj.within)))
        can = rng.choice(("read", "edit", "manage"))
        until = str(rng.choice(("-", TODAY, TODAY - timedelta(1))))
        effect = "deny" if rng.random() < 0.15 else "allow"
        if effect == "deny" and rng.random() < 0.5:
            who = f"everyone-but:{who}"  # no hub makes one, but all forms must agree on it
        columns = (
            effect,
            who,
            can,
            f"node:{node}",
            "any" if effect == "deny" else rng.choice(("any", "up to OFFICIAL")),
        )
        self.grants.append(Rule(scope, *columns, "any", until, "Member", f"grants:{number}", 0))
        self._row(scope, *columns, "any", until)

    def _grants_for(self, held: set[str]) -> list[Rule]:
        return [grant for grant in self.grants if grant.who in held or grant.who.startswith("everyone-but:")]

    def _audience_rows(self) -> None:
        for place in self.places:
            org, home = self._chain(place.id)[-1].id, f"node:home:{place.id}"
            if place.audience == "open":
                here = (f"node:{place.id}", "up to OFFICIAL", "published", "-")
                self._row(org, "allow", "all-staff", "read", *here)
                if place.voices == "staff":
                    self._row(org, "allow", "all-staff", "comment", *here)
                if place.voices == "organisation":
                    self._row(org, "allow", f"org:{self._chain(place.id)[-1].path}", "comment", *here)
            if place.audience == "restricted":
                self._row(org, "allow", "all-staff", "read", home, "any", "published", "-")
            if place.audience == "private":
                self._row(org, "allow", "own-organisation", "read", home, "any", "published", "-")

    def _files(self) -> dict[str, PolicyFile]:
        files = {}
        for slug, lines in self.lines.items():
            name = "platform.csv" if slug == "platform" else f"organisations/{slug}.csv"
            text = HEADER + "".join(",".join((*columns, "A reason")) + "\n" for columns in lines)
            files[name] = adopt(name, text.encode(), "platform" if slug == "platform" else f"id-{slug}")
        return files
