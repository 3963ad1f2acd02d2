"""Asking for access, put together."""

from hub.feature import Feature, Job
from hub.features.asking import answering, declining, views
from hub.features.asking.blueprint import blueprint
from hub.features.asking.joining import joining
from hub.features.asking.models import AccessRequest
from hub.features.asking.notices import notices, waits
from hub.features.asking.reaching import reach_round, watch_round

feature = Feature(
    name="asking",
    blueprint=blueprint,
    jobs=(
        Job("requests for access", reach_round, looks_for=(AccessRequest,)),
        Job("requests without a manager", watch_round, every=60.0),
    ),
    notices=(notices,),
    waits=waits,
    joining=joining,
    about=(("request_id", answering.answered_about),),
)

__all__ = ["answering", "declining", "feature", "views"]  # importing them puts their routes on the blueprint
