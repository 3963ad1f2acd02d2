"""Commands that put several features' use cases together, which strangers to one another could not."""

import click

from hub.commands.imports import import_
from hub.commands.organisation import organisation
from hub.commands.person import person
from hub.commands.space import space

COMMANDS: tuple[click.Command, ...] = (import_, organisation, person, space)
