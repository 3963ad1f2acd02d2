"""Documents, put together."""

from hub.feature import Feature
from hub.features.documents import adding
from hub.features.documents.views import blueprint

feature = Feature(name="documents", blueprint=blueprint)

__all__ = ["adding", "feature"]  # importing it puts its routes on the blueprint
