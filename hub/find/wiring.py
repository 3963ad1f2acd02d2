"""Finding, put together."""

from hub.feature import Feature, Job
from hub.find.commands import index, search
from hub.find.indexing import index_round
from hub.find.reading import reading_round
from hub.find.views import blueprint

feature = Feature(
    name="find",
    blueprint=blueprint,
    commands=(index, search),
    jobs=(
        Job("index", index_round, every=0.05),
        Job("read files", reading_round, every=0.2),
    ),
)
