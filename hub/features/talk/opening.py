"""Opening a conversation in a space, by whoever may write there."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from flask import Response, g, redirect, request
from werkzeug.wrappers import Response as BaseResponse

from acl.store import Snapshot
from acl.visibility import Object, joined
from hub.access.guard import declares, viewer
from hub.access.judged import NEW, judge_at
from hub.access.known_place import KnownPlace
from hub.access.models import Place
from hub.audience.acting import acting, acts, look_up
from hub.audience.sealing import NOT_SHOWN, facts_of, news, seal
from hub.features.talk.attaching import again, attach, file_sent, hint_for, stored, with_link
from hub.features.talk.blueprint import blueprint
from hub.features.talk.forms import LONGEST_NAME, PostForm, closing_of, problem_of, read_post
from hub.features.talk.mentions import meant, names_for, say_who_is_not_told
from hub.features.talk.naming import say_who_is_away, to_tell
from hub.features.talk.pages import BeginPage
from hub.features.talk.readers import keepers_in_words, readers_in_words
from hub.ground.errors import Invalid, NotFound, NotPermitted
from hub.keeping.drafts import Typed, typed_into
from hub.keeping.once import check_sheet, once
from hub.nouns.spaces.queries import line_of, place_by_id, place_for_writing
from hub.nouns.spaces.surroundings import crumbs_of, whose
from hub.nouns.threads.checks import LONGEST_TITLE
from hub.nouns.threads.models import Thread
from hub.nouns.threads.offering import offered_in
from hub.nouns.threads.service import NewThread, open_thread
from hub.nouns.threads.sorts import QUESTION, SORTS, Sort
from hub.web.pages import Action, Choice, Problem, Tab
from hub.web.render import render

CHANGED: Final = 409
NOT_HERE: Final = "You can read what is here, but you may not write here. Whoever manages the space says who may."
NOTHING: Final = "Nothing new can be started in this space: its managers have switched that off. What is there stays."
OFF: Final = "This space takes no new {} now: whoever manages it has switched that off. Keep your text, or start \
something else with it"
DRAFTED: Final = "Until it is published, only you and those who edit in this space can read it."
DRAFT_BUTTON: Final = "Save as a draft"
NOT_YOURS: Final = "Only those who edit in this space may start {} here"


def openable(place: Place, offered: Iterable[Sort]) -> tuple[Sort, ...]:
    """What the viewer may begin in a place and then read, of what its space takes, by the gate."""
    return tuple(sort for sort in offered if _may_begin(place, sort)) if may_open(place) else ()


def may_open(place: Place | KnownPlace) -> bool:
    """Whether the viewer may write there at all and then read it, by the gate."""
    return (
        place.kind in {"space", "folder"}
        and place.state == "published"
        and _is_let(NotYet(place), "read")
        and _is_let(NotYet(place), "comment")
    )


def _may_begin(place: Place, sort: Sort) -> bool:
    """What begins as a draft its author has to see until it is published."""
    mine = NotYet(place, owner=viewer().subject.id, state="draft")
    return _is_let(NotYet(place), sort.opens) and (not sort.drafted or _is_let(mine, "edit"))


def _is_let(then: "NotYet", action: str) -> bool:
    judged = then.judged(viewer().snapshot)
    decision = viewer().judge(action, judged) if judged is not None else None
    return decision is not None and decision.allowed


def is_openable(place: Place, sort: Sort) -> bool:
    """Whether the viewer may begin one of a sort in a place, and the space takes new ones."""
    return sort in openable(place, offered_in(g.db, viewer().snapshot, place.id))


def form_for(place: Place, sort: Sort) -> str:
    """Where one of a sort is begun in a place: what takes place at a time has a form of its own."""
    return f"/talk/{place.id}/new-event" if sort.dated else f"/talk/{place.id}/new?kind={sort.key}"


@blueprint.get("/talk/<id:place_id>/new")
@declares("talk:post")
def begin(place_id: str) -> Response:
    """The form for a new conversation."""
    place = writable(place_by_id(g.db, place_id))
    sorts = openable(place, offered_in(g.db, viewer().snapshot, place.id))
    if not sorts:
        raise NotPermitted(NOTHING)
    asked = request.args.get("name", "").strip()[:LONGEST_TITLE]
    campaign = request.args.get("campaign", "")[:LONGEST_NAME]
    form = typed_into(to_tell(PostForm("", name=asked, campaign=campaign), request.args.get("tell", "")))
    return _page(place, sorts, _with_sort(place, sorts, form))


@blueprint.post("/talk/<id:place_id>/new")
@declares("talk:post", costs="write")
@acts
def open_it(place_id: str) -> BaseResponse:
    """Open it; wrong input comes back with what to mend, and so does what the space takes no more."""
    place = writable(look_up(Place, place_id))
    check_sheet()
    sorts, sort = openable(place, offered_in(g.db, viewer().snapshot, place.id)), _sort()
    file = None if sort.drafted else file_sent(NotYet(place))
    form = _with_sort(place, sorts, read_post(request.form, sort, with_file=file is not None))
    since = news(facts_of(viewer(), place))
    said = meant(form, NotYet(place))
    form, offered = said.form, said.offered
    if form.problems or form.preview:
        return _page(place, sorts, again(form, file), offered=offered)
    if since is not None:
        return _page(place, sorts, again(form, file), since or (NOT_SHOWN,), offered)
    try:
        if form.attach:
            here = form_for(place, sort)
            return attach(form, file, NotYet(place), Typed(here, here, "comment", place.id))
        kept = stored(file)
        with acting() as uow, once(uow) as answer:
            form = with_link(uow, form, kept, NotYet(place))
            new = NewThread(sort.key, form.name, form.kept, said.told, closing_of(form, sort), _campaign(form))
            thread = open_thread(uow, place_for_writing(uow.session, place.id), viewer().person, new)
            answer.location = f"/threads/{thread.id}"
            say_who_is_away(said.told)
    except Invalid as refused:
        return _page(place, sorts, replace(form, problems=(problem_of(refused),)))
    say_who_is_not_told(said, place)
    return redirect(answer.location, code=303)


@blueprint.get("/talk/<id:place_id>/names")
@declares("talk:post", costs="search")
def names_at(place_id: str) -> Response:
    """People whom one may name in a conversation there, by part of their name."""
    return names_for(NotYet(writable(place_by_id(g.db, place_id))))


def _sort() -> Sort:
    asked = SORTS.get(request.args.get("kind", ""), QUESTION)
    return QUESTION if asked.dated else asked  # which has a form of its own


def _with_sort(place: Place, sorts: tuple[Sort, ...], form: PostForm) -> PostForm:
    """With what is wrong about the sort that is asked for, which the space may take no more."""
    sort = _sort()
    if sort in sorts:
        return form
    words = NOT_YOURS if sort in offered_in(g.db, viewer().snapshot, place.id) else OFF
    return replace(form, problems=(*form.problems, Problem("body", words.format(sort.many.lower()))))


def _campaign(form: PostForm) -> Thread | None:
    """What it is put forward in; NotFound where the viewer does not see that."""
    return viewer().read(look_up(Thread, form.campaign)) if form.campaign else None


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

    place: Place | KnownPlace
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


def _page(
    place: Place,
    sorts: tuple[Sort, ...],
    form: PostForm,
    since: tuple[str, ...] = (),
    offered: tuple[Choice, ...] = (),
) -> Response:
    line, sort, campaign = line_of(viewer(), place.id), _sort(), _campaign(form)
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
            cancel_href=campaign_href(campaign) or back,
            sorts=tuple(Tab(each.one, form_for(place, each), each is sort) for each in sorts),
            sort=sort.key,
            button=DRAFT_BUTTON if sort.drafted else sort.begin,
            titled=sort.titled,
            title_hint=sort.title_hint,
            body_hint=sort.body_hint,
            name=form.name,
            body=form.body,
            tell=form.tell,
            tell_is=form.tell_is,
            offered=offered,
            asks_closes=bool(sort.takes),
            closes=form.closes,
            campaign=form.campaign,
            within=Action(campaign.title, campaign_href(campaign)) if campaign is not None else None,
            preview=form.preview,
            said=form.kept,
            names_href=f"{back}/names",
            attach_hint="" if sort.drafted else hint_for(NotYet(place)),
            seen=seal(facts_of(viewer(), place)),
            news=since,
            readers=DRAFTED if sort.drafted else readers_in_words(viewer(), NotYet(place)),
            keepers=keepers_in_words(viewer(), ()),
            here=place.id,
        ),
        CHANGED if since else 200,
    )


def campaign_href(campaign: Thread | None) -> str:
    """Where that is."""
    return f"/threads/{campaign.id}" if campaign is not None else ""
