"""Keeping, put together."""

from hub.feature import Feature, Job
from hub.keeping import drafts, once, trail

feature = Feature(
    name="keeping",
    jobs=(
        Job("answered sheets", once.tidy, every=600.0),
        Job("old drafts", drafts.tidy, every=600.0),
        Job("old visits", trail.tidy, every=3600.0),
    ),
)
