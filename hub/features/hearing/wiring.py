"""Hearing, put together."""

from hub.feature import Feature, Job
from hub.features.hearing import following, mine, settings, stopping
from hub.features.hearing.blueprint import blueprint
from hub.features.hearing.letters import end_at_once, end_daily, letters_round
from hub.features.hearing.newsletter import AT_ONCE, DAILY, write_at_once, write_daily
from hub.features.hearing.notices import unreached, unreached_in_words
from hub.features.hearing.overdue import overdue_round
from hub.features.hearing.telling import forget_round, tell_round
from hub.features.hearing.views import news
from hub.ground.outbox import OutboxMessage
from hub.mail.writing import Kind, bring

bring(
    Kind(DAILY, "the daily letter of news", write_daily, end_daily),
    Kind(AT_ONCE, "letters at once, when somebody answers or names you", write_at_once, end_at_once),
)

feature = Feature(
    name="hearing",
    blueprint=blueprint,
    jobs=(
        Job("news of posts", tell_round, looks_for=(OutboxMessage,)),
        Job("questions without an answer", overdue_round, every=600.0),
        Job("letters of news", letters_round, every=300.0),
        Job("old news", forget_round, every=3600.0),
    ),
    says=((unreached, unreached_in_words),),
    news=news,
)

__all__ = ["feature", "following", "mine", "settings", "stopping"]
