"""Browsing, put together."""

from hub.browse.guests import guest_notices
from hub.browse.views import blueprint
from hub.feature import Feature

feature = Feature(name="browse", blueprint=blueprint, notices=(guest_notices,))
