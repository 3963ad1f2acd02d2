"""The demo, put together: `hub demo`, and the tour of it."""

from hub.demo.commands import demo
from hub.demo.views import blueprint
from hub.feature import Feature

feature = Feature(name="demo", blueprint=blueprint, commands=(demo,))
