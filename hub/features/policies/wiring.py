"""Policy files, put together."""

from hub.access.models import PolicyText
from hub.feature import Feature, Job
from hub.features.policies.commands import policy
from hub.features.policies.jobs import look_at_files, look_at_folder, settle_platform
from hub.features.policies.models import HandEdit
from hub.features.policies.views import blueprint

feature = Feature(
    name="policies",
    blueprint=blueprint,
    commands=(policy,),
    jobs=(
        Job("policy files", look_at_files, looks_for=(PolicyText, HandEdit)),
        Job("policy folder", look_at_folder, every=0.2),
    ),
    on_start=(settle_platform,),
)
