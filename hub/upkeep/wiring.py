"""Looking after the hub, put together."""

from hub.feature import Feature, Job
from hub.upkeep.commands import backup, doctor, restore

feature = Feature(
    name="upkeep",
    commands=(backup, doctor, restore),
    jobs=(Job("sweep stored files", lambda parts: parts.files.sweep(), every=30),),
)
