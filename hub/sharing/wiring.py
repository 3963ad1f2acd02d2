"""Sharing, put together."""

from hub.feature import Feature
from hub.sharing import making, members, moving, moving_documents, seeing
from hub.sharing.blueprint import blueprint

feature = Feature(name="sharing", blueprint=blueprint)

__all__ = [
    "feature",
    "making",
    "members",
    "moving",
    "moving_documents",
    "seeing",
]  # importing them puts their routes on the blueprint
