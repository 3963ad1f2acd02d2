"""One's own profile: looked through, mended and confirmed on one screen."""

from dataclasses import replace
from typing import Final

from flask import Response, g, redirect, request
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from hub.access.columns import PEOPLE
from hub.access.guard import declares, parts, viewer
from hub.access.models import Person
from hub.features.people.blueprint import blueprint
from hub.features.people.forms import ProfileForm, form_of, read_profile, said_in, show_choices
from hub.features.people.outside import seen_outside
from hub.features.people.pages import ProfilePage
from hub.features.people.queries import skills_seen
from hub.ground.errors import Invalid
from hub.ground.unit_of_work import unit_of_work
from hub.keeping import drafts
from hub.keeping.drafts import typed_into
from hub.nouns.people.models import Profile
from hub.nouns.people.profile_keeping import (
    MOST_SERVICES,
    distinct_skills,
    keep_profile,
    key_of,
    profile_of,
    services_chosen,
)
from hub.nouns.people.profiles import skills_of
from hub.nouns.people.queries import holding
from hub.nouns.people.skills import suggested
from hub.nouns.spaces.services import all_services
from hub.web.flash import say
from hub.web.pages import Choice, Crumb, Problem, Who
from hub.web.render import render

HERE: Final = "/me/profile"
MOST_OFFERED: Final = 8
"""People of whom one is chosen, where a name means several."""
MOST_OTHERS: Final = 12
"""Skills of others that are shown beside the field."""


@blueprint.get(HERE)
@declares("profile:keep")
def profile() -> Response:
    """The form, as the profile is, or as the organisation knows its person before they said anything."""
    viewer().visible()
    return _page(typed_into(_as_kept(_own())))


@blueprint.post(HERE)
@declares("profile:keep")
def save_profile() -> BaseResponse:
    """Keep it; wrong input comes back with what to mend."""
    form, person = read_profile(request.form), viewer().person
    stand_in = _stand_in(form)
    said, problems = said_in(form, viewer().today, stand_in.id if isinstance(stand_in, Person) else None)
    problems += (stand_in,) if isinstance(stand_in, Problem) else ()
    if set(form.services) - {choice.value for choice in _service_choices(set(_chosen()))}:
        problems += (Problem("service_1", "Choose services from the list"),)
    if problems:
        return _page(replace(form, problems=problems))
    try:
        with unit_of_work(parts().database, parts().clock, person.handle) as uow:
            keep_profile(uow, uow.session.get_one(Person, person.id), said)
            drafts.sent(uow)
    except Invalid as refused:
        return _page(replace(form, problems=(Problem(refused.field, str(refused)),)))
    say("Your profile is saved. This is how your page looks to you: what others see hangs on whom you show it to.")
    return redirect(f"/people/{person.handle}" if viewer().sees(person) else HERE, code=303)


def _own() -> Profile | None:
    return profile_of(g.db, viewer().person.id)


def _chosen() -> list[str]:
    return services_chosen(g.db, viewer().person.id)


def _as_kept(kept: Profile | None) -> ProfileForm:
    person = viewer().person
    if kept is None:
        return ProfileForm(job=person.job_title)
    stand_in = g.db.get(Person, kept.stand_in_id) if kept.stand_in_id else None
    seen = stand_in is not None and viewer().sees(stand_in)
    named = (stand_in.id, stand_in.name) if stand_in is not None and seen else ("", "")
    return form_of(kept, skills_of(g.db, [person.id]).get(person.id, ()), _chosen(), named)


def _stand_in(form: ProfileForm) -> Person | Problem | None:
    """Whoever is meant by what was typed and chosen, among whom the viewer may see; or what to do."""
    if not form.stand_in:
        return None
    found = _meant(form.stand_in)
    chosen = found if len(found) == 1 else [person for person in found if person.id == form.stand_in_is]
    if chosen:
        return chosen[0]
    if not found:
        return Problem("stand_in", "Nobody whom you can see is found by that: enter part of their name")
    more = ", or enter more of the name: there are others" if len(found) > MOST_OFFERED else ""
    return Problem("stand_in_is", f"Choose one of them{more}")


def _meant(name: str) -> list[Person]:
    """Colleagues whom the viewer may see and a name means, by name. One query."""
    words = holding(name)
    if not words:
        return []
    mine = (viewer().where(PEOPLE), Person.status == "active", Person.id != viewer().person.id)
    wanted = select(Person).where(*words, *mine).order_by(Person.name, Person.id).limit(MOST_OFFERED + 1)
    return list(g.db.scalars(wanted))


def _stand_ins(form: ProfileForm) -> tuple[Choice, ...]:
    """Whom the name may mean, where it means several and nobody is chosen."""
    found = _meant(form.stand_in)[:MOST_OFFERED] if form.stand_in else []
    if len(found) < 2:  # noqa: PLR2004  # one alone is taken
        return ()
    return tuple(Choice(each.id, str(Who(each.name, _organisation(each))), each.job_title) for each in found)


def _organisation(person: Person) -> str:
    place = viewer().place(person.organisation_id)
    return place.name if place else ""


def _service_choices(kept: set[str]) -> tuple[Choice, ...]:
    """The services that one can work for, by name; what is merged or retired only where it is chosen already."""
    return tuple(
        Choice(service.id, f"{service.name} (retired)" if service.retired_at else service.name)
        for service in all_services(g.db)
        if service.id in kept or (service.into_id is None and service.retired_at is None)
    )


def _others(form: ProfileForm, seen: list[str]) -> tuple[str, ...]:
    """Skills that others name, and the form does not yet."""
    own = distinct_skills(form.skills.split(","))
    return tuple(name for name in seen if key_of(name) not in own)[:MOST_OTHERS]


def _page(form: ProfileForm) -> Response:
    person, kept = viewer().person, _own()
    own, seen = _organisation(person), skills_seen(viewer())
    words = [*form.services, *[""] * MOST_SERVICES]
    return render(
        ProfilePage(
            crumbs=(Crumb("People", "/people"),),
            problems=form.problems,
            action=HERE,
            cancel_href=f"/people/{person.handle}" if viewer().sees(person) else "/",
            name=person.name,
            organisation=own,
            email=person.email,
            confirmed_on=kept.confirmed_on if kept else None,
            called=form.called,
            job=form.job,
            team=form.team,
            services=_service_choices(set(_chosen())),
            chosen=tuple(words[:MOST_SERVICES]),
            place=form.place,
            work_for=form.work_for,
            skills=form.skills,
            skill=form.skill,
            suggested=suggested(seen),
            others=_others(form, seen),
            languages=form.languages,
            ask_about=form.ask_about,
            learning=form.learning,
            knows_for=form.knows_for,
            working_days=form.working_days,
            contact=form.contact,
            reach_for=form.reach_for,
            away_from=form.away_from,
            away_until=form.away_until,
            stand_in=form.stand_in,
            stand_ins=_stand_ins(form) if form.problems else (),
            stand_in_is=form.stand_in_is,
            away_for=form.away_for,
            shows=show_choices(own if person.kind == "staff" else ""),
            seen_outside=seen_outside(viewer(), person),
        )
    )
