"""The desk, put together."""

from hub.feature import Feature
from hub.features.desk.views import blueprint

feature = Feature(name="desk", blueprint=blueprint)
