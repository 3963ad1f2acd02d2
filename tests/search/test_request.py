"""What may be asked, and what is refused with a sentence."""

from datetime import date

import pytest

from acl.visibility import TRUE, Visibility
from search.request import NOTHING_HIDDEN, Hidden, InvalidQuery, SearchRequest, Term, parse_query


def test_no_search_without_saying_who_asks() -> None:
    with pytest.raises(TypeError, match="visibility"):
        SearchRequest(hidden=NOTHING_HIDDEN)  # type: ignore[call-arg]
    for wrong in (None, True, "everything", {}, Visibility, Visibility()):
        with pytest.raises(TypeError, match="Visibility"):
            SearchRequest(visibility=wrong, hidden=NOTHING_HIDDEN)  # type: ignore[arg-type]


def test_no_search_without_saying_what_is_fenced() -> None:
    with pytest.raises(TypeError, match="hidden"):
        SearchRequest(visibility=TRUE)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="Hidden"):
        SearchRequest(visibility=TRUE, hidden=frozenset())  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="not one text"):
        Hidden(ids="doc:1")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"filters": {"owner": ("x",)}}, "no filter 'owner'"),
        ({"filters": {"within": ("x",)}}, "no filter 'within'"),
        ({"sort": "owner"}, "sorted by relevance, newest, oldest"),
        ({"page": 0}, "counted from 1"),
        ({"size": 51}, "1 to 50"),
        ({"size": 50, "page": 201}, "first 10,000"),
        ({"date_from": date(2026, 2, 1), "date_to": date(2026, 1, 1)}, "swap them"),
        ({"filters": {"type": tuple(map(str, range(201)))}}, "at most 200"),
    ],
)
def test_what_a_person_may_have_typed_into_an_address_is_refused_in_words(changes: dict, sentence: str) -> None:
    with pytest.raises(InvalidQuery, match=sentence):
        SearchRequest(visibility=TRUE, hidden=NOTHING_HIDDEN, **changes)


def test_a_query_of_ten_thousand_characters_is_refused_with_the_limit() -> None:
    with pytest.raises(InvalidQuery, match=r"10,000 characters long. Use at most 1,000"):
        parse_query("flood " * 1_666 + "plan")


def test_too_many_words_are_refused() -> None:
    with pytest.raises(InvalidQuery, match="Use at most 20"):
        parse_query(" ".join(f"w{n}" for n in range(21)))
    with pytest.raises(InvalidQuery, match="Use at most 30 words in a row"):
        parse_query('"' + " ".join(f"w{n}" for n in range(31)) + '"')
    with pytest.raises(InvalidQuery, match="Use at most 30 words in a row"):
        parse_query("-".join(f"w{n}" for n in range(31)))


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("", ()),
        ("  \t\n ", ()),
        ('"" - "  " & \u2014', ()),
        ("flood plan", (Term("flood"), Term("plan"))),
        ("flood flood", (Term("flood"),)),
        ('"flood  plan" map', (Term("flood plan", phrase=True), Term("map"))),
        ("“flood plan”", (Term("flood plan", phrase=True),)),
        ('"flood plan', (Term("flood"), Term("plan"))),
        ('a "b c" "d', (Term("b c", phrase=True), Term("d"))),
        ("the of", (Term("the"), Term("of"))),
        ("council's", (Term("council"),)),
        ("council’S", (Term("council"),)),
        ("'s", (Term("'s"),)),
        ("C++ & Rust", (Term("C++"), Term("Rust"))),
        ("\ud800lone", (Term("?lone"),)),
    ],
)
def test_words_and_phrases_and_nothing_else(typed: str, terms: tuple[Term, ...]) -> None:
    assert tuple(Term(term.text, term.phrase) for term in parse_query(typed)) == terms
