"""Words that are nearly those of a title, for when nothing was found."""

import pytest

from acl.visibility import is_in
from search.engine import Engine
from search.nearby import distance, meant
from search.words import parse_query
from tests.search.things import ask, entry, fill, ids, plain


def test_a_title_with_a_misspelt_word_is_found_nearby(engine: Engine) -> None:
    fill(
        engine,
        entry(1, "Safeguarding children", "x"),
        entry(2, "Flood plan", "x"),
        entry(3, "Café menus", "safegarding"),
    )
    for words, found in (
        ("safegaurding", ["1"]), ("saefguarding", ["1"]), ("safeguadrig", ["1"]), ("folod", ["2"]),
        ("flod plan", ["2"]), ("cafes", ["3"]), ("safegarding", ["3", "1"]),
        ("flo", []), ("plann flood", ["2"]), ("foold map", []),
    ):  # fmt: skip
        assert sorted(ids(ask(engine, words, near=True))) == sorted(found), words
        if found != ["3", "1"]:
            assert [hit for hit in ids(ask(engine, words)) if hit != "3"] == [], words


def test_titles_that_ann_may_not_see_suggest_nothing_and_crowd_out_nothing(engine: Engine) -> None:
    """L16: the words of hidden titles have no say in what is near, however many there are."""
    hidden = [entry(f"h{n}", f"fl{a}{b}d", "x", space="legal") for n, (a, b) in enumerate(PAIRS)]
    fill(engine, entry("seen", "flooding", "x"), *hidden)
    seen = is_in("reach", ("flood",))
    answer = ask(engine, "floodign", seen, near=True)
    assert ids(answer) == ["seen"]
    assert meant(parse_query("floodign"), [plain(hit.title) for hit in answer.hits]) == "flooding"
    assert ids(ask(engine, "flxxd", seen, near=True)) == []


PAIRS = [(a, b) for a in "abcdefghijk" for b in "abcdefghijk"]


@pytest.mark.parametrize(
    ("typed", "titles", "wanted"),
    [
        ("safegaurding", ["Safeguarding children"], "safeguarding"),
        ("flod plan", ["Flood plan"], "flood plan"),
        ("flood", ["Flood"], ""),
        ("cafe", ["Café"], ""),
        ("flo", ["Flow"], ""),
        ('"flood plan" mpa', ["Flood plan map"], ""),
        ('"flood plan" mapps', ["Flood plan maps"], '"flood plan" maps'),
        ("housing", [], ""),
        ("zebra", ["Flood"], ""),
    ],
)
def test_what_was_meant(typed: str, titles: list[str], wanted: str) -> None:
    assert meant(parse_query(typed), titles) == wanted


def test_distances() -> None:
    for one, other, off in (
        ("flood", "flood", 0), ("flood", "folod", 1), ("flood", "food", 1), ("flood", "floods", 1), ("a", "b", 1),
        ("ca", "abc", 3), ("kitten", "sitting", 3), ("", "ab", 2),
    ):  # fmt: skip
        assert distance(one, other, 3) == off
        assert distance(other, one, 3) == off
        assert distance(one, other, 0) == (off and 1)
