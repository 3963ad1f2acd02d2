"""Administration, put together."""

import hub.features.administration.admitting
import hub.features.administration.group_views
import hub.features.administration.guest_views
import hub.features.administration.import_views
import hub.features.administration.issuer_views
import hub.features.administration.mail_views
import hub.features.administration.organisation_views
import hub.features.administration.people_views
import hub.features.administration.platform_administrator_views
import hub.features.administration.platform_views
import hub.features.administration.policy_views
import hub.features.administration.version_views
import hub.features.administration.views
import hub.features.administration.waiting_views  # noqa: F401  # each adds its pages to the blueprint
from hub.feature import Feature
from hub.features.administration.blueprint import blueprint
from hub.features.administration.commands import admin
from hub.features.administration.notices import rights_that_wait, what_the_hub_needs, what_to_set_up
from hub.features.administration.organisation_commands import organisation
from hub.features.administration.person_commands import person

feature = Feature(
    name="administration",
    blueprint=blueprint,
    commands=(admin, organisation, person),
    notices=(what_to_set_up, what_the_hub_needs, rights_that_wait),
)
