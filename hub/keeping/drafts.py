"""What is typed into a form is kept before it is sent: for whoever types it, and for nobody else, whoever they are.

A draft is kept by person and form. What it is about is judged each time: without the right to the thing its draft is
not there, and it is there again with the right.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import timedelta
from typing import Any, Final, TypeVar, cast

from flask import Flask, g, request
from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from hub.access.guard import person_id
from hub.access.parts import Parts
from hub.ground.errors import Invalid
from hub.ground.forgetting import forget as forget_rows
from hub.ground.ids import new_id
from hub.ground.unit_of_work import UnitOfWork
from hub.keeping.models import TypedDraft
from hub.web.pages import Page
from hub.web.typed import DraftOffer

LONGEST: Final = 3_000_000
"""Characters that one draft may have; a document's text may have a million."""
LONGEST_NAME: Final = 80
MOST: Final = 40
"""Drafts that one person may have."""
MOST_TOGETHER: Final = 10_000_000
"""Characters that all drafts of one person may have."""
KEPT: Final = timedelta(days=90)
TAKEN_BACK_WITHIN: Final = timedelta(days=1)
USE: Final = "draft"
"""The question of an address by which its form is opened as it was typed."""
TOO_LONG: Final = "it is too long to be kept as a draft"
TOO_MANY: Final = "you have too many drafts, or too long ones: send or discard some of those on your home page"

Form = TypeVar("Form")


@dataclass(frozen=True)
class Typed:
    """A form that somebody types into: what it is about, and what one has to be allowed to do to that."""

    address: str
    opens: str
    action: str
    node: str = ""
    """Of what it is about."""


def init_drafts(app: Flask) -> None:
    """Let pages that keep drafts offer them."""
    app.extensions["hub.web.drafts"] = offer


def address_of(full_path: str) -> str:
    """How a form is known: by its path, and by the kind of what it makes or whom it is about."""
    path, _, query = full_path.partition("?")
    told = [part for part in query.split("&") if part.startswith(("kind=", "who="))]
    return f"{path}?{told[0]}" if told else path


def keep(uow: UnitOfWork, person: str, typed: Typed, sent: Mapping[str, str]) -> None:
    """Keep what was typed instead of what was kept of the same form before. Raises Invalid with why not."""
    text = json.dumps(dict(sent), ensure_ascii=False)
    if len(text) > LONGEST:
        raise Invalid(TOO_LONG)
    row = draft_at(uow.session, person, typed.address, dropped=True)
    others = select(func.count(), func.coalesce(func.sum(func.length(TypedDraft.fields)), 0))
    others = others.where(TypedDraft.person_id == person, TypedDraft.address != typed.address)
    count, length = uow.session.execute(others).one()
    if count >= MOST or length + len(text) > MOST_TOGETHER:
        raise Invalid(TOO_MANY)
    if row is None:
        row = TypedDraft(id=new_id(), person_id=person, address=typed.address, action=typed.action)
        uow.session.add(row)
    row.opens, row.node = typed.opens, typed.node
    row.name = " ".join(sent.get("name", "").split())[:LONGEST_NAME]
    row.fields, row.saved_at, row.dropped_at = text, uow.now, None
    uow.session.flush()


def discard(uow: UnitOfWork, person: str, address: str, *, back: bool = False) -> None:
    """Put a draft away, or take that back; nothing where there is none."""
    row = draft_at(uow.session, person, address, dropped=True)
    if row is not None:
        row.dropped_at = None if back else uow.now


def forget(uow: UnitOfWork, person: str, address: str) -> None:
    """The form was sent and did what it says: nothing is left to be sent."""
    mine = (TypedDraft.person_id == person, TypedDraft.address == address)
    uow.session.execute(delete(TypedDraft).where(*mine))


def sent(uow: UnitOfWork) -> None:
    """The form of this request did what it says: what its person typed into it is a draft no more."""
    forget(uow, person_id(), address_of(request.full_path))


def draft_at(session: Session, person: str, address: str, *, dropped: bool = False) -> TypedDraft | None:
    """Somebody's draft of a form; one that was discarded only if asked for."""
    found = select(TypedDraft).where(TypedDraft.person_id == person, TypedDraft.address == address)
    return session.scalar(found if dropped else found.where(TypedDraft.dropped_at.is_(None)))


def typed_into(form: Form) -> Form:
    """The form as its viewer typed it, where they open it to go on with that; else as it is.

    To be called where the form is opened, once the viewer was judged.
    """
    typed = _typed()
    if not typed or not is_dataclass(form):
        return form
    new: dict[str, Any] = {}
    for field in fields(form):
        old, text = getattr(form, field.name), typed.get(field.name)
        if isinstance(old, str) and text is not None:
            new[field.name] = text.replace("\r\n", "\n")
        elif type(old) is int and text is not None and text.isascii() and text.isdigit() and len(text) < 9:  # noqa: PLR2004
            new[field.name] = int(text)
    return cast("Form", replace(cast("Any", form), **new))


def typed_over(values: Mapping[str, str]) -> dict[str, str]:
    """The same for fields by name; others than these are not there."""
    typed = _typed()
    return {name: typed.get(name, text).replace("\r\n", "\n") for name, text in values.items()}


def _typed() -> dict[str, str]:
    """What the viewer typed into the form that they open; nothing where they do not go on with that."""
    if request.args.get(USE) != "use":
        return {}
    row = draft_at(g.db, person_id(), address_of(request.full_path))
    return json.loads(row.fields) if row else {}


def offer(page: Page) -> DraftOffer | None:
    """What the viewer typed into the form of a page, when they open it."""
    action = getattr(page, "action", "")
    if request.method != "GET" or not action or not person_id():
        return None
    address = address_of(action)
    row = draft_at(g.db, person_id(), address)
    if row is None:
        return None
    separator = "&" if "?" in row.opens else "?"
    return DraftOffer(address, row.saved_at, f"{row.opens}{separator}{USE}=use", used=request.args.get(USE) == "use")


def tidy(parts: Parts) -> int:
    """Forget drafts that were discarded, and those that nobody went on with; returns how many."""
    now = parts.clock.now()
    old = or_(TypedDraft.saved_at < now - KEPT, TypedDraft.dropped_at < now - TAKEN_BACK_WITHIN)
    return forget_rows(parts.database, parts.clock, TypedDraft, old)
