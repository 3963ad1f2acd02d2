"""Sharing, put together."""

from hub.feature import Feature, Job
from hub.features.sharing import ending, letting_go, moving_things, seeing
from hub.features.sharing.blueprint import blueprint
from hub.features.sharing.commands import space
from hub.features.sharing.documents import giving, taking_back
from hub.features.sharing.documents import views as documents
from hub.features.sharing.many import views as many
from hub.features.sharing.members import accepting, adding, inviting, removing, views, who
from hub.features.sharing.members.accepting import notices
from hub.features.sharing.places import deleting, making, moving, settings, states
from hub.features.sharing.service import sweep
from hub.features.sharing.wishes import tidy
from hub.nouns.people.invitation_letters import INVITATION_LETTERS
from hub.nouns.people.invitations import tidy as tidy_invitations

ROUTES = (
    making,
    settings,
    states,
    moving,
    deleting,
    letting_go,
    moving_things,
    many,
    views,
    adding,
    inviting,
    accepting,
    removing,
    who,
    seeing,
    documents,
    giving,
    taking_back,
)
"""Importing them puts their routes on the blueprint."""

feature = Feature(
    name="sharing",
    blueprint=blueprint,
    commands=(space,),
    notices=(ending.notices, notices),
    jobs=(
        INVITATION_LETTERS,
        Job("invitations that are over", tidy_invitations, every=3600.0),
        Job("what is left of deleted places", sweep, every=600.0),
        Job("wishes that are over", tidy, every=600.0),
    ),
)
