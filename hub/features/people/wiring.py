"""Finding people, put together."""

from hub.feature import Feature
from hub.features.people import asking, box, finding, photo, profile
from hub.features.people.blueprint import blueprint

feature = Feature(name="people", blueprint=blueprint)

__all__ = [
    "asking",
    "box",
    "feature",
    "finding",
    "photo",
    "profile",
]  # importing them puts their routes on the blueprint
