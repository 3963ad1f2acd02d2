"""Sharing, put together."""

from hub.feature import Feature, Job
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
from hub.sharing.service import sweep

feature = Feature(
    name="sharing", blueprint=blueprint, jobs=(Job("what is left of deleted places", sweep, every=600.0),)
)

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
