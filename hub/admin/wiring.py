"""Administration, put together."""

from hub.admin import group_views, people_views, policy_views, views  # noqa: F401  # each adds its pages
from hub.admin.blueprint import blueprint
from hub.admin.commands import admin
from hub.feature import Feature

feature = Feature(name="admin", blueprint=blueprint, commands=(admin,))
