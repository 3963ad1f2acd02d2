"""The people finder: whom to ask, and why this person."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlencode

import structlog
from flask import Response, request

from hub.access.entries import nearest_space
from hub.access.guard import declares, parts, viewer
from hub.access.known_place import known_place
from hub.access.models import Person
from hub.features.find.bare import things_found
from hub.features.people.blueprint import blueprint
from hub.features.people.evidence import ACCEPTED, WROTE, Credit, Evidence, evidence_in
from hub.features.people.forms import FindForm, read_find
from hub.features.people.pages import FinderPage, PersonCard, Reason
from hub.features.people.queries import MOST, Meant, Sought, people_meant, says_any, skills_seen
from hub.nouns.organisations.queries import organisations_for
from hub.nouns.people.photographs import with_portraits
from hub.nouns.people.profiles import Shown, shown
from hub.nouns.people.queries import who
from hub.nouns.people.showing import away_of, finder_href
from hub.nouns.people.skills import suggested
from hub.nouns.spaces.services import all_services, with_services
from hub.nouns.talk.followed_skills import follow_skill_send
from hub.things.words import counted
from hub.web.pages import Action, Choice, Problem
from hub.web.paging import page_links, page_number
from hub.web.render import render
from search.engine import EngineError
from search.request import InvalidQuery

log = structlog.get_logger(__name__)

ON_A_PAGE: Final = 20
SAYS_SO: Final = 4.0
MOST_LISTED: Final = 3
"""Things that a reason leads to."""
MOST_SAID: Final = 6
"""Of what somebody says of themselves that a card has."""


@dataclass(frozen=True)
class Found:
    """Whom words mean, and what shows that they know."""

    people: list[Meant]
    evidence: Evidence
    engine_down: bool = False
    problems: tuple[Problem, ...] = ()


@blueprint.get("/people")
@declares("person:find", costs="search")
def find_people() -> Response:
    """People whom the viewer may see: all by name, or those whom words and filters mean, with the reasons."""
    form, page = read_find(request.args), page_number(request.args.get("page"))
    organisations = organisations_for(viewer())
    of = next((place.id for place, _ in organisations if place.path == form.organisation), "")
    services = tuple(Choice(one.id, one.name) for one in all_services(viewer().session) if one.into_id is None)
    service = form.service if any(choice.value == form.service for choice in services) else ""
    form = replace(form, service=service, organisation=form.organisation if of else "")
    found = _find(form, Sought(form.words, form.skill, service, of, form.place))
    people = ranked(found)
    page = min(page, max(1, -(-len(people) // ON_A_PAGE)))
    part = people[(page - 1) * ON_A_PAGE : page * ON_A_PAGE]
    bare, seen = not form.asked, skills_seen(viewer())
    return render(
        FinderPage(
            problems=found.problems,
            query=form.q,
            asked=not bare,
            skill=form.skill,
            place=form.place,
            service=service,
            services=services,
            organisation=form.organisation,
            organisations=tuple(Choice(place.path, place.name) for place, _ in organisations),
            filtered=bool(form.asked.keys() - {"q"}),
            clear_href=f"/people?{urlencode({'q': form.q})}" if form.q else "/people",
            total=min(len(people), MOST),
            more=len(people) > MOST,
            cards=cards_of(form, part, found.evidence),
            links=page_links(page, ON_A_PAGE, min(len(people), MOST), lambda number: _href(form, number)),
            skills=tuple(Action(name, finder_href(skill=name)) for name in seen) if bare else (),
            suggested=suggested(seen),
            follow=follow_skill_send(viewer(), form.skill, "/follow/skill") if form.asked.keys() == {"skill"} else None,
            engine_down=found.engine_down,
        )
    )


def _find(form: FindForm, sought: Sought) -> Found:
    viewer().visible()
    if form.problems:
        return Found([], Evidence(), problems=form.problems)
    evidence, down = Evidence(), False
    if form.terms:
        try:
            things = things_found(parts().engine, parts().kinds, viewer(), form.terms)
            evidence = evidence_in(viewer(), things, form.words)
        except InvalidQuery as wrong:
            return Found([], evidence, problems=(Problem("q", str(wrong)),))
        except EngineError as error:
            log.error("search engine failed", reason=str(error))  # noqa: TRY400  # its trace says nothing more
            down = True
    return Found(people_meant(viewer(), sought, evidence.handles), evidence, down)


def ranked(found: Found) -> list[Meant]:
    """Whoever is called so, then by what they say and what they did; alike, by name."""
    now = parts().clock.now()

    def order(meant: Meant) -> tuple[bool, float, str, str]:
        score = (SAYS_SO if meant.says else 0.0) + found.evidence.score(meant.person.handle, now)
        return not meant.named, -score, meant.person.name.casefold(), meant.person.id

    return sorted(found.people, key=order)


def cards_of(form: FindForm, part: Sequence[Meant], evidence: Evidence) -> tuple[PersonCard, ...]:
    """Some of them as they are shown. Four queries."""
    people = [meant.person for meant in part]
    told = with_services(viewer().session, shown(viewer(), people)) if people else {}
    photos = with_portraits(viewer(), people) if people else {}
    return tuple(_card(form, person, told[person.id], evidence, photos.get(person.id, "")) for person in people)


def _card(form: FindForm, person: Person, told: Shown, evidence: Evidence, photo: str) -> PersonCard:
    organisation = known_place(viewer().snapshot, person.organisation_id)
    own = person.id == viewer().person.id
    return PersonCard(
        who=who(viewer(), person, organisation.name if organisation else ""),
        photo=photo,
        job=told.job,
        says=_says(form, told),
        reasons=tuple(_reasons(evidence.of(person.handle, parts().clock.now()))),
        away=away_of(viewer(), told),
        ask_href="" if own else f"/ask/{person.handle}",
    )


def _says(form: FindForm, told: Shown) -> tuple[str, ...]:
    """What of their profile answers; where nothing is asked in words, the skills that they name."""
    every = (*told.skills, *(name for _, name in told.services), told.ask_about, told.team, told.languages, told.place)
    if not form.words:
        return told.skills[:MOST_SAID]
    return tuple(text for text in every if text and says_any(form.words, text))[:MOST_SAID]


def _reasons(done: Sequence[Credit]) -> list[Reason]:
    found = []
    accepted = [credit for credit in done if credit.how == ACCEPTED]
    if accepted:
        count = sum(credit.count for credit in accepted)
        said = counted(count, "accepted answer", "accepted answers")
        found.append(Reason(f"{said}{_where(accepted)}", _things(accepted)))
    for kind in viewer().kinds.lying:
        mine = [credit for credit in done if credit.kind is kind and credit.how != ACCEPTED]
        wrote = [credit for credit in mine if credit.how == WROTE]
        spoke = [credit for credit in mine if credit.how != WROTE]
        if wrote:
            found.append(Reason(f"Wrote {counted(len(wrote), kind.word, kind.many)} that you can read", _things(wrote)))
        if spoke:
            verb = "Commented on" if kind.talk else "Posted in"
            found.append(Reason(f"{verb} {counted(len(spoke), kind.word, kind.many)}", _things(spoke)))
    return found


def _where(done: Sequence[Credit]) -> str:
    """In which space, where it is one alone, which the viewer may see."""
    spaces = {nearest_space(viewer().snapshot, credit.thing.place_id) for credit in done}
    place = viewer().place(spaces.pop()) if len(spaces) == 1 else None
    return f" in {place.name}" if place else ""


def _things(done: Sequence[Credit]) -> tuple[Action, ...]:
    faces = [(credit, credit.kind.face(credit.thing)) for credit in done[:MOST_LISTED]]
    return tuple(
        Action(face.title, face.href if credit.how == WROTE else f"{face.href}{credit.kind.talk or ''}")
        for credit, face in faces
    )


def _href(form: FindForm, page: int) -> str:
    asked = {**form.asked, **({"page": str(page)} if page > 1 else {})}
    return f"/people?{urlencode(asked)}" if asked else "/people"
