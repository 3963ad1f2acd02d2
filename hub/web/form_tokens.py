"""The sealed token of a form: whose form it is, where it is sent, and which sheet it is of those that make something.

Sealed by the keys that sign cookies, each of which opens it: so what a browser sends is known to come from a form that
this hub gave to this person, also where nobody is signed in any more. It says nothing of a right.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from itsdangerous import BadData, URLSafeSerializer

from hub.ground.ids import new_id
from hub.ground.keys import Keys

FIELD: Final = "form_token"


@dataclass(frozen=True, slots=True)
class FormToken:
    """What a token says."""

    person: str
    """The id of the person to whom the form was given."""
    address: str
    """The path that it is sent to."""
    sheet: str = ""
    """Of a form that makes something: which of all that were given out. What one sheet sends is done once."""


class FormTokens:
    """Seals and opens tokens. `person` tells the id of who is signed in, empty for nobody."""

    def __init__(self, keys: Keys, person: Callable[[], str]) -> None:
        self.keys, self.person = keys, person
        self._seal = URLSafeSerializer(list(reversed(keys.signing)), salt="form")  # it signs with the last of a list

    def new(self, address: str, *, once: bool = False) -> str:
        """The token of a form on the page at hand, for templates; empty for a stranger.

        `once` is for forms that make something. Without it the same form has the same token in each answer.
        """
        person = self.person()
        token = FormToken(person, address.partition("?")[0], new_id() if once else "")
        return self.sealed(token) if person else ""

    def sealed(self, token: FormToken) -> str:
        """The token as it travels."""
        return str(self._seal.dumps([token.person, token.address, token.sheet]))

    def opened(self, text: str) -> FormToken | None:
        """What a token says; None for what this hub did not seal."""
        try:
            return FormToken(*self._seal.loads(text))
        except (BadData, TypeError):
            return None
