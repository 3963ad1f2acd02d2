"""An operator gives the hub the name, the colour and the logo of their own house."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from config.colour import ALIKE, READABLE, WARNING, WHITE, Colour, own_colour
from config.settings import Settings

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'
HEX = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def refusal(**settings: object) -> str:
    with pytest.raises(ValidationError) as caught:
        Settings(**settings)  # type: ignore[arg-type]
    return str(caught.value)


@given(HEX)
def test_a_colour_is_read_and_written_as_it_was(text: str) -> None:
    assert str(Colour.read(text)) == text


def test_contrast_is_what_wcag_says_it_is() -> None:
    assert round(WHITE.contrast(Colour.read("#000")), 2) == 21
    assert round(WHITE.contrast(Colour.read("#777")), 2) == 4.48
    assert round(Colour.read("#0b5a70").contrast(WHITE), 1) == 7.7


def test_helen_may_take_the_purple_of_her_council() -> None:
    assert Settings(colour=" #4B2E83").colour == "#4b2e83"
    assert Settings().colour == ""


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("purple", "six hex digits, such as #17635f"),
        ("#12345", "six hex digits"),
        ("#ffdd00", "choose a darker one, such as #"),
        ("#777", "contrast of 4.47 to 1"),
        ("#c8102e", "cannot be told from the red of warnings (#ca3535): choose another one, such as #"),
    ],
)
def test_a_colour_that_would_not_do_is_refused_with_what_to_do(given: str, said: str) -> None:
    assert said in refusal(colour=given)


@example("#c85209")  # a little darker it is the red of warnings
@given(HEX)
def test_what_a_refusal_proposes_is_taken(text: str) -> None:
    try:
        colour = own_colour(text)
    except ValueError as refused:
        colour = own_colour(str(refused).rpartition("such as ")[2])
    assert colour.contrast(WHITE) >= READABLE
    assert colour.distance(WARNING) >= ALIKE


def test_a_logo_is_a_small_picture(tmp_path: Path) -> None:
    logo = tmp_path / "crest.svg"
    logo.write_text(SVG)
    assert Settings(logo=logo).logo == logo
    logo.write_text(SVG.replace("<path", "<!-- " + "x" * 200_000 + " --><path"))
    assert "make it smaller than 200,000" in refusal(logo=logo)
    assert "cannot be read: No such file" in refusal(logo=tmp_path / "gone.svg")
    (tmp_path / "logo.gif").write_bytes(b"GIF89a")
    assert "ends in .svg or .png" in refusal(logo=tmp_path / "logo.gif")
    (tmp_path / "logo.png").write_text(SVG)
    assert "no PNG picture" in refusal(logo=tmp_path / "logo.png")


@pytest.mark.parametrize(
    "planted",
    [
        "<script>alert(1)</script>",
        '<g onload="alert(1)"/>',
        '<a href="https://elsewhere.example/"/>',
        "<foreignObject/>",
    ],
)
def test_a_logo_that_does_more_than_show_is_refused(tmp_path: Path, planted: str) -> None:
    logo = tmp_path / "logo.svg"
    logo.write_text(SVG.replace("<path", f"{planted}<path"))
    assert "save it as plain SVG" in refusal(logo=logo)
