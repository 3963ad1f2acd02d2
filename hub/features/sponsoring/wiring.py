"""Sponsors, put together."""

from hub.feature import Feature, Job
from hub.features.sponsoring import views
from hub.features.sponsoring.blueprint import blueprint
from hub.features.sponsoring.notices import ends, says_ends
from hub.features.sponsoring.service import remind_round

ROUTES = (views,)
"""Importing them puts their routes on the blueprint."""

feature = Feature(
    name="sponsoring",
    blueprint=blueprint,
    jobs=(Job("admissions that end soon", remind_round, every=3600.0),),
    says=((ends, says_ends),),
)
