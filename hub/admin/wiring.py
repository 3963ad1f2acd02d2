"""Administration, put together."""

import hub.admin.admitting
import hub.admin.group_views
import hub.admin.guest_views
import hub.admin.import_views
import hub.admin.issuer_views
import hub.admin.mail_views
import hub.admin.organisation_views
import hub.admin.people_views
import hub.admin.platform_administrator_views
import hub.admin.platform_views
import hub.admin.policy_views
import hub.admin.version_views
import hub.admin.views
import hub.admin.waiting_views  # noqa: F401  # each adds its pages to the blueprint
from hub.admin.blueprint import blueprint
from hub.admin.commands import admin
from hub.admin.notices import rights_that_wait, what_the_hub_needs, what_to_set_up
from hub.feature import Feature

feature = Feature(
    name="admin",
    blueprint=blueprint,
    commands=(admin,),
    notices=(what_to_set_up, what_the_hub_needs, rights_that_wait),
)
