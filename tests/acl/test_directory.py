"""Places and people: what holds, and what is refused before it could mislead a decision."""

import time

import pytest

from acl.directory import ROOT, Place, PlaceTree, Subject, subject_for

LEEDS = Place("o1", ROOT, "leeds", "organisation")
HOUSING = Place("s1", "o1", "leeds/housing", "space", "open")
TENDERS = Place("s2", "s1", "leeds/housing/tenders", "space", "private")
BIDS = Place("f1", "s2", "leeds/housing/tenders/bids", "folder")
TREE = PlaceTree([LEEDS, HOUSING, TENDERS, BIDS])


def test_within_climbs_to_the_platform_and_reach_stops_at_the_private_space() -> None:
    assert TREE.within("f1") == {"f1", "s2", "s1", "o1", ROOT}
    assert TREE.reach("f1") == {"f1", "s2"}
    assert TREE.reach("s1") == {"s1", "o1", ROOT}
    assert TREE.within(ROOT) == TREE.reach(ROOT) == {ROOT}
    assert TREE.chain("s2") == ["s2", "s1", "o1", ROOT]


def test_an_organisations_people_lie_just_inside_it_and_beside_its_spaces() -> None:
    assert TREE.within("people:o1") == TREE.reach("people:o1") == {"people:o1", "o1", ROOT}
    assert (TREE.path_of("people:o1"), TREE.organisation_of("people:o1")) == ("people:leeds", "o1")
    assert "people:o1" not in TREE.descendants(ROOT)
    assert [TREE.get(f"people:{node}") for node in ("s1", "gone", "people:o1", "")] == [None] * 4
    with pytest.raises(KeyError):
        TREE.within("people:s1")


def test_the_order_in_which_places_are_given_does_not_matter() -> None:
    assert PlaceTree([BIDS, TENDERS, HOUSING, LEEDS]).within("f1") == TREE.within("f1")


def test_where_is_resolved_to_a_node_or_to_nothing() -> None:
    assert TREE.resolve("*", "o1") == "o1"
    assert TREE.resolve("leeds/housing", "o1") == "s1"
    assert TREE.resolve("doc:abc", "o1") == "doc:abc"
    assert TREE.resolve("node:home:s1", "o1") == "home:s1"
    assert TREE.resolve("leeds/gone", "o1") is None
    assert TREE.resolve("people:leeds", "o1") == "people:o1"
    assert [TREE.resolve(f"people:{path}", "o1") for path in ("leeds/housing", "york", "")] == [None, None, None]
    assert (TREE.path_of("s2"), TREE.organisation_of("f1"), TREE.organisation_of(ROOT)) == (
        "leeds/housing/tenders",
        "o1",
        "",
    )
    assert TREE.descendants("o1") == ["s1", "s2", "f1"]


def test_a_renamed_space_takes_all_beneath_it_along() -> None:
    moved = [Place("s2", "o1", "leeds/bids", "space", "private"), Place("f1", "s2", "leeds/bids/bids", "folder")]
    tree = TREE.with_changes(moved, [])
    assert tree.resolve("leeds/bids/bids", "o1") == "f1"
    assert tree.resolve("leeds/housing/tenders", "o1") is None
    assert tree.within("f1") == {"f1", "s2", "o1", ROOT}
    assert TREE.resolve("leeds/housing/tenders", "o1") == "s2"  # the older tree has not moved
    with pytest.raises(ValueError, match="f1 has the path leeds/housing/tenders/bids, but lies in leeds/bids"):
        TREE.with_changes(moved[:1], [])


def seconds_for_each(count: int) -> float:
    """Processor time for each of so many spaces of one organisation: they come, change and go."""
    spaces = [Place(f"s{n}", "o1", f"leeds/s{n}", "space", "open") for n in range(count)]
    shut = [Place(f"s{n}", "o1", f"leeds/s{n}", "space", "private") for n in range(count)]
    taken = []
    for _ in range(3):
        begun = time.thread_time()
        tree = PlaceTree([LEEDS, *spaces]).with_changes(shut, [])
        assert len(tree.children("o1")) == count
        assert tree.with_changes([], [place.id for place in shut]).children("o1") == frozenset()
        taken.append(time.thread_time() - begun)
    return min(taken) / count


def test_a_thousand_places_in_one_make_none_of_them_dearer() -> None:
    """Sets of them were once copied for each one: with eight times as many each was five times as dear."""
    assert seconds_for_each(8_000) < 2.5 * seconds_for_each(1_000)


@pytest.mark.parametrize(
    ("places", "removed", "said"),
    [
        ([Place("s1", "s2", "leeds/housing/tenders/a", "space", "open")], [], "lies in itself"),
        ([Place("s9", "gone", "gone/a", "space", "open")], [], "lies in gone, which does not exist"),
        ([Place("s9", "o1", "leeds/housing", "space", "open")], [], "two places have the path leeds/housing"),
        ([Place("s9", "o1", "york/a", "space", "open")], [], "has the path york/a, but lies in leeds"),
        ([Place("s9", "o1", "leeds/a", "space")], [], "have an audience"),
        ([Place("s9", "o1", "leeds/a", "space", "secret")], [], "have an audience"),
        ([Place("s9", "o1", "leeds/a", "folder", "open")], [], "have an audience"),
        ([Place("s9", "o1", "leeds/a", "space", "open", voices="anybody")], [], "have voices"),
        ([Place("s9", "o1", "leeds/a", "folder", voices="staff")], [], "have voices"),
        ([Place("s9", None, "a", "organisation")], [], "needs a parent"),
        ([Place("s9", ROOT, "a", "platform")], [], "needs a parent, a path and a kind"),
        ([], ["s1"], "is removed but places beneath it are not"),
        ([], ["gone"], "no place gone"),
        ([], [ROOT], "the platform cannot change"),
    ],
)
def test_a_tree_that_could_mislead_is_refused(places: list[Place], removed: list[str], said: str) -> None:
    """A cycle, an orphan, a doubled path: each would lose a deny or let one in."""
    with pytest.raises(ValueError, match=said):
        TREE.with_changes(places, removed)
    assert TREE.within("f1") == {"f1", "s2", "s1", "o1", ROOT}


def test_a_removed_place_and_all_beneath_it_are_gone() -> None:
    tree = TREE.with_changes([], ["f1", "s2"])
    assert (len(tree), tree.get("s2"), tree.resolve("leeds/housing/tenders", "o1")) == (3, None, None)


def test_sam_holds_handle_organisation_groups_and_all_staff() -> None:
    sam = subject_for("person:leeds/sam", organisations={"leeds": "o1"}, groups=["leeds/legal"])
    assert sam.holds == {"person:leeds/sam", "org:leeds", "group:leeds/legal", "all-staff"}
    assert sam.orgs == {"o1"}


def test_a_guest_holds_one_handle_and_nothing_else() -> None:
    assert subject_for("guest:acme/maria-lopez").holds == {"guest:acme/maria-lopez"}
    with pytest.raises(ValueError, match="is a guest"):
        subject_for("guest:acme/maria-lopez", organisations={"leeds": "o1"})
    with pytest.raises(ValueError, match="is a guest"):
        subject_for("guest:acme/maria-lopez", groups=["leeds/legal"])


def test_somebody_who_is_staff_of_none_is_not_all_staff() -> None:
    assert subject_for("person:leeds/gone").holds == {"person:leeds/gone"}


@pytest.mark.parametrize("handle", ["sam", "person:sam", "person:leeds/Sam", "sam@leeds.example", "org:leeds", ""])
def test_what_is_no_handle_is_refused(handle: str) -> None:
    with pytest.raises(ValueError, match="not a handle"):
        subject_for(handle)


@pytest.mark.parametrize("word", ["own-organisation", "document-owner", "everyone-but:org:leeds"])
def test_nobody_can_hold_a_word_that_speaks_of_the_object(word: str) -> None:
    with pytest.raises(ValueError, match="nobody can hold"):
        Subject("person:leeds/sam", frozenset(), frozenset({word}))
