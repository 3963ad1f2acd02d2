"""Finding, put together."""

from hub.access.models import HubState
from hub.feature import Feature, Job
from hub.features.find.commands import index, search
from hub.features.find.views import blueprint
from hub.ground.outbox import OutboxMessage
from hub.running.indexing import LOOK_EVERY, index_round

feature = Feature(
    name="find",
    blueprint=blueprint,
    commands=(index, search),
    jobs=(Job("index", index_round, every=LOOK_EVERY, looks_for=(OutboxMessage, HubState)),),
)
