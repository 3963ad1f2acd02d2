"""The Casbin model: what the compiler can prove it takes, and what it cannot it refuses by column and fragment."""

from importlib import resources

import pytest

from acl.compiler import Model, ModelError, default_model
from acl.groups import HELD, Signature
from acl.matcher import matcher_of
from acl.partial import Clause

TEXT = resources.files("config").joinpath("model.conf").read_text("utf-8")
MATCHER = matcher_of(TEXT)
G = "g(r.sub.id, p.who)"
TREES = '(g3(r.obj.node, p.where) || p.eft == "deny" && g2(r.obj.node, p.where)) && g2(r.obj.node, p.scope)'


def model(matcher: str) -> Model:
    return Model(TEXT.replace(MATCHER, matcher))


HELD_READ = Signature("allow", HELD, "read", "only PUBLIC", "any", "-")


def test_the_models_own_text_is_proved() -> None:
    assert Model.load().text == TEXT
    assert default_model().clauses("read", "2026-01-01")[HELD_READ]


def test_a_continued_line_reads_as_one() -> None:
    continued = model(MATCHER.replace(" && ", " \\\n  && ", 2)).clauses("read", "2026-01-01")
    assert continued[HELD_READ] == default_model().clauses("read", "2026-01-01")[HELD_READ]


@pytest.mark.parametrize(
    ("fragment", "why"),
    [
        ("r.obj.org == r.obj.owner", "compares two attributes of the object"),
        ("r.obj.owner in r.obj.org", "compares two attributes of the object"),
        (f"!{G}", "denies a membership"),
        ("!g2(r.obj.node, p.where)", "denies a membership"),
        ("!(p.can == r.act && g3(r.obj.node, p.scope))", "denies a membership"),
        ("g(r.sub.id, r.obj.owner)", "may only be g(r.sub.id, p.who)"),
        ("g(r.obj.owner, p.who)", "may only be g(r.sub.id, p.who)"),
        ("g2(r.obj.owner, p.where)", "may only ask where r.obj.node lies"),
        ("g2(r.obj.node, p.who)", "may only name p.where, p.scope or a word"),
        ("keyMatch(r.obj.node, p.where)", "is not a known function"),
        ('regexMatch(r.obj.owner, "p")', "is not a known function"),
        ("eval(p.can)", "is not a known function"),
        ("marked(r.obj.owner, p.marking)", "one attribute with a closed list only"),
        ("covers(r.obj.marking, r.obj.state, p.eft)", "one attribute with a closed list only"),
        ("marked(r.obj.marking, p.where)", "may only be asked of g2 or g3"),
        ("r.obj.marking < p.marking", "orders an attribute by the alphabet"),
        ('"OFFICIAL" <= r.obj.marking', "orders an attribute by the alphabet"),
        ("r.obj.owner > p.state", "orders an attribute by the alphabet"),
        ('r.obj.owner.startswith("person")', "calls a method"),
        ('r.obj == "x"', "is a whole thing"),
        ('r.obj.colour == "red"', "is not known. Known are: r.sub.id"),
        ('r.sub.age == "9"', "is not known"),
        ('r.obj.node == "x"', "use g2 or g3"),
        ('r.obj.owner + "x" == p.state', "no arithmetic"),
        ('r.obj.owner == ("a" if p.can == r.act else "b")', "no arithmetic, choice or method"),
        ('p.can == r.act == "read"', "chains comparisons"),
        ('"pub" in r.obj.state', "is not a list of values in brackets"),
        ('"org" in p.who', "substring"),
        ("p.who == r.act", "must be a word"),
        ("p.where == p.state", "may only be asked of g2 or g3"),
        ("r.sub.id == p.state", "may only be asked of g"),
        ("r.obj.org == r.sub.id", "compares an organisation with a person"),
        ("r.obj.owner in r.sub.orgs", "compares an organisation with a person"),
        ('p.state == "a!b"', "is not a plain word"),
        ('p.state == "r.act"', "is not a plain word"),
        ("p.state", "is not a condition"),
        ("sub.id == p.state", "is not known"),
        ("owner == p.state", "is not a value"),
        ("covers(p.can, r.act, effect=p.eft)", "named or unpacked"),
        ('p.can is "read"', "is not a comparison"),
        ("covers(p.can, r.act", "cannot be read"),
    ],
)
@pytest.mark.parametrize("where", ["{} && ({})", '{} && (p.eft == "never" && ({}))'])
def test_what_cannot_be_proved_is_refused_by_column_and_fragment(fragment: str, why: str, where: str) -> None:
    """A3: also behind a condition that no rule of today meets."""
    matcher = where.format(MATCHER, fragment)
    with pytest.raises(ModelError) as error:
        model(matcher)
    assert why in str(error.value)
    assert error.value.column > 0
    found = error.value.fragment
    assert found
    assert matcher[error.value.column - 1 :].startswith(found)
    assert f"column {error.value.column}: `{found}`" in str(error.value)


@pytest.mark.parametrize(
    ("matcher", "why"),
    [
        (MATCHER.replace(G, f"({G} || r.obj.owner == r.sub.id)"), "does not hold its who"),
        (MATCHER.replace(G, f'({G} || p.who == "anyone")'), "compares p.who with other words"),
        (MATCHER.replace("r.obj.org in r.sub.orgs && ", ""), "own-organisation must require r.obj.org in r.sub.orgs"),
        (MATCHER.replace(" && g2(r.obj.node, p.scope)", ""), "outside its scope"),
        (MATCHER.replace("(g3(r.obj.node, p.where) ||", '(p.can == "manage" ||'), "outside its where"),
        (
            MATCHER.replace(G, f'{G} && p.who != "own-organisation" || p.who != "document-owner"'),
            "does not hold its who",
        ),
        ("r.act == p.can", "does not hold its who"),
    ],
)
def test_a_model_whose_rules_the_index_would_miss_is_refused(matcher: str, why: str) -> None:
    """A11: with g() false and a fresh who, the matcher must come to false."""
    assert matcher != MATCHER
    with pytest.raises(ModelError, match=why):
        model(matcher)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("!some(where (p.eft == deny))", "some(where (p.eft == allow))"),
        ("e = some(where (p.eft == allow)) && !some(where (p.eft == deny))", "e = priority(p.eft) || deny"),
        ("r = sub, act, obj, today", "r = sub, obj, act, today"),
        ("g3 = _, _", "g3 = _, _, _"),
        ("p = scope,", "p = priority, scope,"),
        ("[matchers]", "[matchers]\nm2 = true"),
        ("[matchers]", "[constraint_definition]\nc = x\n[matchers]"),
        ("m = ", "m = true\nm = "),
    ],
)
def test_another_kind_of_model_is_refused(old: str, new: str) -> None:
    """A3: only the effect and definitions that were proved are taken."""
    assert old in TEXT
    with pytest.raises(ModelError):
        Model(TEXT.replace(old, new))


def test_what_may_be_written_compiles_to_the_index() -> None:
    extra = (
        'r.obj.state != "withdrawn" && !(r.obj.owner in ("person:a/b", "person:a/c")) && r.obj.org != p.state'
        ' && g2(r.obj.node, "platform") && p.can in ("read", "edit")'
    )
    held = HELD_READ
    (clause,) = model(f"{MATCHER} && {extra}").clauses("read", "2026-01-01")[held]
    assert isinstance(clause, Clause)
    assert clause.ms == {("PUBLIC", "draft"), ("PUBLIC", "published"), ("PUBLIC", "archived")}
    assert clause.under == {("within", "platform")}
    assert {(each.field, each.positive) for each in clause.literals} == {("owner", False), ("org", False)}
    assert not model(f"{MATCHER} && {extra}").clauses("read", "2026-01-01")[held._replace(can="manage")]
