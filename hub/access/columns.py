"""Where the tables of places keep what decides."""

from hub.access.models import Place
from hub.access.where import Columns

HOMES = Columns(
    id=Place.id, place=Place.id, ms=Place.ms, organisation=Place.organisation_id, owner=Place.owner, node_prefix="home:"
)
"""Of organisations and spaces: each is judged by its home page, a child of its own node."""
FOLDERS = Columns(id=Place.id, place=Place.id, ms=Place.ms, organisation=Place.organisation_id, owner=Place.owner)
"""Of folders."""
