"""Asking for access, put together."""

from hub.asking import answering, declining, views
from hub.asking.blueprint import blueprint
from hub.asking.joining import joining
from hub.asking.notices import notices
from hub.asking.reaching import reach_round, watch_round
from hub.feature import Feature, Job

feature = Feature(
    name="asking",
    blueprint=blueprint,
    jobs=(Job("requests for access", reach_round, every=0.5), Job("requests without a manager", watch_round, every=60)),
    notices=(notices,),
    joining=joining,
    about=(("request_id", answering.managed_thing),),
)

__all__ = ["answering", "declining", "feature", "views"]  # importing them puts their routes on the blueprint
