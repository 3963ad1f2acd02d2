"""Talk, put together."""

from hub.feature import Feature, Job
from hub.features.talk import (
    announcing,
    campaigns,
    deciding,
    editing,
    events,
    happening,
    leading,
    listing,
    merging,
    offering,
    opening,
    posts,
    publishing,
    reading,
    views,
)
from hub.features.talk.asked import notices, waits
from hub.features.talk.blueprint import blueprint, typed_about
from hub.nouns.threads.models import Thread

feature = Feature(
    name="talk",
    blueprint=blueprint,
    jobs=(Job("news that is due", publishing.publish_round, looks_for=(Thread,), due=publishing.next_round),),
    notices=(notices,),
    waits=waits,
    about=(("own", typed_about),),
)

__all__ = [
    "announcing",
    "campaigns",
    "deciding",
    "editing",
    "events",
    "feature",
    "happening",
    "leading",
    "listing",
    "merging",
    "offering",
    "opening",
    "posts",
    "publishing",
    "reading",
    "views",
]  # importing them puts their routes on the blueprint
