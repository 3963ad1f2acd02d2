"""Documents, put together."""

from hub.documents import adding
from hub.documents.views import blueprint
from hub.feature import Feature

feature = Feature(name="documents", blueprint=blueprint)

__all__ = ["adding", "feature"]  # importing it puts its routes on the blueprint
