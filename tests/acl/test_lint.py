"""Lines that are right by the letter and do nothing, or not what their writer meant."""

import random
from datetime import date, timedelta

import pytest

from acl.directory import PlaceTree
from acl.lint import lint
from acl.rules import Rule
from acl.store import adopt
from acl.vocabulary import MARKINGS, marked
from tests.acl.test_policy import DAY, snapshot
from tests.worlds import HEADER

SOUND = "allow,org:leeds,read,leeds,up to OFFICIAL,published,-,Staff"


def remarks(lines: str, platform: str = "", day: date = DAY, known=None) -> list[str]:
    held = snapshot(leeds=SOUND, platform=platform)
    file = adopt("organisations/leeds.csv", HEADER + lines + "\n", "o1")
    return [str(remark) for remark in lint(held, file, day, known)]


def test_a_sound_file_gives_no_remark() -> None:
    assert remarks(SOUND, known=lambda _: True) == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("allow,org:leeds,read,leeds/gone,any,any,-,", "where: there is no place leeds/gone"),
        ("allow,org:leeds,read,york/flood,any,any,-,", "where: york/flood belongs to another organisation"),
        ("allow,org:leeds,read,people:york,any,any,-,", "where: people:york belongs to another organisation"),
        (
            f"allow,org:leeds,read,leeds,any,any,{DAY - timedelta(1)},",
            "until: ended on 24 October 2026: the line does nothing",
        ),
        ("allow,org:lds,read,leeds,any,any,-,x", "who: nobody is known as org:lds: the line reaches nobody"),
        (
            "deny,everyone-but:group:leeds/x,read,leeds,any,any,-,x",
            "nobody is known as group:leeds/x: the line denies everybody",
        ),
    ],
)
def test_a_line_that_does_nothing_is_remarked(line: str, said: str) -> None:
    known = {"org:leeds", "org:york"}.__contains__
    (found,) = remarks(f"{SOUND}\n{line}", known=known)
    assert found.startswith("organisations/leeds.csv:3: ")
    assert said in found


def test_a_line_by_which_another_organisation_says_who_may_is_remarked() -> None:
    """More than reading for a group or the staff of York: York decides who that is. Of one's own, nothing is said."""
    lines = "allow,{},{},leeds,any,any,-,x"
    assert remarks(lines.format("group:york/legal", "edit")) == [
        "organisations/leeds.csv:2: who: york decides who is in york/legal: the line trusts it with that."
    ]
    assert "york decides who is at york" in remarks(lines.format("org:york", "manage"))[0]
    for who, can in (("group:york/legal", "read"), ("group:leeds/legal", "edit"), ("person:york/bo", "edit")):
        assert remarks(lines.format(who, can)) == []
    hubs = adopt(
        "platform.csv", HEADER + lines.format("group:york/legal", "read").replace("read,leeds", "edit,*"), "platform"
    )
    (found,) = lint(snapshot(leeds=SOUND, platform=""), hubs, DAY)
    assert "only the administrators of the hub can change who is in york/legal" in str(found)


def test_the_last_day_is_not_yet_past() -> None:
    assert remarks(f"allow,org:leeds,read,leeds,any,any,{DAY},") == []


@pytest.mark.parametrize(
    "deny",
    [
        "deny,org:leeds,read,*,any,any,-,x",
        "deny,all-staff,read,leeds,any,any,-,x",
        "deny,org:leeds,read,leeds/housing,any,published,-,x",
    ],
)
def test_a_line_that_a_deny_makes_void_is_remarked(deny: str) -> None:
    line = "allow,org:leeds,edit,leeds/housing,up to OFFICIAL,published,-,"
    (found,) = remarks(f"{line}\n{deny}")
    where = "the deny at organisations/leeds.csv line 3"
    assert found == f"organisations/leeds.csv:2: effect: {where} makes this line void, since a deny always wins."
    if "leeds," in deny or "leeds/" in deny:
        (found,) = remarks(line, platform=deny)
        assert "the deny at platform.csv line 2" in found


@pytest.mark.parametrize(
    "deny",
    [
        "deny,org:york,read,*,any,any,-,x",
        "deny,org:leeds,edit,*,any,any,-,x",  # reading is left
        "deny,org:leeds,read,leeds/news,any,any,-,x",
        "deny,org:leeds,read,leeds/housing/tenders,any,any,-,x",
        "deny,org:leeds,read,*,OFFICIAL and above,any,-,x",  # PUBLIC is left
        "deny,org:leeds,read,*,any,draft,-,x",
        f"deny,org:leeds,read,*,any,any,{DAY + timedelta(9)},x",  # one day it ends
        f"deny,org:leeds,read,*,any,any,{DAY - timedelta(1)},x",
        "deny,everyone-but:org:leeds,read,*,any,any,-,x",
    ],
)
def test_a_line_of_which_something_is_left_is_not_called_void(deny: str) -> None:
    line = "allow,org:leeds,edit,leeds/housing,up to OFFICIAL,published,-,"
    assert [found for found in remarks(f"{line}\n{deny}") if "void" in found] == []


def test_the_deny_that_is_named_is_the_first_that_leaves_nothing() -> None:
    """Found by an index; here by the definition, every allow against every deny, on random files."""
    rng = random.Random(5)
    who = ("org:leeds", "all-staff", "person:leeds/ann", "group:leeds/x", "guest:acme/jo", "own-organisation")
    columns = (
        who, ("read", "edit", "administer"), ("*", "leeds", "leeds/housing", "leeds/news", "leeds/gone", "doc:d1"),
        ("any", "only PUBLIC", "OFFICIAL and above"), ("any", "published", "draft"),
        ("-", str(DAY), str(DAY + timedelta(9)), str(DAY - timedelta(1))),
    )  # fmt: skip
    named = 0
    for _ in range(60):
        lines = [("allow", *map(rng.choice, columns)) for _ in range(10)]
        lines += [("deny", *map(rng.choice, columns)) for _ in range(15)]
        lines = [line for line in dict.fromkeys(lines) if (line[0], line[2]) != ("deny", "administer")]
        rng.shuffle(lines)
        text = "".join(f"{','.join(line)},x\n" for line in lines)
        held = snapshot(leeds=SOUND, platform="deny,all-staff,read,leeds/news,any,any,-,x")
        file = adopt("organisations/leeds.csv", HEADER + text, "o1")
        denies = [*held.files["platform.csv"].rules, *file.rules]
        for rule in file.rules:
            wanted = next((deny for deny in denies if _voids(deny, rule, held.tree)), None)
            found = [str(r) for r in lint(held, file, DAY) if r.line == rule.line and "void" in r.message]
            assert found == ([found[0]] if wanted else []), (rule, wanted)
            if wanted:
                named += 1
                assert f"the deny at {wanted.file} line {wanted.line} makes" in found[0]
    assert named > 50


def _voids(deny: Rule, allow: Rule, tree: PlaceTree) -> bool:
    if deny.effect != "deny" or allow.effect != "allow" or DAY.isoformat() > min(_end(deny), _end(allow)):
        return False
    above, below = tree.resolve(deny.where, deny.scope), tree.resolve(allow.where, allow.scope)
    if above is None or below is None:
        return False
    within = tree.within(below) if tree.get(below) else {below}
    kind, _, name = allow.who.partition(":")
    return (
        (deny.who == allow.who or (deny.who == "all-staff" and kind != "guest")
         or (kind == "person" and deny.who == f"org:{name.partition('/')[0]}"))
        and deny.can == ("administer" if allow.can == "administer" else "read")
        and deny.state in ("any", allow.state)
        and all(marked(each, deny.marking) for each in MARKINGS if marked(each, allow.marking))
        and _end(allow) <= _end(deny)
        and above in within
        and (deny.scope in within or (above == below and deny.scope == allow.scope))
    )  # fmt: skip


def _end(rule: Rule) -> str:
    return "9999" if rule.until == "-" else rule.until
