"""Looking after the hub, put together."""

from hub.feature import Feature
from hub.upkeep.commands import backup, doctor, restore

feature = Feature(name="upkeep", commands=(backup, doctor, restore))
