"""Where a policy file is worked on, an organisation's or the hub's."""

from dataclasses import dataclass

from acl.directory import ROOT
from acl.store import PLATFORM_FILE
from acl.visibility import Object
from hub.access.guard import viewer
from hub.access.judged import judge_root
from hub.access.models import Place
from hub.features.administration.blueprint import PLATFORM, administered, platform
from hub.features.policies.service import file_of


@dataclass(frozen=True)
class Desk:
    """What is worked on: the place whose policy it is, its file, and where its pages are."""

    place: Place
    file: str
    here: str

    @property
    def object(self) -> Object | None:
        """What one must administer to change it."""
        return judge_root() if self.place.id == ROOT else self.place.judged(viewer().snapshot)

    @property
    def name(self) -> str:
        """Whose policy it is, in words."""
        return "the hub" if self.place.id == ROOT else self.place.name


def desk_of(organisation: str) -> Desk:
    """The desk of an organisation's policy, or with an empty name of the hub's; raises NotFound for everybody else."""
    place = administered(organisation) if organisation else platform()
    if place.id == ROOT:
        return Desk(place, PLATFORM_FILE, f"{PLATFORM}/policy")
    return Desk(place, file_of(place), f"/admin/{place.path}/policy")
