"""An answer as the search page shows it, and as `hub search --json` prints it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from hub.features.find.forms import Read
from hub.features.find.helping import Help
from hub.features.find.pages import Chip, FacetGroup, FacetOption, SearchHit, SearchPage
from hub.features.find.queries import MOST_OPTIONS, Answered, Counted, Found, Named
from hub.features.find.question import ON_A_PAGE, Question
from hub.nouns.documents.words import type_in_words
from hub.web.pages import Action, Problem
from hub.web.paging import page_links
from search.request import MAX_RESULTS

LEGENDS: Final = {
    "kind": "Kind",
    "organisation": "Organisation",
    "space": "Space",
    "type": "Type",
    "marking": "Marking",
    "year": "Year",
}
"""The filters in the order in which the page has them."""


def asked_page(read: Read, problems: tuple[Problem, ...] = (), *, engine_down: bool = False) -> SearchPage:
    """The page without an answer: nothing asked yet, something wrong in the question, or the engine away."""
    question = read.question
    return SearchPage(
        query=question.words,
        asked=question.asked,
        engine_down=engine_down,
        problems=problems or read.problems,
        date_from=read.date_from,
        date_to=read.date_to,
        sort=question.sort,
    )


def answered_page(read: Read, answered: Answered, helped: Help | None = None) -> SearchPage:
    """The page with its results, or with what helps where there are none."""
    question = read.question
    return replace(
        asked_page(read),
        total=answered.total,
        total_is_exact=answered.total_is_exact,
        hits=hits_of(answered.hits),
        facets=tuple(_group(name, some) for name in LEGENDS if (some := shown(answered.facets.get(name, ())))),
        chips=_chips(question, answered),
        clear_href=question.bare().href() if question.bare() != replace(question, page=1) else "",
        links=page_links(answered.page, ON_A_PAGE, min(answered.total, MAX_RESULTS), question.href),
        feed_href=f"/me/feeds/new?{urlencode({'search': question.href().partition('?')[2]})}",
        some=hits_of(helped.some) if helped else (),
        unfiltered=helped.unfiltered if helped else 0,
        meant=_way(helped.meant) if helped and helped.meant else None,
        single=tuple(map(_way, helped.single)) if helped else (),
        starred=question.starred,
    )


def _way(question: Question) -> Action:
    return Action(question.words, question.href())


def hits_of(found: Iterable[Found]) -> tuple[SearchHit, ...]:
    """Hits as the page lists them."""
    return tuple(map(_hit, found))


def shown(options: tuple[Counted, ...]) -> tuple[Counted, ...]:
    """Those of a facet's values that the page lists: the largest, and what is chosen."""
    return tuple(option for at, option in enumerate(options) if at < MOST_OPTIONS or option.chosen)


def as_values(question: Question, answered: Answered) -> dict[str, Any]:
    """The same as plain values: what `hub search --json` prints."""
    return {
        "query": question.words,
        "total": answered.total,
        "total_is_exact": answered.total_is_exact,
        "page": answered.page,
        "pages": -(-min(answered.total, MAX_RESULTS) // ON_A_PAGE),
        "sort": question.sort,
        "hits": [_hit_values(found) for found in answered.hits],
        "facets": {
            name: [
                {"value": o.value, "text": _in_words(name, o.text), "count": o.count}
                for o in shown(answered.facets.get(name, ()))
            ]
            for name in LEGENDS
        },
    }


def _hit(found: Found) -> SearchHit:
    return SearchHit(
        title=found.title,
        href=found.href,
        kind=found.kind.capitalize(),
        snippet=found.snippet,
        type=type_in_words(found.type) if found.type else "",
        organisation=found.organisation.name if found.organisation else "",
        organisation_href=f"/places/{found.organisation.path}" if found.organisation else "",
        space=found.space.name if found.space else "",
        space_href=f"/places/{found.space.path}" if found.space else "",
        marking=found.marking,
        state=found.state if found.state != "published" else "",
        changed=found.changed,
        owner=found.owner,
    )


def _hit_values(found: Found) -> dict[str, Any]:
    return {
        "id": found.id,
        "kind": found.kind,
        "title": "".join(text for text, _ in found.title),
        "organisation": _name(found.organisation),
        "organisation_path": found.organisation.path if found.organisation else "",
        "space": _name(found.space),
        "space_path": found.space.path if found.space else "",
        "marking": found.marking,
        "state": found.state,
        "type": found.type,
        "changed": found.changed.isoformat(),
        "owner": found.owner,
        "snippet": "".join(text for text, _ in found.snippet),
        "href": found.href,
    }


def _name(place: Named | None) -> str:
    return place.name if place else ""


def _group(name: str, options: tuple[Counted, ...]) -> FacetGroup:
    if name == "year":  # as a calendar has them, the newest first; others by how much they hold
        options = tuple(sorted(options, key=lambda option: option.value, reverse=True))
    return FacetGroup(
        name=name,
        legend=LEGENDS[name],
        options=tuple(FacetOption(o.value, _in_words(name, o.text), o.count, o.chosen) for o in options),
    )


def _in_words(name: str, text: str) -> str:
    if name == "kind":
        return text.capitalize()
    return type_in_words(text) if name == "type" else text


def _chips(question: Question, answered: Answered) -> tuple[Chip, ...]:
    """What is in force, each with the address of the search without it. A place that is not shown is not named."""
    texts = {(name, o.value): _in_words(name, o.text) for name, some in answered.facets.items() for o in some}
    chips = [
        Chip(texts.get((name, value), f"Unknown {name}"), question.without(name, value).href())
        for name in LEGENDS
        for value in question.filters.get(name, ())
    ]
    if question.date_from:
        chips.append(Chip(f"From {_day(question.date_from)}", question.without("from", "").href()))
    if question.date_to:
        chips.append(Chip(f"To {_day(question.date_to)}", question.without("to", "").href()))
    return tuple(chips)


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
