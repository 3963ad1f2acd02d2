"""Short names that nobody and nothing may have, since pages of the hub lie at such addresses.

They follow from the addresses of all routes: `tests/app/test_reserved.py` works them out and compares.
"""

from typing import Final

from acl.directory import ROOT

PLACES: Final = frozenset({"why"})
"""Of spaces, folders and organisations."""
ORGANISATIONS: Final = PLACES | {"add", "callback", "guest", "link", "logout", "open", ROOT}
"""`group:platform/…` are the platform's own, besides."""
PEOPLE: Final = frozenset({"add", "import"})
"""Of people and guests: their own part of a handle."""
