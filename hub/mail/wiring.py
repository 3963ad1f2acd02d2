"""Letters, put together. Their pages are administration's."""

from hub.feature import A_DAY, Feature, Job
from hub.mail.due import next_due
from hub.mail.jobs import erase_links, forget_letters, letters_round
from hub.mail.models import SentLetter

feature = Feature(
    name="mail",
    jobs=(
        Job("letters", letters_round, looks_for=(SentLetter,), due=next_due),
        Job("one-use links in letters", erase_links, every=30.0),
        Job("letters of long ago", forget_letters, every=A_DAY),
    ),
)
