"""Documents, put together."""

from hub.feature import Feature, Job
from hub.features.documents import adding, cover, uploading, views
from hub.features.documents.models import Upload
from hub.features.documents.reading import reading_round
from hub.features.documents.service import tidy_uploads
from hub.features.documents.views import blueprint
from hub.ground.extraction import side_by_side
from hub.ground.outbox import OutboxMessage

feature = Feature(
    name="documents",
    blueprint=blueprint,
    jobs=(
        Job("read files", reading_round, looks_for=(OutboxMessage,), side_by_side=side_by_side),
        Job("uploads that are over", tidy_uploads, every=600.0, looks_for=(Upload,)),
    ),
    about=(("document_id", views.typed_about),),
)

__all__ = ["adding", "cover", "feature", "uploading"]  # importing it puts its routes on the blueprint
