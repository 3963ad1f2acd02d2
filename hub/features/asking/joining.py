"""Asking to join a space whose page one sees: one button with its name, and the same request as a pasted address."""

from flask import g, redirect
from werkzeug.wrappers import Response as BaseResponse

from acl.misses import spoken
from hub.access.guard import declares, parts, viewer
from hub.access.models import Place
from hub.access.viewer import Viewer
from hub.audience.acting import acting, acts
from hub.audience.sealing import facts_of, news, shown
from hub.features.asking.blueprint import address_of, blueprint
from hub.features.asking.queries import open_ask, sees_already
from hub.features.asking.service import NewRequest, TooOften, ask
from hub.ground.clock import day_of
from hub.ground.errors import NotFound
from hub.nouns.people.admissions import sponsors_of
from hub.nouns.spaces.queries import place_by_id
from hub.nouns.spaces.questions import is_question_space
from hub.web.flash import say, say_news
from hub.web.pages import Joining, Send


def joining(viewer: Viewer, space: Place) -> Joining:
    """What somebody who sees no more of a space than its page may do to join it, in three queries at most."""
    if viewer.person.kind == "guest":
        return Joining(_for_guests(viewer))
    if is_question_space(viewer, space):
        return _with_their_council(viewer)
    before = open_ask(viewer.session, viewer.person.id, space.path, parts().clock.now())
    if before is not None:
        return Joining(f"You asked to join on {spoken(day_of(before.created_at).isoformat())}.", "/my-requests")
    seen = (shown(facts_of(viewer, space)),)
    return Joining(send=Send(f"Ask to join {space.name}", f"/ask-to-join/{space.id}", seen, "primary"))


@blueprint.post("/ask-to-join/<id:place_id>")
@declares("access:ask")
@acts
def join(place_id: str) -> BaseResponse:
    """Keep the request of somebody who sees the page of a space and not what lies in it."""
    space = viewer().read(place_by_id(g.db, place_id))
    if space.kind != "space":
        raise NotFound
    if sees_already(viewer(), space):
        say("You can read this space already: there is no need to ask.", "info")
    elif viewer().person.kind == "guest":
        say(_for_guests(viewer()), "info")
    elif (since := news(facts_of(viewer(), space))) is not None:
        say_news(since)
    else:
        say(*_asked(space))
    return redirect(address_of(space), code=303)


def _asked(space: Place) -> tuple[str, str]:
    """Ask; the sentence that says so, and its kind."""
    new = NewRequest(address_of(space), space.path, f"To join “{space.name}”")
    try:
        with acting() as uow:
            kept = ask(uow, viewer().person.id, new)
            asked, again = day_of(kept.created_at), kept.created_at != uow.now
    except TooOften as problem:
        return f"{problem}.", "error"
    if again:
        return f"You asked to join on {spoken(asked.isoformat())}. Those who manage it see your request.", "info"
    return "You have asked to join. Those who manage it see your name, your organisation and your request.", "success"


def _with_their_council(viewer: Viewer) -> Joining:
    """Of a space that organisations join as a whole: how theirs does."""
    own = place_by_id(viewer.session, viewer.person.organisation_id)
    decision = viewer.decide("administer", own) if own is not None else None
    if own is None or decision is None or not decision.allowed:
        return Joining("Your organisation has not joined it. Whoever administers that can, for all of you.")
    return Joining(f"{own.name} has not joined it. You can, for all its staff:", f"/admin/{own.path}/questions", "Join")


def _for_guests(viewer: Viewer) -> str:
    names = " or ".join(sponsors_of(viewer))
    return f"You are a guest here: ask your sponsor{f', {names},' if names else ''} to let you in."
