"""What is indexed, and what no index ever gets."""

from datetime import date

import pytest

from search.elastic.mapping import index_body
from search.embedded.schema import entry_document
from search.entry import ALLOWED_FIELDS, Deletion, cleaned, fields, often, order_bounds, order_key
from tests.search.things import entry


def test_an_entry_gives_exactly_the_fields_of_the_allow_list() -> None:
    assert set(fields(entry(1, body="flood " * 3 + "東"))) == ALLOWED_FIELDS


def test_the_engines_know_exactly_the_fields_of_the_allow_list() -> None:
    """`recency` is the date again, as tantivy ranks by it; `…_exact` is the title without stems."""
    assert set(index_body(1, "0")["mappings"]["properties"]) == ALLOWED_FIELDS
    assert index_body(1, "0")["mappings"]["dynamic"] == "strict"
    long = entry(1, body="flood " * 3 + "東")
    assert set(entry_document(long, fields(long)).to_dict()) == ALLOWED_FIELDS | {
        "recency", "title_exact",
    }  # fmt: skip  # and tantivy refuses others


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"id": "Note:1"}, "its id must be"),
        ({"id": "doc:a b"}, "its id must be"),
        ({"title": " "}, "its title is empty"),
        ({"owner": ""}, "its owner is empty"),
        ({"organisation": ""}, "its organisation is empty"),
        ({"kind_of": None}, None),
        ({"within": ()}, "its within"),
        ({"reach": ()}, "its reach"),
        ({"within": "platform"}, "its within"),
        ({"reach": ("elsewhere",)}, "not in its within"),
        ({"ms": "PUBLIC.published"}, "not its marking and state"),
        ({"version": 0}, "positive"),
        ({"date": "14/03/2026"}, "not an ISO date"),
        ({"type": "x" * 301}, "longer than 300"),
    ],
)
def test_an_entry_that_could_not_be_judged_is_refused(changes: dict, sentence: str | None) -> None:
    """L28, where it begins."""
    if sentence is None:
        with pytest.raises(TypeError):
            entry(1, **changes)
        return
    with pytest.raises(ValueError, match=sentence):
        entry(1, **changes)


def test_a_deletion_needs_an_id_and_a_version() -> None:
    for wrong in (("doc:1", 0), ("1", 1), ("doc:", 1)):
        with pytest.raises(ValueError, match="is not one of an entry"):
            Deletion(*wrong)


def test_texts_are_cleaned_of_what_no_reader_sees() -> None:
    assert cleaned("a\x00b\u00a0c\ue000d\ud800e\u00adf\u200bg") == "a b c d efg"
    assert cleaned("e\u0301") == "é"
    assert cleaned("line\nline\ttab") == "line\nline\ttab"


def test_dates_are_ordered_by_day_and_no_two_things_share_a_place() -> None:
    early, late = date(2026, 1, 1), date(2026, 1, 2)
    assert max(order_key(early, f"doc:{n}") for n in range(500)) < min(order_key(late, f"doc:{n}") for n in range(500))
    assert len({order_key(early, f"doc:{n}") for n in range(5_000)}) == 5_000
    low, high = order_bounds(early, early)
    assert low is not None
    assert high is not None
    assert all(low <= order_key(early, f"doc:{n}") <= high for n in range(500))
    assert not low <= order_key(late, "doc:1") <= high
    assert order_key(date.max, "doc:1") < 2**53


def test_the_words_a_text_uses_most_are_its_own() -> None:
    assert often("Flood, flood and FLOOD; plan plan; the the the the") == "flood"
    assert len(often(" ".join(f"word{n} " * 3 for n in range(100))).split()) == 40
