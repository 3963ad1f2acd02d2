"""Opening a conversation in a space, by whoever may write there."""

from dataclasses import dataclass, replace
from typing import Final

from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from acl.store import Snapshot
from acl.visibility import Object, joined
from hub.access.guard import declares, viewer
from hub.access.judged import NEW, judge_at
from hub.access.models import Place
from hub.audience.acting import acting, acts, look_up
from hub.audience.sealing import NOT_SHOWN, facts_of, news, seal
from hub.features.talk.blueprint import blueprint
from hub.features.talk.forms import PostForm, problem_of, read_post
from hub.features.talk.naming import named
from hub.features.talk.pages import BeginPage
from hub.features.talk.readers import keepers_in_words, readers_in_words
from hub.ground.errors import Invalid, NotFound, NotPermitted
from hub.keeping.drafts import typed_into
from hub.keeping.once import check_sheet, once
from hub.nouns.spaces.queries import line_of, place_by_id, place_for_writing
from hub.nouns.spaces.surroundings import crumbs_of, whose
from hub.nouns.threads.service import LONGEST_TITLE, NewThread, open_thread
from hub.nouns.threads.sorts import EVENT, QUESTION, SORTS, Sort
from hub.web.pages import Choice, Tab
from hub.web.render import render

CHANGED: Final = 409
NOT_HERE: Final = "You can read what is here, but you may not write here. Whoever manages the space says who may."


def may_open(place: Place) -> bool:
    """Whether the viewer may open a conversation there and then read it, by the gate."""
    then = (
        NotYet(place).judged(viewer().snapshot)
        if place.kind in {"space", "folder"} and place.state == "published"
        else None
    )
    decisions = [viewer().judge(action, then) for action in ("read", "comment")] if then is not None else []
    return bool(decisions) and all(decision is not None and decision.allowed for decision in decisions)


def may_announce(place: Place) -> bool:
    """Whether the viewer may open there what only those who edit may, and then read it, by the gate."""
    then = NotYet(place).judged(viewer().snapshot)
    decision = viewer().judge(EVENT.opens, then) if then is not None else None
    return may_open(place) and decision is not None and decision.allowed


@blueprint.get("/talk/<id:place_id>/new")
@declares("talk:post")
def begin(place_id: str) -> Response:
    """The form for a new conversation."""
    place = writable(place_by_id(g.db, place_id))
    asked = request.args.get("name", "").strip()[:LONGEST_TITLE]
    return _page(place, typed_into(PostForm("", name=asked)))


@blueprint.post("/talk/<id:place_id>/new")
@declares("talk:post", costs="write")
@acts
def open_it(place_id: str) -> BaseResponse:
    """Open it; wrong input comes back with what to mend."""
    place = writable(look_up(Place, place_id))
    check_sheet()
    form = read_post(request.form, titled=True)
    since = news(facts_of(viewer(), place))
    form, told, offered = named(form, NotYet(place))
    if form.problems or form.preview:
        return _page(place, form, offered=offered)
    if since is not None:
        return _page(place, form, since or (NOT_SHOWN,), offered)
    try:
        with acting() as uow, once(uow) as answer:
            new = NewThread(_sort().key, form.name, form.body, told)
            thread = open_thread(uow, place_for_writing(uow.session, place.id), viewer().person, new)
            answer.location = f"/threads/{thread.id}"
    except Invalid as refused:
        return _page(place, replace(form, problems=(problem_of(refused),)))
    return redirect(answer.location, code=303)


def _sort() -> Sort:
    asked = SORTS.get(request.args.get("kind", ""), QUESTION)
    return QUESTION if asked.dated else asked  # which has a form of its own


def writable(place: Place | None) -> Place:
    """A place in which the viewer may open a conversation; raises NotFound and NotPermitted."""
    found = viewer().read(place)
    if found.kind not in {"space", "folder"}:
        raise NotFound
    if not may_open(found):
        raise NotPermitted(NOT_HERE)
    return found


@dataclass(frozen=True)
class NotYet:
    """A conversation that nobody has opened yet, of which is asked who will read it."""

    place: Place
    id: str = NEW
    node: str = NEW
    owner: str = ""
    state: str = "published"

    @property
    def place_id(self) -> str:
        """Where it would lie."""
        return self.place.id

    @property
    def organisation_id(self) -> str:
        """Whose place that is."""
        return self.place.organisation_id or ""

    @property
    def marking(self) -> str:
        """The same as its place's."""
        return self.place.marking

    @property
    def ms(self) -> str:
        """Both, joined."""
        return joined(self.marking, self.state)

    def judged(self, snapshot: Snapshot) -> Object | None:
        """As policy would see it."""
        return judge_at(self.place.id, NEW, owner="", marking=self.marking, state=self.state, snapshot=snapshot)


def _page(place: Place, form: PostForm, since: tuple[str, ...] = (), offered: tuple[Choice, ...] = ()) -> Response:
    line, sort = line_of(viewer(), place.id), _sort()
    here, back = f"/talk/{place.id}/new", f"/talk/{place.id}"
    return render(
        BeginPage(
            title=sort.begin,
            crumbs=crumbs_of(line.seen),
            problems=form.problems,
            whose=whose(line),
            place=place.name,
            place_href=f"/places/{place.path}",
            action=f"{here}?kind={sort.key}",
            cancel_href=back,
            sorts=tuple(
                Tab(each.one, f"{here}?kind={key}", each is sort) for key, each in SORTS.items() if not each.dated
            ),
            sort=sort.key,
            button=sort.begin,
            title_hint=sort.title_hint,
            body_hint=sort.body_hint,
            name=form.name,
            body=form.body,
            tell=form.tell,
            tell_is=form.tell_is,
            offered=offered,
            preview=form.preview,
            seen=seal(facts_of(viewer(), place)),
            news=since,
            readers=readers_in_words(viewer(), NotYet(place)),
            keepers=keepers_in_words(viewer(), ()),
            here=place.id,
        ),
        CHANGED if since else 200,
    )
