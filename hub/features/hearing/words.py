"""Why somebody hears of a post, in words. A list you can read: what stands first outweighs what comes after."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

BECAUSE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "told": "wanted you to see this",
        "comes": "changed an event that you said you may come to",
        "answer": "answered you",
        "accepted": "accepted your answer",
        "asked": "wrote in what you opened",
        "waiting": "asked this, and nobody has answered yet",
        "expert": "asked this, and your profile says that you know about it",
        "follow": "wrote in what you follow",
        "backed": "decided on what you supported",
        "opened": "opened this in a space that you follow",
        "person": "wrote this, and you follow them",
        "service": "opened this in a space about a service that you follow",
        "skill": "asked about something that you follow",
        "published": "wrote this, and it was published in a place that you follow",
        "member": "opened this in a space of yours",
    }
)
ORDER: Final[Mapping[str, int]] = MappingProxyType({key: number for number, key in enumerate(BECAUSE)})
URGENT: Final = frozenset({"told", "answer", "accepted", "comes"})
"""What people are written to about at once; and of what they asked themselves, "asked" too."""
