"""The privacy notice."""

from dataclasses import dataclass
from typing import ClassVar

from hub.features.conduct.privacy.records import Record
from hub.web.pages import Page


@dataclass(frozen=True, kw_only=True, slots=True)
class PrivacyPage(Page):
    """`/privacy`: what the hub keeps about people, told to anybody."""

    template: ClassVar[str] = "conduct/privacy.html"

    title: str = "Privacy notice"
    records: tuple[Record, ...]
