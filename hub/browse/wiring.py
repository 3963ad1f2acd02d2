"""Browsing, put together."""

from hub.browse.views import blueprint
from hub.feature import Feature

feature = Feature(name="browse", blueprint=blueprint)
