"""Policy changes while people read: what was carried over equals what would be made afresh, and no answer mixes two."""

import random
import threading
from dataclasses import replace
from importlib import metadata

import pytest

from acl import groups
from acl.compiler import compile_visibility
from acl.directory import ROOT, Place, PlaceTree, subject_for
from acl.gate import Decision, Gate
from acl.rules import PolicyError, Rule
from acl.store import PolicyFile, Remembered, Snapshot, Store, adopt, organisation_of
from acl.visibility import FALSE, TRUE, Object, checker
from acl.vocabulary import AUDIENCES, VOICES
from tests.worlds import HEADER, TODAY, World, make_world, worlds


def fingerprints(snapshot: Snapshot, world: World) -> list[str]:
    return [
        compile_visibility(snapshot, subject, action, world.today).fingerprint
        for subject in world.subjects
        for action in ("read", "manage")
    ]


def decisions(snapshot: Snapshot, world: World) -> list[Decision]:
    return [Gate(snapshot, world.today).decide(*question) for question in world.questions(4)]


def afresh(snapshot: Snapshot) -> Snapshot:
    return Snapshot(snapshot.files, PlaceTree(snapshot.tree.places()), snapshot.generation)


@pytest.mark.long
def test_a_snapshot_after_many_edits_equals_one_made_afresh() -> None:
    """Files accepted and withdrawn, in any order, with people reading in between."""
    rng = random.Random(1)
    for world in worlds(60, seed=21):
        donors = [make_world(world.seed + step).snapshot.files for step in (1, 2, 3)]
        held = world.snapshot
        for number in range(8):
            name = rng.choice(("platform.csv", "organisations/leeds.csv", "organisations/york.csv"))
            new: PolicyFile | None = rng.choice([*(files[name] for files in donors), None])
            before = fingerprints(held, world) if rng.random() < 0.7 else None
            held, old = held.with_files({name: new}, held.generation + 1), held
            assert fingerprints(held, world) == fingerprints(afresh(held), world), (world.seed, number)
            assert decisions(held, world) == decisions(afresh(held), world), (world.seed, number)
            assert before is None or before == fingerprints(old, world)  # the older one has not moved


@pytest.mark.long
def test_a_snapshot_after_places_changed_equals_one_made_afresh() -> None:
    """Spaces opened and closed, added, renamed, moved with all they hold, and removed."""
    rng = random.Random(2)
    for world in worlds(80, seed=22):
        held = world.snapshot
        for number in range(6):
            changed, removed = _change(held.tree, rng, number)
            fingerprints(held, world)
            held = held.with_places(changed, removed, held.generation + 1)
            assert fingerprints(held, world) == fingerprints(afresh(held), world), (world.seed, number)
            assert decisions(held, world) == decisions(afresh(held), world), (world.seed, number)


def _change(tree: PlaceTree, rng: random.Random, number: int) -> tuple[list[Place], list[str]]:
    places = [place for place in tree.places() if place.kind in ("space", "folder")]
    place = rng.choice(places)
    spaces = [each for each in places if each.kind == "space"]
    kind = rng.randrange(4)
    if kind == 0 and spaces:
        space = rng.choice(spaces)
        return [replace(space, audience=rng.choice(AUDIENCES), voices=VOICES[number % len(VOICES)])], []
    if kind == 1:
        path = f"{place.path}/gone"  # of which lines may speak already
        path = path if tree.resolve(path, ROOT) is None else f"{place.path}/new-{number}"
        return [Place(f"n{number}", place.id, path, "space", rng.choice(AUDIENCES))], []
    if kind == 2 and len(places) > 2:
        return [], [place.id, *tree.descendants(place.id)]
    beneath = {place.id, *tree.descendants(place.id)}
    target = rng.choice([each for each in tree.places() if each.id not in beneath and each.id != ROOT])
    new = f"{target.path}/moved-{number}"
    moved = [tree.get(node) for node in (place.id, *tree.descendants(place.id))]
    changed = [replace(each, path=new + each.path.removeprefix(place.path)) for each in moved if each]
    return [replace(changed[0], parent=target.id), *changed[1:]], []


def test_an_edit_leaves_what_it_did_not_touch_as_it_was() -> None:
    """Only the principals that an edit names are grouped afresh: the others keep the very same sets."""
    leeds = "allow,group:leeds/a,read,leeds,any,any,-,\nallow,org:leeds,read,leeds,any,any,-,\n"
    tree = PlaceTree([Place("o1", ROOT, "leeds", "organisation")])
    held = Snapshot({"leeds.csv": adopt("leeds.csv", HEADER + leeds, "o1")}, tree, 1)
    before = held.merged("group:leeds/a"), held.merged("org:leeds"), held.exceptions()
    changed = adopt("leeds.csv", HEADER + leeds + "allow,org:leeds,edit,leeds,any,any,-,\n", "o1")
    after = held.with_files({"leeds.csv": changed}, 2)
    assert after.merged("group:leeds/a") is before[0]
    assert after.merged("org:leeds") != before[1]
    assert after.exceptions() is before[2]
    assert held.merged("org:leeds") is before[1]


def test_a_thousand_edits_under_eight_threads_never_mix_two_generations() -> None:
    """A9: each edit swaps which of two halves Ann may read; a mixture would show both halves, or neither."""
    tree = PlaceTree(
        [
            Place("o1", ROOT, "leeds", "organisation"),
            Place("s0", "o1", "leeds/a", "space", "private"),
            Place("s1", "o1", "leeds/b", "space", "private"),
        ]
    )
    ann = subject_for("person:leeds/ann", organisations={"leeds": "o1"}, groups=["leeds/a", "leeds/b"])
    objects = [
        Object(f"doc:{n}", tree.within(s) | {f"doc:{n}"}, tree.reach(s) | {f"doc:{n}"}, "o1", "", "PUBLIC", "published")
        for n, s in enumerate(("s0", "s1"))
    ]

    def files(turn: int) -> dict[str, PolicyFile | None]:
        """Generation and rules agree: an even generation shows a, an odd one b; the two files say the halves."""
        allow = f"allow,group:leeds/{'ab'[turn % 2]},read,leeds/{'ab'[turn % 2]},any,any,-,turn {turn}\n"
        deny = f"deny,all-staff,read,leeds/{'ba'[turn % 2]},any,any,-,turn {turn}\n"
        return {
            "organisations/leeds.csv": adopt("organisations/leeds.csv", HEADER + allow, "o1"),
            "platform.csv": adopt("platform.csv", HEADER + deny, ROOT),
        }

    prepared = [files(0), files(1)]
    store = Store(Snapshot({}, tree, 0).with_files(prepared[0], 0))
    wrong: list[str] = []
    answers = [0]
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            gate = Gate(store.current, TODAY)
            turn = gate.snapshot.generation % 2
            seen = [checker(gate.visible(ann, "read"))(obj) for obj in objects]
            decided = [gate.decide(ann, "read", obj).allowed for obj in objects]
            expected = [turn == 0, turn == 1]
            answers[0] += 1
            if seen != expected or decided != expected:
                wrong.append(f"generation {gate.snapshot.generation}: {seen} {decided}")

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for generation in range(1, 1_001):
        store.put(store.current.with_files(prepared[generation % 2], generation))
        while answers[0] < generation // 4 and all(thread.is_alive() for thread in threads):
            pass
    done.set()
    for thread in threads:
        thread.join()
    assert not wrong
    assert store.current.generation == 1_000
    assert answers[0] >= 250


def test_an_older_snapshot_never_replaces_a_newer_one() -> None:
    store = Store(Snapshot({}, PlaceTree(), 5))
    store.put(Snapshot({}, PlaceTree(), 4))
    assert store.current.generation == 5
    store.put(Snapshot({}, PlaceTree(), 6))
    assert store.current.generation == 6


def test_a_file_with_a_fault_is_refused_whole_and_the_last_text_stays_in_force() -> None:
    """A4: nothing of a faulty file is taken."""
    tree = PlaceTree([Place("o1", ROOT, "leeds", "organisation")])
    good = adopt("organisations/leeds.csv", (HEADER + "allow,org:leeds,read,*,any,any,-,\n").encode(), "o1")
    store = Store(Snapshot({good.name: good}, tree, 1))
    with pytest.raises(PolicyError, match=r"organisations/leeds\.csv:3: effect"):
        adopt(good.name, good.text + "Deni,org:leeds,read,*,any,any,-,\n", "o1")
    assert store.current.files[good.name].text == good.text
    assert len(good.digest) == 64


def test_a_policy_files_name_says_whose_it_is() -> None:
    assert organisation_of("platform.csv") is None
    assert organisation_of("organisations/leeds.csv") == organisation_of("leeds.csv") == "leeds"
    for name in ("organisations/Leeds.csv", "leeds.txt", "../leeds.csv", "organisations/a/b.csv", ".csv", "leeds.csv~"):
        with pytest.raises(PolicyError, match="is not a policy file's name"):
            organisation_of(name)
    with pytest.raises(ValueError, match="cannot have the scope"):
        adopt("organisations/leeds.csv", HEADER, ROOT)
    with pytest.raises(ValueError, match="cannot have the scope"):
        adopt("platform.csv", HEADER, "o1")


def test_words_without_rules_are_not_kept() -> None:
    """Two million people may ask; what they hold must not fill the memory."""
    held = Snapshot({}, PlaceTree(), 1)
    for number in range(50):
        compile_visibility(held, subject_for(f"person:leeds/p{number}"), "read", TODAY)
    assert held._merged == {}


def test_what_is_remembered_is_bounded_and_the_oldest_goes_first() -> None:
    held = Remembered(2)
    held.put("a", TRUE)
    held.put("b", FALSE)
    assert held.get("a") is TRUE
    held.put("c", TRUE)
    assert held.get("b") is None
    assert (held.get("a"), held.get("c")) == (TRUE, TRUE)


def test_a_file_that_names_a_place_before_it_exists_speaks_once_it_does() -> None:
    tree = PlaceTree([Place("o1", ROOT, "leeds", "organisation")])
    file = adopt("organisations/leeds.csv", HEADER + "allow,org:leeds,read,leeds/plan,any,any,-,\n", "o1")
    held = Snapshot({file.name: file}, tree, 1)
    ann = subject_for("person:leeds/ann", organisations={"leeds": "o1"})
    assert compile_visibility(held, ann, "read", TODAY) is FALSE
    plan = Place("p1", "o1", "leeds/plan", "space", "confidential")
    assert compile_visibility(held.with_places([plan], [], 2), ann, "read", TODAY) is not FALSE


def test_a_file_accepted_before_its_organisation_exists_speaks_once_it_does() -> None:
    """Its `*` is kept as any organisation's until the tree knows the scope; then it is Leeds' own."""
    file = adopt("organisations/leeds.csv", HEADER + "allow,own-organisation,read,*,any,any,-,\n", "o1")
    held = Snapshot({file.name: file}, PlaceTree(), 1)
    bo = subject_for("person:york/bo", organisations={"york": "o2"})
    compile_visibility(held, bo, "read", TODAY)
    held = held.with_places([Place("o1", ROOT, "leeds", "organisation")], [], 2)
    assert compile_visibility(held, bo, "read", TODAY) == compile_visibility(afresh(held), bo, "read", TODAY) == FALSE


def test_two_grants_on_one_space_with_different_scopes_are_told_apart() -> None:
    """The one of York's scope cannot reach into Leeds, whichever comes first."""
    tree = PlaceTree([Place("o1", ROOT, "leeds", "organisation"), Place("o2", ROOT, "york", "organisation")])
    columns = ("node:o1", "any", "any", "-", "x", "grants:g1", 0)
    york = Rule("o2", "allow", "person:leeds/ann", "manage", *columns)
    leeds = Rule("o1", "allow", "person:leeds/ann", "read", *columns)
    obj = Object("doc:1", tree.within("o1") | {"doc:1"}, tree.reach("o1") | {"doc:1"}, "o1", "", "PUBLIC", "draft")
    for grants in ((york, leeds), (leeds, york)):
        gate = Gate(Snapshot({}, tree, 1), TODAY)
        ann = subject_for("person:leeds/ann", grants=grants)
        seen = [checker(gate.visible(ann, action))(obj) for action in ("read", "manage")]
        assert seen == [gate.decide(ann, action, obj).allowed for action in ("read", "manage")] == [True, False]


def test_rules_of_places_outside_their_scope_are_not_even_grouped() -> None:
    tree = PlaceTree([Place("o1", ROOT, "leeds", "organisation"), Place("o2", ROOT, "york", "organisation")])
    file = adopt("organisations/leeds.csv", HEADER + "allow,org:leeds,manage,york,any,any,-,\n", "o1")
    assert groups.group(file.rules, tree).words == {}


def test_casbin_comes_from_pycasbin_alone() -> None:
    """The distributions casbin and pycasbin install into one folder; whichever is removed breaks the other."""
    installed = {each.metadata["Name"].lower() for each in metadata.distributions()}
    assert "pycasbin" in installed
    assert "casbin" not in installed, "uninstall casbin and reinstall pycasbin: both own the folder casbin/"
