"""What a person's words find, the same on both engines."""

import pytest

from search.engine import Engine
from search.entry import Entry
from tests.search.things import ask, entry, fill, ids, marked, plain


def found(engine: Engine, words: str, *entries: Entry) -> list[str]:
    fill(engine, *entries)
    return sorted(ids(ask(engine, words)))


def test_ann_finds_every_english_form_of_her_word(engine: Engine) -> None:
    notes = [entry(1, body="floods"), entry(2, body="Flooding"), entry(3, body="FLOODED"), entry(4, body="flour")]
    assert found(engine, "flood", *notes) == ["1", "2", "3"]


def test_accents_and_capitals_make_no_difference(engine: Engine) -> None:
    notes = [entry(1, body="Tŷ Cwm, the café"), entry(2, body="the CAFE\u0301s")]
    assert found(engine, "CAFÉ", *notes) == ["1", "2"]
    assert found(engine, "ty cwm") == ["1"]


def test_all_words_must_be_there_in_title_or_text(engine: Engine) -> None:
    notes = [entry(1, "Flood", "plan"), entry(2, "Flood", "map"), entry(3, "Map", "flood plan")]
    assert found(engine, "flood plan", *notes) == ["1", "3"]


def test_of_a_whole_question_most_must_be_there_and_what_has_all_comes_first(engine: Engine) -> None:
    notes = [
        entry("three", body="flood wall height", date="2026-06-01"),
        entry("all", body="flood wall height map", date="2020-01-01"),
        entry("two", body="flood wall"),
    ]
    fill(engine, *notes)
    assert ids(ask(engine, "what is the height of the flood wall on this map?")) == ["all", "three"]
    assert ids(ask(engine, 'flood wall height "on the map" map')) == []


def test_a_phrase_must_match_in_order(engine: Engine) -> None:
    notes = [entry(1, body="the flood plan"), entry(2, body="plan for a flood"), entry(3, "Flood", "plan of flood")]
    assert found(engine, '"flood plan"', *notes) == ["1"]
    assert found(engine, "“flood plan”") == ["1"]


def test_a_reference_is_found_by_its_parts_in_order(engine: Engine) -> None:
    notes = [entry(1, body="see 22/01234/FUL."), entry(2, body="FUL 01234 of 22"), entry(3, body="22-01234-ful")]
    assert found(engine, "22/01234/FUL", *notes) == ["1", "3"]
    assert found(engine, "01234") == ["1", "2", "3"]


def test_names_with_apostrophes_are_found_with_and_without(engine: Engine) -> None:
    notes = [entry(1, body="Mrs O'Brien"), entry(2, body="Mrs O’Brien’s dog"), entry(3, body="the council's dog")]
    assert found(engine, "O'Brien", *notes) == ["1", "2"]
    assert found(engine, "brien's") == ["1", "2"]
    assert found(engine, "council") == found(engine, "council's") == ["3"]


def test_what_word_processors_hide_in_words_is_not_there(engine: Engine) -> None:
    notes = [entry(1, body="hous\u00ading\u00a0plan"), entry(2, body="\ufeffhousing plan")]
    assert found(engine, '"housing plan"', *notes) == ["1", "2"]


def test_little_words_are_left_out_but_not_of_a_phrase(engine: Engine) -> None:
    notes = [entry(1, body="plan of Leeds"), entry(2, body="plan Leeds")]
    assert found(engine, "the plan of Leeds", *notes) == ["1", "2"]
    assert found(engine, '"plan of Leeds"') == ["1"]
    assert found(engine, "of") == ["1"]


@pytest.mark.parametrize(
    "words",
    ["marking:OFFICIAL", "within:*", "_exists_:body", "body:(a OR", "fl*", "/fl.*/", "flood~", "[a TO b]", "\\"],
)
def test_query_syntax_means_nothing_and_breaks_nothing(engine: Engine, words: str) -> None:
    """L27."""
    fill(engine, entry(1, body="flood"), entry(2, body="OFFICIAL within body a to b or exists"))
    assert ids(ask(engine, words)) in ([], ["1"], ["2"], ["1", "2"])
    assert ids(ask(engine, "marking:OFFICIAL")) == []
    assert ids(ask(engine, "fl*")) == []


def test_a_title_counts_for_more_than_a_text_and_a_much_used_word_for_more_than_one_mention(engine: Engine) -> None:
    fill(
        engine,
        entry("mentioned", body="flood and much else"),
        entry("often", body="flood upon flood upon flood"),
        entry("title", "Flood", "water"),
        entry("both", "Flood", "flood"),
    )
    assert ids(ask(engine, "flood")) == ["both", "title", "often", "mentioned"]


def test_the_very_word_comes_before_others_of_its_stem(engine: Engine) -> None:
    """Porter gives "accessibility" the stem of "access": both are found, those that say it first, though older."""
    fill(
        engine,
        entry("gate", "Access to the depot", "Keys", date="2026-03-01"),
        entry("page", "Accessibility of our pages", "Contrast", date="2020-01-01"),
        entry("keys", "Keys", "access access access", date="2026-03-02"),
        entry("text", "Forms", "accessibility accessibility accessibility", date="2020-01-02"),
    )
    assert ids(ask(engine, "accessibility")) == ["page", "gate", "text", "keys"]
    assert ids(ask(engine, "Access")) == ["gate", "page", "keys", "text"]
    assert ids(ask(engine, '"accessibility"')) == ["page", "gate", "text", "keys"]


def test_of_equals_the_newest_comes_first(engine: Engine) -> None:
    days = {"a": "2019-05-01", "b": "2026-01-31", "c": "2026-02-01", "d": "1974-04-01"}
    fill(engine, *(entry(name, body="flood", date=day) for name, day in days.items()))
    assert ids(ask(engine, "flood")) == ["c", "b", "a", "d"]


def test_no_date_lifts_a_mention_over_a_title_even_with_twenty_words(engine: Engine) -> None:
    words = " ".join(f"w{n:02}" for n in range(20))
    fill(engine, entry("old", f"{words}", f"{words}", date="1970-01-01"), entry("new", f"{words}", date="2059-12-31"))
    assert ids(ask(engine, words)) == ["old", "new"]


def test_words_are_marked_in_title_and_text_and_nothing_is_html(engine: Engine) -> None:
    fill(engine, entry(1, "Flood <b>map</b>", "Rain & <script>flooding</script> in Leeds. " + "Dry. " * 200))
    (hit,) = ask(engine, "flood").hits
    assert marked(hit.title) == ["Flood"]
    assert plain(hit.title) == "Flood <b>map</b>"
    assert marked(hit.snippet) == ["flooding"]
    assert "<script>flooding</script>" in plain(hit.snippet)
    assert len(plain(hit.snippet)) < 400


def test_only_the_phrase_is_marked_not_its_words_elsewhere(engine: Engine) -> None:
    fill(engine, entry(1, "Notes", "A plan. The flood plan. No flood."))
    (hit,) = ask(engine, '"flood plan"').hits
    assert [word.lower() for word in marked(hit.snippet)] == ["flood plan"]


def test_a_snippet_comes_from_where_the_word_is(engine: Engine) -> None:
    """Deep in a text of two million characters, past the limit up to which a server analyses."""
    fill(engine, entry(1, "Minutes", "Dull words. " * 170_000 + "Then the sluice burst. " + "Dull words. " * 50))
    (hit,) = ask(engine, "sluice").hits
    assert marked(hit.snippet) == ["sluice"]


def test_without_a_match_in_the_text_a_snippet_is_its_beginning(engine: Engine) -> None:
    fill(engine, entry(1, "Flood", "Once upon a time. " * 60), entry(2, "Flood map", ""))
    with_text, without = sorted(ask(engine, "flood").hits, key=lambda hit: hit.id)
    assert plain(with_text.snippet).startswith("Once upon a time.")
    assert 100 < len(plain(with_text.snippet)) < 400
    assert without.snippet == ()


def test_a_snippet_shows_nothing_of_what_a_thing_is_only_found_by(engine: Engine) -> None:
    """The head of a mail, the name of a file: they match, and nobody reads them first."""
    tail = "\n\ue002 Subject: Flood\n\ue002 From: Sam Okafor\n\ue002 flood-note.eml"
    fill(
        engine, entry(1, "Note", f"The flood is over. The sluice is shut.{tail}"), entry(2, "Other", f"No word.{tail}")
    )
    for words in ("flood", "okafor", "subject"):
        hits = ask(engine, words).hits
        assert len(hits) == 2
        assert not any(word in plain(hit.snippet) for hit in hits for word in ("Subject", "Sam", "eml", "\ue002"))
    note, _ = sorted(ask(engine, "flood").hits, key=lambda hit: hit.id)
    assert marked(note.snippet) == ["flood"]


def test_marks_that_a_text_brings_along_are_not_taken_for_ours(engine: Engine) -> None:
    fill(engine, entry(1, "\ue000Flood\ue001 map", "\ue000dry\ue001 flood \ue000"))
    (hit,) = ask(engine, "flood").hits
    assert marked(hit.title) == ["Flood"]
    assert marked(hit.snippet) == ["flood"]


def test_an_emoji_before_a_word_does_not_move_its_mark(engine: Engine) -> None:
    fill(engine, entry(1, "🌊 Ŵyre flood", "🌊🌊 é — flood 🌊 and floods"))
    (hit,) = ask(engine, "flood").hits
    assert marked(hit.title) == ["flood"]
    assert marked(hit.snippet) == ["flood", "floods"]
