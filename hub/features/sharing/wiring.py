"""Sharing, put together."""

from hub.feature import Feature, Job
from hub.features.sharing import (
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
from hub.features.sharing.blueprint import blueprint
from hub.features.sharing.commands import space
from hub.features.sharing.service import sweep

feature = Feature(
    name="sharing",
    blueprint=blueprint,
    commands=(space,),
    jobs=(Job("what is left of deleted places", sweep, every=600.0),),
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
