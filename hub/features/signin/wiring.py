"""Signing in, put together."""

from hub.feature import A_DAY, Feature, Job
from hub.features.signin.commands import issuer
from hub.features.signin.issuers import check_issuers
from hub.features.signin.stores import tidy, tidy_long_over
from hub.features.signin.views import blueprint

feature = Feature(
    name="signin",
    blueprint=blueprint,
    commands=(issuer,),
    jobs=(
        Job("sign-in leftovers", tidy, every=60.0),
        Job("sessions that were over long ago", tidy_long_over, every=A_DAY),
        Job("issuers", check_issuers, every=600.0),
    ),
)
