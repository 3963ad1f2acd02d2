"""Announcing an event in a space, by those who edit there."""

from dataclasses import replace

from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from hub.access.guard import declares, parts, viewer
from hub.access.models import Place
from hub.audience.acting import acting, acts, look_up
from hub.audience.sealing import NOT_SHOWN, facts_of, news, seal
from hub.features.talk.blueprint import blueprint
from hub.features.talk.event_forms import EventForm, read_event, when_of
from hub.features.talk.event_pages import AnnouncePage
from hub.features.talk.forms import problem_of
from hub.features.talk.happening import fields_of
from hub.features.talk.opening import CHANGED, writable
from hub.features.talk.readers import keepers_in_words, readers_in_words
from hub.features.talk.unopened import NotYet, is_openable
from hub.ground.errors import Invalid, NotPermitted
from hub.keeping.drafts import typed_into
from hub.keeping.once import check_sheet, once
from hub.nouns.spaces.queries import line_of, place_by_id, place_for_writing
from hub.nouns.spaces.surroundings import crumbs_of, whose
from hub.nouns.threads.events import announce
from hub.nouns.threads.sorts import EVENT
from hub.web.render import render

NOT_YOURS = "Events are announced by those who edit here, where its managers let the space have any. You can start a \
discussion about one."


@blueprint.get("/talk/<id:place_id>/new-event")
@declares("talk:post")
def ask_about_event(place_id: str) -> Response:
    """The form for a new event."""
    place = _announceable(place_by_id(g.db, place_id))
    return _page(place, typed_into(EventForm()))


@blueprint.post("/talk/<id:place_id>/new-event")
@declares("talk:post", costs="write")
@acts
def announce_it(place_id: str) -> BaseResponse:
    """Announce it; wrong input comes back with what to mend."""
    place = _announceable(look_up(Place, place_id))
    check_sheet()
    form = read_event(request.form, parts().clock.now(), opens=True)
    since = news(facts_of(viewer(), place))
    if form.problems or form.preview:
        return _page(place, form)
    if since is not None:
        return _page(place, form, since or (NOT_SHOWN,))
    try:
        with acting() as uow, once(uow) as answer:
            kept = place_for_writing(uow.session, place.id)
            thread = announce(uow, kept, viewer().person, form.name, form.body, when_of(form))
            answer.location = f"/threads/{thread.id}"
    except Invalid as refused:
        return _page(place, replace(form, problems=(problem_of(refused),)))
    return redirect(answer.location, code=303)


def _announceable(place: Place | None) -> Place:
    found = writable(place)
    if not is_openable(found, EVENT):
        raise NotPermitted(NOT_YOURS)
    return found


def _page(place: Place, form: EventForm, since: tuple[str, ...] = ()) -> Response:
    line = line_of(viewer(), place.id)
    return render(
        AnnouncePage(
            title=EVENT.begin,
            crumbs=crumbs_of(line.seen),
            problems=form.problems,
            whose=whose(line),
            place=place.name,
            place_href=f"/places/{place.path}",
            action=f"/talk/{place.id}/new-event",
            cancel_href=f"/talk/{place.id}",
            name=form.name,
            body=form.body,
            fields=fields_of(form),
            preview=form.preview,
            seen=seal(facts_of(viewer(), place)),
            news=since,
            readers=readers_in_words(viewer(), NotYet(place)),
            keepers=keepers_in_words(viewer(), ()),
            here=place.id,
        ),
        CHANGED if since else 200,
    )
