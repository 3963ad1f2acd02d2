"""The sentence that people read: one for every kind of ground, with names where they may be named, never a slug."""

import pytest

from acl.clauses import clause
from acl.directory import Place, Subject, subject_for
from acl.explain import but_not, explain, whom
from acl.gate import Gate
from acl.groups import audience_rules
from acl.rules import Rule
from acl.store import Snapshot
from acl.visibility import Object
from tests.acl.test_policy import ANN, BO, DAY, MARIA, TREE, document, may, snapshot
from tests.worlds import worlds

NAMES = {
    "org:york": "City of York Council",
    "org:leeds": "Leeds City Council",
    "o1": "Leeds City Council",
    "o2": "City of York Council",
    "s2": "Tenders",
    "s3": "News",
    "group:leeds/housing": "Housing officers",
    "group:leeds/legal": "Legal services",
    "grants:g1": "Sam Okafor",
}
LEE = subject_for("person:leeds/lee", organisations={"leeds": "o1"})


def told(line: str, who: Subject, *, obj: Object | None = None, names: dict[str, str] = NAMES, **other: str) -> str:
    """The sentence about reading by one line of Leeds' file (or `platform=`)."""
    held = snapshot(leeds=line) if line else snapshot(**{"leeds": "", **other})
    decision = Gate(held, DAY).decide(who, "read", obj or document("s1", owner="person:leeds/lee"))
    return explain(decision, "read", lambda key: names.get(key, "")).sentence


def line(who: str, reason: str, until: str = "-", effect: str = "allow") -> str:
    return f"{effect},{who},read,leeds/housing,any,any,{until},{reason}"


@pytest.mark.parametrize(
    ("who", "reader", "reason", "until", "sentence"),
    [
        (
            "org:york", BO, "Leeds shares its flood plan with York", "2027-03-31",
            "Leeds shares its flood plan with York until 31 March 2027",
        ),
        (
            "org:york", BO, "Joint flood plan", "2027-03-31",
            "Leeds City Council shares it with City of York Council until 31 March 2027 (Joint flood plan)",
        ),
        (
            "org:leeds", ANN, "Staff read what the council works on", "-",
            "staff read what the council works on and you work at Leeds City Council",
        ),
        ("org:leeds", ANN, "Daily work", "-", "you work at Leeds City Council (Daily work)"),
        ("all-staff", BO, "Leeds publishes openly to the sector", "-", "Leeds publishes openly to the sector"),
        ("all-staff", BO, "News", "-", "Leeds City Council opens it to the staff of every organisation (News)"),
        ("own-organisation", ANN, "-", "-", "it belongs to your own organisation"),
        (
            "document-owner", LEE, "Authors keep their own work in hand", "-",
            "authors keep their own work in hand and you are its owner",
        ),
        ("document-owner", LEE, "Own work", "-", "you are its owner (Own work)"),
        (
            "group:leeds/housing", ANN, "Housing keeps its own space", "-",
            "Housing keeps its own space and you are in the group Housing officers",
        ),
        ("person:york/bo", BO, "Peer review", "2026-12-31",
         "a rule of Leeds City Council names you until 31 December 2026 (Peer review)"),
        (
            "guest:acme/maria-lopez", MARIA, "Contract HO-117", "2026-12-31",
            "Leeds City Council admitted you as a guest until 31 December 2026 (Contract HO-117)",
        ),
        ("org:york", BO, "York reads until it is done", "2027-03-31",
         "Leeds City Council shares it with City of York Council until 31 March 2027 (York reads until it is done)"),
    ],
)  # fmt: skip
def test_each_kind_of_ground_has_its_own_sentence(
    who: str, reader: Subject, reason: str, until: str, sentence: str
) -> None:
    assert told(line(who, reason, until), reader) == f"You can read this because {sentence}."


@pytest.mark.parametrize(
    ("who", "reader", "sentence"),
    [
        ("org:york", BO, "it is shared with your organisation"),
        ("all-staff", BO, "it is open to the staff of every organisation"),
        ("group:leeds/housing", ANN, "you are in a group that may"),
        ("person:york/bo", BO, "a rule names you"),
        ("guest:acme/maria-lopez", MARIA, "you were admitted as a guest"),
    ],
)
def test_what_may_not_be_named_is_done_without(who: str, reader: Subject, sentence: str) -> None:
    """No slug and no handle stands in for a name that the reader may not learn."""
    said = told(line(who, "Why"), reader, names={})
    assert said == f"You can read this because {sentence} (Why)."
    assert "/" not in said


def test_a_rule_of_the_whole_hub_says_so() -> None:
    for who, sentence in (
        ("all-staff", "the whole hub opens it to the staff of every organisation (Rules)"),
        ("org:york", "the whole hub shares it with City of York Council (Rules)"),
        ("person:york/bo", "a rule of the whole hub names you (Rules)"),
    ):
        assert told("", BO, platform=f"allow,{who},read,*,any,any,-,Rules") == f"You can read this because {sentence}."


def grant(who: str, can: str = "read", node: str = "s2", **other: str) -> Rule:
    given = {"marking": "any", "state": "any", "until": "2026-12-31", "reason": "Contract HO-117", **other}
    return Rule("o1", "allow", who, can, f"node:{node}", file="grants:g1", line=0, **given)


@pytest.mark.parametrize(
    ("rule", "named", "nameless"),
    [
        (grant("guest:acme/maria-lopez"), "Sam Okafor admitted you to Tenders", "you were admitted to"),
        (grant("person:acme/maria-lopez"), "Sam Okafor made you a reader of Tenders", "you were made a reader of"),
        (grant("person:acme/maria-lopez", "edit"), "Sam Okafor made you an editor of Tenders", "made an editor of"),
        (grant("person:acme/maria-lopez", node="doc:1"), "Sam Okafor shared it with you", "it is shared with you"),
        (grant("org:york"), "Sam Okafor shared Tenders with City of York Council", "is shared with your organisation"),
        (grant("group:leeds/legal"), "Sam Okafor shared Tenders with the group Legal services", "a group that you are"),
        (grant("guest:acme/maria-lopez", node="home:o1"), "you are a guest of Leeds City Council", "a guest here"),
    ],
)  # fmt: skip
def test_what_was_given_says_by_whom_and_until_when(rule: Rule, named: str, nameless: str) -> None:
    """Memberships, shares and admissions; the role in words, the place by its name."""
    obj = document("f2")
    reader = Subject("person:acme/maria-lopez", frozenset(), frozenset({rule.who}), (rule,))
    held = Gate(snapshot(platform=""), DAY)
    if rule.where == "node:home:o1":
        obj = Object("home:o1", frozenset({"home:o1", "o1", "platform"}), frozenset({"home:o1"}), "o1", "", "PUBLIC", "published")  # noqa: E501  # fmt: skip
    decision = held.decide(reader, "read", obj)
    assert explain(decision, "read", lambda key: NAMES.get(key, "")).sentence == (
        f"You can read this because {named} until 31 December 2026 (Contract HO-117)."
    )
    assert nameless in explain(decision, "read").sentence


def test_a_spaces_own_audience_is_named_as_such() -> None:
    held = Gate(snapshot(platform=""), DAY)
    names = lambda key: NAMES.get(key, "")  # noqa: E731
    assert explain(held.decide(BO, "read", document("s3")), "read", names).sentence == (
        "You can read this because News is open to the staff of every organisation."
    )
    for node, reader, said in (
        ("s1", BO, "the staff of every organisation may know that this space is there"),
        ("s2", ANN, "the staff of its own organisation may know that this space is there"),
    ):
        home = document(node)
        home = Object(f"home:{node}", home.within | {f"home:{node}"}, home.reach | {f"home:{node}"}, "o1", "", "OFFICIAL", "published")  # noqa: E501  # fmt: skip
        assert (
            explain(held.decide(reader, "read", home), "read", names).sentence == f"You can read this because {said}."
        )
    place = TREE.get("s4")
    assert place is not None
    assert audience_rules(place, TREE) == ()


def test_who_may_write_in_a_space_is_no_reason_to_read_there() -> None:
    """Of reading the audience is told, of commenting who may write; and neither among what matched for the other."""
    names = lambda key: NAMES.get(key, "")  # noqa: E731
    for voices, reader, whose in (
        ("staff", BO, "the staff of every organisation"),
        ("organisation", ANN, "the staff of Leeds City Council"),
    ):
        news = Place("s3", "o1", "leeds/news", "space", "open", voices=voices)
        gate = Gate(Snapshot({}, TREE.with_changes([news], ()), 1), DAY)
        read, write = (gate.decide(reader, action, document("s3")) for action in ("read", "comment"))
        assert explain(read, "read", names).source == "the audience of leeds/news"
        assert [rule.can for rule in read.matched] == ["read"]
        told = explain(write, "comment", names)
        assert told.sentence == f"You can comment on this because News lets {whose} write in it."
        assert told.source == "who may write in leeds/news"
        nameless = whose.replace("Leeds City Council", "the organisation that owns it")
        assert f"the space that it lies in lets {nameless} write in it." in explain(write, "comment").sentence
        draft = gate.decide(reader, "read", document("s3", state="draft"))
        assert [miss.sentence.partition(" would")[0] for miss in draft.missing] == ["the audience of leeds/news"]


@pytest.mark.parametrize(
    ("who", "can", "reason", "sentence"),
    [
        ("everyone-but:group:leeds/legal", "read", "Legal advice is privileged",
         "Legal advice is privileged: a rule of Leeds City Council keeps out everyone but the group Legal services"),
        ("org:york", "read", "Over", "a rule of Leeds City Council keeps out everyone at City of York Council (Over)"),
        ("everyone-but:all-staff", "read", "-", "a rule of Leeds City Council keeps out guests"),
    ],
)  # fmt: skip
def test_a_deny_says_whom_it_keeps_out(who: str, can: str, reason: str, sentence: str) -> None:
    """Told about somebody else, to those who manage the thing."""
    both = f"{line('all-staff', 'x')}\ndeny,{who},{can},leeds,any,any,-,{reason}"
    reader = MARIA if "all-staff" in who else BO
    decision = Gate(snapshot(leeds=both), DAY).decide(reader, "read", document("s1"))
    said = explain(decision, "read", lambda key: NAMES.get(key, ""), "Bo Hall").sentence
    assert said == f"Bo Hall cannot read this because {sentence}."


def test_a_deny_of_editing_keeps_from_editing() -> None:
    both = f"{line('all-staff', 'x')}\ndeny,org:york,edit,leeds,any,any,-,York reads only"
    decision = Gate(snapshot(leeds=both), DAY).decide(BO, "edit", document("s1"))
    assert explain(decision, "edit", lambda key: NAMES.get(key, "")).sentence == (
        "You cannot edit this because a rule of Leeds City Council keeps everyone at City of York Council "
        "from editing it (York reads only)."
    )


def test_about_somebody_else_it_is_the_same_sentence_with_their_name() -> None:
    decision = Gate(snapshot(leeds=line("org:leeds", "Daily work")), DAY).decide(ANN, "read", document("s1"))
    said = [explain(decision, "read", lambda key: NAMES.get(key, ""), person).sentence for person in ("", "Ann Lee")]
    assert said == [
        "You can read this because you work at Leeds City Council (Daily work).",
        "Ann Lee can read this because they work at Leeds City Council (Daily work).",
    ]


@pytest.mark.parametrize(
    ("reason", "woven"),
    [
        ("Leeds shares its flood plan with York", "Leeds shares its flood plan with York"),
        ("Staff read what the council works on.", "staff read what the council works on"),
        ("HR writes the handbook", "HR writes the handbook"),
        ("HR writes handbooks", ""),
        ("Highways works programme for 2027", ""),
        ("Contract HO-117: river model", ""),
        ("They are few. They are good.", ""),
        ("Retrofit framework partner of ours", ""),
        ("x" * 200 + " is very very long", ""),
        ("-", ""),
    ],
)
def test_a_reason_is_woven_in_only_where_it_is_surely_a_clause(reason: str, woven: str) -> None:
    assert clause(reason) == woven


@pytest.mark.parametrize(
    ("text", "obj", "sentence"),
    [
        ("allow,org:york,edit,leeds/housing,any,any,2026-03-31,x", {}, "your right to edit it ended on 31 March 2026"),
        ("allow,org:york,edit,leeds/housing,any,draft,-,x", {}, "your right to edit is not for what is published"),
        (
            "allow,org:york,edit,leeds/housing,up to OFFICIAL,any,-,x", {"marking": "OFFICIAL-SENSITIVE"},
            "your right to edit does not reach what is marked OFFICIAL-SENSITIVE",
        ),
        ("deny,org:york,edit,leeds/housing,any,any,-,Bo is being looked into", {}, "you were given no more than that"),
        ("allow,group:leeds/legal,edit,leeds/housing,any,any,-,Secret case", {}, "you were given no more than that"),
    ],
)  # fmt: skip
def test_a_reader_learns_why_they_cannot_edit_and_nothing_of_others_rules(
    text: str, obj: dict[str, str], sentence: str
) -> None:
    """A deny's reason and other people's rights are not theirs to know."""
    thing = document("s1", **obj)
    held = snapshot(leeds=f"{line('org:york', 'x')}\n{text}")
    assert may(held, BO, thing)
    decision = Gate(held, DAY).decide(BO, "edit", thing)
    said = but_not(decision, thing, can="read", action="edit")
    assert said == f"You can read this, but not edit it, because {sentence}."


def test_whom_a_rule_means_can_be_said_without_a_handle() -> None:
    for who in ("org:york", "group:york/legal", "person:york/bo", "guest:acme/maria", "everyone-but:group:york/legal"):
        assert "york" in whom(who) or "acme" in whom(who)
        said = whom(who, handles=False)
        assert "york" not in said
        assert "acme" not in said
    assert whom("everyone-but:all-staff") == "guests"


@pytest.mark.long
def test_in_random_worlds_every_sentence_says_what_casbin_says() -> None:
    """Of you and of somebody else, with names and without; and none holds a file's name or a handle."""
    count = 0
    for world in worlds(150, seed=11):
        gate = Gate(world.snapshot, world.today)
        for subject, action, obj in world.questions(8):
            allowed = world.oracle(subject, action, obj)
            decision = gate.decide(subject, action, obj)
            count += 1
            for names in (lambda key: NAMES.get(key, ""), lambda _: ""):
                mine = explain(decision, action, names).sentence
                assert mine.startswith("You can " if allowed else "You cannot "), (world.seed, mine)
                theirs = explain(decision, action, names, "Jo Ng").sentence
                assert theirs.startswith("Jo Ng can " if allowed else "Jo Ng cannot "), (world.seed, theirs)
                for text in (mine, theirs):
                    assert text.endswith(".")
                    assert ".csv" not in text
                    assert "leeds/" not in text
                    assert "york/" not in text
    assert count == 1200
