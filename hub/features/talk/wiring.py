"""Talk, put together."""

from hub.feature import Feature
from hub.features.talk import announcing, events, happening, leading, listing, opening, posts, views
from hub.features.talk.blueprint import blueprint

feature = Feature(name="talk", blueprint=blueprint)

__all__ = [
    "announcing",
    "events",
    "feature",
    "happening",
    "leading",
    "listing",
    "opening",
    "posts",
    "views",
]  # importing them puts their routes on the blueprint
