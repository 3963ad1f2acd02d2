"""What every step of the tour is built from: its surroundings, its people, and a search by several of them."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, TypeVar
from urllib.parse import urlencode

import structlog

from hub.demo.pages import Column, Persona, StepLink, TourPage
from hub.demo.queries import Asked, Eyes, Looker, alone, finders
from hub.demo.service import original
from hub.demo.tour_texts import LEDES, STEPS
from hub.features.find.pages import SearchHit
from hub.features.find.queries import Found
from hub.features.find.results import hits_of
from hub.web.pages import Send
from search.engine import EngineError

Kind = TypeVar("Kind", bound=TourPage)
log = structlog.get_logger(__name__)

SHOWN, OWN = 3, 2
"""Results of each column: the first, and the first of those that nobody else here found."""


def step_page(kind: type[Kind], eyes: Eyes, step: int, **values: Any) -> Kind:
    """A page with what all steps have. `kind` says of what type it is."""
    before = {1: "/demo", len(STEPS) + 1: f"/demo/{len(STEPS)}"}.get(step, f"/demo/{step - 1}" if step else "")
    after = f"/demo/{step + 1}" if step < len(STEPS) else "/demo/end" if step == len(STEPS) else ""
    text = STEPS[step] if step < len(STEPS) else "A hub of your own" if step == len(STEPS) else ""
    changed = eyes.policy.text != original() or eyes.share is not None
    return kind(
        **{
            "title": STEPS[step - 1] if 0 < step <= len(STEPS) else "",
            "step": step,
            "lede": LEDES[step],
            "steps": tuple(StepLink(n, t, f"/demo/{n}", current=n == step) for n, t in enumerate(STEPS, start=1)),
            "previous": before,
            "next": after,
            "next_text": text,
            "waiting": eyes.waiting,
            "put_back": Send("Put everything back", "/demo/put-back") if changed else None,
            **values,
        }
    )


def persona(looker: Looker, path: str) -> Persona:
    """Somebody of the tour, with the button that signs in as them and goes to a path."""
    person = looker.person
    slug, given = person.handle.partition("/")[0], person.name.split()[0]
    return Persona(
        name=person.name,
        job=person.job_title,
        organisation=looker.organisation,
        be=Send(f"Sign in as {given}", f"/sign-in/{slug}", (("login_hint", person.handle), ("next", path))),
    )


def columns(eyes: Eyes, handles: Iterable[str], words: str, **filters: str) -> tuple[Column, ...]:
    """The search page's answer to each of these people, and who else found what."""
    path = f"/search?{urlencode({'q': words, **filters})}"
    lookers = eyes.meet(*handles)
    try:
        found = list(zip(lookers, eyes.search(lookers, words, **filters), strict=True))
    except EngineError as error:
        log.error("search engine failed", reason=str(error))  # noqa: TRY400  # its trace says nothing more
        return tuple(Column(persona(looker, path), down=True) for looker in lookers)
    return tuple(
        _column(persona(looker, path), asked, [(o.person.name.split()[0], a) for o, a in found if o is not looker])
        for looker, asked in found
    )


def _column(person: Persona, asked: Asked, others: list[tuple[str, Asked]]) -> Column:
    shown = asked.hits[:SHOWN]
    only = alone(asked, [other for _, other in others])
    own = tuple(hit for hit in only if hit not in shown)[:OWN]
    told = f"{len(only)} of them found by nobody else here." if only else "All of them found by others here too."
    return Column(
        person=person,
        total=asked.total,
        hits=_unlinked(shown),
        notes=tuple(_also(finders(hit, others)) for hit in shown),
        own=_unlinked(own),
        more=asked.total - len(shown) - len(own),
        told=told if asked.total else "",
    )


def _unlinked(hits: Iterable[Found]) -> tuple[SearchHit, ...]:
    """Hits without addresses: whoever walks the tour may not be able to open them."""
    return tuple(replace(hit, href="", space_href="", organisation_href="") for hit in hits_of(tuple(hits)))


def _also(names: tuple[str, ...]) -> str:
    return f"Also found by {' and '.join(names)}" if names else "Found by nobody else here"
