"""A web process holds a hundred thousand lines: what they have in common is there once."""

from acl.directory import Place, PlaceTree
from acl.rules import COLUMNS, read_rules
from acl.store import Snapshot, adopt
from bench.weight import weight

SPACES = [Place(f"s{n}", "leeds", f"leeds/space-{n}", "space", "restricted") for n in range(20)]
TREE = PlaceTree([Place("leeds", "platform", "leeds", "organisation"), *SPACES])
LINES = [
    f"allow,group:leeds/team-{team},{can},leeds/space-{space},any,published,-,Because of team {team}"
    for team in range(50)
    for can in ("read", "edit")
    for space in range(20)
]
TEXT = "\n".join([",".join(COLUMNS), *LINES, ""])


def test_a_line_of_policy_takes_little_more_than_its_columns() -> None:
    """With its text; it was twice as much when each line had words of its own."""
    file = adopt("organisations/leeds.csv", TEXT, "leeds")
    assert len(file.rules) == 2_000
    assert weight(file) / len(file.rules) < 200


def test_teams_that_may_do_the_same_in_the_same_places_share_what_says_so() -> None:
    snapshot = Snapshot({"organisations/leeds.csv": adopt("organisations/leeds.csv", TEXT, "leeds")}, TREE, 1)
    one, other = (snapshot.merged(f"group:leeds/team-{team}") for team in (1, 2))
    assert one == other
    assert {id(key) for key in one} == {id(key) for key in other}
    assert {id(nodes) for nodes in one.values()} == {id(nodes) for nodes in other.values()}
    assert len({id(nodes) for nodes in one.values()}) == 1


def test_the_text_of_a_file_is_what_was_accepted_byte_by_byte() -> None:
    for text in (TEXT, "\ufeff" + TEXT.replace("\n", "\r\n"), TEXT.replace("Because of", "Größe — 为了")):
        file = adopt("organisations/leeds.csv", text, "leeds")
        assert file.text == text
        assert adopt("organisations/leeds.csv", text.encode(), "leeds") == file
        assert file.rules == read_rules(text, file="organisations/leeds.csv", scope="leeds")
        assert len(file.packed) < len(text) / 8


def test_what_people_are_given_is_named_by_one_text() -> None:
    first, second = (TREE.resolve("".join(("node:", "s", str(7))), "leeds") for _ in range(2))
    assert first is second
