"""Feeds, put together."""

from hub.feature import Feature
from hub.features.feeds.serving import blueprint

feature = Feature(name="feeds", blueprint=blueprint)
