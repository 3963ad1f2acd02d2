"""Feeds, put together."""

from hub.feature import Feature
from hub.features.feeds import views
from hub.features.feeds.serving import blueprint

feature = Feature(name="feeds", blueprint=blueprint)

__all__ = ["feature", "views"]  # importing them puts their routes on the blueprint
