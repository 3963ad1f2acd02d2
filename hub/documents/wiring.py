"""Documents, put together."""

from hub.documents.views import blueprint
from hub.feature import Feature

feature = Feature(name="documents", blueprint=blueprint)
