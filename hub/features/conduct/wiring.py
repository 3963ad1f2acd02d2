"""Conduct, put together."""

from hub.feature import Feature
from hub.features.conduct.blueprint import blueprint
from hub.features.conduct.terms import views as terms
from hub.features.conduct.terms.asking import meets

feature = Feature(name="conduct", blueprint=blueprint, meets=meets)

__all__ = ["feature", "terms"]  # importing them puts their routes on the blueprint
