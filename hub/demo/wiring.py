"""The demo, put together: `hub demo`."""

from hub.demo.commands import demo
from hub.feature import Feature

feature = Feature(name="demo", commands=(demo,))
