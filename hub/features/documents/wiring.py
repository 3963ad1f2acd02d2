"""Documents, put together."""

from hub.feature import Feature, Job
from hub.features.documents import adding, cover, views
from hub.features.documents.reading import reading_round
from hub.features.documents.views import blueprint
from hub.ground.extraction import side_by_side
from hub.ground.outbox import OutboxMessage

feature = Feature(
    name="documents",
    blueprint=blueprint,
    jobs=(Job("read files", reading_round, looks_for=(OutboxMessage,), side_by_side=side_by_side),),
    about=(("document_id", views.typed_about),),
)

__all__ = ["adding", "cover", "feature"]  # importing it puts its routes on the blueprint
