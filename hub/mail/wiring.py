"""Letters, put together. Their pages are administration's."""

from hub.feature import Feature, Job
from hub.mail.jobs import erase_links, letters_round

feature = Feature(
    name="mail",
    jobs=(
        Job("letters", letters_round, every=0.5),
        Job("one-use links in letters", erase_links, every=30.0),
    ),
)
