"""Drafts while typing, put together."""

from hub.feature import Feature
from hub.features.drafting.notices import notices
from hub.features.drafting.views import blueprint

feature = Feature(name="drafting", blueprint=blueprint, notices=(notices,))
