"""The ask box: what was answered before, who has done it, and only then where to post the question."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final
from urllib.parse import urlencode

import structlog
from flask import Response, request

from hub.access.entries import nearest_space
from hub.access.guard import declares, parts, viewer
from hub.access.judged import NEW, judge_at
from hub.access.known_place import KnownPlace
from hub.access.membership import given_to
from hub.features.find.bare import things_found
from hub.features.people.asking import visible_spaces
from hub.features.people.blueprint import blueprint
from hub.features.people.evidence import Evidence, evidence_in
from hub.features.people.finding import Found, cards_of, ranked
from hub.features.people.forms import FindForm, read_find
from hub.features.people.pages import Answer, AskBoxPage
from hub.features.people.queries import Sought, people_meant
from hub.nouns.documents.words import type_in_words
from hub.nouns.spaces.questions import Questions, question_spaces, question_spaces_for, who_joined
from hub.nouns.threads.offering import spaces_without
from hub.nouns.threads.sorts import QUESTION
from hub.things.kind import Kind
from hub.things.thing import Lying
from hub.web.pages import Problem
from hub.web.render import render
from hub.web.rows import PlaceRow
from search.engine import EngineError
from search.request import InvalidQuery

log = structlog.get_logger(__name__)

_HOW: Final = """
    a an and any are as at be been before by can could did do does done for from had has have how i if in is it its may
    me my of on or our should so that the their there they this to us was we were what when where which who why will
    with would you your
"""
HOW: Final = frozenset(_HOW.split())
"""Words of a question that say nothing of what it is about."""
MOST_ANSWERS: Final = 8
MOST_PEOPLE: Final = 3
MOST_SPACES: Final = 5
MOST_SIFTED: Final = 60
"""Things by whose spaces it is told where people know."""


@blueprint.get("/ask")
@declares("person:find", costs="search")
def ask_box() -> Response:
    """What the viewer may read that answers a question, who knows, and where they may ask it."""
    form, at = _asked(), request.args.get("at", "")
    things, found = _found(form)
    people = ranked(found)[:MOST_PEOPLE]
    shared = question_spaces(viewer().session) if form.q else []
    return render(
        AskBoxPage(
            problems=found.problems,
            question=form.q,
            at=at if viewer().place(at) else "",
            answers=tuple(_answer(kind, thing, form) for kind, thing in things[:MOST_ANSWERS]),
            people=cards_of(form, people, found.evidence),
            spaces=_rows(_spaces(at, things, shared, form.words), shared, form.q) if form.q else (),
            engine_down=found.engine_down,
        )
    )


def _asked() -> FindForm:
    """The question, and those of its words that say what it is about."""
    form = read_find(request.args)
    said = tuple(term for term in form.terms if term.phrase or term.text.lower().strip("?!.,;:") not in HOW)
    return replace(form, terms=said or form.terms)


def _found(form: FindForm) -> tuple[Sequence[tuple[Kind, Lying]], Found]:
    viewer().visible()
    if form.problems or not form.terms:
        return (), Found([], Evidence(), problems=form.problems)
    try:
        things = things_found(parts().engine, parts().kinds, viewer(), form.terms)
    except InvalidQuery as wrong:
        return (), Found([], Evidence(), problems=(Problem("q", str(wrong)),))
    except EngineError as error:
        log.error("search engine failed", reason=str(error))  # noqa: TRY400  # its trace says nothing more
        return (), Found([], Evidence(), engine_down=True)
    evidence = evidence_in(viewer(), things, form.words)
    people = people_meant(viewer(), Sought(form.words, "", "", "", ""), evidence.handles)
    return things, Found([each for each in people if each.person.id != viewer().person.id], evidence)


def _answer(kind: Kind, thing: Lying, form: FindForm) -> Answer:
    face, place = kind.face(thing), viewer().place(thing.place_id)
    said = f"?{urlencode({'said': form.terms[0].text})}" if kind.talk == "" and len(form.terms) == 1 else ""
    return Answer(
        title=face.title,
        href=f"/ask/open/{kind.prefix}/{thing.id}{said}",
        kind=type_in_words(face.type) if face.type else kind.word.capitalize(),
        stage=face.stage,
        tone=face.tone,
        place=place.name if place else "",
    )


def _spaces(
    at: str, things: Iterable[tuple[Kind, Lying]], shared: Sequence[Questions], words: Sequence[str]
) -> list[KnownPlace]:
    """Where the viewer may ask: where they came from, where councils ask one another about that, then narrower ones.

    These are where most of what was found lies, their own, and any other.
    """
    looker, sifted = viewer(), list(things)[:MOST_SIFTED]
    near = Counter(nearest_space(looker.snapshot, thing.place_id) for _, thing in sifted)
    nearest = [space for space, _ in near.most_common()]
    order = [at, *question_spaces_for(looker.session, shared, nearest, words), *nearest, *sorted(given_to(looker))]
    known = looker.places(dict.fromkeys(order))
    off = spaces_without(looker.session, QUESTION)
    may = [known[each] for each in dict.fromkeys(order) if each in known.keys() - off and _may_ask(known[each])]
    if len(may) < MOST_SPACES:
        others = [each for each in looker.places(space.id for space in visible_spaces()).values() if each not in may]
        others.sort(key=lambda each: each.organisation_id not in looker.subject.orgs)
        may += [each for each in others if each.id not in off and _may_ask(each)]
    return may[:MOST_SPACES]


def _may_ask(space: KnownPlace) -> bool:
    looker = viewer()
    then = judge_at(space.id, NEW, owner="", marking=space.marking, state="published", snapshot=looker.snapshot)
    if space.kind != "space" or space.state != "published" or then is None:
        return False
    return looker.sight("read").check(then) and looker.sight("comment").check(then)


def _rows(spaces: Sequence[KnownPlace], shared: Sequence[Questions], question: str) -> tuple[PlaceRow, ...]:
    """The spaces with a link to the form; of those that belong to all councils, who reads there. A query at most."""
    common = {each.space.id for each in shared}.intersection(space.id for space in spaces)
    joined = who_joined(viewer().session, common, parts().today) if common else {}
    return tuple(_row(space, question, _who_reads(joined.get(space.id, ()))) for space in spaces)


def _who_reads(slugs: Sequence[str]) -> str:
    """In a sentence, whose staff read in a space, as far as the viewer may see these organisations. No query."""
    tree = viewer().snapshot.tree
    known = viewer().places(node for slug in slugs if (node := tree.resolve(slug, "")))
    names = sorted(place.name for place in known.values())
    return f"Staff of {', '.join(names)} read and answer here." if names else ""


def _row(space: KnownPlace, question: str, who_reads: str) -> PlaceRow:
    organisation = viewer().place(space.organisation_id or "")
    return PlaceRow(
        name=space.name,
        href=f"/talk/{space.id}/new?{urlencode({'kind': 'question', 'name': question})}",
        kind=space.kind,
        description=who_reads or space.description,
        audience=space.audience,
        organisation=organisation.name if organisation else "",
    )
