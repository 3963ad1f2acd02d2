"""What people type and paste into a policy file, and what they are told: what is wrong, where, and what to do."""

import pytest

from acl.letters import lookalike
from acl.lint import lint
from acl.rules import PolicyError, read_rules
from acl.store import adopt
from tests.acl.test_policy import DAY, snapshot
from tests.worlds import HEADER

SOUND = "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Staff"


def faults(text: str) -> list[str]:
    with pytest.raises(PolicyError) as refused:
        read_rules(HEADER + text, file="organisations/leeds.csv", scope="o1")
    return [str(fault).removeprefix("organisations/leeds.csv:") for fault in refused.value.faults]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("allow,org:leeds,read,leeds,any,any,\u2014,", "until: '\u2014' has a long dash"),
        ("allow,org:leeds,read,leeds,any,any,\u2013,", "until: '\u2013' has an en dash"),
        ("allow,org:leeds,read,leeds/flood\u2013plan,any,any,-,", "Type leeds/flood-plan."),
        (
            "allow,org:leeds,read,l\u0435eds,any,any,-,",
            "has the Cyrillic letter \u0435 as character 2, which looks like the Latin e. Type leeds ",
        ),
        ("d\u0435ny,org:leeds,read,leeds,any,any,-,", "effect: 'd\u0435ny' has the Cyrillic letter"),
        ("deny,\u03bfrg:leeds,read,leeds,any,any,-,", "who: '\u03bfrg:leeds' has the Greek letter"),
        ("deny,org:leeds,read,leeds,\u201cany\u201d,any,-,", "has a curly quotation mark. Type any."),
        ("deny,org:leeds,read,\uff4ceeds,any,any,-,", "has the Fullwidth letter \uff4c as character 1"),
        ("allow,org:leeds,read,leeds,any,any,46387,", "means 31 December 2026. Write 2026-12-31"),
        ("allow,org:leeds,read,leeds,any,any,2027-03-31 # ends,", "until: '2027-03-31 # ends' holds a comment."),
        ("allow,org:leeds,read # for now,leeds,any,any,-,", "can: 'read # for now' holds a comment."),
        (HEADER.strip(), " is the heading once more, which stands in line 1 already. Delete it."),
        ("allow,org:york,read,leeds,any,any,-,\u2014", "reason: is needed"),
    ],
)  # fmt: skip
def test_each_is_one_sentence_with_line_and_column(line: str, said: str) -> None:
    (found,) = faults(f"{line}\n{SOUND}\n")
    assert found.startswith("2:")
    assert said in found


def test_a_line_break_inside_a_cell_is_one_fault_and_the_lines_after_it_are_read() -> None:
    broken = 'allow,org:york,read,leeds,any,any,-,"Joint plan\nwith York\nand Hull"'
    found = faults(f"{broken}\n{SOUND}\nDeny it\n")
    assert "2: has a line break inside a cell, which goes on as far as line 4." in found[0]
    assert [each.partition(":")[0] for each in found] == ["2", "6"]
    (found,) = faults('allow,org:york,read,leeds,any,any,-,"Joint plan\n' + f"{SOUND}\n" * 1)
    assert "quotation mark that is not closed" in found


def test_a_header_with_a_cyrillic_letter_is_named() -> None:
    with pytest.raises(PolicyError) as refused:
        read_rules(HEADER.replace("who", "wh\u043e"), file="leeds.csv", scope="o1")
    assert "has the Cyrillic letter \u043e as character 3" in str(refused.value)


def test_a_hash_inside_a_reason_is_read_by_people_and_remarked() -> None:
    lines = f"{SOUND} # for now\nallow,org:york,read,leeds,any,any,-,Contract #117\n"
    file = adopt("organisations/leeds.csv", HEADER + lines, "o1")
    assert file.rules[0].reason == "Staff # for now"
    (remark,) = [each for each in lint(snapshot(), file, DAY) if each.column == "reason"]
    assert (remark.line, "begins no comment" in remark.message) == (2, True)


@pytest.mark.parametrize("word", ["leeds", "\u0141\u00f3d\u017a", "\u6771\u4eac", "caf\u00e9", ""])
def test_other_letters_are_not_taken_for_latin_ones(word: str) -> None:
    assert lookalike(word) == ""
