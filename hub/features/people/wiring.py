"""Finding people, put together."""

from hub.feature import Feature, Job
from hub.features.people import asking, box, figures, finding, photo, profile
from hub.features.people.blueprint import blueprint
from hub.features.people.saved import count_round

feature = Feature(
    name="people",
    blueprint=blueprint,
    jobs=(Job("questions saved", count_round, every=3600.0),),
)

# importing them puts their routes on the blueprint
__all__ = ["asking", "box", "feature", "figures", "finding", "photo", "profile"]
