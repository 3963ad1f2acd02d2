"""Pages of what those who lead a conversation do with it."""

from dataclasses import dataclass
from typing import ClassVar

from hub.web.pages import Choice, Page, Whose


@dataclass(frozen=True, kw_only=True, slots=True)
class RenamePage(Page):
    """`/threads/<id>/rename`: another title. Sent with `csrf_token` and `name`."""

    template: ClassVar[str] = "talk/rename.html"
    section: ClassVar[str] = "spaces"

    whose: Whose
    action: str
    cancel_href: str
    name: str
    seen: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class MergePage(Page):
    """`/threads/<id>/merge?find=words`: which conversation it becomes a part of. Sent with `csrf_token` and `into`."""

    template: ClassVar[str] = "talk/merge.html"
    section: ClassVar[str] = "spaces"

    whose: Whose
    action: str
    cancel_href: str
    find: str = ""
    threads: tuple[Choice, ...] = ()
    seen: str = ""
