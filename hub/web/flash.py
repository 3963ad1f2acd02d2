"""What the last request did, said once at the top of the next page, with a way to undo it where there is one."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Final

import flask

from hub.web.pages import Send

_CATEGORIES: Final = frozenset({"success", "info", "error"})


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence, its kind (success, info or error), and the button that undoes what it tells."""

    category: str
    text: str
    undo: Send | None = None


def say(text: str, category: str = "success", undo: Send | None = None) -> None:
    """Keep a sentence for the next page that this browser shows. It travels in the cookie: keep it short."""
    flask.flash({"text": text, "undo": asdict(undo)} if undo else text, category)  # type: ignore[arg-type]


def say_news(sentences: Iterable[str]) -> None:
    """Keep the sentence that nothing was done, since what the page showed is another now."""
    say(f"Nothing was done yet. {' '.join(sentences)} Look at it as it is now, then decide again.", "info")


def said() -> list[Said]:
    """What is waiting to be said; asked for once."""
    waiting: list[tuple[str, Any]] = flask.get_flashed_messages(with_categories=True)  # type: ignore[assignment]
    return [_said(category if category in _CATEGORIES else "info", kept) for category, kept in waiting]


def _said(category: str, kept: Any) -> Said:
    if isinstance(kept, str):
        return Said(category, kept)
    undo = kept["undo"]
    fields = tuple((name, value) for name, value in undo["fields"])
    return Said(category, kept["text"], Send(undo["text"], undo["href"], fields, undo["kind"], undo["once"]))
