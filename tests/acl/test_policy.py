"""What the rules mean, acted by people of Leeds, York and a supplier."""

import itertools
import random
from datetime import date, timedelta

import pytest

from acl.directory import Place, PlaceTree, Subject, subject_for
from acl.gate import Gate
from acl.rules import Rule
from acl.store import Snapshot, adopt
from acl.visibility import FALSE, Object, checker
from acl.vocabulary import ACTIONS
from tests.worlds import HEADER, make_world, worlds

DAY = date(2026, 10, 25)
PLACES = (
    Place("o1", "platform", "leeds", "organisation"),
    Place("o2", "platform", "york", "organisation"),
    Place("s1", "o1", "leeds/housing", "space", "restricted"),
    Place("s2", "s1", "leeds/housing/tenders", "space", "private"),
    Place("f2", "s2", "leeds/housing/tenders/bids", "folder"),
    Place("s3", "o1", "leeds/news", "space", "open"),
    Place("s4", "o2", "york/flood", "space", "confidential"),
)
TREE = PlaceTree(PLACES)
ANN = subject_for("person:leeds/ann", organisations={"leeds": "o1"}, groups=["leeds/housing"])
BO = subject_for("person:york/bo", organisations={"york": "o2"})
MARIA = subject_for("guest:acme/maria-lopez")


def snapshot(**files: str) -> Snapshot:
    """The lines given for `leeds` become organisations/leeds.csv, and so on."""
    scopes = {"platform": "platform", "leeds": "o1", "york": "o2"}
    made = {}
    for slug, lines in files.items():
        name = "platform.csv" if slug == "platform" else f"organisations/{slug}.csv"
        made[name] = adopt(name, HEADER + lines.strip() + "\n", scopes[slug])
    return Snapshot(made, TREE, 1)


def document(
    place: str, *, owner: str = "person:leeds/x", marking: str = "OFFICIAL", state: str = "published"
) -> Object:
    within, reach = TREE.within(place) | {"doc:1"}, TREE.reach(place) | {"doc:1"}
    return Object("doc:1", within, reach, TREE.organisation_of(place), owner, marking, state)


def may(held: Snapshot, who: Subject, obj: Object, action: str = "read", day: date = DAY) -> bool:
    gate = Gate(held, day)
    allowed = gate.decide(who, action, obj).allowed
    assert checker(gate.visible(who, action))(obj) == allowed
    return allowed


def test_nothing_matches_means_no() -> None:
    assert not may(snapshot(platform=""), ANN, document("s1"))
    assert Gate(Snapshot({}, PlaceTree(), 1), DAY).visible(MARIA, "manage") == FALSE


@pytest.mark.long
def test_no_line_of_leeds_changes_any_decision_on_a_document_of_york() -> None:
    """A5, the scope theorem: whatever stands in one organisation's file."""
    changed = 0
    for world in worlds(250, seed=55):
        without = dict(world.snapshot.files)
        removed = without.pop("organisations/leeds.csv")
        fewer = Gate(Snapshot(without, world.snapshot.tree, 1), world.today)
        full = Gate(world.snapshot, world.today)
        for subject, action, obj in world.questions(12):
            seen = checker(full.visible(subject, action))(obj), full.decide(subject, action, obj).allowed
            bare = checker(fewer.visible(subject, action))(obj), fewer.decide(subject, action, obj).allowed
            if obj.org != removed.scope:
                assert seen == bare
            changed += seen != bare
    assert changed > 20  # in Leeds itself the file does matter


def test_a_deny_wins_in_any_order_and_from_any_file() -> None:
    """A6."""
    allow, deny = "allow,org:leeds,read,leeds,any,any,-,x", "deny,group:leeds/housing,read,leeds/housing,any,any,-,x"
    for leeds, platform in itertools.product(itertools.permutations([allow, deny]), ["", allow, deny]):
        assert not may(snapshot(leeds="\n".join(leeds), platform=platform), ANN, document("s1"))
    assert not may(snapshot(leeds=allow, platform=deny), ANN, document("s1"))
    assert not may(snapshot(leeds=deny, platform=allow), ANN, document("s1"))
    assert may(snapshot(leeds=allow), ANN, document("s1"))


def test_the_last_day_is_valid_and_the_next_is_not_without_a_reload() -> None:
    """A7: the day is the caller's; the same snapshot answers."""
    held = snapshot(leeds=f"allow,org:york,read,leeds/news,up to OFFICIAL,draft,{DAY:%d/%m/%Y},Joint")
    draft = document("s3", state="draft")
    assert may(held, BO, draft)
    assert may(held, BO, draft, day=DAY - timedelta(400))
    assert not may(held, BO, draft, day=DAY + timedelta(1))


def test_an_expired_deny_no_longer_holds() -> None:
    """A7."""
    held = snapshot(leeds=f"allow,org:leeds,read,*,any,any,-,\ndeny,org:leeds,read,*,any,any,{DAY},x")
    assert not may(held, ANN, document("s1"))
    assert may(held, ANN, document("s1"), day=DAY + timedelta(1))


def test_a_deny_on_the_root_reaches_a_leaf_thirty_two_levels_down() -> None:
    """A8: pycasbin's own chains end at nine."""
    places = [Place("o1", "platform", "leeds", "organisation")]
    for level in range(30):
        above = places[-1]
        places.append(Place(f"p{level}", above.id, f"{above.path}/a", "space", "open"))
    tree = PlaceTree(places)
    leaf = places[-1].id
    obj = Object("doc:1", tree.within(leaf) | {"doc:1"}, tree.reach(leaf) | {"doc:1"}, "o1", "", "PUBLIC", "published")
    allow = adopt("platform.csv", HEADER + "allow,all-staff,read,*,any,any,-,x\n", "platform")
    deny = adopt("organisations/leeds.csv", HEADER + "deny,person:leeds/ann,read,*,any,any,-,x\n", "o1")
    held = Snapshot({"platform.csv": allow, "organisations/leeds.csv": deny}, tree, 1)
    assert len(obj.within) == 33
    assert not may(held, ANN, obj)
    assert may(held, BO, obj)
    with pytest.raises(ValueError, match="deeper than 32"):
        tree.with_changes([Place("p99", leaf, f"{places[-1].path}/a", "folder")], [])


def test_actions_include_the_lesser_ones_and_denies_the_greater_ones() -> None:
    held = snapshot(
        leeds="allow,org:leeds,manage,leeds/news,any,any,-,\ndeny,person:leeds/ann,comment,leeds/news,any,any,-,x"
    )
    obj = document("s3")
    assert {
        action for action in ("read", "comment", "edit", "manage", "administer") if may(held, ANN, obj, action)
    } == {"read"}
    alone = snapshot(leeds="allow,org:leeds,administer,*,any,any,-,")
    assert may(alone, ANN, document("s1"), "administer")
    assert not may(alone, ANN, document("s1"), "read")


def test_making_spaces_comes_with_managing_goes_with_any_deny_and_can_be_given_and_denied_alone() -> None:
    obj = document("s1")

    def can(*lines: str) -> set[str]:
        held = snapshot(leeds="\n".join(lines))
        return {action for action in ACTIONS if may(held, ANN, obj, action)}

    manages = "allow,org:leeds,manage,leeds/housing,any,any,-,"
    assert can(manages) == {"read", "comment", "edit", "manage", "make-spaces"}
    assert can("allow,org:leeds,edit,leeds/housing,any,any,-,") == {"read", "comment", "edit"}
    assert can("allow,org:leeds,make-spaces,leeds,any,any,-,") == {"make-spaces"}
    denied = "deny,person:leeds/ann,make-spaces,leeds,any,any,-,x"
    assert can(manages, denied) == {"read", "comment", "edit", "manage"}
    for word in ("read", "edit", "manage"):
        assert "make-spaces" not in can(manages, f"deny,person:leeds/ann,{word},leeds,any,any,-,x")


def test_the_inheritance_of_allows_stops_at_a_private_space_and_that_of_denies_does_not() -> None:
    above = snapshot(leeds="allow,org:leeds,read,leeds/housing,any,any,-,")
    assert may(above, ANN, document("s1"))
    assert not may(above, ANN, document("f2"))
    inside = snapshot(leeds="allow,org:leeds,read,leeds/housing/tenders,any,any,-,")
    assert may(inside, ANN, document("f2"))
    denied = snapshot(
        leeds="allow,org:leeds,read,leeds/housing/tenders/bids,any,any,-,\ndeny,org:leeds,read,leeds,any,any,-,x"
    )
    assert not may(denied, ANN, document("f2"))


def _home(place: str) -> Object:
    node = f"home:{place}"
    within, reach = TREE.within(place) | {node}, TREE.reach(place) | {node}
    return Object(node, within, reach, TREE.organisation_of(place), "", "OFFICIAL", "published")


def test_audiences_show_what_they_say_to_whom_they_say() -> None:
    held = snapshot(platform="")
    assert may(held, BO, document("s3"))  # open: all staff read it up to OFFICIAL
    assert not may(held, BO, document("s3", marking="OFFICIAL-SENSITIVE"))
    assert not may(held, BO, document("s3", state="draft"))
    assert not may(held, MARIA, document("s3"))  # guests are nobody's staff
    assert may(held, BO, _home("s1"))  # restricted: the home page, nothing else
    assert not may(held, BO, document("s1"))
    assert may(held, ANN, _home("s2"))  # private: its own organisation sees that it exists
    assert not may(held, ANN, document("s2"))
    assert not may(held, BO, _home("s2"))
    assert not may(held, BO, _home("s4"))  # confidential: not even that


def test_everyone_but_reaches_whoever_does_not_hold_the_word_guests_included() -> None:
    lines = "allow,org:leeds,read,*,any,any,-,\nallow,guest:acme/maria-lopez,read,*,any,any,-,Contract\n"
    held = snapshot(leeds=lines + "deny,everyone-but:group:leeds/housing,read,leeds/news,any,draft,-,x")
    cy = subject_for("person:leeds/cy", organisations={"leeds": "o1"})
    draft = document("s3", state="draft")
    assert [may(held, who, draft) for who in (ANN, cy, MARIA)] == [True, False, False]
    assert [may(held, who, document("s3")) for who in (ANN, cy, MARIA)] == [True, True, True]


def test_an_author_who_has_left_the_organisation_no_longer_owns_the_document() -> None:
    held = snapshot(leeds="allow,document-owner,manage,*,any,any,-,")
    mine = document("s1", owner="person:leeds/ann", state="draft")
    assert may(held, ANN, mine, "manage")
    left = subject_for("person:leeds/ann", organisations={"york": "o2"})
    assert not may(held, left, mine, "manage")


def test_a_membership_reaches_into_its_space_and_ends_on_its_day() -> None:
    grant = Rule(
        "o1", "allow", "guest:acme/maria-lopez", "read", "node:s2", "any", "any", str(DAY), "HO-117", "grants:g1", 0
    )
    maria = subject_for("guest:acme/maria-lopez", grants=[grant])
    held = snapshot(platform="")
    assert may(held, maria, document("f2"))
    assert not may(held, maria, document("s1"))
    assert not may(held, maria, document("f2"), day=DAY + timedelta(1))
    assert not may(held, MARIA, document("f2"))


def test_a_grant_for_someone_else_gives_nothing() -> None:
    grant = Rule("o1", "allow", "person:leeds/cy", "manage", "node:s1", "any", "any", "-", "x", "grants:g1", 0)
    assert not may(snapshot(platform=""), subject_for("person:leeds/ann", grants=[grant]), document("s1"))


def test_people_with_equal_rights_have_equal_fingerprints() -> None:
    held = snapshot(leeds="allow,org:leeds,read,*,any,any,-,\nallow,group:leeds/housing,edit,leeds/housing,any,any,-,")
    one = subject_for("person:leeds/p1", organisations={"leeds": "o1"}, groups=["leeds/housing"])
    gate = Gate(held, DAY)
    assert gate.visible(ANN, "read").fingerprint == gate.visible(one, "read").fingerprint
    assert gate.visible(ANN, "read").fingerprint != gate.visible(BO, "read").fingerprint


def test_an_unknown_action_marking_or_state_is_refused() -> None:
    gate = Gate(snapshot(platform=""), DAY)
    with pytest.raises(ValueError, match="not one of the actions"):
        gate.visible(ANN, "peek")
    with pytest.raises(ValueError, match="not one of the actions"):
        gate.decide(ANN, "peek", document("s1"))
    with pytest.raises(ValueError, match="unknown marking or state"):
        document("s1", marking="SECRET")


def test_shared_words_are_one_set_in_everybodys_predicate() -> None:
    """Wide sets are the very same object for all, so that engines and caches meet them once."""
    places = [Place("o1", "platform", "leeds", "organisation")]
    places += [Place(f"p{n}", "o1", f"leeds/s{n}", "space", "open") for n in range(600)]
    gate = Gate(Snapshot({}, PlaceTree(places), 1), DAY)
    wide = [gate.visible(who, "read").parts[1].values for who in (ANN, BO)]
    assert len(wide[0]) == 600
    assert wide[0] is wide[1]


def test_the_oracle_can_tell_yes_from_no() -> None:
    """The test of the test: stock Casbin, asked by the worlds, allows some and refuses some."""
    rng = random.Random(3)
    said = {
        world.oracle(*question)
        for world in map(make_world, rng.sample(range(10**6), 20))
        for question in world.questions(8)
    }
    assert said == {True, False}


def _spoken(voices: str, audience: str = "open") -> Snapshot:
    """Leeds' news, of this audience, in which these may write; no line says anything."""
    news = Place("s3", "o1", "leeds/news", "space", audience, voices=voices)
    return Snapshot({}, PlaceTree([place for place in PLACES if place.id != "s3"] + [news]), 1)


@pytest.mark.parametrize(
    ("voices", "ann", "bo"),
    [("", False, False), ("members", False, False), ("organisation", True, False), ("staff", True, True)],
)
def test_who_may_write_in_an_open_space_is_whom_it_says(voices: str, ann: bool, bo: bool) -> None:
    """Documents and whatever else is published there; drafts, what is sensitive, and editing are not given."""
    held = _spoken(voices)
    thread = Object("thread:1", TREE.within("s3") | {"thread:1"}, TREE.reach("s3") | {"thread:1"}, "o1", "",
                    "OFFICIAL", "published")  # fmt: skip
    for obj in (document("s3"), document("s3", marking="PUBLIC"), thread, _home("s3")):
        assert [may(held, who, obj, "comment") for who in (ANN, BO, MARIA)] == [ann, bo, False]
        assert [may(held, who, obj) for who in (ANN, BO, MARIA)] == [True, True, False]
    others = [document("s3", marking="OFFICIAL-SENSITIVE"), document("s3", state="draft"), document("s1")]
    for obj, who, action in itertools.product(others, (ANN, BO, MARIA), ("read", "comment")):
        assert not may(held, who, obj, action)
    assert not any(may(held, who, document("s3"), action) for who in (ANN, BO) for action in ("edit", "manage"))


@pytest.mark.parametrize("audience", ["restricted", "private", "confidential"])
@pytest.mark.parametrize("voices", ["staff", "organisation"])
def test_who_may_write_brings_no_sight_of_a_space_that_is_not_open(audience: str, voices: str) -> None:
    """What it says is kept, and lets nobody in: neither to write nor, as writing includes it, to read."""
    for who, action in itertools.product((ANN, BO, MARIA), ("read", "comment")):
        assert not may(_spoken(voices, audience), who, document("s3"), action)
    seen = [[may(_spoken(each, audience), who, _home("s3")) for who in (ANN, BO)] for each in ("", voices)]
    assert seen[0] == seen[1]


def test_a_deny_takes_writing_from_those_who_might_in_an_open_space() -> None:
    held = _spoken("staff")
    denied = adopt("organisations/leeds.csv", HEADER + "deny,org:york,comment,leeds/news,any,any,-,York reads\n", "o1")
    held = held.with_files({denied.name: denied}, 2)
    assert [may(held, who, document("s3"), "comment") for who in (ANN, BO)] == [True, False]
    assert may(held, BO, document("s3"))
