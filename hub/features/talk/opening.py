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
from hub.features.talk.attaching import again, attach, file_sent, hint_for, stored, with_link
from hub.features.talk.blueprint import blueprint
from hub.features.talk.forms import PostForm, problem_of, read_post
from hub.features.talk.mentions import meant, names_for, say_who_is_not_told
from hub.features.talk.pages import BeginPage
from hub.features.talk.readers import keepers_in_words, readers_in_words
from hub.ground.errors import Invalid, NotFound, NotPermitted
from hub.keeping.drafts import Typed, typed_into
from hub.keeping.once import check_sheet, once
from hub.nouns.spaces.queries import line_of, place_by_id, place_for_writing
from hub.nouns.spaces.surroundings import crumbs_of, whose
from hub.nouns.threads.service import LONGEST_TITLE, NewThread, open_thread
from hub.nouns.threads.sorts import QUESTION, SORTS, Sort
from hub.web.pages import Choice, Tab
from hub.web.render import render

CHANGED: Final = 409
NOT_HERE: Final = "You can read what is here, but you may not write here. Whoever manages the space says who may."


def may_open(place: Place) -> bool:
    """Whether the viewer may open a conversation there and then read it, by the gate."""
    then = (
        _NotYet(place).judged(viewer().snapshot)
        if place.kind in {"space", "folder"} and place.state == "published"
        else None
    )
    decisions = [viewer().judge(action, then) for action in ("read", "comment")] if then is not None else []
    return bool(decisions) and all(decision is not None and decision.allowed for decision in decisions)


@blueprint.get("/talk/<id:place_id>/new")
@declares("talk:post")
def begin(place_id: str) -> Response:
    """The form for a new conversation."""
    place = _writable(place_by_id(g.db, place_id))
    asked = request.args.get("name", "").strip()[:LONGEST_TITLE]
    return _page(place, typed_into(PostForm("", name=asked)))


@blueprint.post("/talk/<id:place_id>/new")
@declares("talk:post", costs="write")
@acts
def open_it(place_id: str) -> BaseResponse:
    """Open it; wrong input comes back with what to mend."""
    place = _writable(look_up(Place, place_id))
    check_sheet()
    file = file_sent(_NotYet(place))
    form = read_post(request.form, titled=True, with_file=file is not None)
    since = news(facts_of(viewer(), place))
    said = meant(form, _NotYet(place))
    form, offered = said.form, said.offered
    if form.problems or form.preview:
        return _page(place, again(form, file), offered=offered)
    if since is not None:
        return _page(place, again(form, file), since or (NOT_SHOWN,), offered)
    try:
        if form.attach:
            here = f"/talk/{place.id}/new?kind={_sort().key}"
            return attach(form, file, _NotYet(place), Typed(here, here, "comment", place.id))
        kept = stored(file)
        with acting() as uow, once(uow) as answer:
            form = with_link(uow, form, kept, _NotYet(place))
            new = NewThread(_sort().key, form.name, form.kept, said.told)
            thread = open_thread(uow, place_for_writing(uow.session, place.id), viewer().person, new)
            answer.location = f"/threads/{thread.id}"
    except Invalid as refused:
        return _page(place, replace(form, problems=(problem_of(refused),)))
    say_who_is_not_told(said, place)
    return redirect(answer.location, code=303)


@blueprint.get("/talk/<id:place_id>/names")
@declares("talk:post", costs="search")
def names_at(place_id: str) -> Response:
    """People whom one may name in a conversation there, by part of their name."""
    return names_for(_NotYet(_writable(place_by_id(g.db, place_id))))


def _sort() -> Sort:
    return SORTS.get(request.args.get("kind", ""), QUESTION)


def _writable(place: Place | None) -> Place:
    found = viewer().read(place)
    if found.kind not in {"space", "folder"}:
        raise NotFound
    if not may_open(found):
        raise NotPermitted(NOT_HERE)
    return found


@dataclass(frozen=True)
class _NotYet:
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
            sorts=tuple(Tab(each.one, f"{here}?kind={key}", each is sort) for key, each in SORTS.items()),
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
            said=form.kept,
            names_href=f"{back}/names",
            attach_hint=hint_for(_NotYet(place)),
            seen=seal(facts_of(viewer(), place)),
            news=since,
            readers=readers_in_words(viewer(), _NotYet(place)),
            keepers=keepers_in_words(viewer(), ()),
            here=place.id,
        ),
        CHANGED if since else 200,
    )
