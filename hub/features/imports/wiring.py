"""Importing, put together."""

from hub.feature import Feature, Job
from hub.features.imports import changing
from hub.features.imports.commands import import_
from hub.features.imports.filing import filing_round
from hub.features.imports.models import Bringing
from hub.features.imports.undoing import undoing_round
from hub.features.imports.views import blueprint

feature = Feature(
    name="imports",
    blueprint=blueprint,
    commands=(import_,),
    jobs=(
        Job("file what is brought in", filing_round, looks_for=(Bringing,)),
        Job("take back what was brought in", undoing_round, looks_for=(Bringing,)),
    ),
)

__all__ = ["changing", "feature"]  # importing it puts its routes on the blueprint
