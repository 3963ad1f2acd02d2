"""One word, two spellings: each finds the other, on both engines."""

import pytest

from search.engine import Engine
from search.spellings import spellings
from search.words import parse_query
from tests.search.things import ask, entry, fill, ids, marked, plain

ALIKE = {
    "health and well-being board": ("wellbeing", "well-being", "well being", "Wellbeing"),
    "the wellbeing board": ("wellbeing", "well-being", "well being"),
    "The Covid-19 response": ("covid19", "Covid-19", "covid 19"),
    "our covid19 plan": ("covid19", "Covid-19", "covid 19"),
    "Free wi-fi": ("wifi", "wi-fi", "wi fi"),
    "wifi for all": ("wifi", "wi-fi", "Wi-Fi"),
    "a multi-agency pre-application": ("multiagency", "preapplication", "multi agency preapplication"),
    "multiagency": ("multi-agency", "multi agency"),
    "The site is at LS1 3AD": ("LS13AD", "ls1 3ad", "LS1 3AD"),
    "at LS13AD": ("LS1 3AD", "ls13ad"),
    "call 0113 222 4444": ("01132224444", "0113 222 4444", "0113 2224444", "0113-222-4444"),
    "call 01132224444": ("0113 222 4444", "01132224444"),
    "call 020 7946 0123": ("02079460123",),
    "10,000 homes": ("10000", "10,000", "10 000"),
    "10000 homes": ("10,000", "10 000"),
    "Mrs O'Connor": ("oconnor", "O’Connor", "o connor"),
    "Mrs OConnor": ("O'Connor", "oconnor"),
    "organisational policy": ("organizational", "organisational", "organization", "organisation"),
    "organized by": ("organised",),
    "the colour of the centre": ("color", "center", "colour center"),
    "a license for a program": ("licence", "programme"),
    "damp and mold": ("mould", "damp mould"),
    "SharePoint sites": ("share point", "sharepoint", "SharePoint"),
    "share point sites": ("SharePoint", "sharepoint"),
    "Children": ("child", "children"),
    "a child": ("children",),
    "women": ("woman",),
    "mice": ("mouse",),
    "analyses": ("analysis",),
    "an analysis": ("analyses",),
    "the chairman": ("chairmen",),
    "on-line forms": ("online",),
    "東京都庁": ("東京", "京都", "東京都庁", "庁"),
    "住房政策会议记录": ("住房政策", "会议"),
    "주택 정책은": ("정책", "주택"),
    "الاجتماعية": ("اجتماعية", "الاجتماعية", "اجتماعيه"),
    "مُحَمَّد": ("محمد", "مُحَمَّد"),
    "محمد": ("مُحَمَّد",),
}
UNLIKE = {
    "the rapist": "therapist",
    "is land": "island",
    "the council's park": "spark",
    "four men": "for",
    "flood the plan": "floodplan",
    "10 of 000": "10000",
    "東の京": "東京",
}


def test_each_spelling_finds_the_other(engine: Engine) -> None:
    fill(engine, *(entry(f"t{number}", "Title", text) for number, text in enumerate(ALIKE)))
    fill(engine, *(entry(f"n{number}", text, "Text") for number, text in enumerate(ALIKE)))
    missing = [
        (text, words, prefix)
        for number, (text, asked) in enumerate(ALIKE.items())
        for words in asked
        for prefix in "tn"
        if f"{prefix}{number}" not in ids(ask(engine, words, size=50))
    ]
    assert missing == []


def test_what_only_looks_alike_is_not_found(engine: Engine) -> None:
    fill(engine, *(entry(number, "Title", text) for number, text in enumerate(UNLIKE)))
    found = [(text, words) for n, (text, words) in enumerate(UNLIKE.items()) if str(n) in ids(ask(engine, words))]
    assert found == []


def test_another_spelling_counts_as_the_word_and_the_typed_one_comes_first_in_titles(engine: Engine) -> None:
    fill(
        engine,
        entry("other", "Organization chart", "x", date="2026-03-01"),
        entry("typed", "Organisation chart", "x", date="2020-01-01"),
        entry("both", "Chart", "organisation organization", date="2026-03-02"),
        entry("one", "Chart", "organization", date="2026-03-03"),
    )
    assert ids(ask(engine, "organisation")) == ["typed", "other", "one", "both"]


def test_other_spellings_are_marked(engine: Engine) -> None:
    fill(engine, entry(1, "Notes", "Long ago. The health and well-being board met."))
    (hit,) = ask(engine, "wellbeing").hits
    assert "The health and well-being board met." in plain(hit.snippet)
    assert " ".join(marked(hit.snippet)).replace("-", " ") == "well being"


def test_a_phrase_is_taken_at_its_word() -> None:
    assert all(term.others == () for term in parse_query('"well being" "wellbeing"'))


def test_whole_questions_are_asked_as_they_stand() -> None:
    terms = parse_query("which councils have written about their wellbeing boards in the north of england")
    assert [term.others for term in terms] == [()] * len(terms)


@pytest.mark.parametrize("word", ["a" * 30, "ab" * 200, "1" * 300, "-" * 50, "é" * 12, "'", "o'" * 40])
def test_no_word_has_spellings_without_end(word: str) -> None:
    assert len(spellings([word], 0)) <= 40
