"""What a pasted address means, by its letters alone."""

import pytest

from hub.features.asking.forms import ANOTHER_SITE, ELSEWHERE, LONGEST_ADDRESS, read_address
from hub.nouns.kinds import KINDS

HUB = "https://hub.example.gov.uk"
DOCUMENT = "k3v9x2m7qabc"


@pytest.mark.parametrize(
    "typed",
    [
        f"{HUB}/documents/{DOCUMENT}",
        f"http://hub.example.gov.uk/documents/{DOCUMENT}/",
        f"HTTPS://HUB.example.gov.uk/documents/{DOCUMENT.upper()}?page=2#top",
        f"hub.example.gov.uk/documents/{DOCUMENT}",
        f"<{HUB}/documents/{DOCUMENT}>.",
        f"/documents/{DOCUMENT}/revisions/3",
        f"documents/{DOCUMENT}/file",
        f"doc:{DOCUMENT}",
        DOCUMENT,
        f"{HUB}/sign-in?next=%2Fdocuments%2F{DOCUMENT}",
    ],
)
def test_a_document_is_meant_however_its_link_was_mailed(typed: str) -> None:
    assert read_address(typed, KINDS, HUB) == (f"doc:{DOCUMENT}", "")


@pytest.mark.parametrize(
    "typed",
    [
        f"{HUB}/places/leeds/housing",
        "/places/leeds/housing/",
        "leeds/housing",
        "Leeds/Housing",
        f"{HUB}/sign-in?next=/places/leeds/housing?page=2",
        f"“{HUB}/places/leeds%2Fhousing”",
    ],
)
def test_a_place_is_meant_by_its_address_or_its_path(typed: str) -> None:
    assert read_address(typed, KINDS, HUB) == ("leeds/housing", "")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Paste the address of a space, a folder or a document"),
        (f"{HUB}/search?q=flood", ELSEWHERE),
        (f"{HUB}/help/cookies", ELSEWHERE),
        ("/people/leeds/ann", ELSEWHERE),
        ("/places/leeds", ELSEWHERE),
        ("/", ELSEWHERE),
        ("the flood plan, please", ELSEWHERE),
        ("javascript:alert(1)", ANOTHER_SITE.format(HUB)),
        ("https://elsewhere.example/documents/k3v9x2m7qabc", ANOTHER_SITE.format(HUB)),
        ("//elsewhere.example/documents/k3v9x2m7qabc", ANOTHER_SITE.format(HUB)),
        ("https://[broken", ELSEWHERE),
        ("x" * (LONGEST_ADDRESS + 1), f"The address must be {LONGEST_ADDRESS} characters or fewer"),
    ],
)
def test_other_addresses_are_refused_with_what_to_paste(typed: str, said: str) -> None:
    assert read_address(typed, KINDS, HUB) == ("", said)
