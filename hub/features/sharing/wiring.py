"""Sharing, put together."""

import hub.features.sharing.members.adding
import hub.features.sharing.members.removing
import hub.features.sharing.members.views
import hub.features.sharing.members.who
import hub.features.sharing.moving_documents
import hub.features.sharing.places.deleting
import hub.features.sharing.places.making
import hub.features.sharing.places.moving
import hub.features.sharing.places.settings
import hub.features.sharing.places.states
import hub.features.sharing.seeing  # noqa: F401  # each adds its pages to the blueprint
from hub.feature import Feature, Job
from hub.features.sharing.blueprint import blueprint
from hub.features.sharing.commands import space
from hub.features.sharing.service import sweep

feature = Feature(
    name="sharing",
    blueprint=blueprint,
    commands=(space,),
    jobs=(Job("what is left of deleted places", sweep, every=600.0),),
)
