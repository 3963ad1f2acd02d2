"""A line that an organisation may take up: shown in its text first, with who gains, as any change of its policy."""

from typing import Final

from acl.directory import ROOT
from acl.store import PolicyFile
from acl.vocabulary import PEOPLE
from hub.access.models import Place
from hub.features.policies.service import default_text

FIND_OUR_PEOPLE: Final = "find-our-people"
"""What the address of the editor says (`?add=`) where the text begins with that line."""


def line_offered(place: Place, file: PolicyFile | None) -> str:
    """The line by which other councils find an organisation's people; empty where its file speaks of them already."""
    if place.id == ROOT or file is None:
        return ""
    where = f"{PEOPLE}{place.path}"
    if any(rule.where == where for rule in file.rules):
        return ""
    lines = default_text("organisation.csv", place.path).splitlines()
    return next((line for line in lines if f",{where}," in line), "")
