"""The question spaces of services, for those who administer an organisation."""

from dataclasses import dataclass
from typing import ClassVar

from hub.features.administration.pages import AdminPage
from hub.web.pages import Send


@dataclass(frozen=True, slots=True)
class QuestionsRow:
    """A question space: what it is about, who takes part, and the button that joins it or leaves it."""

    service: str
    name: str
    href: str
    joined: bool
    others: tuple[str, ...]
    """The other organisations that joined, by name, as far as the viewer may see them."""
    send: Send


@dataclass(frozen=True, kw_only=True, slots=True)
class QuestionsPage(AdminPage):
    """`/admin/<slug>/questions`: in which question spaces an organisation takes part. Fields do, seen."""

    template: ClassVar[str] = "admin/questions.html"

    title: str = "Questions across councils"
    own: str
    """The name of the organisation."""
    rows: tuple[QuestionsRow, ...] = ()
