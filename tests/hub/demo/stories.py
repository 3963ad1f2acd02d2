"""The demo, for tests that begin in it."""

from hub.demo.issuers import IssuerPlan
from hub.demo.loading import load_world
from hub.demo.seed import seed
from tests.hub.world import World


def the_seeded_demo(world: World) -> None:
    """The demo as it is written, before its worker has run."""
    folder = world.parts.policy_dir.parent
    assert seed(world.parts, load_world(), IssuerPlan(folder / "demo", 8001, "http://localhost:8000", {}))


def the_demo(world: World) -> None:
    """The demo as a newcomer meets it, found by search."""
    the_seeded_demo(world)
    world.index_all()
