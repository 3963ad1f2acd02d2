"""Letters for readable addresses."""

import pytest

from hub.features.administration.service import short_name
from hub.features.sharing.forms import slug_of


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("Zoë O'Neill", "zoe-o-neill"),
        ("Agnieszka Łukasz", "agnieszka-lukasz"),
        ("Søren Ærø", "soren-aero"),
        ("Hauptstraße", "hauptstrasse"),
        ("Þóra Guðrún", "thora-gudrun"),
        ("Aydın", "aydin"),
        ("IJsbrand", "ijsbrand"),
        ("Roofs 🏚️", "roofs"),
    ],
)
def test_nobody_loses_a_letter_of_their_name_in_an_address(name: str, part: str) -> None:
    """Letters that Unicode does not take apart have a likeness too; what has none is left out."""
    assert (short_name(name), slug_of(name)) == (part, part)
