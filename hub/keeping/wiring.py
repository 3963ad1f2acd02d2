"""Keeping, put together."""

from hub.feature import Feature, Job
from hub.keeping import drafts, holding, once, trail

feature = Feature(
    name="keeping",
    jobs=(
        Job("answered sheets", once.tidy, every=600.0),
        Job("forms held for somebody who signs in again", holding.tidy, every=600.0),
        Job("old drafts", drafts.tidy, every=600.0),
        Job("old visits", trail.tidy, every=3600.0),
    ),
)
