"""Looking after the hub, put together."""

from hub.access.budgets import tidy_budgets
from hub.feature import Feature, Job
from hub.upkeep.commands import backup, doctor, history, keys, restore

feature = Feature(
    name="upkeep",
    commands=(backup, doctor, history, keys, restore),
    jobs=(
        Job("sweep stored files", lambda parts: parts.files.sweep(), every=30.0),
        Job("minutes that are over", tidy_budgets, every=600.0),
    ),
)
