"""Lines follow the place that they name, however they were typed; nothing else in the file changes."""

import pytest

from acl.renaming import renamed
from acl.rules import read_rules
from tests.worlds import HEADER


@pytest.mark.parametrize(
    ("line", "after"),
    [
        ("deny,org:york,read,leeds/legal,any,any,-,x", "deny,org:york,read,leeds/law,any,any,-,x"),
        ('deny,all-staff,read,"leeds/legal/b ",any,any,-,x', 'deny,all-staff,read,"leeds/law/b ",any,any,-,x'),
        ("deny,all-staff,read,leeds/legal-advice,any,any,-,x", ""),
        ("deny,all-staff,read,leeds,any,any,-,leeds/legals", ""),
        ("# leeds/legal,leeds/legal", ""),
        ("deny,all-staff,read,people:leeds,any,any,-,x", ""),
    ],
)  # fmt: skip
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_only_the_cell_that_names_the_place_is_written_anew(line: str, after: str, separator: str, end: str) -> None:
    def typed(text: str) -> str:
        return HEADER.replace(",", separator).replace("\n", end) + text.replace(",", separator) + end

    before = typed(line)
    rules = read_rules(before, file="organisations/leeds.csv", scope="x")
    assert renamed(before, rules, "leeds/legal", "leeds/law") == typed(after or line)


def test_a_line_about_an_organisations_people_follows_it() -> None:
    before = HEADER + "deny,all-staff,read,people:leeds,any,any,-,our people\n"
    rules = read_rules(before, file="organisations/leeds.csv", scope="x")
    assert renamed(before, rules, "leeds", "west-leeds").splitlines()[1] == (
        "deny,all-staff,read,people:west-leeds,any,any,-,our people"
    )
