"""Administration, put together."""

from hub.feature import Feature
from hub.features.administration.blueprint import blueprint
from hub.features.administration.commands import admin
from hub.features.administration.notices import rights_that_wait, what_the_hub_needs, what_to_set_up
from hub.features.administration.organisations.commands import organisation
from hub.features.administration.people.commands import person

feature = Feature(
    name="administration",
    blueprint=blueprint,
    commands=(admin, organisation, person),
    notices=(what_to_set_up, what_the_hub_needs, rights_that_wait),
)
