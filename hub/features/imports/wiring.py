"""Importing, put together."""

from hub.feature import Feature
from hub.features.imports.commands import import_

feature = Feature(name="imports", commands=(import_,))
