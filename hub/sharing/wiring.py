"""Sharing, put together."""

from hub.feature import Feature
from hub.sharing import (
    adding,
    deleting,
    making,
    members,
    moving,
    moving_documents,
    removing,
    seeing,
    settings,
    states,
    who,
)
from hub.sharing.blueprint import blueprint

feature = Feature(name="sharing", blueprint=blueprint)

__all__ = [
    "adding",
    "deleting",
    "feature",
    "making",
    "members",
    "moving",
    "moving_documents",
    "removing",
    "seeing",
    "settings",
    "states",
    "who",
]  # importing them puts their routes on the blueprint
