"""The whole demo world, put together from this package's modules and files."""

from hub.demo.content_files import read_documents, read_policies
from hub.demo.people import GROUPS, ORGANISATIONS, PEOPLE
from hub.demo.places import GRANTS, PLACES
from hub.demo.talk_files import read_talks
from hub.demo.world import World


def load_world() -> World:
    """The demo world (read in about 0.1 s)."""
    return World(ORGANISATIONS, GROUPS, PEOPLE, PLACES, GRANTS, read_documents(), read_talks(), read_policies())
