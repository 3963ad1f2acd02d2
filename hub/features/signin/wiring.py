"""Signing in, put together."""

from hub.feature import Feature, Job
from hub.features.signin import hearing_logout, own_sessions, proving, views
from hub.features.signin.blueprint import blueprint
from hub.features.signin.commands import issuer
from hub.features.signin.issuers import check_issuers
from hub.features.signin.stores import tidy

feature = Feature(
    name="signin",
    blueprint=blueprint,
    commands=(issuer,),
    jobs=(Job("sign-in leftovers", tidy, every=60.0), Job("issuers", check_issuers, every=600.0)),
    meets=proving.meets,
)

__all__ = ["feature", "hearing_logout", "own_sessions", "proving", "views"]  # they put their routes on the blueprint
