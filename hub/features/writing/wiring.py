"""Writing and publishing, put together."""

from hub.feature import Feature
from hub.features.writing import comparing, deleting, marking, steps, views
from hub.features.writing.blueprint import blueprint

feature = Feature(name="writing", blueprint=blueprint)

__all__ = [
    "comparing",
    "deleting",
    "feature",
    "marking",
    "steps",
    "views",
]  # importing them puts their routes on the blueprint
