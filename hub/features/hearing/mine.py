"""What somebody follows, on one page with a way to stop; and following people and services."""

from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlencode

from flask import Response, g, redirect, request
from sqlalchemy import or_, select
from werkzeug.wrappers import Response as BaseResponse

from hub.access.columns import PEOPLE
from hub.access.guard import declares, parts, person_id, viewer
from hub.access.models import Person
from hub.features.hearing.blueprint import blueprint
from hub.features.hearing.pages import FollowedRow, FollowingPage
from hub.ground.errors import Invalid, NotFound
from hub.ground.unit_of_work import unit_of_work
from hub.nouns.people.profile_keeping import key_of
from hub.nouns.people.queries import person_by_handle, who
from hub.nouns.people.skills import known_skills
from hub.nouns.spaces.services import about_href, services_per_space
from hub.nouns.talk.followed import follow_service, services_followed
from hub.nouns.talk.followed_skills import follow_skill, hear_no_more_of_skill, skills_followed
from hub.nouns.talk.models import Follow
from hub.nouns.talk.service import hear_no_more, set_level
from hub.web.filters import day
from hub.web.flash import say
from hub.web.pages import Problem, Send
from hub.web.render import render

HERE: Final = "/me/following"
LONGEST_TYPED: Final = 200
MOST: Final = 200
"""What is listed, what was chosen last first."""
SERVICE: Final = "service/"
"""What stands before the word of a service that is stopped: no node has it."""
SKILL: Final = "skill/"
"""The same of what questions are about."""
LEVELS: Final = {"all": "Everything", "none": "Nothing"}


@blueprint.get(HERE)
@declares("notice:list")
def following() -> Response:
    """All of it that the viewer may still see; what they may not is not there, and told of to them by nothing."""
    viewer().visible()
    return _page()


def _page(skill: str = "", problems: tuple[Problem, ...] = ()) -> Response:
    suggested = tuple(sorted(known_skills(), key=str.casefold))
    followed = (*_chosen(), *_services(), *_skills())
    return render(FollowingPage(followed=followed, skill=skill, suggested=suggested, problems=problems))


@blueprint.post(HERE)
@declares("notice:list")
def stop_following() -> BaseResponse:
    """Hear again what is usual, of one of them."""
    viewer().visible()
    node = request.form.get("node", "")
    if not node:
        raise Invalid("Open what you follow and try again.")
    with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow:
        if node.startswith(SERVICE):
            follow_service(uow, person_id(), node.removeprefix(SERVICE), on=False)
        elif node.startswith(SKILL):
            hear_no_more_of_skill(uow, person_id(), node.removeprefix(SKILL))
        else:
            hear_no_more(uow, person_id(), node)
    say("It is not in your list any more.")
    return redirect(HERE, code=303)


@blueprint.post("/follow/person/<slug:organisation>/<slug:name>")
@declares("notice:follow")
def follow_person(organisation: str, name: str) -> BaseResponse:
    """Let the viewer hear of what somebody writes where the viewer may read it, or no longer. Nobody is told."""
    someone = viewer().read(person_by_handle(g.db, f"{organisation}/{name}"))
    on = request.form.get("on") == "yes"
    if someone.id == person_id():
        raise Invalid("This is you: you know what you write.")
    with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow:
        if on:
            set_level(uow, person_id(), someone.node, "all")
        else:
            hear_no_more(uow, person_id(), someone.node)
    heard = "You hear of what they write where you may read it. Nobody else knows that."
    say(heard if on else "You do not follow them any more.")
    return redirect(f"/people/{someone.handle}", code=303)


@blueprint.post("/follow/service/<slug:service>")
@declares("notice:follow")
def follow_one_service(service: str) -> BaseResponse:
    """Let the viewer hear of new conversations in spaces about a service of which they see one, or no longer."""
    if service not in {each.id for each in services_per_space(viewer())}:
        raise NotFound
    on = request.form.get("on") == "yes"
    with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow:
        follow_service(uow, person_id(), service, on=on)
    heard = "You hear of new conversations in the spaces about this that you may read."
    say(heard if on else "You do not follow this service any more.")
    return redirect(about_href(service), code=303)


@blueprint.post("/follow/skill")
@declares("notice:follow")
def follow_one_skill() -> BaseResponse:
    """Let the viewer hear of questions about what they name, where they may read them, or no longer."""
    viewer().visible()
    name, on = request.form.get("skill", ""), request.form.get("on", "yes") == "yes"
    try:
        with unit_of_work(parts().database, parts().clock, viewer().person.handle) as uow:
            kept = follow_skill(uow, person_id(), name) if on else ""
            if not on:
                hear_no_more_of_skill(uow, person_id(), key_of(name))
    except Invalid as wrong:
        return _page(name[:LONGEST_TYPED], (Problem("skill", str(wrong)),))
    heard = f"You hear of questions about {kept} that you may read. Nobody else knows that."
    say(heard if on else "You hear no more of questions about it.")
    return redirect(HERE, code=303)


def _skills() -> Iterator[FollowedRow]:
    for row in skills_followed(g.db, person_id()):
        href = f"/people?{urlencode({'skill': row.name})}"
        yield FollowedRow("What people know", row.name, href, "Questions about it", _stop(f"{SKILL}{row.key}"))


def _chosen() -> Iterator[FollowedRow]:
    """Things, places and people of which the viewer chose what to hear. A query, and one for each kind of thing."""
    chosen = or_(Follow.level.in_(LEVELS), Follow.until >= viewer().today)
    wanted = select(Follow).where(Follow.person_id == person_id(), chosen).order_by(Follow.at.desc(), Follow.node)
    rows = list(g.db.scalars(wanted.limit(MOST)))
    faces = _faces([row.node for row in rows])
    for row in rows:
        if row.node in faces:
            word, title, href = faces[row.node]
            yield FollowedRow(word, title, href, _level(row), _stop(row.node))


def _faces(nodes: list[str]) -> dict[str, tuple[str, str, str]]:
    """Those that the viewer sees: what each is, its title and address, by node."""
    found = {
        own: (place.kind.capitalize(), place.name, f"/talk/{own}" if place.kind == "space" else f"/places/{place.path}")
        for own, place in viewer().places(nodes).items()
    }
    for kind in viewer().kinds.lying:
        own = kind.columns.own(nodes) if kind.talk is not None else []
        if own:
            wanted: Any = select(kind.model).where(kind.only, kind.columns.id.in_(own))
            for thing in viewer().kept(list(g.db.scalars(wanted))):
                face = kind.face(thing)
                found[thing.node] = (kind.word.capitalize(), face.title, f"{face.href}{kind.talk}")
    people = g.db.scalars(select(Person).where(Person.id.in_(PEOPLE.own(nodes)))).all()
    for person in viewer().kept(list(people)):
        place = viewer().place(person.organisation_id)
        shown = who(viewer(), person, place.name if place else "")
        found[person.node] = ("Person", str(shown), shown.href)
    return found


def _services() -> Iterator[FollowedRow]:
    for service in services_followed(g.db, person_id()):
        yield FollowedRow("Service", service.name, about_href(service.id), "", _stop(f"{SERVICE}{service.id}"))


def _level(row: Follow) -> str:
    if row.until is not None and row.until >= viewer().today:
        return f"Nothing until {day(row.until).striptags()}"
    return LEVELS[row.level]


def _stop(node: str) -> Send:
    return Send("Take it out", HERE, (("node", node),), "link")
