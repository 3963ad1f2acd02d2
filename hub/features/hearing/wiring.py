"""Hearing, put together."""

from hub.feature import Feature, Job
from hub.features.hearing.letters import letters_round
from hub.features.hearing.overdue import overdue_round
from hub.features.hearing.telling import forget_round, tell_round
from hub.features.hearing.views import blueprint, news
from hub.ground.outbox import OutboxMessage

feature = Feature(
    name="hearing",
    blueprint=blueprint,
    jobs=(
        Job("news of posts", tell_round, looks_for=(OutboxMessage,)),
        Job("questions without an answer", overdue_round, every=600.0),
        Job("letters of news", letters_round, every=300.0),
        Job("old news", forget_round, every=3600.0),
    ),
    news=news,
)
