"""Letters, put together. Their pages are administration's."""

from hub.feature import Feature, Job
from hub.mail.due import next_due
from hub.mail.jobs import erase_links, letters_round
from hub.mail.models import SentLetter

feature = Feature(
    name="mail",
    jobs=(
        Job("letters", letters_round, looks_for=(SentLetter,), due=next_due),
        Job("one-use links in letters", erase_links, every=30.0),
    ),
)
