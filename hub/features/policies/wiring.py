"""Policy files, put together."""

from hub.feature import Feature, Job
from hub.features.policies.commands import policy
from hub.features.policies.jobs import look_at_files, settle_platform
from hub.features.policies.views import blueprint

feature = Feature(
    name="policies",
    blueprint=blueprint,
    commands=(policy,),
    jobs=(Job("policy files", look_at_files),),
    on_start=(settle_platform,),
)
