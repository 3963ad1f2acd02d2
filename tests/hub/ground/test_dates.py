"""A day is read as people in Britain write it, and what is no day is said in words."""

from datetime import date
from time import process_time

import pytest

from hub.ground.dates import HOW, read_day
from hub.ground.errors import Invalid

LAST = date(2027, 3, 31)
WRITTEN = (
    "2027-03-31", "2027/03/31", "31/03/2027", "31/3/2027", " 31 / 03 / 2027 ", "31.3.2027", "31.03.2027", "31-03-2027",
    "31 March 2027", "31 march 2027", "31st March, 2027", "31 Mar 2027", "31-Mar-2027", "31\u00a0March\u00a02027",
)  # fmt: skip


@pytest.mark.parametrize("text", WRITTEN)
def test_a_day_is_read_however_people_write_it(text: str) -> None:
    assert read_day(text) == LAST


def test_days_come_first_and_no_american_order_is_guessed() -> None:
    assert read_day("03/04/2027") == date(2027, 4, 3)
    assert read_day("1 Sept 2027") == date(2027, 9, 1)
    assert read_day("29.2.2028") == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("text", "words"),
    [("31/02/2027", "no such day as 31/02/2027"), ("29 February 2027", "no such day as 29 February 2027"),
     ("0/3/2027", "no such day"), ("2027-02-30", "no such day as 2027-02-30"), ("1/1/0000", "no such day"),
     ("03/31/2027", "no month 31: put the day first"), ("2027-31-03", "no month 31"), ("", HOW), ("soon", HOW),
     ("31/3/27", HOW), ("31 Ma 2027", HOW), ("31 Marches 2027", HOW), ("31/03-2027", HOW), ("1/0/2027", HOW),
     ("٣١/٠٣/٢٠٢٧", HOW), ("20270331", HOW), ("2027-03-31T00:00", HOW), ("31/03/2027 or so", HOW)],
)  # fmt: skip
def test_what_is_no_day_is_said_in_words(text: str, words: str) -> None:
    with pytest.raises(Invalid, match=words) as refused:
        read_day(text, "until")
    assert refused.value.field == "until"


def test_a_megabyte_is_no_day_at_once() -> None:
    start = process_time()
    for text in ("1" * 1_000_000, "1/" * 500_000, " " * 1_000_000, "1 " + "march" * 200_000):
        with pytest.raises(Invalid, match=HOW):
            read_day(text)
    assert process_time() - start < 1
