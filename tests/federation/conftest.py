"""Two certified providers and a hostile issuer."""

from tests.peers.fixtures import hostile, providers

__all__ = ["hostile", "providers"]
