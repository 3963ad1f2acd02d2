"""How days, sizes, kinds and page numbers are written and read."""

from datetime import UTC, date, datetime

import pytest

from hub.ground.errors import Invalid
from hub.ground.extraction.formats import FORMATS
from hub.nouns.documents.words import file_in_words, type_in_words
from hub.web import filters
from hub.web.icons import icon
from hub.web.paging import page_links, page_number


def test_a_day_ends_in_london() -> None:
    late = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    assert filters.day(late) == '<time datetime="2026-07-02">2 July 2026</time>'
    assert filters.moment(late) == '<time datetime="2026-07-02T00:30+01:00">2 July 2026, 00:30</time>'
    assert filters.short_day(date(2026, 9, 3)) == '<time datetime="2026-09-03">3 Sep 2026</time>'


def test_a_moment_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        filters.day(datetime(2026, 7, 1))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1000, "1 KB"),
        (1_482_113, "1.5 MB"),
        (256_000_000, "256 MB"),
        (2 * 10**12, "2 TB"),
    ],
)
def test_a_size_is_written_as_people_say_it(count: int, words: str) -> None:
    assert filters.size(count) == words


def test_a_file_is_called_what_it_is() -> None:
    """An .odt is no Word document; an ending that is not of the content's kind says nothing; each has a kind's icon."""
    named = {
        ("word", "Plan.ODT"): "OpenDocument text",
        ("word", "plan.rtf"): "Rich text document",
        ("word", "plan.docx"): "Word document",
        ("word", "plan"): "Word or similar",
        ("word", "plan.pdf"): "Word or similar",
        ("spreadsheet", "costs.ods"): "OpenDocument spreadsheet",
        ("spreadsheet", "costs.xlsx"): "Excel workbook",
        ("pdf", "plan.pdf"): "PDF",
        ("mail", "answer.msg"): "Outlook message",
        ("other", "photo.png"): "File",
    }
    for (kind, name), words in named.items():
        assert file_in_words(kind, name) == words
    for name, form in FORMATS.items():
        if form.kind in ("word", "spreadsheet", "presentation", "mail", "pdf"):
            of_kind = icon(type_in_words(form.kind))
            assert icon(file_in_words(form.kind, f"x.{name}")) == of_kind, name


def test_each_kind_has_its_icon_and_an_unknown_one_a_page() -> None:
    drawn = {
        icon(kind) for kind in ("PDF", "Word document", "Spreadsheet", "E-mail", "folder", "Space", "Person", "Text")
    }
    assert len(drawn) == 8
    assert icon("Something new") == icon("Text")


@pytest.mark.parametrize(("text", "number"), [(None, 1), ("", 1), ("1", 1), ("17", 17)])
def test_a_page_number_is_read(text: str | None, number: int) -> None:
    assert page_number(text) == number


@pytest.mark.parametrize("text", ["0", "-1", "x", "1.5", "9" * 40, "²", "٣", "1 ", "100001", "99999999"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        page_number(text)


def words(page: int, total: int) -> str:
    links = page_links(page, 10, total, lambda number: f"?page={number}")
    return " ".join(f"[{item.text}]" if item.current else item.text for item in links.items)


@pytest.mark.parametrize(
    ("page", "total", "bar"),
    [
        (1, 0, ""), (1, 10, ""), (1, 11, "[1] 2"), (2, 31, "1 [2] 3 4"), (5, 100, "1 … 4 [5] 6 … 10"),
        (4, 60, "1 2 3 [4] 5 6"), (10, 100, "1 … 9 [10]"),
    ],
)  # fmt: skip
def test_the_bar_shows_the_ends_and_the_neighbours(page: int, total: int, bar: str) -> None:
    assert words(page, total) == bar


def test_the_bar_says_which_things_are_shown() -> None:
    links = page_links(3, 10, 25, lambda number: f"?page={number}")
    assert (links.first, links.last, links.total, links.previous, links.next) == (21, 25, 25, "?page=2", "")
