"""Signing in, put together."""

from hub.feature import A_DAY, Feature, Job
from hub.features.signin import hearing_logout, own_sessions, proving, views
from hub.features.signin.blueprint import blueprint
from hub.features.signin.commands import issuer
from hub.features.signin.issuers import check_issuers
from hub.features.signin.local import invitation_views, passkey_views
from hub.features.signin.local import views as guest_views
from hub.features.signin.local.codes import codes_round, tidy_codes
from hub.features.signin.local.models import SignInCode
from hub.features.signin.stores import tidy, tidy_long_over

ROUTES = (guest_views, invitation_views, passkey_views)
"""Importing them puts their routes on the blueprint."""

feature = Feature(
    name="signin",
    blueprint=blueprint,
    commands=(issuer,),
    jobs=(
        Job("codes to guests", codes_round, looks_for=(SignInCode,)),
        Job("sign-in leftovers", tidy, every=60.0),
        Job("sessions that were over long ago", tidy_long_over, every=A_DAY),
        Job("codes and invitations that are over", tidy_codes, every=300.0),
        Job("issuers", check_issuers, every=600.0),
    ),
    meets=proving.meets,
)

__all__ = ["feature", "hearing_logout", "own_sessions", "proving", "views"]  # they put their routes on the blueprint
