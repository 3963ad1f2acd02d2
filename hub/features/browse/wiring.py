"""Browsing, put together."""

from hub.feature import Feature
from hub.features.browse import files, overview, places, taking
from hub.features.browse.guests import guest_notices
from hub.features.browse.views import blueprint

feature = Feature(name="browse", blueprint=blueprint, notices=(guest_notices,))

__all__ = ["feature", "files", "overview", "places", "taking"]  # importing them puts their routes on the blueprint
