"""Feeds, put together."""

from hub.feature import A_DAY, Feature, Job
from hub.features.feeds import views
from hub.features.feeds.serving import blueprint
from hub.nouns.people.feeds import tidy_feeds

feature = Feature(name="feeds", blueprint=blueprint, jobs=(Job("feeds that are over", tidy_feeds, every=A_DAY),))

__all__ = ["feature", "views"]  # importing them puts their routes on the blueprint
