"""Importing, put together."""

from hub.feature import Feature, Job
from hub.features.imports import views
from hub.features.imports.commands import import_
from hub.features.imports.filing import filing_round
from hub.features.imports.models import Bringing

feature = Feature(
    name="imports",
    blueprint=views.blueprint,
    commands=(import_,),
    jobs=(Job("file what is brought in", filing_round, looks_for=(Bringing,)),),
)
