"""A council joins the question spaces of services, and leaves them: a change of who sees what, asked about first."""

from collections.abc import Iterator, Sequence

from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import declares, parts, viewer
from hub.access.models import Grant, Place
from hub.access.subjects import as_rule
from hub.audience.acting import acting, acts, look_up
from hub.audience.changes import Change
from hub.audience.confirming import UNDO, Question, ask_first
from hub.audience.gains import Saying
from hub.audience.sealing import Fact, digest, facts_of, shown
from hub.features.administration.blueprint import administered, blueprint, crumbs, tabs
from hub.features.administration.services.pages import QuestionsPage, QuestionsRow
from hub.ground.errors import Invalid, NotFound
from hub.nouns.organisations.queries import organisations_for
from hub.nouns.people.service import NewGrant
from hub.nouns.spaces.questions import (
    Questions,
    held_by,
    is_looked_after,
    join,
    leave,
    question_spaces,
    questions_about,
    what_joining_gives,
    who_joined,
)
from hub.web.flash import say
from hub.web.pages import Crumb, Send, Whose
from hub.web.render import render

TAB = "Questions"
FIRST = "Nobody looks after it yet. You will: you can name others on its People tab."
KEPT = "What was said there stays, and so do the records of it."
HEARD = Saying("This lets {people} ask and answer in it.", "")


@blueprint.get("/admin/<slug:organisation>/questions")
@declares("organisation:administer")
def questions(organisation: str) -> Response:
    """Every question space that there is, and whether the organisation takes part in it."""
    place = administered(organisation)
    return render(
        QuestionsPage(
            crumbs=crumbs(place),
            tabs=tabs(place, TAB),
            own=place.name,
            rows=tuple(_rows(place, question_spaces(g.db))),
        )
    )


@blueprint.post("/admin/<slug:organisation>/questions/<slug:service>")
@declares("organisation:administer")
@acts
def take_part(organisation: str, service: str) -> BaseResponse:
    """Join the question space of a service, or leave it: what the button says (`do`)."""
    place, space = administered(organisation), _space(service)
    here = f"/admin/{place.path}/questions"
    held = held_by(g.db, [space.id], place)[space.id]
    joined = any(grant.principal == f"org:{place.path}" for grant in held)
    do = request.form.get("do", "")
    if do not in ("join", "leave"):
        raise Invalid("Choose whether to join or to leave.")
    if joined == (do == "join"):
        say(f"{place.name} {'takes part in it already' if joined else 'takes no part in it'}.", "info")
        return redirect(here, code=303)
    gifts = () if joined else _gifts(space, place)
    change = Change(
        top=space.id,
        given=tuple(as_rule(Grant(**gift.__dict__, id="new")) for gift in gifts),
        ended=frozenset(grant.id for grant in held if joined),
        writing=space.id,
    )
    if (asked := ask_first(change, _question(place, space, held, gifts))) is not None:
        return asked
    with acting() as uow:
        if joined:
            leave(uow, space, place)
            say(f"{place.name} has left “{space.name}”. {KEPT}")
        else:
            join(uow, space, place, gifts)
            now = held_by(uow.session, [space.id], place)[space.id]
            back = Send("Undo", f"{here}/{service}", (("do", "leave"), (UNDO, "yes"), shown(_facts(space, now))))
            say(f"{place.name} takes part in “{space.name}” now.", undo=back)
    return redirect(here, code=303)


def _space(service: str) -> Place:
    """The question space of a service, if the viewer sees its page; raises NotFound."""
    found = questions_about(g.db, service)
    space = look_up(Place, found.id) if found is not None else None
    return viewer().read(space)


def _gifts(space: Place, place: Place) -> tuple[NewGrant, ...]:
    if space.state != "published":
        raise NotFound
    person = viewer().person
    first = person.organisation_id == place.id and not is_looked_after(g.db, space, parts().today)
    return what_joining_gives(space, place, person, first=first)


def _facts(space: Place, held: Sequence[Grant]) -> tuple[Fact, ...]:
    """What is shown of a space and of the organisation's part in it."""
    said = "Somebody changed meanwhile what your organisation may do there."
    return *facts_of(viewer(), space), Fact("held", digest(*(grant.id for grant in held)), lambda: said)


def _question(place: Place, space: Place, held: Sequence[Grant], gifts: Sequence[NewGrant]) -> Question:
    here, joins = f"/admin/{place.path}/questions", bool(gifts)
    notes = (FIRST,) if len(gifts) > 1 else () if joins else (KEPT,)
    return Question(
        title=f"{'Join' if joins else 'Leave'} “{space.name}” for {place.name}?",
        button="Join" if joins else "Leave",
        button_kind="primary" if joins else "warning",
        cancel_href=here,
        crumbs=crumbs(place, Crumb("Questions across councils", here)),
        whose=Whose(place.name, f"/places/{place.path}"),
        facts=_facts(space, held),
        heard=HEARD,
        always=True,
        undoes=UNDO in request.form,
        whole=joins and not held,
        notes=notes,
    )


def _rows(place: Place, every: Sequence[Questions]) -> Iterator[QuestionsRow]:
    """Those that the viewer sees. Three queries."""
    names = {own.path: own.name for own, _ in organisations_for(viewer())}
    ids = [each.space.id for each in every]
    taking_part, held = who_joined(g.db, ids, parts().today), held_by(g.db, ids, place)
    for each in every:
        if not viewer().sees(each.space):
            continue
        part = taking_part[each.space.id]
        joined = place.path in part
        if not joined and each.space.state != "published":
            continue
        yield QuestionsRow(
            service=each.service.name,
            name=each.space.name,
            href=f"/places/{each.space.path}",
            joined=joined,
            others=tuple(sorted(names[slug] for slug in part if slug in names and slug != place.path)),
            send=Send(
                "Leave" if joined else "Join",
                f"/admin/{place.path}/questions/{each.service.id}",
                (("do", "leave" if joined else "join"), shown(_facts(each.space, held[each.space.id]))),
                "link" if joined else "secondary",
            ),
        )
