"""Why, and why not: the deciding line, all that match, the nearest misses, and the sentences that people read."""

from dataclasses import replace
from datetime import date
from unittest import mock

import pytest

from acl import gate as gate_module
from acl.directory import subject_for
from acl.explain import Explanation, describe, explain
from acl.gate import Decision, Difference, Disagreement, Gate
from acl.rules import Rule
from acl.visibility import TRUE
from tests.acl.test_policy import ANN, BO, DAY, MARIA, document, snapshot

PLAN = "allow,org:york,read,leeds/housing,up to OFFICIAL,published,2027-03-31,Joint flood plan"
NAMES = {
    "org:york": "City of York Council",
    "o1": "Leeds",
    "group:leeds/legal": "Leeds legal team",
    "grants:g1": "Sam Okafor",
}


def decide(lines: str, who=BO, obj=None, action="read", **files: str) -> Decision:
    return Gate(snapshot(leeds=lines, **files), DAY).decide(who, action, obj or document("s1"))


def sentences(decision: Decision) -> list[str]:
    return [miss.sentence for miss in decision.missing]


def test_bo_learns_which_line_lets_him_read_the_flood_plan() -> None:
    """A12: the deciding line by file and line, and a sentence."""
    decision = decide("# shares\n" + PLAN)
    assert decision.allowed
    assert (decision.rule.file, decision.rule.line) == ("organisations/leeds.csv", 3)
    assert explain(decision, "read", lambda key: NAMES.get(key, "")) == Explanation(
        "You can read this because Leeds shares it with City of York Council until 31 March 2027 (Joint flood plan).",
        "organisations/leeds.csv line 3",
    )


def test_the_first_allow_by_file_and_line_decides_and_all_are_listed() -> None:
    """A12."""
    later = PLAN.replace("leeds/housing", "leeds")
    decision = decide(f"{later}\n{PLAN}", platform="allow,all-staff,read,*,any,any,-,Everything\n" + PLAN)
    assert [(rule.file, rule.line) for rule in decision.matched] == [
        ("organisations/leeds.csv", 2),
        ("organisations/leeds.csv", 3),
        ("platform.csv", 2),
        ("platform.csv", 3),
    ]
    assert decision.rule == decision.matched[0]
    assert decision.missing == ()


def test_the_first_deny_decides_whatever_allows_there_are() -> None:
    """A12."""
    decision = decide(
        f"{PLAN}\ndeny,everyone-but:group:leeds/legal,read,leeds,any,any,-,Privileged.\n" + PLAN.replace("2027", "2028")
    )
    assert not decision.allowed
    assert (decision.rule.effect, decision.rule.line) == ("deny", 3)
    said = explain(decision, "read", lambda key: NAMES.get(key, ""))
    assert said.sentence == (
        "You cannot read this because a rule of Leeds keeps out everyone but the group Leeds legal team (Privileged)."
    )
    assert said.source == "organisations/leeds.csv line 3"


@pytest.mark.parametrize(
    ("line", "obj", "action", "sentence"),
    [
        (PLAN, {"state": "draft"}, "read", "line 2 would, but this is a draft, and the line is about published"),
        (PLAN.replace("2027", "2026"), {}, "read", "line 2 would, but it ended on 31 March 2026"),
        (
            PLAN,
            {"marking": "OFFICIAL-SENSITIVE"},
            "read",
            "line 2 reaches only up to OFFICIAL, and this is OFFICIAL-SENSITIVE",
        ),
        (PLAN.replace("up to OFFICIAL", "only PUBLIC"), {}, "read", "line 2 reaches only PUBLIC, and this is OFFICIAL"),
        (PLAN, {}, "edit", "line 2 allows read, which does not include edit"),
        (PLAN, {"place": "s2"}, "read", "line 2 stops above a private space"),
        (PLAN.replace("org:york", "group:york/flood"), {}, "read", "line 2 would, but it is for group:york/flood"),
        (PLAN.replace("org:york", "document-owner"), {}, "read", "line 2 would, but it is for document-owner"),
    ],
)
def test_bo_learns_what_was_missing(line: str, obj: dict[str, str], action: str, sentence: str) -> None:
    decision = decide(line, obj=document(**{"place": "s1", **obj}), action=action)
    assert not decision.allowed
    assert decision.rule is None
    assert [said.startswith(f"organisations/leeds.csv {sentence}") for said in sentences(decision)] == [True]
    assert explain(decision, action).nearest == tuple(sentences(decision))


def test_nearest_comes_first_and_no_more_than_five_are_named() -> None:
    other = PLAN.replace("org:york", "group:york/a")
    many = "\n".join(other.replace("york/a", f"york/g{n}") for n in range(9))
    decision = decide(f"{many}\n{PLAN.replace('2027', '2026')}")
    assert "ended on 31 March 2026" in sentences(decision)[0]
    assert len(sentences(decision)) == 5


def test_what_fails_in_two_columns_is_not_near() -> None:
    assert decide(PLAN, obj=document("s1", state="draft", marking="OFFICIAL-SENSITIVE")).missing == ()
    said = explain(decide(PLAN, who=MARIA, obj=document("s1", state="draft")), "read")
    assert said == Explanation("You cannot read this because no rule, membership or share allows it.", "", ())


def test_a_grant_names_its_giver() -> None:
    grant = Rule(
        "o1",
        "allow",
        "guest:acme/maria-lopez",
        "read",
        "node:s2",
        "any",
        "any",
        "2026-12-31",
        "Contract HO-117",
        "grants:g1",
        0,
    )
    maria = subject_for("guest:acme/maria-lopez", grants=[grant])
    decision = Gate(snapshot(platform=""), DAY).decide(maria, "read", document("f2"))
    said = explain(decision, "read", lambda key: NAMES.get(key, ""))
    assert said.sentence == (
        "You can read this because Sam Okafor admitted you to the place that it lies in until 31 December 2026 "
        "(Contract HO-117)."
    )
    assert said.source == "the grant g1"


def test_an_open_space_says_so() -> None:
    decision = Gate(snapshot(platform=""), DAY).decide(BO, "read", document("s3"))
    assert explain(decision, "read").sentence == (
        "You can read this because the space that it lies in is open to the staff of every organisation."
    )
    assert explain(decision, "read").source == "the audience of leeds/news"


def test_a_rule_in_a_list_is_one_line() -> None:
    (rule,) = decide(PLAN).matched
    assert describe(rule) == (
        "organisations/leeds.csv line 2: allow everyone at york read on leeds/housing, until 31 March 2027: "
        "Joint flood plan"
    )


def test_a_difference_between_visibility_and_casbin_is_found() -> None:
    """The sampled shadow check: nothing where they agree, both answers where they do not."""
    gate = Gate(snapshot(leeds=PLAN), DAY)
    for who, place in ((BO, "s1"), (BO, "s2"), (ANN, "s1"), (MARIA, "s1")):
        assert gate.shadow(who, "read", document(place)) is None
    gate.snapshot.remembered.put((MARIA, "read", DAY, None), TRUE)
    assert gate.shadow(MARIA, "read", document("s1")) == Difference(
        MARIA.id, "read", "doc:1", visible=True, enforced=False
    )


def test_an_answer_that_the_lines_do_not_explain_is_no_answer() -> None:
    gate = Gate(snapshot(leeds=PLAN), DAY)
    with (
        mock.patch.object(gate_module, "enforce", return_value=True),
        pytest.raises(Disagreement, match="Casbin says True"),
    ):
        gate.decide(MARIA, "read", document("s1"))


def test_what_is_remembered_is_kept_by_subject_action_day_and_generation() -> None:
    """Two people, two actions, two days: never one another's predicate; an edit starts afresh."""
    held = snapshot(leeds=PLAN.replace("2027-03-31", str(DAY)))
    gate = Gate(held, DAY)
    assert gate.visible(BO, "read") is gate.visible(BO, "read")
    assert gate.visible(BO, "read") != gate.visible(BO, "edit")
    assert gate.visible(BO, "read") != gate.visible(ANN, "read")
    assert gate.visible(BO, "read") != Gate(held, date(2026, 10, 26)).visible(BO, "read")
    grant = Rule("o1", "allow", BO.id, "read", "node:s2", "any", "any", "-", "x", "grants:g1", 0)
    assert gate.visible(BO, "read") != gate.visible(replace(BO, grants=(grant,)), "read")
    assert Gate(held.with_files({"organisations/leeds.csv": None}, 2), DAY).visible(BO, "read") != gate.visible(
        BO, "read"
    )
