"""Drafts while typing, put together."""

from hub.drafting.notices import notices
from hub.drafting.views import blueprint
from hub.feature import Feature

feature = Feature(name="drafting", blueprint=blueprint, notices=(notices,))
