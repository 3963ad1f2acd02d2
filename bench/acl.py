"""Policy at full size: compiled check against stock enforce(), compiling, and the time from an edit to its effect.

400 organisations, 50,000 places, 150,000 rules in 401 files. Ratios are taken in one run on one machine.

Measured is the processor time of the one thread: nothing here waits, so on a quiet machine it is the time on the wall,
and on a busy one the neighbours are left out (they would flatter the ratio and spoil the rest).
"""

import gc
import random
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import date

from acl.compiler import compile_visibility
from acl.directory import Place, PlaceTree, Subject, subject_for
from acl.enforcer import Row as RuleRow
from acl.enforcer import enforce
from acl.gate import Gate
from acl.rules import Rule
from acl.store import PolicyFile, Snapshot, Store, adopt
from acl.visibility import Object, checker
from bench.table import Row, print_table

TODAY = date(2026, 11, 22)
HEADER = "effect,who,can,where,marking,state,until,reason\n"
ORGANISATIONS, PLACES, RULES = 400, 50_000, 150_000


def main() -> list[Row]:
    """Measure and return the rows of the table."""
    return list(measure(Big(random.Random(7))))


def measure(world: "Big") -> Iterator[Row]:
    """Each measurement in turn."""
    store = Store(world.snapshot())
    person, objects = world.person(300), world.objects(500)
    gc.collect()
    gc.freeze()  # as a web process does once it has loaded: the rules are not walked at every collection
    cold = _seconds(lambda: compile_visibility(store.current, person, "read", TODAY), 1)[0]
    warm = _seconds(lambda: compile_visibility(store.current, person, "read", TODAY), 30)
    yield _row("compile, person with 300 spaces, first", cold, None)
    yield _row("compile, person with 300 spaces, warm, p50", statistics.median(warm), 5e-3)
    grants = world.granted(300)
    by_grants = _seconds(lambda: compile_visibility(store.current, grants, "read", TODAY), 30)
    yield _row("compile, person with 300 grants, warm, p50", statistics.median(by_grants), 5e-3)
    wide = world.person(2000)
    compile_visibility(store.current, wide, "read", TODAY)
    yield _row("compile, person with 2,000 spaces, warm, p50", _median(store, wide), 8e-3)
    check = checker(compile_visibility(store.current, person, "read", TODAY))
    compiled = _each(check, objects)
    yield _row("compiled check, one object, p50", compiled, None)
    stock = _stock_enforce(store.current, person, objects)
    yield _row("stock enforce(), 150,000 rules, median of 3", stock, None)
    ratio = stock / compiled
    yield Row("compiled check against stock enforce()", f"{ratio:,.0f} x", ">= 1,000,000 x", ratio >= 1_000_000)
    decided = [_seconds(lambda o=o: Gate(store.current, TODAY).decide(person, "edit", o), 1)[0] for o in objects[:200]]
    yield _row("decide (Casbin over candidates), p50", statistics.median(decided), 2e-3)
    before = world.attributes(store.current.tree)
    edits, after = _edits(world, store, person, objects)
    rewritten = sum(one != other for one, other in zip(before, world.attributes(store.current.tree), strict=True))
    yield _row("compile after an unrelated edit, p50", statistics.median(after), 5e-3)
    yield _row("accepted edit to enforced, p50", statistics.median(edits), None)
    yield _row("accepted edit to enforced, p95", _p95(edits), 25e-3)
    yield Row("places whose documents' index entries an edit changes", str(rewritten), "0", rewritten == 0)
    places = _place_changes(world, store)
    yield _row("place added to enforced, p95", _p95(places), 25e-3)


class Big:
    """The full-size world."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.slugs = [f"council-{n}" for n in range(ORGANISATIONS)]
        self.places = [Place(f"o{n}", "platform", slug, "organisation") for n, slug in enumerate(self.slugs)]
        self.of_org: dict[str, list[Place]] = {place.id: [place] for place in self.places}
        while len(self.places) < PLACES:
            org = f"o{rng.randrange(ORGANISATIONS)}"
            above = rng.choice(self.of_org[org])
            if above.path.count("/") > 6:
                continue
            number = len(self.places)
            folder = above.kind == "space" and rng.random() < 0.4
            audience = (
                "" if folder else rng.choices(("open", "restricted", "private", "confidential"), (5, 40, 50, 5))[0]
            )
            kind = "folder" if folder else "space"
            self._keep(org, Place(f"p{number}", above.id, f"{above.path}/s{number}", kind, audience))
        self.tree = PlaceTree(self.places)
        self.texts = {f"organisations/{slug}.csv": self._text(n, slug) for n, slug in enumerate(self.slugs)}
        lines = [
            "allow,all-staff,read,*,only PUBLIC,published,-,Public is public",
            "allow,own-organisation,read,*,up to OFFICIAL,published,-,Own work",
            "allow,document-owner,manage,*,any,any,-,Own work",
            "deny,all-staff,read,*,any,withdrawn,-,Withdrawn is gone",
        ]
        self.texts["platform.csv"] = HEADER + "\n".join(lines) + "\n"

    def _keep(self, org: str, place: Place) -> None:
        self.places.append(place)
        self.of_org[org].append(place)

    def _text(self, number: int, slug: str) -> str:
        rng, places = self.rng, self.of_org[f"o{number}"]
        lines = [
            f"allow,all-staff,read,{slug},only PUBLIC,published,-,We publish openly",
            f"allow,org:{slug},read,{slug},up to OFFICIAL,published,-,Staff read what we work on",
            f"allow,document-owner,manage,{slug},any,any,-,Authors keep their own work",
        ]
        seen = set(lines)
        while len(lines) < RULES // ORGANISATIONS:
            where = rng.choice(places).path
            group = f"group:{slug}/team-{rng.randrange(60)}"
            other = self.slugs[rng.randrange(ORGANISATIONS)]
            until = rng.choice(("-", "-", "-", f"202{rng.randrange(5, 9)}-0{rng.randrange(1, 10)}-15"))
            line = rng.choices(
                (
                    f"allow,{group},{rng.choice(('read', 'edit', 'manage'))},{where},any,any,{until},Our team",
                    f"allow,org:{other},read,{where},up to OFFICIAL,published,{until},Joint work",
                    f"allow,group:{other}/team-{rng.randrange(60)},comment,{where},up to OFFICIAL,any,{until},Joint",
                    f"deny,everyone-but:{group},read,{where},any,any,-,Privileged",
                    f"deny,{group},edit,{where},OFFICIAL-SENSITIVE and above,any,-,Not theirs",
                ),
                (60, 15, 18, 2, 5),
            )[0]
            if line not in seen:
                seen.add(line)
                lines.append(line)
        return HEADER + "\n".join(lines) + "\n"

    def file(self, name: str) -> PolicyFile:
        """A file of this world as the hub would take it."""
        scope = "platform" if name == "platform.csv" else f"o{self.slugs.index(name[14:-4])}"
        return adopt(name, self.texts[name].encode(), scope)

    def snapshot(self) -> Snapshot:
        """The whole policy."""
        return Snapshot({name: self.file(name) for name in self.texts}, self.tree, 1)

    def attributes(self, tree: PlaceTree) -> list[tuple[frozenset[str], ...]]:
        """What the index holds of each place, and so of the documents in it."""
        return [(tree.within(place.id), tree.reach(place.id)) for place in self.places]

    def person(self, spaces: int) -> Subject:
        """Someone whose groups give about so many spaces, of whom 20 groups are of other councils."""
        wanted: set[str] = set()
        groups: list[str] = []
        order = [(n, team) for n in (0, *range(1, 400)) for team in range(60 if n == 0 or spaces > 1000 else 2)]
        for n, team in order:
            if len(wanted) >= spaces:
                break
            name = f"{self.slugs[n]}/team-{team}"
            lines = self.texts[f"organisations/{self.slugs[n]}.csv"].splitlines()
            found = {line.split(",")[3] for line in lines if line.startswith(f"allow,group:{name},")}
            if found:
                wanted |= found
                groups.append(name)
        return subject_for("person:council-0/ann", organisations={"council-0": "o0"}, groups=groups)

    def granted(self, spaces: int) -> Subject:
        """Someone with so many memberships, each a grant."""
        named = self.rng.sample([place for place in self.places if place.audience], spaces)
        who = "person:council-0/bo"
        columns = ("any", "any", "-", "Member")
        grants = [
            Rule(self.tree.organisation_of(p.id), "allow", who, "edit", f"node:{p.id}", *columns, f"grants:{n}", 0)
            for n, p in enumerate(named)
        ]
        return subject_for("person:council-0/bo", organisations={"council-0": "o0"}, grants=grants)

    def objects(self, count: int) -> list[Object]:
        """Documents in places at random."""
        rng, found = self.rng, []
        for number in range(count):
            place = rng.choice(self.places)
            node = f"doc:{number}"
            within, reach = self.tree.within(place.id) | {node}, self.tree.reach(place.id) | {node}
            marking = rng.choice(("PUBLIC", "OFFICIAL", "OFFICIAL-SENSITIVE"))
            state = rng.choice(("draft", "published", "published"))
            found.append(Object(node, within, reach, self.tree.organisation_of(place.id), "person:x/y", marking, state))
        return found


def _seconds(act: Callable[[], object], times: int) -> list[float]:
    found = []
    for _ in range(times):
        start = time.thread_time()
        act()
        found.append(time.thread_time() - start)
    return found


def _median(store: Store, subject: Subject) -> float:
    return statistics.median(_seconds(lambda: compile_visibility(store.current, subject, "read", TODAY), 20))


def _each(check: Callable[[Object], bool], objects: list[Object]) -> float:
    """Median over 40 rounds of the time for one object, every object judged once in a round."""
    rounds = []
    for _ in range(40):
        start = time.thread_time()
        for obj in objects:
            check(obj)
        rounds.append((time.thread_time() - start) / len(objects))
    return statistics.median(rounds)


def _stock_enforce(snapshot: Snapshot, person: Subject, objects: list[Object]) -> float:
    """Stock enforce() over every rule, on objects that no deny ends early."""
    rows = [
        RuleRow(rule, node)
        for file in snapshot.files.values()
        for rule in file.rules
        if (node := snapshot.tree.resolve(rule.where, rule.scope))
    ]
    visible = [o for o in objects if Gate(snapshot, TODAY).decide(person, "read", o).rule is None][:3]
    return statistics.median(_seconds(lambda o=o: enforce(rows, person, "read", o, TODAY), 1)[0] for o in visible)


def _edits(world: Big, store: Store, person: Subject, objects: list[Object]) -> tuple[list[float], list[float]]:
    """A line is added to an organisation's file; the time until a check judges by it, and of the compile in it."""
    rng, found, after = world.rng, [], []
    for number in range(60):
        slug = world.slugs[rng.randrange(1, ORGANISATIONS)]
        name, scope = f"organisations/{slug}.csv", f"o{world.slugs.index(slug)}"
        obj = next(o for o in objects if o.org != scope)
        world.texts[name] += f"deny,person:{slug}/leaver-{number},read,*,any,any,-,Left\n"
        if number % 3 == 0:  # every third edit touches what everybody shares
            world.texts[name] += (
                f"allow,all-staff,read,*,up to OFFICIAL,archived,20{30 + number}-01-01,Archive {number}\n"
            )
        content = world.texts[name].encode()
        start = time.thread_time()
        file = adopt(name, content, scope)
        store.put(store.current.with_files({name: file}, store.current.generation + 1))
        compiling = time.thread_time()
        check = checker(Gate(store.current, TODAY).visible(person, "read"))
        compiled = time.thread_time()
        check(obj)
        found.append(time.thread_time() - start)
        after.append(compiled - compiling)
    return found, after


def _place_changes(world: Big, store: Store) -> list[float]:
    found = []
    person = world.person(300)
    for number in range(30):
        above = world.rng.choice(world.places)
        place = Place(f"new{number}", above.id, f"{above.path}/new-{number}", "space", "open")
        start = time.thread_time()
        store.put(store.current.with_places([place], [], store.current.generation + 1))
        Gate(store.current, TODAY).visible(person, "read")
        found.append(time.thread_time() - start)
    return found


def _p95(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.95)]


def _row(name: str, seconds: float, bar: float | None) -> Row:
    shown = f"{seconds * 1e6:,.2f} us" if seconds < 1e-4 else f"{seconds * 1e3:,.2f} ms"
    return Row(name, shown, f"<= {bar * 1e3:g} ms" if bar else "", bar is None or seconds <= bar)


if __name__ == "__main__":
    print_table(main())
